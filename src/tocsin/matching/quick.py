"""Queries of the commonest shape, groups of terms joined by AND, read without a tree: several times as fast.

Only how such a query falls into terms is decided here, and each term is read by the parser, once however many watches
ask for it. What is not of this shape, or faulty, is left to the parser as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from tocsin.matching.leaves import LATE, Leaf, Sort, Zone, leaf_of
from tocsin.matching.query import Field, Phrase, Prefix, QueryError, Regex, Suffix, parse_query
from tocsin.matching.query.parser import MAX_LENGTH

_TERM_SORT = Sort.TERM
_ZONES = {None: Zone.ANYWHERE, Field.TITLE: Zone.TITLE, Field.BODY: Zone.BODY}
_FIELDS = {"title:": Field.TITLE, "body:": Field.BODY}
_SIMPLE = re.compile(r'"([^\W_][\w .\'-]*)"|((?!(?:AND|OR|NOT|O?NEAR\d*|(?i:and|or|not))\Z)[^\W_][\w.\'-]*)')
"""A phrase in quotes or a single word without any sign that could mean something; the parser reads it the same."""

_PART, _TERM = " AND ", " OR "


@dataclass(frozen=True, slots=True)
class QuickRead:
    """A query as clauses of leaves by index, and the leaves that must not be there."""

    clauses: list[tuple[int, ...]]
    unwanted: tuple[int, ...]


class QuickReader:
    """Reads queries of the shape ``(a OR b) AND title:(c OR d) AND NOT (e OR f)``."""

    def __init__(self, index: Callable[[Leaf], int]) -> None:
        """Take what gives leaves their indexes."""
        self._index = index
        self._known: dict[Field | None, dict[str, int | None]] = {None: {}, Field.TITLE: {}, Field.BODY: {}}

    def read(self, query: str) -> QuickRead | None:
        """Return a query read; None where it is of another shape."""
        parts = query.split(_PART)
        if len(query) > MAX_LENGTH or (len(parts) == 1 and query[:1] != "("):
            return None
        clauses: list[tuple[int, ...]] = []
        unwanted: tuple[int, ...] = ()
        for part in parts:
            wanted = part.removeprefix("NOT ")
            terms = self._terms(wanted)
            if terms is None:
                return None
            if wanted is part:
                clauses.append(terms)
            else:
                unwanted += terms
        return QuickRead(clauses, unwanted) if clauses else None

    def _terms(self, part: str) -> tuple[int, ...] | None:
        """Return the leaves of a term or a group; an OR outside of a group belongs to more than this part."""
        field = None
        if part[:1] in {"t", "b"} and (at := part.find(":(")) > 0:
            field = _FIELDS.get(part[: at + 1])
            part = part[at + 1 :] if field else part
        if part[:1] == "(" and part[-1:] == ")":
            written = part[1:-1].split(_TERM)
        elif _TERM in part:
            return None
        else:
            written = [part]
        known = self._known[field]
        found = [*map(known.get, written)]
        if None in found:
            found = [known[term] if term in known else self._learn(term, field) for term in written]
        return None if None in found else cast("tuple[int, ...]", tuple(found))

    def _learn(self, written: str, field: Field | None) -> int | None:
        """Read a term with the parser; None for what is no single term, or none that the scan finds."""
        leaf = _single(written, field)
        index = self._known[field][written] = None if leaf is None or leaf.sort in LATE else self._index(leaf)
        return index


def _single(written: str, field: Field | None) -> Leaf | None:
    """Return the leaf of a text that is one term; None for anything else."""
    simple = _SIMPLE.fullmatch(written)
    if simple:
        return Leaf(_TERM_SORT, simple[1] or simple[2], _ZONES[field])
    try:
        node = parse_query(written)
    except QueryError:
        return None
    return leaf_of(node, field) if isinstance(node, Phrase | Prefix | Suffix | Regex) else None
