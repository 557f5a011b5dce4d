"""The desk: a changed watchlist is compiled beside the work, and the one before it serves until then."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin.bootstrap import WatchlistDesk
from tocsin.config import Settings
from tocsin.models.articles import Document
from tocsin.store.database import Database

SIEGE = "feeds: [https://a.org]\nwatches: {a: {keywords: siege}}\n"
FAMINE = SIEGE.replace("siege", "famine")
FAULTY = SIEGE.replace("keywords: siege", "query: siege AND")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "watchlist.yaml"
    path.write_text(SIEGE)
    return path


@pytest.fixture
def desk(path: Path, sqlite: Database) -> Iterator[WatchlistDesk]:
    yield WatchlistDesk(Settings(watchlist=path), sqlite)
    for thread in _compiling():
        thread.join()


def _compiling() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("compile-")]


def _change(path: Path, text: str) -> None:
    path.write_text(text)
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))


def _found(desk: WatchlistDesk) -> list[str]:
    matcher = desk.desk().matcher
    return [word for word in ("siege", "famine") if matcher.decide(Document("", word))]


def test_the_first_watchlist_is_waited_for(desk: WatchlistDesk) -> None:
    assert _found(desk) == ["siege"]
    assert _compiling() == []


def test_the_one_before_serves_until_the_new_one_is_compiled(desk: WatchlistDesk, path: Path) -> None:
    before = desk.desk()
    _change(path, FAMINE)
    assert desk.poll()
    assert desk.desk() is before
    for thread in _compiling():
        thread.join()
    assert _found(desk) == ["famine"]
    assert desk.desk().watchlist is desk.watchlist


def test_the_last_good_watchlist_knows_its_lists_when_their_files_are_gone(path: Path, sqlite: Database) -> None:
    listed = path.parent / "a.opml"
    listed.write_text('<opml><body><outline xmlUrl="https://b.org/"/></body></opml>')
    path.write_text(SIEGE.replace("https://a.org", "{opml: a.opml}"))
    first = WatchlistDesk(Settings(watchlist=path), sqlite)
    first.accept()
    listed.unlink()
    second = WatchlistDesk(Settings(watchlist=path), sqlite)
    assert second.watchlist == first.watchlist
    assert [feed.url for feed in second.watchlist.feeds] == ["https://b.org/"]
    assert ["no such file" in fault.message for fault in second.file.faults] == [True]


def test_a_faulty_query_leaves_the_last_good_watchlist_in_force(desk: WatchlistDesk, path: Path) -> None:
    before = desk.desk()
    _change(path, FAULTY)
    assert not desk.poll()
    assert desk.desk() is before
    assert [fault.message for fault in desk.file.faults] == [
        "in the query of 'a': AND needs a term after it; add one, or leave it out"
    ]
