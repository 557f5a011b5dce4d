from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from tocsin.cli.app import app
from tocsin.cli.check import failed_tests
from tocsin.config import parse_watchlist, parse_with_positions
from tocsin.matching import compile_watchlist
from tocsin.regions import load_gazetteer

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
EXAMPLES = sorted(ROOT.glob("examples/*.yaml"))

LINK = re.compile(r"\]\(([^)\s]+)\)|src=\"([^\"]+)\"")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
COMMAND = re.compile(r"(?:^(?:#+ )?|`|\$ |, |&& |/bin/)tocsin ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)?)", re.MULTILINE)
OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
PACKAGE = re.compile(r"^\w[\w-]*")

# Machines that the project was written on, and where packages come from, are nobody's business. In two parts, so that
# this file does not have them.
FORBIDDEN = ["/" + "work/", "/" + "tmp/", "pypi" + ".org", "python" + "hosted", "index" + "-url ="]


def names(pages: list[Path]) -> list[str]:
    return [str(page.relative_to(ROOT)) for page in pages]


def anchors(page: Path) -> set[str]:
    """Give the anchors of a page's headings, as code hosts make them."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(page.read_text("utf-8")))
    return {heading.replace(" ", "-") for heading in words}


def relative_links(page: Path) -> Iterator[str]:
    for found in LINK.findall(page.read_text("utf-8")):
        link = found[0] or found[1]
        if "://" not in link and not link.startswith("mailto:"):
            yield link


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode != 0:
        pytest.skip("not a checkout")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


def commands(group: TyperGroup, prefix: str = "") -> Iterator[tuple[str, set[str]]]:
    """Walk the command line: the words of every command that does something, with its options."""
    for name, command in group.commands.items():
        words = f"{prefix}{name}"
        if isinstance(command, TyperGroup):
            yield from commands(command, f"{words} ")
        else:
            yield words, {option for parameter in command.params for option in parameter.opts}


def known_commands() -> dict[str, set[str]]:
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    return dict(commands(root))


KNOWN = known_commands()
COMMON_OPTIONS = {"--help", "--version", "--install-completion"}


def is_a_command(words: str) -> bool:
    """Tell whether words after `tocsin` begin with a command; a group alone is none."""
    return any(f"{words} ".startswith(f"{known} ") for known in KNOWN)


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    broken = []
    for link in relative_links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=names(PAGES))
def test_every_command_that_a_page_names_exists(page: Path) -> None:
    named = COMMAND.findall(page.read_text("utf-8"))
    assert [words for words in named if not is_a_command(words)] == []


def test_every_command_is_described() -> None:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    assert [words for words in KNOWN if f"tocsin {words}" not in text] == []


def test_every_option_that_the_command_page_names_exists() -> None:
    named = OPTION.findall((ROOT / "docs" / "cli.md").read_text("utf-8"))
    assert set(named) - COMMON_OPTIONS.union(*KNOWN.values()) == set()


def yaml_blocks() -> list[tuple[str, str]]:
    return [
        (f"{page.relative_to(ROOT)}:{number}", block)
        for page in PAGES
        for number, (language, block) in enumerate(FENCE.findall(page.read_text("utf-8")))
        if language == "yaml" and re.search(r"^feeds:", block, re.MULTILINE)
    ]


def test_the_readme_shows_a_watchlist() -> None:
    assert [place for place, _ in yaml_blocks() if place.startswith("README.md")] == ["README.md:0"]


@pytest.mark.parametrize(("place", "block"), yaml_blocks(), ids=[place for place, _ in yaml_blocks()])
def test_a_watchlist_on_a_page_is_right(place: str, block: str) -> None:
    watchlist = parse_watchlist(block, Path(place), check_region=load_gazetteer().check)
    assert watchlist.watches


@pytest.mark.parametrize("path", EXAMPLES, ids=names(EXAMPLES))
def test_an_example_is_right_and_its_watches_pass_their_tests(path: Path) -> None:
    gazetteer = load_gazetteer()
    located = parse_with_positions(path.read_text("utf-8"), path, check_region=gazetteer.check)
    matcher = compile_watchlist(located.watchlist, gazetteer)
    assert failed_tests(located, matcher.explain) == ()


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = chain.from_iterable(project["project"]["optional-dependencies"].values())
    needed = [*project["project"]["dependencies"], *extras, *project["dependency-groups"]["dev"]]
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower().replace("ruamel.yaml", "ruamel-yaml")
    named = [match[0] for line in needed if (match := PACKAGE.match(line))]
    assert [name for name in named if f"| {name}" not in text] == []


def test_the_versions_of_dependencies_are_those_of_the_lock() -> None:
    lock = dict(re.findall(r"^([\w-]+)==([^ ;]+)", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE))
    rows = re.findall(
        r"^\| ([\w.-]+)[^|]*\| (\d[^ |]*) \|", (ROOT / "docs" / "dependencies.md").read_text("utf-8"), re.MULTILINE
    )
    told = {name.lower().replace(".", "-"): version for name, version in rows}
    assert told == {name: lock.get(name) for name in told}


def test_no_file_speaks_of_the_machine_it_was_written_on() -> None:
    found = []
    for path in tracked_files():
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [(str(path.relative_to(ROOT)), word) for word in FORBIDDEN if word in text]
    assert found == []
