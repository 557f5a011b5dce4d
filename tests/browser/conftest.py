"""A real browser on the pages of a filled house, over loopback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from browser_view import Site
from running_story import add_running_story
from tocsin.store.database import open_database
from tocsin.store.migrate import upgrade
from tocsin_web.app import build_app
from web_client import house_on, served
from web_filling import fill

ARGUMENTS = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
)


# Not longer than a module: while it runs, this thread has a running event loop, and no other test may start one.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium")
    if found is None:
        message = "no chromium on this machine: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, chromium_sandbox=False, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A house full of news, one without any, and one in trouble."""
    folder: Path = tmp_path_factory.mktemp("site")
    full, empty = (open_database(f"sqlite:///{folder / name}.sqlite3") for name in ("full", "empty"))
    upgrade(full)
    upgrade(empty)
    filled = fill(full)
    with full.write() as connection:
        story = add_running_story(connection)
    with ExitStack() as stack:
        yield Site(
            full=stack.enter_context(served(build_app(house_on(full)))),
            empty=stack.enter_context(served(build_app(house_on(empty)))),
            troubled=stack.enter_context(served(build_app(house_on(full, **Site.trouble())))),
            articles=filled.articles,
            story=story,
        )
    full.close()
    empty.close()
