"""Case endings put on words: a table of rules, tried in order, gives each word its forms in each case.

The tables themselves are in `latin_cases` and `cyrillic_cases`. Words of one name agree in their case, and a word that
no rule fits (a particle, a foreign ending) stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

_LONGEST_UNCHANGED = 3
"""Words up to this length are particles (al, van, bin) or too short to tell what they are."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a word that ends so becomes: ``cut`` letters are taken off, then each case has its endings."""

    pattern: re.Pattern[str]
    cut: int
    cases: tuple[tuple[str, ...], ...]


@lru_cache(maxsize=8)
def table(rows: str) -> tuple[Ending, ...]:
    """Return the rules of a table: in each line a pattern, the letters to cut, and each case.

    A case is written as its endings parted by ``|``.

    >>> table("a$  1  y  ovi|e")[0].cases
    (('y',), ('ovi', 'e'))
    """
    found = []
    for pattern, cut, *cases in map(str.split, rows.strip().splitlines()):
        found.append(Ending(re.compile(pattern), int(cut), tuple(tuple(case.split("|")) for case in cases)))
    return tuple(found)


def inflected(words: Sequence[str], table: Sequence[Ending]) -> Iterator[str]:
    """Yield a name, given as its words in small letters, in the cases of a table, without the form that was given."""
    chosen = [_ending_of(word, table) for word in words]
    count = max((len(one.cases) for one in chosen if one), default=0)
    given = " ".join(words)
    for case in range(count):
        forms = [_forms(word, one, case) for word, one in zip(words, chosen, strict=True)]
        # Words of one name take endings of one kind: the first of each, the second of each.
        for kind in range(max(map(len, forms))):
            form = " ".join(of_word[kind % len(of_word)] for of_word in forms)
            if form != given:
                yield form


def _ending_of(word: str, table: Sequence[Ending]) -> Ending | None:
    if len(word) <= _LONGEST_UNCHANGED:
        return None
    return next((one for one in table if one.pattern.search(word)), None)


def _forms(word: str, rule: Ending | None, case: int) -> tuple[str, ...]:
    if rule is None or case >= len(rule.cases):
        return (word,)
    stem = word[: len(word) - rule.cut]
    return tuple(stem + one for one in rule.cases[case])
