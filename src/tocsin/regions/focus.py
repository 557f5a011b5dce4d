"""What an article is about: its mentions weighed by where they stand, cities counted for their countries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.models.ids import PlaceId
from tocsin.models.receipts import Mention, TextField
from tocsin.regions.places import Place, PlaceKind
from tocsin.regions.weights import WEIGHTS


@dataclass(frozen=True, slots=True)
class Scored:
    """A country or city with the summed weight of its mentions; a country has those of its cities."""

    place: PlaceId
    score: float
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Focus:
    """The countries and the cities of an article, each strongest first. ``from_home``: it names no place itself."""

    countries: tuple[Scored, ...]
    cities: tuple[Scored, ...]
    from_home: bool = False

    def scored(self, place: Place) -> Scored | None:
        """Return how a place stands, None where it is not mentioned."""
        return next((one for one in self._ranking(place.kind) if one.place == place.id), None)

    def share(self, scored: Scored, kind: PlaceKind) -> float:
        """Return a score in relation to the strongest of its kind, 0..1."""
        return scored.score / self._ranking(kind)[0].score

    def _ranking(self, kind: PlaceKind) -> tuple[Scored, ...]:
        return self.countries if kind is PlaceKind.COUNTRY else self.cities


def weight_of(mention: Mention) -> float:
    """Return what a mention weighs by the place it stands at."""
    if mention.span.field is TextField.TITLE:
        return WEIGHTS.title
    return WEIGHTS.lead if mention.span.start < WEIGHTS.lead_length else WEIGHTS.body


def find_focus(mentions: Sequence[Mention], home: Place | None = None) -> Focus:
    """Return the ranked countries and cities of an article; ``home`` counts when it names no place at all."""
    if not mentions and home:
        return _focus_on(home)
    counted: Counter[PlaceId] = Counter()
    by_country: dict[PlaceId, float] = defaultdict(float)
    by_city: dict[PlaceId, float] = defaultdict(float)
    for mention in mentions:
        counted[mention.place] += 1
        weight = weight_of(mention) if counted[mention.place] <= WEIGHTS.repeats else 0.0
        by_country[PlaceId(mention.country)] += weight
        if mention.place != mention.country:
            by_city[mention.place] += weight
    return Focus(
        _ranked(by_country, ((PlaceId(mention.country), mention) for mention in mentions)),
        _ranked(by_city, ((mention.place, mention) for mention in mentions)),
    )


def _focus_on(home: Place) -> Focus:
    country = Scored(PlaceId(home.country), WEIGHTS.home, ())
    cities = (Scored(home.id, WEIGHTS.home, ()),) if home.kind is PlaceKind.CITY else ()
    return Focus((country,), cities, from_home=True)


def _ranked(scores: Mapping[PlaceId, float], mentions: Iterable[tuple[PlaceId, Mention]]) -> tuple[Scored, ...]:
    of_place: dict[PlaceId, list[Mention]] = defaultdict(list)
    for place, mention in mentions:
        of_place[place].append(mention)
    order = sorted(scores, key=lambda place: -scores[place])
    return tuple(Scored(place, scores[place], tuple(of_place[place])) for place in order)
