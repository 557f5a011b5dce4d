from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tocsin.cli.watch import watch_app

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
    assert (result.exit_code, result.stdout) == (
        0,
        (
            "matched islamic-state  text\n"
            '  It has "IS".\n'
            '  keyword "IS": once in the text\n'
            "  > [IS] controls parts of Deir el-Zour.\n\n"
            "matched syria  text\n"
            "  It is about Syria.\n"
            '  region "Syria": Syria 2.0 of 2.0, lead; strongest (named: Deir el-Zour)\n'
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


def test_json_lines_give_a_verdict_a_watch_and_document(watchlist: Path, tmp_path: Path) -> None:
    archive = tmp_path / "archive.jsonl"
    rows = [
        {"id": "a", "title": "Aid reaches Homs", "text": "Lorries came.", "lang": "en"},
        {"id": 2, "text": "Nothing."},
    ]
    archive.write_text("\n".join(map(json.dumps, rows)) + "\n", "utf-8")
    result = run(watchlist, "--jsonl", str(archive), "--json")
    verdicts = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, [(one["id"], one["watch"], one["matched"]) for one in verdicts]) == (
        0,
        [("a", "islamic-state", False), ("a", "syria", True), ("2", "islamic-state", False), ("2", "syria", False)],
    )
    assert verdicts[1]["regions"][0]["mentions"][0]["span"] == {
        "field": "title",
        "start": 12,
        "end": 16,
        "text": "Homs",
    }


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
        ("[1]", ':2: needs an object with a "text", such as'),
        ('{"id": 1}', ':2: needs an object with a "text", such as'),
        ('{"text": "x", "title": 3}', ':2: "title" and "lang" must be strings'),
    ],
)
def test_a_faulty_line_is_named_with_the_remedy(watchlist: Path, tmp_path: Path, line: str, complaint: str) -> None:
    archive = tmp_path / "archive.jsonl"
    archive.write_text(f"\n{line}\n", "utf-8")
    result = run(watchlist, "--jsonl", str(archive))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{archive}{complaint}")


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
