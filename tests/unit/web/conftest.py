"""The application on a filled house, asked without a socket."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from running_story import RunningStory, add_running_story
from tocsin.store.database import Database, open_database
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on
from web_filling import Filled, fill

Get = Callable[..., Answer]


# Filled once; each test has a copy.
@pytest.fixture(scope="session")
def filled_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Filled]:
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("filled") / "tocsin.sqlite3")
    database = open_database(f"sqlite:///{path}")
    filled = fill(database)
    database.close()
    return Path(path), filled


@pytest.fixture(scope="session")
def story_template(
    filled_template: tuple[Path, Filled], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, RunningStory]:
    path = shutil.copy(filled_template[0], tmp_path_factory.mktemp("story") / "tocsin.sqlite3")
    database = open_database(f"sqlite:///{path}")
    with database.write() as connection:
        story = add_running_story(connection)
    database.close()
    return Path(path), story


@pytest.fixture
def filled(sqlite: Database, tmp_path: Path, filled_template: tuple[Path, Filled]) -> Filled:  # noqa: ARG001 -- opened
    path, found = filled_template
    shutil.copy(path, tmp_path / "tocsin.sqlite3")  # nothing has connected to the empty one yet
    return found


@pytest.fixture
def story(
    filled: Filled,  # noqa: ARG001 -- its copy comes first
    tmp_path: Path,
    story_template: tuple[Path, RunningStory],
) -> RunningStory:
    """The filled house, with a story that runs."""
    path, found = story_template
    shutil.copy(path, tmp_path / "tocsin.sqlite3")
    return found


@pytest.fixture
def get(filled: Filled, sqlite: Database) -> Get:  # noqa: ARG001 -- the pages are of a filled database
    """Ask for a path; further arguments are fields of the house."""

    def asked(path: str, *, method: str = "GET", headers: dict[str, str] | None = None, **house: object) -> Answer:
        return ask(build_app(house_on(sqlite, **house)), path, method=method, headers=headers)

    return asked
