"""The places of one article, looked at only when a watch asks for them, and which leaves they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

from tocsin.matching.leaves import Sort
from tocsin.matching.program import Program
from tocsin.matching.wording import listed
from tocsin.models.articles import Document
from tocsin.models.receipts import FocusPlace, Mention, RegionEvidence
from tocsin.regions import Focus, Located, Place, PlaceKind, Scored, judge
from tocsin.text.fold import Folded, fold

_MOST = 8
"""Places of a kind that a receipt tells an article to be about."""

_RUNNERS_UP = 3
"""Countries that a receipt tells beside them."""


class Surroundings:
    """Where an article happens: the places it names and, of these, what it is about."""

    def __init__(self, program: Program, document: Document, title: Folded, text: Folded) -> None:
        self._program = program
        self._document = document
        self._folded = (title, text)
        self._judged: dict[str, tuple[bool, RegionEvidence]] = {}

    def judge(self, written: str) -> tuple[bool, RegionEvidence]:
        """Return whether the article is about a region of the watches, and why."""
        if written not in self._judged:
            place, contains = self._program.places[written], self._program.atlas.contains
            self._judged[written] = judge(written, place, self.focus, contains)
        return self._judged[written]

    def mentioned(self, written: str) -> tuple[bool, RegionEvidence]:
        """Return whether the article names a region of the watches, or a place in it, and where."""
        region, evidence = self._program.places[written], self.judge(written)[1]
        found = tuple(mention for mention, place in self._named if self._program.atlas.contains(region, place))
        reason = f"{region.name} is mentioned" if found else f"{region.name} is not mentioned{self._about_instead()}"
        return bool(found), RegionEvidence(written, region.id, evidence.score, evidence.share, found, reason)

    def of_a_miss(self, evidence: RegionEvidence) -> RegionEvidence:
        """Return the evidence of a region that is not met; where page furniture alone names it, that is said."""
        region = self._program.places[evidence.region]
        if evidence.mentions or not any(self._program.atlas.contains(region, place) for place in self._furnished):
            return evidence
        told = evidence.reason.replace("is not mentioned", "is named in page furniture only", 1)
        return replace(evidence, reason=told)

    @cached_property
    def _furnished(self) -> list[Place]:
        """The places that page furniture names; it is read as a headline, in which nothing is furniture."""
        text, parts = self._document.text, self._located.furniture
        furniture = fold("\n".join(text[start:end] for start, end in parts))
        found = self._program.locator.locate(furniture, fold(""), language=self._document.language, home=None)
        return [place for one in found.mentions if (place := self._program.atlas.place(one.place))]

    def _about_instead(self) -> str:
        about = [_name(one) for one in self.focus.countries if one.met]
        return f"; the article is about {listed(about, 'and')}" if about else ""

    @cached_property
    def _named(self) -> list[tuple[Mention, Place]]:
        place_of = self._program.atlas.place
        return [(one, place) for one in self.mentions if (place := place_of(one.place))]

    @cached_property
    def leaves(self) -> frozenset[int]:
        """The leaves that ask for places and are met."""
        asked = self._program.place_leaves
        named = {one.place for kind in PlaceKind for one in self.focus.ranking(kind)}
        leaves = [leaf for place in named & asked.keys() for leaf in asked[place]]
        return frozenset(leaf for leaf in (*leaves, *self._program.area_leaves) if self._is_met(leaf))

    def _is_met(self, leaf: int) -> bool:
        asked = self._program.leaf[leaf]
        return (self.mentioned if asked.sort is Sort.REGION else self.judge)(asked.written)[0]

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The places that the article names, in reading order."""
        return self._located.mentions

    @property
    def focus(self) -> Focus:
        """What the article is about."""
        return self._located.focus

    @cached_property
    def ranked(self) -> tuple[FocusPlace, ...]:
        """What the article is about as receipts tell it; empty where no watch asks for places."""
        if not self._program.places:
            return ()
        return tuple(one for kind in PlaceKind for one in _ranked(kind, self.focus.ranking(kind)))

    @cached_property
    def _located(self) -> Located:
        document = self._document
        return self._program.locator.locate(*self._folded, language=document.language, home=document.home)


def _ranked(kind: PlaceKind, ranking: Sequence[Scored]) -> Iterator[FocusPlace]:
    """Yield what the article is about of one kind and, of countries, those that come next."""
    met = [one for one in ranking if one.met]
    others = [one for one in ranking if not one.met] if kind is PlaceKind.COUNTRY else []
    for one in (*met[:_MOST], *others[:_RUNNERS_UP]):
        score, share = round(one.score, 3), round(one.score / max(ranking[0].score, one.score, 1e-9), 3)
        country = one.known.country if one.known else one.place
        yield FocusPlace(one.place, _name(one), country, kind, score, share, one.met, len(one.mentions))


def _name(one: Scored) -> str:
    return one.known.name if one.known else one.place
