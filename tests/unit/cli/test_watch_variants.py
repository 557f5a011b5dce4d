from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from tocsin.cli.app import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["watch", "variants", *arguments])


def test_the_family_is_listed_by_rule_with_its_collisions() -> None:
    result = run("Tripoli")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[0].startswith("Tripoli: ")
    assert lines[2:5] == ["-poli and -polis", "----------------", "Tripolis"]
    assert lines[lines.index("collisions") + 2] == "Tripoli: also a city in Libya"


def test_a_risky_name_is_warned_of() -> None:
    assert run("Hope").stdout.splitlines() == [
        "Hope: 1 spelling",
        "",
        "collisions",
        "----------",
        "Hope: also a common word in en",
        "warning: the name 'Hope' is also a common word (en); give the full name, or a region or keyword beside it",
    ]


def test_json_has_every_variant_with_its_rules_and_languages() -> None:
    document = json.loads(run("Путин", "--json").stdout)
    assert document["name"] == "Путин"
    assert document["variants"][:2] == [
        {"written": "Путин", "pattern": "путин", "rules": [], "languages": []},
        {"written": "Путина", "pattern": "путина", "rules": ["Russian and Ukrainian case endings"], "languages": []},
    ]
    assert (document["collisions"], document["risks"]) == ([], [])


@pytest.mark.parametrize("name", ["", "...", " ", "\u200b"])
def test_what_has_nothing_to_look_for_is_refused(name: str) -> None:
    result = run(name)
    told = f"{name!r} has no letter or digit to look for; give a name\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", told)


def test_markup_in_a_name_is_printed_as_it_is() -> None:
    assert run("[bold]X[/bold]").stdout.splitlines()[0] == "[bold]X[/bold]: 1 spelling"
