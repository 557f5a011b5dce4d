from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from records import add_articles, add_feed, entry
from tocsin.cli.check import check
from tocsin.store.database import Database


def run(path: Path, home: Path) -> Result:
    app = typer.Typer()
    app.command()(check)
    return CliRunner().invoke(app, [str(path)], env={"TOCSIN_HOME": str(home)})


def watchlist(tmp_path: Path, watches: str) -> Path:
    path = tmp_path / "w.yaml"
    path.write_text(f"feeds: [https://a.org]\nwatches:\n{watches}")
    return path


def test_a_fault_of_a_query_is_shown_with_its_line_and_a_mark(tmp_path: Path) -> None:
    path = watchlist(tmp_path, "  a:\n    query: |\n      (siege OR famine)\n      AND about:Syrai\n")
    result = run(path, tmp_path / "home")
    assert (result.exit_code, result.stderr) == (
        2,
        (
            f"{path}:6:17: in the query of 'a': unknown region 'Syrai'; did you mean 'Syria'?\n"
            "          AND about:Syrai\n"
            "                    ^^^^^\n"
        ),
    )


def test_watches_that_ask_for_each_other_are_faults(tmp_path: Path) -> None:
    path = watchlist(
        tmp_path, "  a: {query: siege AND watch:b}\n  b: {query: famine OR watch:a}\n  c: {query: watch:d}\n"
    )
    result = run(path, tmp_path / "home")
    messages = [line.split(": ", 2)[2] for line in result.stderr.splitlines() if line.startswith(str(path))]
    assert messages == [
        "'b' asks, in the end, for this watch itself; leave one out",
        "'a' asks, in the end, for this watch itself; leave one out",
        "there is no watch 'd'; write the id of one under 'watches:'",
    ]


def test_a_watch_of_everyday_words_is_warned_of_and_is_no_fault(tmp_path: Path) -> None:
    path = watchlist(tmp_path, "  a: {keywords: [siege, the]}\n  b: {keywords: siege}\n")
    home = tmp_path / "home"
    result = run(path, home)
    assert (result.exit_code, result.stderr) == (
        0,
        f"{path}:3:6: warning: the watch 'a' matches about 90% of all articles, by its terms; make it narrower\n",
    )
    assert not home.exists()


def test_a_watch_by_language_alone_is_warned_of_whatever_is_stored(tmp_path: Path) -> None:
    path = watchlist(tmp_path, "  a: {query: lang:en AND NOT football}\n")
    result = run(path, tmp_path / "home")
    told = "the watch 'a' matches all articles in a language, but for what it excludes; say what they must have"
    assert (result.exit_code, result.stderr) == (0, f"{path}:3:6: warning: {told}\n")


@pytest.mark.parametrize(("copies", "share"), [(60, "30%"), (30, None)])
def test_with_articles_in_the_database_the_share_is_measured(
    tmp_path: Path, sqlite: Database, copies: int, share: str | None
) -> None:
    with sqlite.write() as connection:
        feed = add_feed(connection)
        texts = ["Bread is dear." if number < copies else "Nothing." for number in range(200)]
        add_articles(connection, feed.id, *(entry(f"e{at}", "News", text) for at, text in enumerate(texts)))
    path = watchlist(tmp_path, "  a: {keywords: [bread, the]}\n")
    result = run(path, tmp_path)
    told = f"{path}:3:6: warning: the watch 'a' matches about {share} of the last 200 articles; make it narrower\n"
    assert (result.exit_code, result.stderr) == (0, told if share else "")


def test_a_test_may_have_a_title_before_an_empty_line(tmp_path: Path) -> None:
    watches = (
        "  a:\n    query: title:Homs AND siege\n    tests:\n"
        '      match: ["Homs in winter\\n\\nThe siege goes on."]\n'
        '      ignore: ["The siege of Homs goes on.", "Winter\\n\\nThe siege of Homs goes on."]\n'
        "  b:\n    regions: [Syria]\n    tests: {match: ['В Сирии открыли мост через Евфрат.']}\n"
    )
    result = run(watchlist(tmp_path, watches), tmp_path / "home")
    assert (result.exit_code, result.stderr) == (0, "")
