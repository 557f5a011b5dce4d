"""What speaks for and against two articles being on one event, in numbers; the same for every language."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from tocsin.stories.marks import Kept, Marks
from tocsin.stories.meanings import likeness

NAMES = (
    "words", "title", "title in the other", "rare words", "names", "city", "country", "other cities", "other countries",
    "numbers", "other count", "concepts", "hours", "parallel", "outlet", "language", "same day", "other day",
    "meaning", "unlike", "other happening",
)  # fmt: skip
_WEIGHTS = tuple(tenths / 10 for tenths in range(256))
"""Weights of words by what the shelf keeps of them: tenths of a nat in a byte."""

_ROOTS = tuple(math.sqrt(times) for times in range(256))
_RARE = 4.0
_HOUR = 3600
_DAY = 24 * _HOUR
_UNLIKE, _USUALLY_ALIKE = 0.5, 0.3
"""Likeness below which two articles are hardly on one subject, and what is assumed where a language has no vectors."""

_TWO = 2
_SMALL, _DOZEN, _LARGE = 3, 12, 100


def features(one: Marks, other: Kept) -> tuple[float, ...]:
    """Return the features of a new article and one on the shelf in the order of `NAMES`.

    The weights are those of the new one, as the stream has them.
    """
    a = one.signature
    cosine, rare, title, covered = _words(one, other)
    numbers = _shared_numbers(one.numbers, other.numbers)
    apart = abs(a.at - other.at)
    fine, countries = one.fine, one.countries
    shared_fine = not fine.isdisjoint(other.fine)
    shared_country = max([countries[country] for country in other.countries if country in countries], default=0.0)
    concepts = _concepts(one, other.concepts)
    alike = likeness(a.meaning, other.meaning) if a.meaning and other.meaning else _USUALLY_ALIKE
    same_day, other_day = _days(a.days, other.days)
    return (
        cosine,
        title,
        covered,
        math.log1p(rare),
        math.log1p(_names(one, other)),
        float(shared_fine),
        shared_country,
        float(bool(fine and other.fine) and not shared_fine),
        float(bool(countries and other.countries) and not shared_country),
        math.log1p(numbers),
        _other_counts(one.numbers, other.numbers),
        concepts,
        math.log1p(apart / (6 * _HOUR)),
        0.0 if numbers else title * min(1.0, apart / _DAY),
        float(a.outlet == other.outlet),
        float(a.language != other.language),
        same_day,
        other_day,
        alike,
        max(0.0, _UNLIKE - alike),
        float(not concepts and len(one.concepts) > 1 and len(other.concepts) > _TWO),
    )


def _words(one: Marks, other: Kept) -> tuple[float, float, float, float]:
    """Return the cosine of the words, the weight of the rare ones shared, the cosine of the titles, and the share of
    one title that the other article has.
    """
    words, titled, titles = one.words, one.titled, other.titled
    dot = rare = title_dot = mine = theirs = their_title = their_square = 0.0
    for word, tenths in zip(other.words[:titles], other.weights, strict=False):
        theirs_weight = _WEIGHTS[tenths]
        their_title += theirs_weight
        their_square += theirs_weight * theirs_weight
        weight = words.get(word)
        if weight is not None:
            less = min(weight, theirs_weight)
            dot += weight * less
            theirs += theirs_weight
            if less > _RARE:
                rare += less - _RARE
            if word in titled:
                mine += titled[word]
                title_dot += titled[word] * less
    for word, tenths in zip(other.words[titles:], other.weights[titles:], strict=True):
        weight = words.get(word)
        if weight is not None:
            less = min(weight, _WEIGHTS[tenths])
            dot += weight * less
            if less > _RARE:
                rare += less - _RARE
            if word in titled:
                mine += titled[word]
    if not dot:
        return 0.0, 0.0, 0.0, 0.0
    title = min(1.0, title_dot / math.sqrt(one.title_square * their_square)) if title_dot else 0.0
    covered = max(mine / (one.title_weight + _RARE), theirs / (their_title + _RARE))
    return min(1.0, dot / (one.length * other.length)), rare, title, covered


def _names(one: Marks, other: Kept) -> float:
    names, bones = one.names, one.bones
    written = zip(other.names, other.name_weights, strict=True)
    exact = sum([min(names[name], _WEIGHTS[tenths]) for name, tenths in written if name in names])
    return exact + sum([bones[name] for name in other.bones if name in bones])


def _shared_numbers(one: Mapping[str, str], others: Sequence[str]) -> float:
    total = 0.0
    for number in others:
        value, _, unit = number.partition(" ")
        mine = one.get(value)
        if mine is not None:
            agree = 1.5 if unit and unit == mine else 1.0 if not (unit and mine) else 0.4
            total += telling(value) * agree
    return total


@lru_cache(maxsize=1 << 14)
def telling(value: str) -> float:
    """Return how much it says that two articles have a number: little for small and round ones."""
    if "-" in value:
        return 2.0
    size = float(value)
    if size <= _SMALL:
        return 0.15
    if size <= _DOZEN:
        return 0.5
    return 0.7 + 0.5 * len(value.replace(".", "").strip("0")) + (0.4 if size > _LARGE else 0.0)


def _other_counts(one: Mapping[str, str], others: Sequence[str]) -> float:
    """Return of how many things both tell a number and never the same."""
    if not any(one.values()):
        return 0.0
    theirs: dict[str, set[str]] = {}
    for number in others:
        value, _, unit = number.partition(" ")
        if unit:
            theirs.setdefault(unit, set()).add(value)
    mine = {unit for unit in one.values() if unit in theirs}
    return float(sum([all(one.get(value) != unit for value in theirs[unit]) for unit in mine]))


def _concepts(one: Marks, others: bytes) -> float:
    concepts = one.concepts
    dot = square = 0.0
    for at in range(0, len(others), 2):
        times = others[at + 1]
        square += times
        if others[at] in concepts:
            dot += concepts[others[at]] * _ROOTS[times]
    return dot / (one.concept_length * math.sqrt(square)) if dot else 0.0


def _days(days: Sequence[int], others: Sequence[int]) -> tuple[float, float]:
    """Return whether both name one day, and whether both name days and none of them is the same."""
    if not days or not others:
        return 0.0, 0.0
    return (0.0, 1.0) if set(days).isdisjoint(others) else (1.0, 0.0)
