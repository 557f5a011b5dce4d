"""Terms of one group (the keywords and names of a watch, or what a query joins by OR) speak for each other.

Among words in capitals only, an acronym that is also a word says nothing by itself: "IS LOSES LAST TOWN". It counts
where another term of its group stands in the article, title or text, and needs no such help. Such a place is *backed*.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.matching.leaves import SCANNED, as_written, leaf_of
from tocsin.matching.occurrences import Found
from tocsin.matching.query.nodes import Field, FieldIs, Listed, Node, Or, Phrase, Prefix, Suffix
from tocsin.matching.reading import Reading


def group_of(node: Node, asked: Field | None, reading: Reading) -> list[int]:
    """Return the terms, as leaves by index, of which one is enough for a part of a tree."""
    match node:
        case Or():
            return [leaf for part in node.parts for leaf in group_of(part, asked, reading)]
        case FieldIs():
            return group_of(node.part, node.name, reading)
        case Phrase() | Prefix() | Suffix() | Listed() if (leaf := leaf_of(node, asked)).sort in SCANNED:
            return [reading.program.leaves[leaf]]
        case _:
            return []


def is_backed(group: Sequence[int], reading: Reading) -> bool:
    """Whether a term of a group that does not stand by itself counts because another does."""
    return reading.has_doubts and any(backed(leaf, group, reading) for leaf in group)


def backed(leaf: int, group: Sequence[int], reading: Reading) -> list[Found]:
    """Return the occurrences of a leaf that count only because another term of its group stands in the article."""
    doubted = reading.doubted(leaf)
    support = _support(leaf, group, reading) if doubted else ""
    return [one._replace(support=support) for one in doubted] if support else []


def all_in(leaf: int, group: Sequence[int], reading: Reading) -> list[Found]:
    """Return all occurrences of a scanned leaf, backed ones too."""
    return [*reading.all_of(leaf), *backed(leaf, group, reading)]


def _support(leaf: int, group: Sequence[int], reading: Reading) -> str:
    """Return the first other term of a group that stands in the article by itself, as written; "" if none does."""
    for other in group:
        asked = reading.program.leaf[other]
        if other != leaf and asked.sort in SCANNED and reading.stands_in_article(other):
            return as_written(asked)
    return ""
