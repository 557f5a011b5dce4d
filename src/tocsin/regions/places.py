"""A place of the gazetteer, and a name with all that bear it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from tocsin.models.ids import PlaceId


class PlaceKind(StrEnum):
    """How large a place is: a city lies in its province, a province in its country.

    A province is a first-level division (ISO 3166-2); an area is a region without a code of its own (Donbas, Darfur) or
    one across countries (Sahel, EU).
    """

    COUNTRY = "country"
    PROVINCE = "province"
    CITY = "city"
    AREA = "area"


class Role(StrEnum):
    """What a name is to its place: "Syria", "Syrian", or an institution that stands for its country ("Kremlin").

    Institutions are parliaments, residences, central banks, currencies, ministries, stock exchanges: evidence of a
    country with a weight of its own, never a place.
    """

    NAME = "name"
    DEMONYM = "demonym"
    INSTITUTION = "institution"


Box: TypeAlias = tuple[float, float, float, float]
"""West, south, east, north in degrees; west greater than east is a box across the antimeridian."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer; ``name`` is its usual English name.

    ``id`` is an ISO 3166-1 alpha-2 code, an ISO 3166-2 code, ``geonames:`` and a number, or the slug of an area.
    ``country`` is an alpha-2 code, empty for an area across countries. ``province`` is the ISO 3166-2 code of the
    province that a city lies in, empty where it is not known. ``members`` are the countries, provinces and areas in an
    area. Coordinates are degrees. ``boxes`` are in a region that a watchlist defines by them.
    """

    id: PlaceId
    name: str
    country: str
    kind: PlaceKind
    population: int
    province: str = ""
    members: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Bearer:
    """A place that bears a name, and how; ``languages`` (BCP 47 primary subtags) alone have it so, empty means all."""

    place: Place
    role: Role = Role.NAME
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a scan text, without the gaps around it; ``bearers`` begin with the most likely.

    A ``weak`` name is also a given name, a surname or a word met anywhere, or a mere abbreviation, and needs support.
    In the languages of ``weak_in`` it is also a common word, and is weak there only.
    """

    folded: str
    bearers: tuple[Bearer, ...]
    weak: bool = False
    weak_in: frozenset[str] = frozenset()

    def is_weak(self, language: str | None) -> bool:
        """Whether the name needs support in a text of this language, None for one that is not known."""
        return self.weak or (language in self.weak_in if language else bool(self.weak_in))

    @property
    def places(self) -> tuple[Place, ...]:
        """Return the places that bear it as their name, the most likely first; without demonyms and institutions."""
        return tuple(bearer.place for bearer in self.bearers if bearer.role is Role.NAME)

    @property
    def languages(self) -> frozenset[str]:
        """Return the languages in which alone it counts for any bearer; empty means all."""
        if any(not bearer.languages for bearer in self.bearers):
            return frozenset()
        return frozenset().union(*(bearer.languages for bearer in self.bearers))
