"""Which place each name of an article means: population, the countries named beside it, what contains it, the home.

Each name spreads its vote over the countries of its bearers; names that can mean one country only pull the others
towards it. Takes sights, returns them with places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from tocsin.models.receipts import Mention
from tocsin.regions.cues import GENERIC, Cue
from tocsin.regions.given_names import given_names
from tocsin.regions.places import Bearer, Place, PlaceKind, Role
from tocsin.regions.sight import Sight
from tocsin.regions.weights import RESOLUTION

_ROUNDS = 2

_NO_NAME_OF_PEOPLES = frozenset(("bg", "bs", "cs", "hr", "mk", "pl", "ru", "sk", "sl", "sr", "uk", "be"))
"""Slavic languages: readers of them take "syrské" for a word about Syria, not for its name."""


@dataclass
class Placed:
    """A sight and the place it means; ``country`` is that of the place, empty for an area across countries.

    ``provinces`` are those that the place lies in, or is, the lower level first. ``dateline``: it only tells where the
    article was written, or where those whom it is about met.
    """

    sight: Sight
    place: Place
    role: Role
    provinces: tuple[Place, ...] = ()
    dateline: bool = False

    def names_country(self, language: str | None) -> bool:
        """Whether its country is named there: by a name of a place, or, in languages that are not Slavic, of a people;
        by no institution and no company.
        """
        if self.sight.organisation or self.role is Role.INSTITUTION:
            return False
        return self.role is Role.NAME or language not in _NO_NAME_OF_PEOPLES

    @cached_property
    def mention(self) -> Mention:
        """The mention that is shown and stored."""
        return Mention(self.place.id, self.place.name, self.place.country, self.sight.span)

    @property
    def country(self) -> str:
        """The ISO 3166-1 code of the country that it lies in."""
        return self.place.country


def resolve(sights: Sequence[Sight], home: Place | None) -> list[Placed]:
    """Return the sights with the places that they mean, without weak names that nothing supports.

    What is written out once, "London, Ontario", holds for the whole article.
    """
    meant = _written_out(sights)
    votes = _votes(sights, meant, home)
    provinces, own = _provinces(sights, home), home.id if home else ""
    placed = []
    for sight in sights:
        bearer = meant.get(sight.name.folded)
        if bearer is None:
            bearer = _best(sight, votes, provinces, own)
            if _is_far_fetched(sight, bearer.place, votes, home):
                continue
            if sight.weak and not _is_supported(sight, bearer.place, votes, home):
                continue
        placed.append(Placed(sight, bearer.place, bearer.role))
    return placed


def _written_out(sights: Sequence[Sight]) -> dict[str, Bearer]:
    """Return by name the bearers that are written before what they lie in: "Springfield, Illinois".

    A place that the gazetteer does not have in the province that follows ("Paris, Kentucky") counts as the province.
    """
    found: dict[str, Bearer] = {}
    for sight, after in pairwise(sights):
        if not _is_listed_before(sight, after):
            continue
        pairs = [
            (inner, outer)
            for outer in after.bearers
            if outer.role is Role.NAME and outer.place.kind is not PlaceKind.CITY and after.name.folded not in GENERIC
            for inner in sight.bearers
            if inner.role is Role.NAME and _lies_in(inner.place, outer.place) and not _are_countries(sight, outer)
        ]
        if pairs:
            inner, outer = max(pairs, key=lambda pair: pair[0].place.population)
            found[sight.name.folded] = inner
            found.setdefault(after.name.folded, outer)
        elif _is_city_in(sight, after):
            found[sight.name.folded] = after.bearers[0]
    return found


def _are_countries(sight: Sight, outer: Bearer) -> bool:
    """Whether two names are of a list of countries: "Peru, United States" is no town of that name."""
    return outer.place.kind is PlaceKind.COUNTRY and sight.bearers[0].place.kind is PlaceKind.COUNTRY


def _is_city_in(sight: Sight, after: Sight) -> bool:
    first, outer = sight.bearers[0].place, after.bearers[0].place
    return first.kind is PlaceKind.CITY and outer.kind is PlaceKind.PROVINCE and not after.weak


def _is_listed_before(sight: Sight, after: Sight) -> bool:
    """Whether only a comma, or nothing, stands between two names."""
    gap = after.span.start - sight.span.end
    if after.span.field is not sight.span.field or not 0 < gap <= len(", ("):
        return False
    return sight.after[:1] in (["."], after.name.folded.split()[:1]) and sight.name is not after.name


def _lies_in(inner: Place, outer: Place) -> bool:
    if inner.kind is PlaceKind.COUNTRY or inner.id == outer.id:
        return False
    if outer.kind is PlaceKind.PROVINCE:
        return inner.province == outer.id
    return inner.country == outer.country


@dataclass(slots=True)
class _Votes:
    """The votes of the article's names for countries, and those of each name, which does not pull on itself.

    "Dublin" and "Dublin City" have one vote.
    """

    total: dict[str, float]
    of_name: dict[str, dict[str, float]]

    def pull(self, voter: str, country: str) -> float:
        """Return how much the other names pull a name towards a country."""
        return float((RESOLUTION.apart + max(self.others(voter, country), 0.0)) ** RESOLUTION.coherence)

    def others(self, voter: str, country: str) -> float:
        """Return the votes of the other names for a country."""
        return self.total.get(country, 0.0) - self.of_name.get(voter, {}).get(country, 0.0)


def _votes(sights: Sequence[Sight], meant: Mapping[str, Bearer], home: Place | None) -> _Votes:
    """Return the votes after the names have pulled on each other."""
    names = {
        _voter(sight): _priors(sight, meant)
        for sight in sights
        if (not sight.weak or sight.cue is Cue.LOCATIVE) and not sight.organisation
    }
    at_home = {home.country: RESOLUTION.home} if home else {}
    votes = _Votes(at_home, {})
    for _ in range(_ROUNDS):
        of_name = {folded: _spread(folded, priors, votes) for folded, priors in names.items()}
        total = defaultdict(float, at_home)
        for shares in of_name.values():
            for country, share in shares.items():
                total[country] += share
        votes = _Votes(total, of_name)
    return votes


def _voter(sight: Sight) -> str:
    return sight.bearers[0].place.id


def _priors(sight: Sight, meant: Mapping[str, Bearer]) -> Mapping[str, float]:
    known = meant.get(sight.name.folded)
    return {known.place.country: 1.0} if known else sight.candidate.by_country


def _spread(folded: str, priors: Mapping[str, float], votes: _Votes) -> dict[str, float]:
    if len(priors) == 1:
        return dict.fromkeys(priors, 1.0)
    pulled = {country: prior * votes.pull(folded, country) for country, prior in priors.items()}
    total = sum(pulled.values())
    return {country: weight / total for country, weight in pulled.items()}


def _provinces(sights: Sequence[Sight], home: Place | None) -> frozenset[str]:
    """Return the provinces that are named, and that of the feed's home."""
    at_home = {home.id if home.kind is PlaceKind.PROVINCE else home.province} - {""} if home else set()
    return frozenset(at_home).union(
        one.place.id for sight in sights for one in sight.bearers[:1] if one.place.kind is PlaceKind.PROVINCE
    )


def _best(sight: Sight, votes: _Votes, provinces: frozenset[str], own: str) -> Bearer:
    if len(sight.bearers) == 1:
        return sight.bearers[0]
    voter = _voter(sight)
    pulls = {country: votes.pull(voter, country) for country in sight.candidate.by_country}
    best, most = sight.bearers[0], -1.0
    for bearer, prior in zip(sight.bearers, sight.candidate.priors, strict=True):
        weight = prior * pulls[bearer.place.country] * _nearness(bearer, provinces, own)
        if weight > most:
            best, most = bearer, weight
    return _its_city(best, sight) or best


def _its_city(province: Bearer, sight: Sight) -> Bearer | None:
    """Return the city that a province is named after, where it has much of its people: Deir ez-Zor, not Québec."""
    if province.place.kind is not PlaceKind.PROVINCE:
        return None
    cities = [one for one in sight.bearers if one.role is Role.NAME and one.place.province == province.place.id]
    largest = max(cities, key=lambda one: one.place.population, default=None)
    if largest and largest.place.population >= RESOLUTION.share_of_province * province.place.population:
        return largest
    return None


def _nearness(bearer: Bearer, provinces: frozenset[str], own: str) -> float:
    """Return the factor of a place that lies in a province that is named, or is the feed's home itself."""
    return RESOLUTION.province if bearer.place.province in provinces or bearer.place.id == own else 1.0


def _is_far_fetched(sight: Sight, place: Place, votes: _Votes, home: Place | None) -> bool:
    """Whether a small city lies where nothing else points to, while much else points to another country.

    It is a namesake that the gazetteer lacks: a street, a firm, a village at home.
    """
    if place.kind is not PlaceKind.CITY or place.population >= RESOLUTION.compound:
        return False
    if votes.others(_voter(sight), place.country) > RESOLUTION.apart:
        return False
    at_home = home is not None and home.country != place.country
    return at_home or max(votes.total.values(), default=0.0) >= RESOLUTION.elsewhere


def _is_supported(sight: Sight, place: Place, votes: _Votes, home: Place | None) -> bool:
    """Whether a weak name is a place: it has a locative, its country is named elsewhere, or it is a country."""
    if sight.name.folded in GENERIC:
        return False
    others = votes.others(_voter(sight), place.country)
    if sight.cue is Cue.LOCATIVE:
        # "tritt in Kraft": a word needs more than a preposition to be a village.
        return others > RESOLUTION.apart or place.population >= RESOLUTION.compound
    if place.kind is PlaceKind.COUNTRY:
        return home is None or home.country == place.country or others > RESOLUTION.apart
    large = RESOLUTION.famous if sight.candidate.word or sight.name.folded in given_names() else RESOLUTION.large
    if " " in sight.name.folded:
        large = RESOLUTION.compound
    return place.population >= large or others >= RESOLUTION.support
