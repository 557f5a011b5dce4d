"""The leaves of all watches' trees: single things to look for, each kept once however many watches ask for it."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from tocsin.matching.query.nodes import Field, Listed, Node, Phrase, Prefix, Regex, Suffix
from tocsin.matching.terms import Way, compile_term, plain_way
from tocsin.models.receipts import Clause


class Sort(IntEnum):
    """What a leaf looks for; an integer, because leaves are looked up by the hundred thousand."""

    TERM = 0
    NAME = 1
    PREFIX = 2
    SUFFIX = 3
    REGEX = 4
    URL = 5
    SOURCE = 6
    TAG = 7
    LANG = 8
    REGION = 9
    ABOUT = 10
    WATCH = 11

    __hash__ = int.__hash__  # an enumeration's own is several times as slow


class Zone(IntEnum):
    """Where in the article a term counts."""

    ANYWHERE = 0
    TITLE = 1
    BODY = 2

    __hash__ = int.__hash__


SCANNED = frozenset((Sort.TERM, Sort.NAME, Sort.PREFIX, Sort.SUFFIX))
"""Leaves that the automaton finds."""

OPEN = frozenset((Sort.PREFIX, Sort.SUFFIX))
"""Leaves whose word may go on at one side."""

PLACES = frozenset((Sort.REGION, Sort.ABOUT))
"""Leaves that are decided by the places of an article."""

LATE = frozenset((*PLACES, Sort.WATCH, Sort.REGEX))
"""Leaves that are looked at only for articles that hold what else a watch asks for."""

_CLAUSES = {Sort.TERM: Clause.QUERY, Sort.NAME: Clause.NAMES}
_ZONES = {Field.TITLE: Zone.TITLE, Field.BODY: Zone.BODY}
_VALUES = {
    Field.URL: Sort.URL,
    Field.SOURCE: Sort.SOURCE,
    Field.TAG: Sort.TAG,
    Field.LANG: Sort.LANG,
    Field.REGION: Sort.REGION,
    Field.ABOUT: Sort.ABOUT,
    Field.WATCH: Sort.WATCH,
}
_SORTS: dict[type[Node], Sort] = {
    Phrase: Sort.TERM,
    Prefix: Sort.PREFIX,
    Suffix: Sort.SUFFIX,
    Regex: Sort.REGEX,
}


class Leaf(NamedTuple):
    """A thing to look for, as written."""

    sort: Sort
    written: str
    zone: Zone = Zone.ANYWHERE


def leaf_of(node: Node, asked: Field | None) -> Leaf:
    """Return the leaf of a term, a value or an expression that stands within the field ``asked``."""
    match node:
        case Listed():
            return Leaf(Sort.NAME if node.clause is Clause.NAMES else Sort.TERM, node.text)
        case Regex():
            written = node.pattern
        case Phrase() | Prefix() | Suffix():
            written = node.text
        case _:
            raise TypeError(f"{node!r} is no leaf")
    if asked is None:
        return Leaf(_SORTS[type(node)], written)
    value = _VALUES.get(asked)
    return Leaf(value, written) if value is not None else Leaf(_SORTS[type(node)], written, _ZONES[asked])


def as_written(leaf: Leaf) -> str:
    """Return a leaf as its query has it."""
    match leaf.sort:
        case Sort.PREFIX:
            return f"{leaf.written}*"
        case Sort.SUFFIX:
            return f"*{leaf.written}"
        case Sort.REGEX:
            return f"/{leaf.written}/"
        case _:
            return leaf.written


def ways_of(leaf: Leaf, languages: frozenset[str]) -> tuple[Way, ...]:
    """Return the ways of writing a scanned leaf; ``languages`` are the watchlist's, none for all."""
    clause = _CLAUSES.get(leaf.sort)
    if clause is not None:
        return compile_term(clause, leaf.written, languages).ways
    way = plain_way(leaf.written)
    return (_open(way, leaf.sort),) if way else ()


def _open(way: Way, sort: Sort) -> Way:
    """Return a way without the gap on the side where its word may go on."""
    if sort is Sort.PREFIX:
        return way._replace(pattern=way.pattern.removesuffix(" "))
    gap = len(way.pattern) - len(way.pattern.removeprefix(" "))
    acronyms = tuple(replace(one, start=one.start - gap, end=one.end - gap) for one in way.acronyms)
    return way._replace(pattern=way.pattern[gap:], start=way.start - gap, end=way.end - gap, acronyms=acronyms)


def needs_check(way: Way, sort: Sort) -> bool:
    """Whether what the automaton finds has to be looked at in the stored text before it counts."""
    return bool(way.acronyms) if sort in OPEN else way.needs_check


class Ways:
    """The ways of writing leaves by their patterns, made again when a leaf is hit: to keep all would take much room."""

    def __init__(self, languages: frozenset[str]) -> None:
        self.languages = languages
        self._of = lru_cache(maxsize=4096)(self._by_pattern)

    def of(self, leaf: Leaf) -> dict[str, Way]:
        """Return the ways of a leaf by what they look like in the scan text."""
        return self._of(leaf)

    def _by_pattern(self, leaf: Leaf) -> dict[str, Way]:
        return {way.pattern: way for way in ways_of(leaf, self.languages)}
