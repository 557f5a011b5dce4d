"""What speaks for and against a country as the subject of an article, as numbers from 0 to about 3.

The names of `FEATURES` and the numbers of `tocsin.regions.weights` belong together; scripts/learn_focus.py learns the
numbers from these features.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tocsin.models.receipts import TextField
from tocsin.regions.commerce import commerce_of
from tocsin.regions.cues import Cue
from tocsin.regions.datelines import datelines, headed_items
from tocsin.regions.passage import Passage
from tocsin.regions.places import Role
from tocsin.regions.resolution import Placed
from tocsin.regions.venues import venues
from tocsin.text.fold import Folded

SIGNS = {
    "bias": "", "title": "+", "title_people": "+", "title_institution": "+", "title_located": "+",
    "first": "+", "lead": "+", "share": "+", "relative": "+", "count": "+", "located": "+",
    "people_only": "-", "dateline": "+", "dateline_only": "-", "implied": "+", "home": "+", "alone": "+", "heads": "+",
    "modifies": "-", "origin": "-", "untitled": "-", "elsewhere_title": "-", "elsewhere_lead": "-", "rivals": "",
    "company": "+", "company_title": "+", "company_most": "+", "company_alone": "+", "money": "+", "money_most": "+",
    "money_alone": "+", "area": "+", "area_title": "+", "area_without": "-",
    "actor_title": "-",
}  # fmt: skip
"""The features in their order, with what each may do to the score, where its meaning tells."""

FEATURES = tuple(SIGNS)

_MOSTLY = 0.5
"""Share of a legal form that is a country's from which it says something of it in a title."""

_FIRST, _LEAD = 160, 400
"""Characters of the text, its repeated headline aside, that are its first sentence and its lead."""


@dataclass(slots=True)
class Tally:
    """What is counted of a country while the article is read."""

    named: int = 0
    people: int = 0
    organisations: int = 0
    implied: float = 0.0
    located: int = 0
    modifies: int = 0
    title: int = 0
    title_people: int = 0
    title_institution: int = 0
    title_located: int = 0
    first: bool = False
    lead: bool = False
    dateline: bool = False
    heads: int = 0
    lead_located: int = 0
    origin: int = 0
    possessive: int = 0
    area: bool = False
    area_title: bool = False
    companies: float = 0.0
    company_title: bool = False
    money: float = 0.0

    @property
    def in_title(self) -> bool:
        """Whether it stands in the title in any way."""
        return self.title + self.title_people + self.title_institution > 0

    @property
    def is_actor(self) -> bool:
        """Whether only somebody or something of it is named, and nothing happens in it."""
        if self.located or self.implied:
            return False
        of_it = self.possessive + self.origin
        return self.people + of_it > 0 and self.named <= of_it

    @property
    def weight(self) -> float:
        """How often it is meant, in names."""
        return self.named + 0.7 * self.people + 0.4 * self.organisations + 0.5 * self.implied


def tallies(placed: Sequence[Placed], text: Passage, begins: int) -> dict[str, Tally]:
    """Return what the article says of each country; ``begins`` is where its text goes on after a repeated headline."""
    heads = headed_items(placed, text)
    for index in datelines(placed, text) - heads:
        placed[index].dateline = True
    for index in venues(placed) - heads:
        placed[index].dateline = True
    found: dict[str, Tally] = {}
    for index, one in enumerate(placed):
        if one.country:
            tally = found.setdefault(one.country, Tally())
            if index in heads:
                tally.heads += 1
            if one.dateline:
                tally.dateline = True
            else:
                _count(tally, one, begins)
    return found


def count_areas(found: dict[str, Tally], placed: Sequence[Placed], members: Mapping[str, frozenset[str]]) -> None:
    """Mark the countries that lie in an area that the article names; ``members`` are those by the id of the area."""
    for one in placed:
        for country in members.get(one.place.id, ()):
            if country in found and found[country].weight > 0:
                found[country].area = True
                found[country].area_title |= one.sight.span.field is TextField.TITLE


def count_commerce(found: dict[str, Tally], title: Folded, text: Folded) -> None:
    """Add what legal forms and currencies say to the tallies."""
    for folded in (title, text):
        companies, money = commerce_of(folded)
        for country, share in companies.items():
            tally = found.setdefault(country, Tally())
            tally.companies += share
            tally.company_title |= folded is title and share > _MOSTLY
        for country, share in money.items():
            found.setdefault(country, Tally()).money += share


def _count(tally: Tally, one: Placed, begins: int) -> None:
    sight = one.sight
    _count_role(tally, one)
    if sight.organisation or one.role is Role.INSTITUTION:
        pass
    elif sight.cue is Cue.LOCATIVE:
        tally.located += 1
    elif sight.cue is Cue.MODIFIER:
        tally.modifies += 1
    elif sight.cue is Cue.ORIGIN:
        tally.origin += 1
    elif sight.cue is Cue.POSSESSIVE:
        tally.possessive += one.role is Role.NAME
    if sight.organisation:
        return
    if sight.span.field is TextField.TITLE:
        _count_title(tally, one)
        return
    offset = sight.span.start - begins
    if offset < _LEAD:
        tally.lead = True
        tally.lead_located += sight.cue is Cue.LOCATIVE
        tally.first = tally.first or offset < _FIRST


def _count_role(tally: Tally, one: Placed) -> None:
    if one.sight.organisation:
        tally.organisations += 1
    elif one.role is Role.NAME:
        tally.named += 1
    elif one.role is Role.DEMONYM:
        tally.people += 1
    else:
        tally.implied += 1


def _count_title(tally: Tally, one: Placed) -> None:
    if one.role is Role.NAME and one.sight.cue is not Cue.MODIFIER:
        tally.title += 1
    elif one.role is Role.INSTITUTION:
        tally.title_institution += 1
    else:
        tally.title_people += 1
    tally.title_located += one.sight.cue is Cue.LOCATIVE


@dataclass(frozen=True, slots=True)
class _Article:
    """What the features of a country are measured by: sums and extremes over all countries of the article."""

    total: float
    most: float
    located: int
    named: int
    titled: bool
    unnamed: bool
    companies: float
    money: float
    located_titles: frozenset[str]
    located_leads: frozenset[str]
    area_title: bool


def vectors(found: Mapping[str, Tally], home: str | None, *, unnamed: bool) -> dict[str, tuple[float, ...]]:
    """Return the features of each country named; ``home`` is that of the feed.

    ``unnamed`` says that no place is named at all.
    """
    if not found:
        return {}
    article = _article(found, unnamed=unnamed)
    return {
        country: (
            *_named_features(tally, article, home=country == home),
            *_other_features(country, tally, article),
        )
        for country, tally in found.items()
    }


def _article(found: Mapping[str, Tally], *, unnamed: bool) -> _Article:
    tallies = found.values()
    weights = [tally.weight for tally in tallies]
    return _Article(
        total=sum(weights) or 1.0,
        most=max(weights) or 1.0,
        located=max(tally.located for tally in tallies) or 1,
        named=sum(weight > 0 for weight in weights),
        titled=any(tally.in_title for tally in tallies),
        unnamed=unnamed,
        companies=max(tally.companies for tally in tallies),
        money=max(tally.money for tally in tallies),
        located_titles=frozenset(country for country, tally in found.items() if tally.title_located),
        located_leads=frozenset(country for country, tally in found.items() if tally.lead_located),
        area_title=any(tally.area_title for tally in tallies),
    )


def _named_features(tally: Tally, article: _Article, *, home: bool) -> tuple[float, ...]:
    """Return the features from "bias" to "modifies"."""
    weight = tally.weight
    return (
        1.0,
        float(tally.title > 0),
        float(tally.title_people > 0),
        float(tally.title_institution > 0),
        float(tally.title_located > 0),
        float(tally.first),
        float(tally.lead),
        weight / article.total,
        weight / article.most,
        math.log1p(weight),
        tally.located / article.located,
        float(weight > 0 and tally.named + tally.implied == 0),
        float(tally.dateline),
        float(tally.dateline and weight == 0),
        min(tally.implied, 4.0) / article.total,
        float(home and weight > 0),
        float(article.named == 1 and weight > 0),
        float(tally.heads > 0),
        tally.modifies / max(weight, 1.0),
    )


def _other_features(country: str, tally: Tally, article: _Article) -> tuple[float, ...]:
    """Return the features from "origin" to "area_without": those that tell a country from its rivals."""
    companies, money = math.log1p(tally.companies), math.log1p(tally.money)
    is_actor = bool(article.located_titles or article.located_leads) and tally.is_actor
    return (
        tally.origin / max(tally.weight, 1.0),
        float(article.titled and not tally.in_title and tally.weight > 0),
        float(bool(article.located_titles) and country not in article.located_titles),
        float(bool(article.located_leads) and country not in article.located_leads),
        math.log1p(max(article.named - 1, 0)),
        companies,
        float(tally.company_title),
        float(0.0 < tally.companies == article.companies),
        companies if article.unnamed else 0.0,
        money,
        float(article.unnamed and 0.0 < tally.money == article.money),
        money if article.unnamed else 0.0,
        float(tally.area),
        float(tally.area_title),
        float(article.area_title and not tally.area_title),
        float(is_actor and tally.in_title),
    )
