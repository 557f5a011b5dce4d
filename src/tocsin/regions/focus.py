"""What an article is about: countries by a small learned model, then the provinces and cities inside them.

The score of a country is the probability that a reader would say so; those of provinces, cities and areas are shares.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import mul

from tocsin.models.ids import PlaceId
from tocsin.models.receipts import Mention
from tocsin.regions.features import FEATURES, Tally, vectors
from tocsin.regions.learned import ENOUGH_FOR_THE_FIRST, FOCUS, IN_FOCUS
from tocsin.regions.places import Place, PlaceKind
from tocsin.regions.resolution import Placed
from tocsin.regions.subnational import Standing, standings

_WEIGHTS = tuple(FOCUS.get(feature, 0.0) for feature in FEATURES)


@dataclass(frozen=True, slots=True)
class Scored:
    """A place with its score (0..1), the mentions inside it, and whether the article is about it (``met``).

    ``known`` is the place itself, None for a country that the gazetteer does not have.
    """

    place: PlaceId
    score: float
    mentions: tuple[Mention, ...]
    met: bool = False
    known: Place | None = None


@dataclass(frozen=True, slots=True)
class Focus:
    """The places of an article by kind, each strongest first. ``from_home``: it names no place itself."""

    countries: tuple[Scored, ...] = ()
    provinces: tuple[Scored, ...] = ()
    cities: tuple[Scored, ...] = ()
    areas: tuple[Scored, ...] = ()
    from_home: bool = False

    @property
    def focused(self) -> tuple[PlaceId, ...]:
        """The countries that the article is about, strongest first."""
        return tuple(one.place for one in self.countries if one.met)

    def ranking(self, kind: PlaceKind) -> tuple[Scored, ...]:
        """Return the places of a kind, strongest first."""
        rankings = {
            PlaceKind.COUNTRY: self.countries, PlaceKind.PROVINCE: self.provinces, PlaceKind.CITY: self.cities,
        }  # fmt: skip
        return rankings.get(kind, self.areas)


def find_focus(
    placed: Sequence[Placed], found: Mapping[str, Tally], home: Place | None, countries: Mapping[str, Place]
) -> Focus:
    """Return what an article is about by what was counted of its countries; ``countries`` has them by code.

    ``home`` is the feed's: what an article is about that names no place.
    """
    if home and not placed:
        return _at_home(home, countries)
    features = vectors(found, home.country if home else None, unnamed=not placed)
    scores = {country: score_of(vector) for country, vector in features.items()}
    ranked = _countries(scores, placed, countries)
    focused = frozenset[str](one.place for one in ranked if one.met)
    return Focus(
        ranked,
        _inner(standings(placed, PlaceKind.PROVINCE), focused),
        _inner(standings(placed, PlaceKind.CITY), focused),
        _inner(standings(placed, PlaceKind.AREA), focused | {""}),
    )


def _at_home(home: Place, countries: Mapping[str, Place]) -> Focus:
    country = Scored(PlaceId(home.country), IN_FOCUS, (), met=True, known=countries.get(home.country))
    own = (Scored(home.id, 1.0, (), met=True, known=home),)
    return Focus(
        (country,) if home.country else (),
        own if home.kind is PlaceKind.PROVINCE else (),
        own if home.kind is PlaceKind.CITY else (),
        own if home.kind is PlaceKind.AREA else (),
        from_home=True,
    )


def score_of(vector: Sequence[float]) -> float:
    """Return the probability that a country of these features is in focus, by logistic regression."""
    return 1 / (1 + math.exp(-sum(map(mul, _WEIGHTS, vector))))


def _countries(scores: Mapping[str, float], placed: Sequence[Placed], known: Mapping[str, Place]) -> tuple[Scored, ...]:
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for one in placed:
        mentions[one.country].append(one.mention)
    order = sorted(scores, key=lambda country: -scores[country])
    return tuple(
        Scored(
            PlaceId(country),
            scores[country],
            tuple(mentions[country]),
            scores[country] >= (IN_FOCUS if rank else ENOUGH_FOR_THE_FIRST),
            known.get(country),
        )
        for rank, country in enumerate(order)
    )


def _inner(found: Sequence[Standing], focused: frozenset[str]) -> tuple[Scored, ...]:
    """Return places inside countries as scored; they are in focus only where their country is."""
    return tuple(
        Scored(
            one.place.id,
            one.share,
            tuple(placed.mention for placed in one.placed),
            one.stands_out and one.place.country in focused,
            one.place,
        )
        for one in found
    )
