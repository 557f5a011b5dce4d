"""The regions that a watchlist can ask for: those of the gazetteer, and beside them its own.

An own region is an area whose members are places of the gazetteer, those of the own regions in it among them; it wins
over a name of the gazetteer that is written as its id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tocsin.models.ids import PlaceId
from tocsin.models.watchlist import OwnRegion
from tocsin.regions.gazetteer import Gazetteer
from tocsin.regions.places import Box, Name, Place, PlaceKind


class UnknownPlaceError(LookupError):
    """An own region names a place that there is none of, or itself; the message says so."""


class Atlas:
    """A gazetteer with the own regions of one watchlist; immutable. What areas hold is worked out once and kept."""

    def __init__(self, gazetteer: Gazetteer, own: Sequence[OwnRegion] = ()) -> None:
        """Resolve the own regions; raises `UnknownPlaceError`."""
        self._gazetteer = gazetteer
        self._own = own_places(own, gazetteer.resolve)
        self._held: dict[tuple[str, bool], frozenset[str]] = {}

    @property
    def own(self) -> Mapping[str, Place]:
        """The own regions by their ids."""
        return self._own

    def resolve(self, written: str) -> Place | None:
        """Return the place that a watchlist means, None for an unknown one."""
        return self._own.get(written) or self._gazetteer.resolve(written)

    def place(self, place_id: str) -> Place | None:
        """Return the place of this id."""
        return self._own.get(place_id) or self._gazetteer.place(place_id)

    def check(self, written: str) -> str | None:
        """Return None for what `resolve` knows beyond doubt, else what is wrong with it and the remedy."""
        return None if written in self._own else self._gazetteer.check(written)

    def find(self, written: str) -> tuple[Place, ...]:
        """Return all places that may be meant, the one that `resolve` returns first."""
        own = self._own.get(written)
        return (*((own,) if own else ()), *self._gazetteer.find(written))

    def question(self, written: str) -> str | None:
        """Return which of several places of one standing is meant, in words, None where there is no doubt."""
        return None if written in self._own else self._gazetteer.question(written)

    def names_of(self, place: Place) -> Iterator[Name]:
        """Yield the names that a place bears; an own region has none but its id."""
        return self._gazetteer.names_of(place) if self._own.get(place.id) is not place else iter(())

    def around(self, place: Place) -> list[Place]:
        """Return what a place lies in, the smallest kinds first: province, country, areas, own regions."""
        above = [one for code in (place.province, place.country) if code != place.id and (one := self.place(code))]
        known = [one for one in self._gazetteer.places(PlaceKind.AREA) if one.id not in self._own]
        others = [one for one in (*known, *self._own.values()) if one.id != place.id and self.contains(one, place)]
        return list(dict.fromkeys((*above, *others)))

    def members(self, place: Place) -> list[Place]:
        """Return what makes an area, or the provinces of a country."""
        if place.kind is PlaceKind.COUNTRY:
            provinces = self._gazetteer.places(PlaceKind.PROVINCE)
            return [one for one in provinces if one.country == place.id and not one.province]
        return [one for member in place.members if (one := self._gazetteer.place(member))]

    def contains(self, outer: Place, inner: Place) -> bool:
        """Whether a place lies in another, or is it.

        A city lies in a box if its coordinates do, an area in another if all its members do.
        """
        if outer.kind is not PlaceKind.AREA:
            return self._gazetteer.contains(outer, inner)
        held = self._held_by(outer)
        if not held.isdisjoint(self._levels(inner)) or any(is_in_box(inner, box) for box in outer.boxes):
            return True
        parts = self.members(inner) if inner.kind is PlaceKind.AREA else ()
        return bool(parts) and all(self.contains(outer, part) for part in parts)

    def _levels(self, place: Place) -> list[str]:
        """Return the ids of a place and of what it lies in, areas aside."""
        levels = [place.id, *filter(None, (place.country, place.province))]
        above = self._gazetteer.place(place.province) if place.province else None
        # A second-level province lies in one of the first level, and so do its cities.
        return [*levels, above.province] if above and above.province else levels

    def _held_by(self, area: Place) -> frozenset[str]:
        """Return the ids of an area and of all that is listed in it, in the areas among these too."""
        key = (area.id, self._own.get(area.id) is area)
        if key not in self._held:
            held, waiting = {str(area.id)}, list(area.members)
            while waiting:
                member = waiting.pop()
                place = self._gazetteer.place(member) if member not in held else None
                held.add(member)
                waiting += place.members if place else ()
            self._held[key] = frozenset(held)
        return self._held[key]

    def definition(self, written: str) -> tuple[object, ...]:
        """Return what an own region is made of, to tell when it has changed; empty for any other region."""
        own = self._own.get(written)
        return (own.members, own.boxes) if own else ()


def is_in_box(place: Place, box: Box) -> bool:
    """Whether a city, or the middle of a province, lies in a box; one without coordinates lies in none."""
    if place.latitude is None or place.longitude is None or place.kind not in {PlaceKind.CITY, PlaceKind.PROVINCE}:
        return False
    west, south, east, north = box
    across = west > east
    is_between = place.longitude >= west or place.longitude <= east if across else west <= place.longitude <= east
    return is_between and south <= place.latitude <= north


def own_places(own: Sequence[OwnRegion], resolve: Callable[[str], Place | None]) -> dict[str, Place]:
    """Return own regions by their ids as areas with the members and boxes of all regions in them.

    ``resolve`` knows the other places. Raises `UnknownPlaceError`.
    """
    by_id = {region.id: region for region in own}
    made: dict[str, Place] = {}
    for region in own:
        _make(region, by_id, made, resolve)
    return made


def _make(
    region: OwnRegion,
    by_id: Mapping[str, OwnRegion],
    made: dict[str, Place],
    resolve: Callable[[str], Place | None],
) -> None:
    """Make a region, those in it first: one that waits for others stays on the stack."""
    stack = [region.id]
    while stack:
        one = by_id[stack[-1]]
        inner = [name for name in one.places if name in by_id]
        waiting = [name for name in inner if name not in made]
        if not waiting:
            made[one.id] = _place(one, [made[name] for name in inner], [*_others(one, by_id, resolve)])
            stack.pop()
        elif waiting[0] in stack:
            raise UnknownPlaceError(f"the region {waiting[0]!r} contains itself")
        else:
            stack.append(waiting[0])


def _others(
    region: OwnRegion, by_id: Mapping[str, OwnRegion], resolve: Callable[[str], Place | None]
) -> Iterator[Place]:
    for name in region.places:
        if name not in by_id:
            place = resolve(name)
            if place is None:
                raise UnknownPlaceError(f"the region {region.id!r} names {name!r}, which there is none of")
            yield place


def _place(region: OwnRegion, inner: Sequence[Place], others: Sequence[Place]) -> Place:
    members = [*(place.id for place in others), *(member for place in inner for member in place.members)]
    boxes = [*([region.box] if region.box else ()), *(box for place in inner for box in place.boxes)]
    return Place(
        id=PlaceId(region.id),
        name=region.id,
        country="",
        kind=PlaceKind.AREA,
        population=0,
        members=tuple(dict.fromkeys(members)),
        boxes=tuple(dict.fromkeys(boxes)),
    )
