"""How provinces, cities and areas stand in an article: each mention weighed by where and how it is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.models.receipts import TextField
from tocsin.regions.cues import Cue
from tocsin.regions.places import Place, PlaceKind, Role
from tocsin.regions.resolution import Placed
from tocsin.regions.weights import INNER


@dataclass(frozen=True, slots=True)
class Standing:
    """A place with its summed weight and the mentions in it; ``share`` is in relation to the strongest of its kind."""

    place: Place
    weight: float
    share: float
    placed: tuple[Placed, ...]

    @property
    def stands_out(self) -> bool:
        """Whether the article is about it, if it is about its country."""
        return self.weight >= INNER.least and self.share >= INNER.share


def standings(placed: Sequence[Placed], kind: PlaceKind) -> list[Standing]:
    """Return the places of a kind, strongest first; a city counts for its province.

    An area is held against the strongest country too: a sea that ships came from is not what the story is about.
    """
    of_place: dict[str, tuple[Place, list[Placed]]] = {}
    for one in placed:
        if one.role is not Role.INSTITUTION and not one.sight.organisation:
            for place in one.provinces if kind is PlaceKind.PROVINCE else (one.place,):
                if place.kind is kind:
                    of_place.setdefault(place.id, (place, []))[1].append(one)
    if not of_place:
        return []
    weighed = sorted(((_weight(found), place, found) for place, found in of_place.values()), key=_by_weight)
    most = max(weighed[0][0], _of_strongest_country(placed) if kind is PlaceKind.AREA else 0.0) or 1.0
    return [Standing(place, weight, weight / most, tuple(found)) for weight, place, found in weighed]


def _of_strongest_country(placed: Sequence[Placed]) -> float:
    found: dict[str, list[Placed]] = defaultdict(list)
    for one in placed:
        if one.country:
            found[one.country].append(one)
    return max(map(_weight, found.values()), default=0.0)


def _by_weight(weighed: tuple[float, Place, list[Placed]]) -> float:
    return -weighed[0]


def _weight(found: Sequence[Placed]) -> float:
    return sum(sorted(map(_weight_of, found), reverse=True)[: INNER.repeats])


def _weight_of(one: Placed) -> float:
    sight = one.sight
    weight = INNER.title if sight.span.field is TextField.TITLE else INNER.body
    if sight.span.field is TextField.TEXT and sight.span.start < INNER.lead_length:
        weight = INNER.lead
    if one.dateline or sight.cue is Cue.MODIFIER:
        return weight * INNER.aside
    return weight * (INNER.located if sight.cue is Cue.LOCATIVE else 1.0)
