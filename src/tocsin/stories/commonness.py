"""How common words, names, concepts and countries are in the stream itself, learned as it flows.

Tables know a language, not this month's news: where every second article is of one election, its words say little.
Counted are developments, not articles, so that a story that all outlets tell does not devalue its own words.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from tocsin.stories.marks import Kept, Marks, norm, square

_TRUSTED, _TRUSTED_SUBJECTS = 200, 30
"""Developments from which the stream's counts of words, and of concepts and countries, weigh as much as the tables."""

_OF_A_STORY = 2
"""Developments with a word that are its own story's, mostly, and do not make it common."""

_USUAL = 3.0
"""As in `marks`: weights are nats above it."""

_USUAL_CONCEPT, _USUAL_COUNTRY = 60, 30
"""One development in so many has a concept or a country that tells it from others."""

Counted = TypeVar("Counted", int, str)


class Commonness:
    """Counts of what developments have in common."""

    def __init__(self) -> None:
        self._developments = 0
        self._words: dict[int, int] = {}
        self._names: dict[int, int] = {}
        self._concepts: dict[int, int] = {}
        self._countries: dict[str, int] = {}

    def count(self, kept: Kept, times: int = 1) -> None:
        """Count the first article of a development, or take it back with -1."""
        self._developments += times
        _count(self._words, kept.words, times)
        _count(self._names, kept.names, times)
        _count(self._concepts, kept.concepts[::2], times)
        _count(self._countries, kept.countries, times)

    def weighed(self, marks: Marks) -> Marks:
        """Return an article's marks with the weights that they have in this stream, never above their own."""
        counts, names = self._words, self._names
        words = {word: self._weight(counts.get(word, 0), own) for word, own in marks.words.items()}
        concepts = {
            one: own * self._share(self._concepts.get(one, 0), _USUAL_CONCEPT) for one, own in marks.concepts.items()
        }
        titled = {word: min(own, words[word]) for word, own in marks.titled.items()}
        return replace(
            marks,
            words=words,
            titled=titled,
            length=norm(words),
            title_weight=sum(titled.values()),
            title_square=square(titled),
            names={name: self._weight(names.get(name, 0), own) for name, own in marks.names.items()},
            countries={one: self._share(self._countries.get(one, 0), _USUAL_COUNTRY) for one in marks.countries},
            concepts=concepts,
            concept_length=norm(concepts),
        )

    def _weight(self, count: int, own: float) -> float:
        if count <= _OF_A_STORY:
            return own
        nats = math.log((self._developments + _TRUSTED) / (count - _OF_A_STORY))
        return max(0.0, min(own, nats - _USUAL))

    def _share(self, count: int, one_in: int) -> float:
        of_prior = _TRUSTED_SUBJECTS / one_in
        share = (max(0, count - _OF_A_STORY) + of_prior) / (self._developments + _TRUSTED_SUBJECTS)
        return max(0.0, min(1.0, -math.log(share) / math.log(one_in)))


def _count(counts: dict[Counted, int], marks: Iterable[Counted], times: int) -> None:
    for mark in marks:
        count = counts.get(mark, 0) + times
        if count > 0:
            counts[mark] = count
        else:
            counts.pop(mark, None)
