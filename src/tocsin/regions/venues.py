"""Where the countries of a union meet: "ASEAN ministers meet in Vientiane" is a story of ASEAN, in a city of Laos."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from tocsin.models.receipts import TextField
from tocsin.regions.cues import Cue
from tocsin.regions.places import PlaceKind, Role
from tocsin.regions.resolution import Placed
from tocsin.regions.word_sets import words

_UNIONS = words(
    "eu eurozone schengen nato asean african-union ecowas sadc east-african-community igad arab-league gcc opec g7 g20 "
    "brics oecd sco mercosur benelux visegrad"
)
"""Areas that are unions of states, whose ministers meet in one of them."""


def venues(placed: Sequence[Placed]) -> set[int]:
    """Return which mentions tell no more than where a union named in the title met.

    They are cities of a member that the article names in no other way, and says something to happen in.
    """
    named = [one.place for one in placed if one.sight.span.field is TextField.TITLE and one.place.id in _UNIONS]
    if not named:
        return set()
    members = frozenset[str]().union(*(union.members for union in named))
    of_country: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(placed):
        if one.country in members:
            of_country[one.country].append(index)
    return {
        index
        for indices in of_country.values()
        if all(_is_city(placed[index]) for index in indices)
        and any(placed[index].sight.cue is Cue.LOCATIVE for index in indices)
        for index in indices
    }


def _is_city(one: Placed) -> bool:
    return one.role is Role.NAME and (one.place.kind is PlaceKind.CITY or one.dateline)
