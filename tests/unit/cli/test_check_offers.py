from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from records import NOW, add_articles, add_feed, entry
from tocsin.cli.check import check
from tocsin.config import parse_watchlist
from tocsin.models.ids import MatchId, WatchId
from tocsin.models.receipts import Clause, Receipt, Span, TermHit, TextField
from tocsin.regions import load_gazetteer
from tocsin.store.database import Database
from tocsin.store.dismissals import dismiss_match
from tocsin.store.matches import save_matches

FEEDS = "feeds: [https://a.org]\nwatches:\n"
SIEGE = ("The siege of flu", "Doctors see no end.")
LATER = ("Winter comes", "Word " * 200 + "a siege of the pantry began. " + "Word " * 200)


def run(path: Path, *options: str) -> Result:
    app = typer.Typer()
    app.command()(check)
    return CliRunner().invoke(app, [str(path), *options], env={"TOCSIN_HOME": str(path.parent)})


def watchlist(folder: Path, watches: str) -> Path:
    path = folder / "w.yaml"
    path.write_text(FEEDS + watches, encoding="utf-8")
    return path


def dismissed(
    sqlite: Database, *texts: tuple[str, str], watch: str = "a", targets: Sequence[str] = ("zoe@example.org",)
) -> list[MatchId]:
    """Store articles that the watch met, and that readers called not relevant, the first one last."""
    with sqlite.write() as connection:
        feed = add_feed(connection)
        ids = add_articles(connection, feed.id, *(entry(f"e{at}", *text) for at, text in enumerate(texts)))
        receipts = [(article, _receipt(watch, text)) for article, (_, text) in zip(ids, texts, strict=True)]
        matches = [match.id for match in save_matches(connection, receipts, NOW)]
        for at, match in enumerate(matches):
            for target in targets:
                dismiss_match(connection, match, target, NOW - at * timedelta(days=1))
    return matches


def _receipt(watch: str, text: str) -> Receipt:
    at = text.find("siege")
    span = Span(TextField.TEXT, at, at + 5, "siege")
    hits = (TermHit(Clause.KEYWORDS, "siege", span),) if at >= 0 else ()
    return Receipt(watch=WatchId(watch), watch_version="0123456789ab", matched=True, reason="", hits=hits)


def test_a_dismissed_article_is_offered_as_a_test_with_lines_to_paste(tmp_path: Path, sqlite: Database) -> None:
    dismissed(sqlite, SIEGE, targets=("zoe@example.org", "DESK_CHAT"))
    path = watchlist(tmp_path, "  a: {keywords: [siege]}\n")
    result = run(path)
    assert (result.exit_code, result.stderr, result.stdout.splitlines()) == (
        0,
        "",
        [
            f"{path}: 1 feed, 1 watch, 0 subscribers",
            f"{path}:3:6: offered: readers called these not relevant for the watch 'a'",
            "  2026-03-10  The siege of flu (https://wire.example/rss)",
            "  as tests, which fail until the watch is narrowed, under watches: a:",
            "    tests:",
            "      ignore:",
            '        - "The siege of flu"',
        ],
    )


@pytest.mark.parametrize(
    ("tests", "under", "lines"),
    [
        ("", "watches: a", ["tests:", "  ignore:", '    - "The siege of flu"']),
        ("    tests:\n      match: [A siege.]\n", "watches: a: tests", ["ignore:", '  - "The siege of flu"']),
        (
            "    tests:\n      ignore:\n        - Sage.\n",
            "watches: a: tests: ignore",
            ['- "The siege of flu"'],
        ),
    ],
    ids=["no tests", "tests without ignore", "tests with ignore"],
)
def test_what_is_pasted_where_it_says_makes_the_check_fail_until_the_watch_is_narrowed(
    tmp_path: Path, sqlite: Database, tests: str, under: str, lines: list[str]
) -> None:
    dismissed(sqlite, SIEGE)
    source = f"  a:\n    keywords: [siege]\n{tests}"
    told = json.loads(run(watchlist(tmp_path, source), "--json").stdout)
    [offer] = told["offers"]
    assert (told["ok"], offer["under"], offer["yaml"].splitlines()) == (True, under, lines)
    indent = " " * (2 * under.count(":") + 2)
    pasted = source + "".join(f"{indent}{line}\n" for line in lines)
    failed = run(watchlist(tmp_path, pasted))
    assert failed.exit_code == 1
    assert "must ignore this sentence but matches" in failed.stderr
    assert "offered" not in failed.stdout  # it is a test now
    narrowed = watchlist(tmp_path, pasted.replace("keywords: [siege]", "keywords: [siege]\n    none: [flu]"))
    assert run(narrowed).exit_code == 0


def test_of_a_long_text_the_piece_around_the_evidence_is_offered(tmp_path: Path, sqlite: Database) -> None:
    dismissed(sqlite, LATER)
    [offer] = json.loads(run(watchlist(tmp_path, "  a: {keywords: [siege]}\n"), "--json").stdout)["offers"]
    title, _, text = offer["test"].partition("\n\n")
    assert title == "Winter comes"
    assert "Word a siege of the pantry began. Word" in text
    assert len(text) <= 280


def test_what_the_watch_no_longer_matches_is_done(tmp_path: Path, sqlite: Database) -> None:
    dismissed(sqlite, SIEGE)
    assert "offered" not in run(watchlist(tmp_path, "  a: {keywords: [siege], none: [flu]}\n")).stdout


def test_what_a_watch_that_is_gone_matched_is_not_offered(tmp_path: Path, sqlite: Database) -> None:
    dismissed(sqlite, SIEGE)
    assert "offered" not in run(watchlist(tmp_path, "  b: {keywords: [siege]}\n")).stdout


def test_an_article_that_no_short_text_stands_for_is_told_with_another_way_to_look(
    tmp_path: Path, sqlite: Database
) -> None:
    dismissed(sqlite, ("Winter comes", "A siege began."))
    # No text of a test has an address.
    path = watchlist(tmp_path, "  a: {query: 'siege AND url:wire.example'}\n")
    lines = run(path).stdout.splitlines()[1:]
    assert lines == [
        f"{path}:3:6: offered: readers called these not relevant for the watch 'a'",
        "  2026-03-10  Winter comes (https://wire.example/rss); no short text shows why, but `tocsin why 1` does",
    ]


def test_the_articles_of_a_watch_stand_together_and_watches_in_the_order_of_the_file(
    tmp_path: Path, sqlite: Database
) -> None:
    dismissed(sqlite, SIEGE, ("Siege again", ""), watch="b")
    dismissed_too = (("A quiet harbour", ""), ("Second harbour", ""))
    with sqlite.write() as connection:
        feed = add_feed(connection, "https://port.example/rss")
        ids = add_articles(connection, feed.id, *(entry(f"p{at}", *text) for at, text in enumerate(dismissed_too)))
        for match in save_matches(connection, [(one, _receipt("a", "")) for one in ids], NOW):
            dismiss_match(connection, match.id, "zoe@example.org", NOW)
    path = watchlist(tmp_path, "  a: {keywords: [harbour]}\n  b: {keywords: [siege]}\n")
    lines = run(path).stdout.splitlines()[1:]
    assert [line for line in lines if "offered" in line] == [
        f"{path}:{number}:6: offered: readers called these not relevant for the watch '{watch}'"
        for number, watch in ((3, "a"), (4, "b"))
    ]
    assert [line.strip() for line in lines if line.strip().startswith("- ")] == [
        '- "A quiet harbour"',
        '- "Second harbour"',
        '- "The siege of flu"',
        '- "Siege again"',
    ]
    assert lines.count("      ignore:") == 2


def test_a_title_with_quotes_and_odd_characters_is_still_a_test_that_can_be_read(
    tmp_path: Path, sqlite: Database
) -> None:
    title = 'A "siege": \\ # {of} \u200dsorts\u00ad 🦠 \ufffe'
    dismissed(sqlite, (title, ""))
    [offer] = json.loads(run(watchlist(tmp_path, "  a: {keywords: [siege]}\n"), "--json").stdout)["offers"]
    source = f"{FEEDS}  a:\n    keywords: [siege]\n" + "".join(f"    {line}\n" for line in offer["yaml"].splitlines())
    read = parse_watchlist(source, tmp_path / "w.yaml", check_region=load_gazetteer().check)
    assert read.watches[0].tests.ignore == (offer["test"],)


def test_without_a_database_nothing_is_offered_and_none_is_made(tmp_path: Path) -> None:
    result = run(watchlist(tmp_path, "  a: {keywords: [siege]}\n"))
    assert (result.exit_code, result.stdout.count("\n")) == (0, 1)
    assert [file.name for file in tmp_path.iterdir()] == ["w.yaml"]


def test_a_database_that_cannot_be_read_is_no_concern_of_the_check(tmp_path: Path) -> None:
    (tmp_path / "tocsin.sqlite3").write_bytes(b"no database at all, but some other file" * 100)
    result = run(watchlist(tmp_path, "  a: {keywords: [siege]}\n"))
    assert (result.exit_code, result.stderr, result.stdout.count("\n")) == (0, "", 1)
