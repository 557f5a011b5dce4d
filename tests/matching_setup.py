"""Matchers for tests, over the packaged gazetteer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from tocsin.matching import Matcher, compile_watchlist
from tocsin.models.watchlist import Watch, Watchlist
from tocsin.regions import Gazetteer, Name, Place, load_gazetteer
from tocsin.regions.packed import packed_from


def watchlist_of(*watches: Watch, languages: tuple[str, ...] = ()) -> Watchlist:
    return Watchlist(
        path=Path("watchlist.yaml"),
        source="",
        version="0123456789ab",
        languages=languages,
        feeds=(),
        watches=watches,
        channels=(),
        subscribers=(),
    )


def matcher_of(*watches: Watch, languages: tuple[str, ...] = ()) -> Matcher:
    return compile_watchlist(watchlist_of(*watches, languages=languages), load_gazetteer())


def gazetteer_of(places: Sequence[Place], names: Iterable[Name]) -> Gazetteer:
    return Gazetteer(packed_from(places, names))
