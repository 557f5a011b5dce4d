from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from tocsin.cli.app import app

WATCHLIST = """
version: 1
feeds: [https://wire.example/rss]
watches:
  people:
    names:
      - Muammar Gaddafi
      - Hope
      - Xi
"""


def test_check_warns_of_risky_names_at_their_places_and_passes(tmp_path: Path) -> None:
    path = tmp_path / "watchlist.yaml"
    path.write_text(WATCHLIST, "utf-8")
    result = CliRunner().invoke(app, ["check", str(path)])
    remedy = "give the full name, or a region or keyword beside it"
    assert (result.exit_code, result.stderr.splitlines()) == (
        0,
        [
            f"{path}:8:9: warning: the name 'Hope' is also a common word (en); {remedy}",
            f"{path}:9:9: warning: the name 'Xi' is short, and others bear it; {remedy}",
        ],
    )
