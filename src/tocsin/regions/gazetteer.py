"""The gazetteer: places by their names, read from the packaged file that scripts/build_gazetteer.py writes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import resources

from tocsin.regions import packed, resolve_region
from tocsin.regions.packed import Packed
from tocsin.regions.places import Bearer, Name, Place, PlaceKind

_FILE = "data/gazetteer.xz"


class Gazetteer:
    """Places and their names; immutable. What is asked for is made once and kept."""

    def __init__(self, columns: Packed) -> None:
        self._columns = columns
        self._names: dict[int, Name] = {}
        self._places: dict[int, Place] = {}

    def patterns(self) -> Sequence[str]:
        """Return the folded names, sorted; the index of each is what `name` takes."""
        return self._columns.folded

    def name(self, index: int) -> Name:
        """Return the name of an index of `patterns`."""
        known = self._names.get(index)
        if known is None:
            known = self._names[index] = self._made_name(index)
        return known

    def named(self, folded: str) -> Name | None:
        """Return the name that is written so when folded."""
        patterns = self._columns.folded
        index = bisect_left(patterns, folded)
        return self.name(index) if index < len(patterns) and patterns[index] == folded else None

    def names(self) -> Iterator[Name]:
        """Yield every name, in the order of `patterns`; makes all of them, which takes a second."""
        return map(self.name, range(len(self._columns.folded)))

    def place(self, place_id: str) -> Place | None:
        """Return the place of this id, or of an ISO 3166-2 code that has been replaced."""
        index = self._index_of_place.get(self._columns.former.get(place_id, place_id))
        return None if index is None else self._place(index)

    def contains(self, outer: Place, inner: Place) -> bool:
        """Whether a place lies in another, or is it: Deir ez-Zor in SY-DY, Syria and the Levant."""
        if outer.id in (inner.id, inner.country, inner.province):
            return True
        if outer.kind is PlaceKind.AREA:
            return self._is_in_area(outer, inner, frozenset())
        # A second-level province lies in one of the first level, and so do its cities.
        above = self.place(inner.province) if inner.province else None
        return above is not None and above.province == outer.id

    def _is_in_area(self, area: Place, inner: Place, seen: frozenset[str]) -> bool:
        for member in area.members:
            place = self.place(member)
            if place is None or place.id in seen:
                continue
            if place.kind is PlaceKind.AREA and place.id != inner.id:
                if self._is_in_area(place, inner, seen | {area.id}):
                    return True
            elif self.contains(place, inner):
                return True
        return False

    def resolve(self, written: str) -> Place | None:
        """Return the place that a watchlist means, None for an unknown one; see `resolve_region.resolve`."""
        return resolve_region.resolve(self, written)

    def find(self, written: str) -> tuple[Place, ...]:
        """Return all places that a watchlist may mean, the most likely first; see `resolve_region.find`."""
        return resolve_region.find(self, written)

    def check(self, written: str) -> str | None:
        """Return None for what `resolve` knows beyond doubt, else what is wrong with it and the remedy."""
        unknown, asked = resolve_region.complaint(self, written), self.question(written)
        return unknown or (f"{asked} write the code of the one that is meant" if asked else None)

    def question(self, written: str) -> str | None:
        """Return which of several places of one standing is meant, in words, None where there is no doubt."""
        return resolve_region.question(self, written)

    def names_of(self, place: Place) -> Iterator[Name]:
        """Yield all names of a place, its demonyms and institutions too, in the order of `patterns`."""
        wanted, columns = self._index_of_place.get(place.id), self._columns
        for at, index in enumerate(columns.bearers):
            if index == wanted:
                yield self.name(bisect_right(columns.starts, at) - 1)

    def places(self, kind: PlaceKind) -> Iterator[Place]:
        """Yield the places of a kind, the largest first."""
        wanted = list(PlaceKind).index(kind)
        return (self._place(index) for index, one in enumerate(self._columns.kinds) if one == wanted)

    @cached_property
    def _index_of_place(self) -> Mapping[str, int]:
        return {place_id: index for index, place_id in enumerate(self._columns.ids)}

    def _place(self, index: int) -> Place:
        known = self._places.get(index)
        if known is None:
            known = self._places[index] = self._columns.place(index)
        return known

    def _made_name(self, index: int) -> Name:
        columns = self._columns
        bearers = tuple(
            Bearer(self._place(columns.bearers[at]), *columns.manner(at))
            for at in range(columns.starts[index], columns.starts[index + 1])
        )
        everywhere, languages = columns.weakness(index)
        return Name(columns.folded[index], bearers, everywhere, languages)


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Return the packaged gazetteer, read at the first call and shared from then on."""
    return Gazetteer(packed.load(resources.files("tocsin.regions").joinpath(_FILE).read_bytes()))
