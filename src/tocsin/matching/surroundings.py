"""The places of one article, looked at only when a watch asks for them, and which leaves they meet."""

from __future__ import annotations

from functools import cached_property

from tocsin.matching.leaves import Leaf, Sort
from tocsin.matching.program import Program
from tocsin.models.articles import Document
from tocsin.models.receipts import Mention, RegionEvidence
from tocsin.regions import Focus, Located, judge
from tocsin.text.fold import Folded


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
            self._judged[written] = judge(written, self._program.places[written], self.focus)
        return self._judged[written]

    def mentioned(self, written: str) -> tuple[bool, RegionEvidence]:
        """Return whether the article names a region of the watches, or a city in it, and where."""
        evidence = self.judge(written)[1]
        if not evidence.mentions:
            return False, evidence
        reason = f"{self._program.places[written].name} is mentioned"
        return True, RegionEvidence(written, evidence.place, evidence.score, evidence.share, evidence.mentions, reason)

    @cached_property
    def leaves(self) -> frozenset[int]:
        """The leaves that ask for places and are met."""
        asked = self._program.place_leaves
        named = [one.place for one in (*self.focus.countries, *self.focus.cities) if one.place in asked]
        return frozenset(leaf for place in named for leaf in asked[place] if self._is_met(self._program.leaf[leaf]))

    def _is_met(self, leaf: Leaf) -> bool:
        return (self.mentioned if leaf.sort is Sort.REGION else self.judge)(leaf.written)[0]

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The places that the article names, in reading order."""
        return self._located.mentions

    @property
    def focus(self) -> Focus:
        """What the article is about."""
        return self._located.focus

    @cached_property
    def _located(self) -> Located:
        document = self._document
        return self._program.locator.locate(*self._folded, language=document.language, home=document.home)
