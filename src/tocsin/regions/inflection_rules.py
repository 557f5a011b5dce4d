"""The notation of the tables of inflection, and how a word goes through one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """What a word that ends so becomes: the ending is taken off and each of ``endings`` put in its place."""

    ending: re.Pattern[str]
    endings: tuple[str, ...]


def rules_from(table: str) -> tuple[Rule, ...]:
    """Read a table: a line a rule, ``ending: pieces``; a piece is ``ies`` or ``ie~s,d`` (ies, ied), ``_`` is nothing.

    The ending is a regular expression; that of an adjective's stem includes the hyphen behind it.

    >>> rules_from("y: ies _~s,d")[0].endings
    ('ies', 's', 'd')
    """
    return tuple(_rule(line) for line in table.strip().splitlines())


def _rule(line: str) -> Rule:
    ending, _, pieces = line.partition(": ")
    return Rule(
        re.compile(f"(?:{ending.strip()})\\Z"), tuple(one for piece in pieces.split() for one in _endings(piece))
    )


def _endings(piece: str) -> Iterator[str]:
    stem, _, endings = piece.partition("~")
    for one in endings.split(","):
        yield f"{stem}{one}".replace("_", "")


def apply(rules: Sequence[Rule], word: str) -> Iterator[str]:
    """Yield the forms of a word by the first rule that fits, or the word itself.

    >>> list(apply(rules_from("y: y ies"), "story"))
    ['story', 'stories']
    """
    for rule in rules:
        found = rule.ending.search(word)
        if found:
            yield from (word[: found.start()] + ending for ending in rule.endings)
            return
    yield word.rstrip("-")
