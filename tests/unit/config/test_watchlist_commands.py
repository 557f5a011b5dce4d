"""`tocsin check`, `tocsin schema` and `tocsin init`, with the real gazetteer and matcher."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from tocsin.cli.check import check, failed_tests
from tocsin.cli.init import init
from tocsin.cli.schema import schema
from tocsin.config import parse_with_positions
from tocsin.config.json_schema import watchlist_schema
from tocsin.config.starter import starter_watchlist
from tocsin.errors import Fault
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt

EXAMPLE = Path(__file__).parents[3] / "examples" / "watchlist.yaml"
SIEGE = """\
feeds: [https://example.org/feed]
watches:
  siege:
    keywords: siege
    tests:
      match:
        - The siege goes on.
        - The town is cut off.
      ignore: [A siege, again.]
"""


def tocsin(*arguments: str, env: dict[str, str] | None = None) -> Result:
    app = typer.Typer()
    for command in (check, init, schema):
        app.command()(command)
    return CliRunner().invoke(app, arguments, env=env)


def test_the_full_example_passes_with_its_tests() -> None:
    result = tocsin("check", str(EXAMPLE))

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"{EXAMPLE}: 7 feeds, 2 own regions, 5 watches, 3 subscribers, 5 of 5 tests passed\n"


def test_a_faulty_watchlist_ends_with_two_and_each_fault_on_a_line(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("feeds: [ftp://a.org]\nwatches: {a: {regions: Syrai}}\n")

    result = tocsin("check", str(path))

    first, second = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (2, "")
    assert first == f"{path}:1:9: 'ftp://a.org' is no web address; write one that begins with https://"
    assert second.startswith(f"{path}:2:24: ")
    assert "did you mean 'Syria'" in second


def test_a_failing_test_ends_with_one_at_the_place_of_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text(SIEGE)

    result = tocsin("check", str(path))

    assert result.exit_code == 1
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [f"{path}:8:11", f"{path}:9:16"]
    assert "the watch 'siege' must match this sentence but does not: " in result.stderr
    assert "the watch 'siege' must ignore this sentence but matches: " in result.stderr
    assert result.stdout == f"{path}: 1 feed, 1 watch, 0 subscribers, 2 of 4 tests passed\n"


def test_json_tells_the_same_to_a_program(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_text("feeds: [https://a.org]\nwatches: {a: {keyword: x}}\n")

    result = tocsin("check", "--json", str(path))

    assert result.exit_code == 2
    assert json.loads(result.stdout) == {
        "ok": False,
        "path": str(path),
        "faults": [
            {
                "path": str(path),
                "line": 2,
                "column": 15,
                "message": "unknown key 'keyword'; did you mean 'keywords'?",
                "excerpt": "",
            }
        ],
        "failed_tests": [],
        "offers": [],
        "warnings": [],
        "summary": "",
    }


def test_without_a_file_the_watchlist_of_the_settings_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(starter_watchlist())

    result = tocsin("check", env={"TOCSIN_WATCHLIST": str(path)})

    assert result.stdout == f"{path}: 2 feeds, 2 watches, 1 subscriber, 2 of 2 tests passed\n"


def test_a_test_that_fails_carries_the_reason_of_its_receipt() -> None:
    located = parse_with_positions(SIEGE, Path("w.yaml"), check_region=lambda _: None)

    def never(document: Document, watch_id: WatchId) -> Receipt:
        return Receipt(watch_id, "v", matched=False, reason=f"nothing in {document.text!r}")

    told = "the watch 'siege' must match this sentence but does not: nothing in "
    assert failed_tests(located, never) == (
        Fault("w.yaml", 7, 11, f"{told}'The siege goes on.'"),
        Fault("w.yaml", 8, 11, f"{told}'The town is cut off.'"),
    )


def test_schema_prints_the_schema_as_json() -> None:
    assert json.loads(tocsin("schema").stdout) == watchlist_schema()


def test_init_writes_a_watchlist_that_passes_check(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"

    assert tocsin("init", str(path)).exit_code == 0
    assert tocsin("check", str(path)).exit_code == 0


def test_init_never_replaces_a_watchlist_unasked(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_text("mine")

    result = tocsin("init", str(path))

    assert (result.exit_code, path.read_text()) == (2, "mine")
    assert result.stderr == f"{path}: already exists; name another file, or replace it with --force\n"


def test_init_replaces_a_watchlist_when_forced_and_leaves_nothing_beside(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_text("mine")

    assert tocsin("init", "--force", str(path)).exit_code == 0
    assert path.read_text(encoding="utf-8") == starter_watchlist()
    assert list(tmp_path.iterdir()) == [path]


def test_init_into_a_missing_folder_says_so(tmp_path: Path) -> None:
    path = tmp_path / "none" / "watchlist.yaml"

    result = tocsin("init", str(path))

    assert result.exit_code == 2
    assert result.stderr == (
        f"{path}: cannot be written (No such file or directory); check the folder and its permissions\n"
    )


@pytest.mark.parametrize("command", ["check", "init", "schema"])
def test_the_help_of_every_command_has_an_example(command: str) -> None:
    assert f"Example: tocsin {command}" in tocsin(command, "--help").stdout
