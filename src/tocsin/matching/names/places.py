"""The gazetteer asked by a folded name, for the names of the watchlist that are also places."""

from __future__ import annotations

from functools import lru_cache

from tocsin.regions import Name, load_gazetteer


@lru_cache(maxsize=1)
def _names() -> dict[str, Name]:
    return {name.folded: name for name in load_gazetteer().names()}


def places_named(folded: str) -> Name | None:
    """Return the name of the gazetteer that is written so when folded, with the places that bear it."""
    return _names().get(folded)
