"""An index from what articles have in common to the latest articles that have it; bounded, whatever comes in."""

from __future__ import annotations

from collections.abc import Iterable
from heapq import nlargest

from tocsin.stories.features import telling
from tocsin.stories.marks import Marks, hashed
from tocsin.stories.postings import Postings

_LATEST = 24
"""Articles that are remembered under one key: what more have is no clue, and its latest bearers stand for them all."""

_LOOKED_AT = 450
"""Articles under the keys of one, the most telling keys first, that are counted to find those most like it."""

_TELLING_WORD = 2.5
"""Weight, in nats above the usual, from which a word is a key."""

_MOST_WORDS = 24
_TELLING_NUMBER = 1.2
_TOP_CONCEPTS = 2
_PLACE, _HAPPENING = 5.0, 3.0


class Index:
    """Finds articles by their words, names, places and numbers, in a time that does not grow with their number."""

    def __init__(self) -> None:
        self._bearers: Postings[int] = Postings(_LATEST)

    def add(self, key: int, marks: Marks) -> tuple[int, ...]:
        """Remember an article under each of its keys; returns these, for `remove`."""
        keys = tuple(keys_of(marks))
        for name in keys:
            self._bearers.add(name, key)
        return keys

    def remove(self, key: int, keys: Iterable[int]) -> None:
        """Forget an article."""
        for name in keys:
            self._bearers.remove(name, key)

    def alike(self, marks: Marks, most: int, without: int) -> list[int]:
        """Return the articles that have most in common with one, by weight, the most first; itself left out."""
        found: dict[int, float] = {}
        left = _LOOKED_AT
        known = found.get
        for name, weight in sorted(keys_of(marks).items(), key=_heaviest):
            bearers = self._bearers.latest(name)
            for key in bearers:
                found[key] = known(key, 0.0) + weight
            left -= len(bearers)
            if left <= 0:
                break
        found.pop(without, None)
        return [-key for _, key in nlargest(most, [(weight, -key) for key, weight in found.items()])]


def keys_of(marks: Marks) -> dict[int, float]:
    """Return the keys under which an article is found, hashes, with their weights."""
    rare = nlargest(_MOST_WORDS, [(weight, word) for word, weight in marks.words.items() if weight >= _TELLING_WORD])
    keys = {word: weight for weight, word in rare}
    keys.update(marks.bones)
    for place in marks.fine:
        keys[place] = _PLACE
    for value in marks.numbers:
        weight = telling(value)
        if weight >= _TELLING_NUMBER:
            keys[hashed(f"#{value}")] = 2 * weight
    keys.update(dict.fromkeys(_happenings(marks), _HAPPENING))
    return keys


def _heaviest(entry: tuple[int, float]) -> tuple[float, int]:
    return -entry[1], entry[0]


def _happenings(marks: Marks) -> list[int]:
    """Return a country with what happened there, for each of an article's countries and its main concepts."""
    main = nlargest(_TOP_CONCEPTS, [(weight, -concept) for concept, weight in marks.concepts.items()])
    return [hashed(f"{country}/{-concept}") for country in marks.countries for _, concept in main]
