from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from typer.testing import CliRunner, Result

from matching_setup import matcher_of
from tocsin.cli.watch import watch_app
from tocsin.config import parse_watchlist
from tocsin.models.articles import Document
from tocsin.models.receipts import Receipt

WATCHLIST = """
version: 1
feeds: [https://wire.example/rss]
watches:
  islamic-state: {keywords: [Islamic State, IS], none: [river Isis]}
  syria: {regions: [Syria]}
"""


@pytest.fixture
def watchlist(tmp_path: Path) -> Path:
    path = tmp_path / "watchlist.yaml"
    path.write_text(WATCHLIST, "utf-8")
    return path


def run(watchlist: Path, *arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(watch_app, ["test", "--watchlist", str(watchlist), *arguments], input=stdin)


def test_a_match_is_shown_with_its_marks_and_reason(watchlist: Path) -> None:
    result = run(watchlist, "IS controls parts of Deir el-Zour.")
    # What scores are exactly is a matter of learned weights.
    shown = re.sub(r"\d\.\d\d", "#", result.stdout)
    assert (result.exit_code, shown) == (
        0,
        (
            "matched islamic-state  text\n"
            '  It has "IS".\n'
            '  keyword "IS": once in the text\n'
            "  the article is about: Syria #, province Deir ez-Zor #, city Deir ez-Zor #\n"
            "  > [IS] controls parts of Deir el-Zour.\n\n"
            "matched syria  text\n"
            "  It is about Syria.\n"
            '  region "Syria": Syria #, lead; strongest (named: Deir el-Zour)\n'
            "  the article is about: Syria #, province Deir ez-Zor #, city Deir ez-Zor #\n"
            "  > IS controls parts of [Deir el-Zour].\n\n"
        ),
    )


def test_a_miss_is_shown_with_what_came_nearest(watchlist: Path) -> None:
    result = run(watchlist, "--watch", "islamic-state", "The ceasefire is holding.")
    assert (result.exit_code, result.stdout.splitlines()[:2]) == (
        1,
        [
            "missed  islamic-state  text",
            (
                "  No keyword or name of the watch stands in it; "
                "nearest is \"is\": written 'is', and IS counts in capitals only."
            ),
        ],
    )


def test_an_archive_gives_a_line_an_article_and_watch_that_matched(watchlist: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    rows = [
        {"id": "a", "title": "Aid reaches Homs", "text": "Lorries came.", "lang": "en", "url": "https://w.example/a"},
        {"id": 2, "text": "Nothing."},
        {"text": "IS left Homs.", "lang": "en", "published": "2017-09-05T10:00:00Z"},
    ]
    archive.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    result = run(watchlist, "--jsonl", str(archive), "--json")
    verdicts = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, [(one["id"], one["watch"], one["matched"]) for one in verdicts]) == (
        0,
        [("a", "syria", True), ("archive.jsonl:3", "islamic-state", True), ("archive.jsonl:3", "syria", True)],
    )
    assert verdicts[0]["regions"][0]["mentions"][0]["span"] == {
        "field": "title",
        "start": 12,
        "end": 16,
        "text": "Homs",
    }
    assert (verdicts[0]["url"], verdicts[1]["published"]) == ("https://w.example/a", "2017-09-05T10:00:00Z")
    assert result.stderr == "3 articles, 2 of them matched\n  syria: 2\n  islamic-state: 1\n"


def test_a_record_has_the_whole_receipt(watchlist: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    archive.write_text('{"id": "a", "text": "IS left Homs.", "lang": "en"}', "utf-8")
    result = run(watchlist, "--jsonl", str(archive), "--json")
    read = TypeAdapter(Receipt).validate_json
    receipts = [read(json.dumps({**json.loads(line), "id": None})) for line in result.stdout.splitlines()]
    matcher = matcher_of(*parse_watchlist(WATCHLIST, Path("w.yaml"), check_region=lambda _: None).watches)
    assert receipts == list(matcher.match(Document("", "IS left Homs.", "en")))


def test_bad_lines_of_an_archive_are_told_and_the_rest_goes_on(watchlist: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    archive.write_bytes(b'{"text": "IS left."}\n{\n{"text": "\xff"}\n{"text": "IS came.", "lang": "en"}\n')
    result = run(watchlist, "--watch", "islamic-state", "--jsonl", str(archive), "--json")
    assert (result.exit_code, len(result.stdout.splitlines())) == (2, 2)
    assert [line.replace(str(tmp_path), "").split(" (")[0] for line in result.stderr.splitlines()] == [
        "/archive.jsonl:2: not a JSON object on one line",
        "/archive.jsonl:3: byte 10 is not UTF-8; save the file as UTF-8",
        "2 articles, 2 of them matched, 2 bad lines passed over",
        "  islamic-state: 2",
    ]


def test_values_of_a_line_reach_queries(tmp_path: Path) -> None:
    path, archive = tmp_path / "watchlist.yaml", tmp_path / "archive.jsonl"
    query = "siege AND tag:local AND source:wire AND url:w.example AND lang:fr"
    path.write_text(f"feeds: [https://a.org]\nwatches: {{a: {{query: '{query}'}}}}\n", "utf-8")
    row = {"text": "siege", "tags": ["Local"], "source": "The Wire", "url": "https://w.example/1", "lang": "fr"}
    archive.write_text(json.dumps(row), "utf-8")
    assert run(path, "--jsonl", str(archive)).exit_code == 0


def test_a_text_file_has_its_title_in_the_first_line(watchlist: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("Aid reaches Homs\n\nLorries came.\n", "utf-8")
    result = run(watchlist, "--watch", "syria", "--file", str(page), "--json")
    assert json.loads(result.stdout)["reason"] == "It is about Syria."


def test_standard_input_is_a_file_too(watchlist: Path) -> None:
    assert run(watchlist, "--file", "-", "--watch", "islamic-state", stdin="IS left\n").exit_code == 0


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", ":2: not a JSON object on one line"),
        ("[1]", ':2: needs an object with a "title" or a "text", such as'),
        ('{"id": 1}', ':2: needs an object with a "title" or a "text", such as'),
        ('{"id": 1, "title": ""}', ':2: needs an object with a "title" or a "text", such as'),
        ('{"text": 3}', ':2: needs an object with a "title" or a "text", such as'),
        ('{"title": "x", "text": 3}', ':2: "text" must be a string; put it in quotes or leave it out'),
        ('{"text": "x", "id": [1]}', ':2: "id" must be a string or a whole number; put it in quotes or leave it out'),
        (
            '{"text": "x", "lang": "english"}',
            ':2: \'english\' is no language code; write "lang": "en", or leave it out',
        ),
        ('{"text": "x", "title": 3}', ':2: "title" must be a string; put it in quotes or leave it out'),
        ('{"text": "x", "tags": "a"}', ':2: "tags" must be a list of strings, such as'),
    ],
)
def test_a_faulty_line_is_named_with_the_remedy(watchlist: Path, tmp_path: Path, line: str, complaint: str) -> None:
    archive = tmp_path / "archive.jsonl"
    archive.write_text(f"\n{line}\n", "utf-8")
    result = run(watchlist, "--jsonl", str(archive))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{archive}{complaint}")


def verdicts_of(watchlist: Path, archive: Path, *rows: dict[str, object]) -> tuple[list[object], str]:
    archive.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    result = run(watchlist, "--watch", "islamic-state", "--jsonl", str(archive), "--json")
    return [json.loads(line)["id"] for line in result.stdout.splitlines()], result.stderr


def test_an_id_comes_out_as_it_was_given(watchlist: Path, tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [{"id": one, "title": "IS left"} for one in (2, "2a", 0, None, "")]
    ids, errors = verdicts_of(watchlist, tmp_path / "a.jsonl", *rows)
    assert ids == [2, "2a", 0, "a.jsonl:4", "a.jsonl:5"]
    assert errors == "5 articles, 5 of them matched\n  islamic-state: 5\n"


def test_an_id_that_stands_twice_is_told(watchlist: Path, tmp_path: Path) -> None:
    archive = tmp_path / "a.jsonl"
    rows: list[dict[str, object]] = [{"id": one, "text": "IS left"} for one in ("x", "y", "x")]
    ids, errors = verdicts_of(watchlist, archive, *rows)
    assert ids == ["x", "y", "x"]
    assert errors.splitlines()[0] == f"{archive}:3: the id 'x' stands in line 1 too; give each its own"


@pytest.mark.parametrize("language", ["en-GB", "EN", "en_US", "en"])
def test_a_language_is_read_as_feeds_write_it(tmp_path: Path, language: str) -> None:
    path, archive = tmp_path / "watchlist.yaml", tmp_path / "archive.jsonl"
    lists = "defaults: {languages: en}\nfeeds: [https://a.org]\nwatches: {a: {query: siege AND lang:en}}\n"
    path.write_text(lists, "utf-8")
    archive.write_text(json.dumps({"text": "siege", "lang": language}), "utf-8")
    assert run(path, "--jsonl", str(archive)).exit_code == 0


def test_bad_input_ends_with_two(watchlist: Path, tmp_path: Path) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes(b"caf\xe9")
    results = [
        run(watchlist, "--watch", "nope", "x"),
        run(watchlist),
        run(watchlist, "x", "--file", "y"),
        run(watchlist, "--file", str(tmp_path / "none.txt")),
        run(watchlist, "--file", str(latin)),
        run(tmp_path / "none.yaml", "x"),
    ]
    assert [result.exit_code for result in results] == [2] * 6
    assert [result.stderr.splitlines()[0].replace(str(tmp_path), "") for result in results[:5]] == [
        "/watchlist.yaml: there is no watch 'nope'; it has islamic-state, syria",
        "give one of: a text, --file FILE, --jsonl FILE",
        "give one of: a text, --file FILE, --jsonl FILE",
        "/none.txt: No such file or directory; check the name and the permissions",
        "/latin.txt: byte 3 is not UTF-8; save the file as UTF-8",
    ]


def test_nothing_of_a_text_changes_the_terminal(watchlist: Path) -> None:
    result = run(watchlist, "--watch", "islamic-state", "IS \x1b[31mred\x07 \u202eevil")
    assert "  > [IS] [31mred evil\n" in result.stdout
