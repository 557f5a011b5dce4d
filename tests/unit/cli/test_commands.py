from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from command_line import CommandLine
from tocsin import __version__
from tocsin.cli.app import app


def commands(group: object, *path: str) -> Iterator[tuple[str, ...]]:
    """All commands that do something, by the words that call them."""
    if not isinstance(group, TyperGroup):
        yield path
        return
    for name, command in group.commands.items():
        yield from commands(command, *path, name)


ALL = sorted(commands(get_command(app)))


def test_these_are_the_commands() -> None:
    assert [" ".join(path) for path in ALL] == [
        "articles release",
        "channels list",
        "channels test",
        "check",
        "db upgrade",
        "demo",
        "digest list",
        "digest preview",
        "digest send",
        "doctor",
        "feeds add",
        "feeds discover",
        "feeds export",
        "feeds health",
        "feeds import",
        "feeds list",
        "feeds test",
        "init",
        "redis",
        "regions locate",
        "regions show",
        "scheduler",
        "schema",
        "story cluster",
        "story compare",
        "story list",
        "story merge",
        "story show",
        "story split",
        "subscribers add",
        "subscribers export",
        "subscribers import",
        "subscribers list",
        "subscribers pause",
        "subscribers remove",
        "subscribers resume",
        "up",
        "watch test",
        "watch variants",
        "web",
        "why",
        "worker classify",
        "worker deliver",
        "worker read",
    ]


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_the_help_of_every_command_says_what_it_does_with_an_example(
    tocsin: CommandLine, path: tuple[str, ...]
) -> None:
    ran = tocsin(*path, "--help", COLUMNS="200")
    assert (ran.code, ran.err) == (0, "")
    [example] = re.findall(r"^\s*Example: (.+?)\s*$", ran.out, re.MULTILINE)
    assert f"tocsin {' '.join(path)}" in example
    assert "\x1b" not in ran.out


def test_the_version_is_told(tocsin: CommandLine) -> None:
    ran = tocsin("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"tocsin {__version__}\n", "")


@pytest.mark.parametrize("arguments", [["nonsense"], ["why"], ["why", "seventeen"], ["feeds", "list", "--jsn"]])
def test_a_call_that_is_no_command_ends_with_two_and_says_so_on_standard_error(
    tocsin: CommandLine, arguments: list[str]
) -> None:
    ran = tocsin(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Usage: tocsin" in ran.err


def test_options_that_contradict_each_other_are_refused(tocsin: CommandLine) -> None:
    ran = tocsin("digest", "preview", "zoe@example.org", "--html", "--text")
    assert (ran.code, ran.out) == (2, "")
    assert "choose one of --html, --text, --eml, --png and --open" in ran.err
