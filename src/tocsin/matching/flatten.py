"""From the tree of a watch to flat structures: what must be there, clause by clause, and what must not.

A clause is the indexes of leaves any of which is enough. Each clause is *necessary*; where the clauses and exclusions
are the whole tree the watch is *plain*, and no tree is walked to decide it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from tocsin.matching.leaves import LATE, Leaf, leaf_of
from tocsin.matching.query.nodes import And, Field, FieldIs, Near, Node, Not, Or, Phrase, children
from tocsin.matching.query.sense import asks_for_something

Clause: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Close:
    """Clauses that must be met close together: at most ``distance`` words between, ``ordered`` or in any order."""

    distance: int
    ordered: bool
    clauses: tuple[Clause, ...]


class Flat:
    """A tree in the making.

    ``clauses`` can be checked at once, and are the ``anchors`` with those that ask for places and other watches.
    """

    __slots__ = ("_cost", "_index", "_standing_for", "anchors", "clauses", "close", "is_plain", "unwanted")

    def __init__(
        self,
        index: Callable[[Leaf], int],
        cost: Callable[[Clause], float],
        standing_for: Callable[[str], Clause],
    ) -> None:
        """Take what gives leaves their indexes, what a clause costs, and the anchor of another watch."""
        self.clauses: list[Clause] = []
        self.anchors: list[Clause] = []
        self.unwanted: list[int] = []
        self.close: list[Close] = []
        self.is_plain = True
        self._index = index
        self._cost = cost
        self._standing_for = standing_for

    def require(self, node: Node, asked: Field | None = None) -> None:
        """Add what a node asks for."""
        if isinstance(node, And):
            for part in node.parts:
                if isinstance(part, Not):
                    self.exclude(part.part, asked)
                elif not asks_for_something(part):
                    self.is_plain = False
                    self._know(part, asked)
                else:
                    self.require(part, asked)
        elif isinstance(node, FieldIs):
            self.require(node.part, node.name)
        elif isinstance(node, Near):
            first = len(self.clauses)
            for operand in node.operands:
                self.require(operand, asked)
            self.close.append(Close(node.distance, node.ordered, tuple(self.clauses[first:])))
        else:
            self._require_any(node, asked)

    def exclude(self, node: Node, asked: Field | None = None) -> None:
        """Add what a node rules out; only single leaves are flat."""
        if isinstance(node, FieldIs):
            asked = node.name
            node = node.part
        for part in node.parts if isinstance(node, Or) else (node,):
            leaf = None if isinstance(part, And | Or | Not | Near | FieldIs) else leaf_of(part, asked)
            if leaf is None or leaf.sort in LATE:
                self.is_plain = False
                self._know(part, asked)
            else:
                self.unwanted.append(self._index(leaf))

    def _know(self, node: Node, asked: Field | None) -> None:
        """Have the leaves of a part known that stands for no clause."""
        if isinstance(node, FieldIs):
            asked = node.name
        below = children(node)
        for part in below:
            self._know(part, asked)
        if asked is Field.WATCH and isinstance(node, Phrase):
            self._standing_for(node.text)
        elif not below:
            self._index(leaf_of(node, asked))

    def cheapest(self) -> Clause:
        """Return the clause that the fewest articles will meet; empty where there is none."""
        return min(self.anchors, key=self._cost, default=())

    def _require_any(self, node: Node, asked: Field | None) -> None:
        found: list[int] = []
        late = self._gather(node, asked, found)
        clause = tuple(found)
        self.anchors.append(clause)
        if late:
            self.is_plain = False
        else:
            self.clauses.append(clause)

    def _gather(self, node: Node, asked: Field | None, found: list[int]) -> bool:
        """Collect leaves any of which must be there; return whether one of them is looked at late."""
        if isinstance(node, Or):
            late = [self._gather(part, asked, found) for part in node.parts]
            return any(late)
        if isinstance(node, FieldIs):
            return self._gather(node.part, node.name, found)
        if isinstance(node, And | Near | Not):
            return self._gather_whole(node, asked, found)
        if asked is Field.WATCH and isinstance(node, Phrase):
            found += self._standing_for(node.text)
            return True
        leaf = leaf_of(node, asked)
        found.append(self._index(leaf))
        return leaf.sort in LATE

    def _gather_whole(self, node: Node, asked: Field | None, found: list[int]) -> bool:
        """Collect for a branch that is more than a leaf its cheapest clause, which stands for it."""
        branch = self._branch()
        branch.require(node, asked)
        self.is_plain = False
        anchor = branch.cheapest()
        found += anchor
        return anchor not in branch.clauses

    def _branch(self) -> Flat:
        return Flat(self._index, self._cost, self._standing_for)
