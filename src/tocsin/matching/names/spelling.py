"""Respelling: a word cut into sounds, each of which may be written in other ways at a price; the cheapest come first.

Knows nothing of languages: the sounds are given. One rule that is commonly met costs about 1, so that a spelling's
cost tells how far it is from the one that was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST = 240
"""Spellings of one word that are kept."""

SHORT = 4
"""Letters of a word of which hardly one may change: it soon becomes another name."""

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Spelling:
    """A way to write a word or a name, in small letters, with its cost and the rules that led to it, in words."""

    form: str
    cost: float = 0.0
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sound:
    """A group of letters, as a pattern that sees its neighbours, with other ways to write it and their costs."""

    pattern: re.Pattern[str]
    choices: tuple[tuple[str, float], ...]
    rule: str


def sound(pattern: str, rule: str, **choices: float) -> Sound:
    """Return a sound; ``_`` stands for writing nothing.

    >>> sound("kh", "kh and h", h=0.9).choices
    (('h', 0.9),)
    """
    return Sound(re.compile(pattern), tuple((key.replace("_", ""), cost) for key, cost in choices.items()), rule)


def respell(word: str, sounds: Sequence[Sound], reach: float) -> list[Spelling]:
    """Return the spellings of a word that cost at most ``reach``, itself first, the cheapest `MOST`."""
    partial = [Spelling("")]
    for piece, choices, rule in _pieces(word, sounds):
        grown = [Spelling(one.form + piece, one.cost, one.rules) for one in partial]
        for one in partial:
            for letters, cost in choices:
                if one.cost + cost <= reach + _ROUNDING and letters != piece:
                    grown.append(Spelling(one.form + letters, one.cost + cost, _with(one.rules, rule)))
        partial = cheapest(grown, MOST)
    return partial


def combine(parts: Sequence[Sequence[Spelling]], separators: Sequence[str], most: int) -> list[Spelling]:
    """Return the cheapest ways to write several words one after the other; ``separators[i]`` stands before word i.

    Takes the ways of each word with the cheapest first.
    """
    whole = [Spelling("")]
    for separator, spellings in zip(separators, parts, strict=True):
        # Both are sorted: the i-th with the j-th cannot be among the cheapest if i times j others are cheaper.
        grown = [
            Spelling(f"{one.form}{separator}{other.form}", one.cost + other.cost, _with(one.rules, *other.rules))
            for at, one in enumerate(whole, start=1)
            for other in spellings[: most // at]
        ]
        whole = cheapest(grown, most)
    return whole


def cheapest(spellings: Iterable[Spelling], most: int) -> list[Spelling]:
    """Return the cheapest spellings, each form once; the order does not depend on that of the input."""
    kept: dict[str, Spelling] = {}
    for one in sorted(spellings, key=_rank):
        kept.setdefault(one.form, one)
        if len(kept) == most:
            break
    return list(kept.values())


def _rank(one: Spelling) -> tuple[float, str, tuple[str, ...]]:
    return round(one.cost, 3), one.form, one.rules


def _pieces(word: str, sounds: Sequence[Sound]) -> list[tuple[str, tuple[tuple[str, float], ...], str]]:
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


def _with(rules: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*rules, *more))) if more else rules
