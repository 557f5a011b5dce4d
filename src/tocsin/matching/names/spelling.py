"""Respelling: a word cut into sounds, each of which may be written in other ways at a price; the cheapest come first.

Knows nothing of languages: the sounds are given. One rule that is commonly met costs about 1, so that a spelling's
cost tells how far it is from the one that was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

MOST = 240
"""Spellings of one word that are kept."""

_CONSISTENT = 70
"""Hundredths of its cost at which a spelling counts that writes every sound as the papers of one language do."""

SHORT = 4
"""Letters of a word of which hardly one may change: it soon becomes another name."""


class Spelling(NamedTuple):
    """A way to write a word or a name, in small letters, with its cost and the rules that led to it, in words.

    Costs are hundredths, so that sums are exact; a tuple that begins with them sorts the cheapest first.
    """

    cost: int
    form: str
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """A group of letters, as a pattern that sees its neighbours, with other ways to write it, the cheapest first."""

    pattern: re.Pattern[str]
    choices: tuple[tuple[int, str], ...]
    rule: str


def sound(pattern: str, rule: str, **choices: float) -> Sound:
    """Return a sound; ``_`` stands for writing nothing, and costs become hundredths.

    >>> sound("kh", "kh and h", h=0.9).choices
    ((90, 'h'),)
    """
    costs = sorted((round(100 * cost), key.replace("_", "")) for key, cost in choices.items())
    return Sound(re.compile(pattern), tuple(costs), rule)


def respell(word: str, sounds: Sequence[Sound], reach: float, most: int = MOST) -> list[Spelling]:
    """Return the spellings of a word that cost at most ``reach``, itself first, the cheapest ``most``."""
    partial = [Spelling(0, "")]
    limit = round(100 * reach)
    for piece, choices, rule in _pieces(word, sounds):
        grown = [Spelling(cost, form + piece, rules) for cost, form, rules in partial]
        changes = [(cost, letters) for cost, letters in choices if letters != piece]
        if changes:
            grown += _changed(partial, changes, rule, limit)
            partial = cheapest(grown, most)
            # Each may stay as it is to the end of the word: what costs more than all of them is never among the most.
            if len(partial) == most:
                limit = min(limit, partial[-1].cost)
        else:
            partial = grown
    return partial


def _changed(
    partial: Sequence[Spelling], changes: Sequence[tuple[int, str]], rule: str, limit: int
) -> Iterator[Spelling]:
    """Yield the beginnings of a word with its next sound written in other ways; both are given the cheapest first."""
    for cost, form, rules in partial:
        if cost + changes[0][0] > limit:
            return
        more = rules if rule in rules else (*rules, rule)
        for added, letters in changes:
            if cost + added > limit:
                break
            yield Spelling(cost + added, form + letters, more)


def in_one_manner(spellings: Sequence[Spelling], manners: re.Pattern[str]) -> list[Spelling]:
    """Return spellings without those that mix the manners of two languages; one that keeps to another's is likelier.

    The first one, which was given, stays as it is. Spellings that mix manners meet the group ``mixed`` of
    the pattern, those that keep to one meet another group.
    """
    found = []
    for at, one in enumerate(spellings):
        manner = manners.match(one.form) if at else None
        if manner is None:
            found.append(one)
        elif manner.lastgroup != "mixed":
            found.append(Spelling(one.cost * _CONSISTENT // 100, one.form, one.rules))
    return sorted(found)


def combine(parts: Sequence[Sequence[Spelling]], separators: Sequence[str], most: int) -> list[Spelling]:
    """Return the cheapest ways to write several words one after the other; ``separators[i]`` stands before word i.

    Takes the ways of each word with the cheapest first.
    """
    whole: Sequence[Spelling] = [Spelling(0, "")]
    for separator, spellings in zip(separators, parts, strict=True):
        whole = list(islice(_pairs(whole, separator, spellings, most), most))
    return list(whole)


def _pairs(whole: Sequence[Spelling], separator: str, parts: Sequence[Spelling], most: int) -> Iterator[Spelling]:
    """Yield each of the whole followed by each part, the cheapest first, each form once; all is sorted already."""
    # The i-th with the j-th cannot be among the cheapest if i times j others are cheaper. Written out is what is kept.
    pairs = sorted(
        (one.cost + other.cost, i, j) for i, one in enumerate(whole) for j, other in enumerate(parts[: most // (i + 1)])
    )
    seen = set()
    for cost, i, j in pairs:
        form = f"{whole[i].form}{separator}{parts[j].form}"
        if form not in seen:
            seen.add(form)
            yield Spelling(cost, form, _with(whole[i].rules, parts[j].rules))


def cheapest(spellings: Iterable[Spelling], most: int) -> list[Spelling]:
    """Return the cheapest spellings, each form once; the order does not depend on that of the input."""
    kept: dict[str, Spelling] = {}
    for one in sorted(spellings):
        if one.form not in kept:
            kept[one.form] = one
            if len(kept) == most:
                break
    return list(kept.values())


def _pieces(word: str, sounds: Sequence[Sound]) -> list[tuple[str, tuple[tuple[int, str], ...], str]]:
    """Cut a word into sounds: at each place the first that fits, else the letter alone, which has one way."""
    pieces = []
    at = 0
    while at < len(word):
        for one in sounds:
            match = one.pattern.match(word, at)
            if match and match.end() > at:
                pieces.append((match[0], one.choices, one.rule))
                at = match.end()
                break
        else:
            pieces.append((word[at], (), ""))
            at += 1
    return pieces


def _with(rules: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    new = tuple([rule for rule in more if rule not in rules]) if rules else more
    return rules + new if new else rules
