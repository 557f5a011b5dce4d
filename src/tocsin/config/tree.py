"""The nodes of a watchlist file: what was written, and at which line and column.

A tree of plain records between the YAML reader and the checks. No YAML library and no rules of the watchlist here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the file; line and column count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. ``text`` is what was written; ``value`` is that text too, except for an unquoted null or boolean.

    Numbers and times stay text: ``2024`` is a keyword and ``07:30`` a time of day, whatever YAML makes of them.
    """

    position: Position
    text: str
    value: str | bool | None


@dataclass(slots=True)
class ListNode:
    """A list, in the order of the file."""

    position: Position
    items: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class MapNode:
    """A mapping, in the order of the file; ``keys`` says where each key stands."""

    position: Position
    values: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Position] = field(default_factory=dict)


Node = Scalar | ListNode | MapNode


def plain(node: Node) -> object:
    """Give the node as dicts, lists, strings, booleans and None."""
    match node:
        case Scalar():
            return node.value
        case ListNode():
            return [plain(item) for item in node.items]
        case MapNode():
            return {key: plain(value) for key, value in node.values.items()}


def child(node: Node | None, step: str | int) -> Node | None:
    """Find what stands under a key or an index of the node; None where nothing does."""
    match node, step:
        case MapNode(), str():
            return node.values.get(step)
        case ListNode(), int():
            return node.items[step] if step < len(node.items) else None
        case _:
            return None


def find(node: Node | None, *steps: str | int) -> Node | None:
    """Follow several keys and indexes down from the node; None where one of them leads nowhere."""
    for step in steps:
        node = child(node, step)
    return node


def position_of(root: Node, steps: Sequence[str | int]) -> Position:
    """Find where a value stands, or the nearest thing around it that the file does hold."""
    node = root
    for step in steps:
        below = child(node, step)
        if below is None:
            break
        node = below
    return node.position


def key_position(root: Node, steps: Sequence[str | int]) -> Position:
    """Find where the key that ``steps`` ends with stands, or the nearest thing around it."""
    holder = find(root, *steps[:-1])
    if isinstance(holder, MapNode) and steps[-1] in holder.keys:
        return holder.keys[str(steps[-1])]
    return position_of(root, steps)


def scalars_in(node: Node | None) -> Iterator[Scalar]:
    """Yield the values of a list, or the value itself where one stands in place of a list."""
    if isinstance(node, Scalar):
        yield node
    if isinstance(node, ListNode):
        yield from (item for item in node.items if isinstance(item, Scalar))


def members(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield keys and values of a mapping; nothing of any other node."""
    if isinstance(node, MapNode):
        yield from node.values.items()
