"""The region that a watchlist means by what it writes: a code, a slug, an id, or a name in any language.

A name of several places means the most likely one. Where others are as large (Georgia: the country or the state) there
is a question to ask; where none is known, one that is written nearly so.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Protocol

from tocsin.regions.places import Name, Place, PlaceKind
from tocsin.text.fold import fold_term

AS_LARGE = 0.5
"""Share of the people of the most likely place from which on another makes the name ambiguous.

With it Georgia, Valencia and Washington are questions; Paris, Barcelona, Córdoba and Luxembourg are not.
"""

_LITTLE = 500_000
_LITTLE_AS_LARGE = 0.3
"""The same for cities of fewer people, of which a smaller one is often better known: Bethlehem is a question."""

_PROVINCE = 0.2
"""What the people of a province count for beside those of a city: Gaza is not the one in Mozambique."""

_RESEMBLES = 0.75
_LENGTHS_APART = 2
_ASKED = 4
"""Candidates that a question names."""


class Names(Protocol):
    """What is asked of a gazetteer here."""

    def patterns(self) -> Sequence[str]:
        """Return the folded names, sorted."""

    def name(self, index: int) -> Name:
        """Return the name of an index of `patterns`."""

    def named(self, folded: str) -> Name | None:
        """Return the name that is written so when folded."""

    def place(self, place_id: str) -> Place | None:
        """Return the place of this id."""

    def contains(self, outer: Place, inner: Place) -> bool:
        """Whether a place lies in another, or is it."""


def resolve(names: Names, written: str) -> Place | None:
    """Return the place that is meant, None for an unknown one.

    That is the place of an ISO 3166 code in capitals, of a slug or of an id as `Place.id` has it; else the most likely
    bearer of a name, where "Tripoli, Lebanon" is one in Lebanon. A city and the province that it lies in are one region
    if they have one name, and the province is returned, which contains both.
    """
    found = find(names, written)
    return found[0] if found else None


def find(names: Names, written: str) -> tuple[Place, ...]:
    """Return all places that may be meant, the most likely first."""
    term = written.strip()
    exact = names.place(term) or _area_of_slug(names, term)
    if exact:
        return (exact,)
    known = names.named(fold_term(term))
    if known and known.places:
        return tuple(dict.fromkeys(_outermost(names, _named(known))))
    name, comma, outer = term.rpartition(",")
    regions = find(names, outer) if comma else ()
    return tuple(place for place in find(names, name) if _is_in_any(names, regions, place)) if regions else ()


def _area_of_slug(names: Names, term: str) -> Place | None:
    """Return the area of a slug in any letters; an ISO code is one in capitals alone."""
    place = names.place(term.lower().replace(" ", "-"))
    return place if place is not None and place.kind is PlaceKind.AREA else None


def _is_in_any(names: Names, regions: Sequence[Place], place: Place) -> bool:
    """Whether a place lies in one of some regions, or, for an area across borders, a part of it."""
    parts = (place, *filter(None, map(names.place, place.members)))
    return any(names.contains(region, part) for region in regions for part in parts)


def _named(name: Name) -> list[Place]:
    """Return the places that bear a name in whatever language, an area before what in it has the same name."""
    first, *others = name.places
    area = next((place for place in others if _is_around(place, first)), None)
    return [area, first, *(place for place in others if place is not area)] if area else [first, *others]


def _is_around(area: Place, place: Place) -> bool:
    return area.kind is PlaceKind.AREA and bool(area.members) and area.country == place.country


def _outermost(names: Names, places: Sequence[Place]) -> Iterator[Place]:
    """Yield a province before a city of its name that lies in it, and everything else in its order.

    The province comes first whatever language has the written name for the city alone: Київ is what Kyiv is.
    """
    left = list(places)
    while left:
        first = left.pop(0)
        around = next((place for place in left if _is_province_of(names, place, first)), None)
        if around:
            left.remove(around)
            yield around
        elif (outer := names.place(first.province)) and _is_of_one_name(outer, first):
            yield outer
        yield first


def _is_of_one_name(province: Place, city: Place) -> bool:
    is_pair = province.kind is PlaceKind.PROVINCE and city.kind is PlaceKind.CITY
    return is_pair and fold_term(province.name) == fold_term(city.name)


def _is_province_of(names: Names, province: Place, city: Place) -> bool:
    is_pair = province.kind is PlaceKind.PROVINCE and city.kind is PlaceKind.CITY
    return is_pair and names.contains(province, city)


def question(names: Names, written: str) -> str | None:
    """Return "Georgia: GE (Georgia) or US-GA (Georgia)?" for a name of several places of one standing, else None."""
    first, *others = find(names, written) or (None,)
    if first is None:
        return None
    # A province that stands for its city too is as large as that.
    meant = (first, *(place for place in others[:1] if _is_province_of(names, first, place)))
    rivals = [
        place for place in others if all(_is_as_large(place, one) for one in meant) and _are_apart(names, first, place)
    ]
    if not rivals:
        return None
    asked = [f"{place.id} ({described(names, place)})" for place in (first, *rivals[: _ASKED - 1])]
    return f"{written.strip()}: {', '.join(asked[:-1])} or {asked[-1]}?"


def _is_as_large(rival: Place, first: Place) -> bool:
    if first.kind is PlaceKind.PROVINCE and rival.kind is PlaceKind.PROVINCE and not rival.population:
        return True  # How many live there is not known, which is not few.
    is_little = first.kind is rival.kind is PlaceKind.CITY and first.population < _LITTLE
    return _standing(rival, first) >= (_LITTLE_AS_LARGE if is_little else AS_LARGE) * _standing(first, rival)


def _standing(place: Place, other: Place) -> float:
    is_beside_city = place.kind is PlaceKind.PROVINCE and other.kind is PlaceKind.CITY
    return place.population * (_PROVINCE if is_beside_city else 1.0)


def _are_apart(names: Names, one: Place, other: Place) -> bool:
    if one.kind is PlaceKind.CITY and other.kind is PlaceKind.PROVINCE and one.province == other.province != "":
        return False  # The city's own province of the second level.
    return not names.contains(one, other) and not names.contains(other, one)


def described(names: Names, place: Place) -> str:
    """Return a place in words: its name, its province and its country."""
    outer = [names.place(code) for code in (place.province, place.country) if code and code != place.id]
    return ", ".join([place.name, *(one.name for one in outer if one)])


def complaint(names: Names, written: str) -> str | None:
    """Return None for what `resolve` knows, else what is wrong with it and the remedy."""
    if find(names, written):
        return None
    near = names.place(written.strip().upper()) or _nearest(names, fold_term(written))
    if near:
        return f"unknown region {written!r}; did you mean {near.name!r}?"
    return (
        f"unknown region {written!r}; name a country (Syria, SY), a province (SY-DY), a city of 15,000 inhabitants or "
        "more, or an area (sahel)"
    )


def _nearest(names: Names, folded: str) -> Place | None:
    # Only names that begin alike are compared, to answer at once; a slip in the first letter is rare.
    close = [(_likeness(folded, name), name) for name in _beginning_alike(names, folded)]
    near = [(likeness, names.named(name)) for likeness, name in close if likeness >= _RESEMBLES]
    places = [(likeness, known.places[0]) for likeness, known in near if known and known.places]
    # A country is meant more often than a city: "Syira" is no slip for Sirte.
    best = max(places, key=lambda one: (one[1].kind is PlaceKind.COUNTRY, one[0], one[1].population), default=None)
    return best[1] if best else None


def _beginning_alike(names: Names, folded: str) -> list[str]:
    if not folded:
        return []
    patterns = names.patterns()
    first, last = bisect_left(patterns, folded[0]), bisect_left(patterns, chr(ord(folded[0]) + 1))
    return [name for name in patterns[first:last] if abs(len(name) - len(folded)) <= _LENGTHS_APART]


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, other, one)
    if matcher.real_quick_ratio() < _RESEMBLES or matcher.quick_ratio() < _RESEMBLES:
        return 0.0
    return matcher.ratio()
