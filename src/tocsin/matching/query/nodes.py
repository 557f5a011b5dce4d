"""The nodes of a query. Each knows its half-open range in the query's text, which does not count in comparisons."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from tocsin.models.receipts import Clause


class Field(StrEnum):
    """What a part of a query is asked of, where it is not the whole text."""

    TITLE = "title"
    BODY = "body"
    URL = "url"
    SOURCE = "source"
    TAG = "tag"
    LANG = "lang"
    REGION = "region"
    ABOUT = "about"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One word, or several in this order; ``text`` as it was written, quotes taken off."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A phrase of which the last word may go on: ``refug*``; ``text`` is without the star."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Suffix:
    """A phrase of which the first word may begin otherwise: ``*gate``; ``text`` is without the star."""

    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """An expression in RE2's syntax, searched for in the stored text."""

    pattern: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Listed:
    """An item of one of a watch's lists, which stands in the same tree; no parser makes it."""

    clause: Clause
    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """Not the part; stands only beside something that is asked for."""

    part: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """All operands in one field with at most ``distance`` other words between them, ``ordered`` or in any order.

    An operand is a term, or an `Or` of terms.
    """

    distance: int
    ordered: bool
    operands: tuple[Node, ...]
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class FieldIs:
    """The part, asked of one field."""

    name: Field
    part: Node
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


Node: TypeAlias = Phrase | Prefix | Suffix | Regex | Listed | And | Or | Not | Near | FieldIs
Term: TypeAlias = Phrase | Prefix | Suffix


def children(node: Node) -> tuple[Node, ...]:
    """Return the nodes directly under a node; none for a term or an expression."""
    match node:
        case And() | Or():
            return node.parts
        case Not() | FieldIs():
            return (node.part,)
        case Near():
            return node.operands
        case _:
            return ()
