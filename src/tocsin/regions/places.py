"""A place, and a name that places go by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tocsin.models.ids import PlaceId


class PlaceKind(StrEnum):
    """How large a place is; a city lies in its country."""

    COUNTRY = "country"
    CITY = "city"


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer: ``name`` is its usual English name, ``country`` an ISO 3166-1 alpha-2 code."""

    id: PlaceId
    name: str
    country: str
    kind: PlaceKind
    population: int


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it stands in a scan text, without the gaps around it.

    ``places`` has all that bear it, the most likely first. A ``weak`` name is also a word or a person's name and
    needs support. ``languages`` (BCP 47 primary subtags) are those in which alone it counts; empty means all.
    """

    folded: str
    places: tuple[Place, ...]
    weak: bool
    languages: frozenset[str]
