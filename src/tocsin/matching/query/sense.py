"""What is well-formed and yet no query: one that asks for nothing."""

from __future__ import annotations

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.nodes import And, FieldIs, Node, Not, Or, children


def check_sense(node: Node) -> None:
    """Refuse a query that could be met by an article that has nothing of it; raises `QueryError`.

    An exclusion in a branch is no harm where the rest asks for something: ``a AND (NOT b OR c)``.
    """
    if not asks_for_something(node):
        raise _only_exclusions(node)


def asks_for_something(node: Node) -> bool:
    """Whether nothing can meet a node without holding one of its terms or values."""
    match node:
        case Not():
            return False
        case And():
            return any(map(asks_for_something, node.parts))
        case Or():
            return all(map(asks_for_something, node.parts))
        case FieldIs():
            return asks_for_something(node.part)
        case _:
            return True


def _only_exclusions(node: Node) -> QueryError:
    culprit = node
    while not isinstance(culprit, Not):
        culprit = next(part for part in children(culprit) if not asks_for_something(part))
    return QueryError(
        "this says only what an article must not have, and nearly every article has it not",
        "join it with AND to what the article must have",
        culprit.start,
        culprit.end - culprit.start,
    )
