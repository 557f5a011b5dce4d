"""The gazetteer: places by their names, read from the packaged file that scripts/build_gazetteer.py writes."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from typing import Any

from tocsin.models.ids import PlaceId
from tocsin.regions.places import Name, Place, PlaceKind
from tocsin.text.fold import fold_term

_FILE = "data/gazetteer.json.gz"
_COUNTRY_CODE = re.compile(r"[A-Z]{2}")
_PROVINCE_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_RESEMBLES = 0.75


class Gazetteer:
    """Places and their names; immutable."""

    def __init__(self, places: Mapping[PlaceId, Place], names: Mapping[str, Name]) -> None:
        self._places = places
        self._names = names

    def names(self) -> Iterator[Name]:
        """Yield every name to scan for, in an order that does not change."""
        return iter(self._names.values())

    def place(self, place_id: PlaceId) -> Place | None:
        """Return the place of this id."""
        return self._places.get(place_id)

    def resolve(self, name: str) -> Place | None:
        """Return the place that a watchlist means: an ISO 3166-1 alpha-2 code in capitals, or a name in any language.

        Where several places bear the name it is the country, else the largest city.
        """
        written = name.strip()
        if _COUNTRY_CODE.fullmatch(written) and (country := self._places.get(PlaceId(written))):
            return country
        known = self._names.get(fold_term(written))
        return known.places[0] if known else None

    def check(self, name: str) -> str | None:
        """Return None for a name that `resolve` knows, else what is wrong with it and the remedy."""
        if self.resolve(name):
            return None
        if _PROVINCE_CODE.fullmatch(name.strip()):
            return (
                f"{name!r} is the code of a province, and provinces are not supported yet; name the country or a city"
            )
        near = self._places.get(PlaceId(name.strip().upper())) or self._nearest(fold_term(name))
        if near:
            return f"unknown region {name!r}; did you mean {near.name!r}?"
        return f"unknown region {name!r}; name a country (Syria, SY) or a city of 100,000 inhabitants or more"

    def _nearest(self, folded: str) -> Place | None:
        # Only names that begin alike are compared, to answer at once; a slip in the first letter is rare.
        alike = [known for known in self._names if known[:1] == folded[:1]]
        near = [self._names[close].places[0] for close in get_close_matches(folded, alike, 5, _RESEMBLES)]
        # A country is meant more often than a city: "Syira" is no slip for Sirte.
        return min(near, key=lambda place: place.kind is not PlaceKind.COUNTRY, default=None)


def gazetteer_from(document: Mapping[str, Any]) -> Gazetteer:
    """Return the gazetteer of a document as scripts/build_gazetteer.py makes it."""
    places = [
        Place(PlaceId(place_id), name, country, PlaceKind(kind), population)
        for place_id, name, country, kind, population in document["places"]
    ]
    weak = frozenset(document["weak"])
    only = {name: frozenset(languages) for name, languages in document["only"].items()}
    everywhere: frozenset[str] = frozenset()
    names = {
        folded: Name(folded, tuple(places[at] for at in indexes), folded in weak, only.get(folded, everywhere))
        for folded, indexes in document["names"].items()
    }
    return Gazetteer({place.id: place for place in places}, names)


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the packaged gazetteer, read at the first call and shared from then on."""
    packed = resources.files("tocsin.regions").joinpath(_FILE).read_bytes()
    return gazetteer_from(json.loads(gzip.decompress(packed)))
