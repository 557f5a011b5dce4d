from __future__ import annotations

import pytest

from tocsin.matching.leaves import Leaf, Sort, Zone
from tocsin.matching.quick import QuickReader

A, B, C, D = (Leaf(Sort.TERM, letter) for letter in "abcd")
Clauses = list[tuple[Leaf, ...]]


def read(query: str) -> tuple[Clauses, tuple[Leaf, ...]] | None:
    """Read with leaves in place of their indexes."""
    leaves: list[Leaf] = []

    def index(leaf: Leaf) -> int:
        leaves.append(leaf)
        return len(leaves) - 1

    found = QuickReader(index).read(query)
    if found is None:
        return None
    return [tuple(leaves[at] for at in clause) for clause in found.clauses], tuple(leaves[at] for at in found.unwanted)


@pytest.mark.parametrize(
    ("query", "clauses", "unwanted"),
    [
        ("a AND b", [(A,), (B,)], ()),
        ("(a OR b)", [(A, B)], ()),
        ("(a OR b) AND (c OR d)", [(A, B), (C, D)], ()),
        ("(a OR b) AND NOT (c OR d)", [(A, B)], (C, D)),
        ("a AND NOT b AND NOT c AND d", [(A,), (D,)], (B, C)),
        ('("a b" OR “c d”) AND a', [(Leaf(Sort.TERM, "a b"), Leaf(Sort.TERM, "c d")), (A,)], ()),
        ("title:(a OR b) AND a", [(Leaf(Sort.TERM, "a", Zone.TITLE), Leaf(Sort.TERM, "b", Zone.TITLE)), (A,)], ()),
        ("refug* AND a", [(Leaf(Sort.PREFIX, "refug"),), (A,)], ()),
    ],
)
def test_groups_of_terms_are_read_without_a_tree(query: str, clauses: Clauses, unwanted: tuple[Leaf, ...]) -> None:
    assert read(query) == (clauses, unwanted)


@pytest.mark.parametrize(
    "query",
    [
        "a",
        "NOT a",
        "a OR b",
        "a OR b AND c",
        "(a) OR (b)",
        "(a OR b AND c)",
        "(a OR (b AND c)) AND d",
        '"a AND b"',
        '(a OR "b) AND (c" OR d)',
        "a AND b -c",
        "a AND b NEAR/3 c",
        "a AND lang:en",
        "a AND re:/b/",
        "a AND b and c",
        "(a OR NOT b) AND c",
        "a AND",
        "a AND (b OR c",
        "(a OR and) AND b",
        "(a OR NEAR5) AND b",
        "a AND ONEAR/x",
        "(a OR –b) AND c",
        "(a OR b?) AND c",
        "a AND (b OR Syria & Iraq)",
    ],
)
def test_everything_else_is_left_to_the_parser(query: str) -> None:
    assert read(query) is None
