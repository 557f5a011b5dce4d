"""From YAML text to a tree with positions: the only module that knows the YAML library.

YAML 1.2 core schema, read as a stream of events, so that limits are kept before anything is built. What a watchlist has
no use for and what makes YAML dangerous or surprising is refused: anchors, aliases, tags, merge keys, duplicate keys,
several documents, depth. The watchlist's own rules live elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from tocsin.config.tree import ListNode, MapNode, Node, Position, Scalar
from tocsin.config.wording import quoted
from tocsin.config.yaml_words import explain

MAX_BYTES = 1_000_000
MAX_DEPTH = 20
MAX_NODES = 100_000

# YAML 1.2.2, 10.3.2: what an unquoted scalar of the core schema turns into when it is not a number.
NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_HALF_CHARACTER = re.compile("[\\ud800-\\udfff]")
_BEYOND_UNICODE = re.compile(r"\\U(?!00(?:0[0-9A-Fa-f]|10))[0-9A-Fa-f]{8}")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")

Finding = tuple[Position, str]


@dataclass(slots=True)
class ReadTree:
    """What was read: the root, or None where the text is no tree at all, and all faults with their places."""

    root: Node | None = None
    findings: list[Finding] = field(default_factory=list)


class _Unreadable(Exception):  # noqa: N818 - not an error for callers: it ends one reading from within
    """The rest of the text cannot be read."""

    def __init__(self, position: Position, message: str) -> None:
        super().__init__(message)
        self.finding: Finding = (position, message)


def read_tree(source: str) -> ReadTree:
    """Read YAML text, without a byte order mark, into a tree; never raises."""
    building = _Building()
    try:
        _refuse_unprintable(source)
        for event in _events(source):
            building.take(event)
    except _Unreadable as end:
        building.tree.root = None
        building.tree.findings.append(end.finding)
    return building.tree


def position_at(source: str, index: int) -> Position:
    """Turn an index of the text into line and column."""
    line, start = 1, 0
    for found in _LINE_BREAK.finditer(source, 0, index):
        line, start = line + 1, found.end()
    return Position(line, index - start + 1)


def _refuse_unprintable(source: str) -> None:
    found = _UNPRINTABLE.search(source)
    if found:
        code = f"U+{ord(found[0]):04X}"
        raise _Unreadable(position_at(source, found.start()), f"the invisible character {code}; delete it")


def _events(source: str) -> Iterator[Any]:
    """Yield the parser's events; whatever it complains of becomes `_Unreadable` in our words."""
    try:
        yield from YAML(typ="safe", pure=True).parse(source)
    except YAMLError as error:
        raise _Unreadable(*_within(source, error)) from error
    except (ValueError, OverflowError) as error:
        # The parser hands escapes such as "\UFFFFFFFF" to chr() as they come.
        found = _BEYOND_UNICODE.search(source)
        message = "this escape is beyond Unicode; write the character itself, or use single quotes"
        raise _Unreadable(position_at(source, found.start() if found else 0), message) from error


def _within(source: str, error: YAMLError) -> Finding:
    """Say the parser's complaint in our words, at a place that the text has."""
    mark, message = explain(error)
    if mark is None:
        return Position(1, 1), message
    end = position_at(source, len(source.rstrip("\r\n")))
    return min(Position(mark.line + 1, mark.column + 1), end), message


@dataclass(slots=True)
class _Open:
    """A collection whose end has not come yet; ``key`` is the key that waits for its value."""

    node: ListNode | MapNode
    key: Scalar | None = None
    dropped: bool = False


@dataclass(slots=True)
class _Building:
    """Takes events one by one and grows the tree; nothing here recurses, so depth costs nothing."""

    tree: ReadTree = field(default_factory=ReadTree)
    open: list[_Open] = field(default_factory=list)
    nodes: int = 0
    documents: int = 0

    def take(self, event: Any) -> None:
        if isinstance(event, NodeEvent):
            self._take_node(event)
        elif isinstance(event, CollectionEndEvent):
            self._attach(self.open.pop().node)
        elif isinstance(event, DocumentStartEvent):
            self._begin_document(event)

    def _begin_document(self, event: DocumentStartEvent) -> None:
        self.documents += 1
        if self.documents > 1:
            raise _Unreadable(_place(event), "a second document begins here; delete the line of three dashes")
        if event.version is not None and tuple(event.version) != (1, 2):
            raise _Unreadable(Position(1, 1), "this is read as YAML 1.2; delete the line beginning %YAML")
        if event.tags:
            raise _Unreadable(Position(1, 1), "tags are refused; delete the line beginning %TAG")

    def _take_node(self, event: NodeEvent) -> None:
        position = _place(event)
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise _Unreadable(position, f"more than {MAX_NODES:,} values; split the watchlist")
        self._refuse_decorations(event, position)
        if isinstance(event, CollectionStartEvent):
            self._begin_collection(event, position)
        else:
            self._attach(_scalar(event, position))

    def _begin_collection(self, event: CollectionStartEvent, position: Position) -> None:
        if len(self.open) >= MAX_DEPTH:
            raise _Unreadable(position, f"nested more than {MAX_DEPTH} deep; a watchlist needs six levels at most")
        node = MapNode(position) if isinstance(event, MappingStartEvent) else ListNode(position)
        self.open.append(_Open(node))

    def _refuse_decorations(self, event: NodeEvent, position: Position) -> None:
        if isinstance(event, AliasEvent):
            self._find(
                position, f"aliases such as *{event.anchor} are refused; write the value out, or put it in quotes"
            )
        elif event.anchor is not None:
            self._find(position, f"anchors such as &{event.anchor} are refused; delete it, or put the text in quotes")
        tag = getattr(event, "ctag", None)
        if tag is not None:
            self._find(position, f"tags such as {_tag_name(tag)} are refused; delete it, or put the text in quotes")
        if isinstance(event, ScalarEvent) and _HALF_CHARACTER.search(event.value):
            self._find(position, "an escape from ud800 to udfff is half a character; write the character itself")
            event.value = _HALF_CHARACTER.sub("\ufffd", event.value)

    def _attach(self, node: Node) -> None:
        """Put a finished node where it belongs: into the list, under the waiting key, or as the next key."""
        if not self.open:
            self.tree.root = node
            return
        holder = self.open[-1]
        if isinstance(holder.node, ListNode):
            holder.node.items.append(node)
        elif holder.key is None:
            self._begin_key(holder, node)
        else:
            if not holder.dropped:
                holder.node.values[holder.key.text] = _beside(holder.key, node)
            holder.key, holder.dropped = None, False

    def _begin_key(self, holder: _Open, node: Node) -> None:
        """Take a key; one that is refused still takes the value after it along, which is dropped."""
        mapping = holder.node
        assert isinstance(mapping, MapNode)  # noqa: S101 - for mypy: only a mapping has keys
        holder.key = node if isinstance(node, Scalar) else Scalar(node.position, "", "")
        refusal = _key_refusal(mapping, node)
        if refusal:
            holder.dropped = True
            self._find(node.position, refusal)
        else:
            mapping.keys[holder.key.text] = node.position

    def _find(self, position: Position, message: str) -> None:
        self.tree.findings.append((position, message))


def _beside(key: Scalar, node: Node) -> Node:
    """Give the node, or, for a value that was left out, one where its key stands: the parser has it lines below."""
    is_left_out = isinstance(node, Scalar) and node.text == "" and node.position.line > key.position.line
    return Scalar(key.position, "", None) if is_left_out else node


def _key_refusal(mapping: MapNode, node: Node) -> str | None:
    """Say why the node cannot be the mapping's next key, or None."""
    if not isinstance(node, Scalar):
        return "a list or mapping cannot be a key; put text that begins with [ or { in quotes"
    if node.text == "<<":
        return "merge keys (<<) are refused; write the keys out"
    first = mapping.keys.get(node.text)
    if first is not None:
        return f"duplicate key {quoted(node.text)}, which already stands in line {first.line}; keep one of the two"
    return None


def _scalar(event: NodeEvent, position: Position) -> Scalar:
    if not isinstance(event, ScalarEvent):
        return Scalar(position, "", "")
    text: str = event.value
    unquoted = event.style is None
    if unquoted and text in NULLS:
        return Scalar(position, text, None)
    if unquoted and text in BOOLEANS:
        return Scalar(position, text, BOOLEANS[text])
    return Scalar(position, text, text)


def _place(event: Any) -> Position:
    return Position(event.start_mark.line + 1, event.start_mark.column + 1)


def _tag_name(tag: Any) -> str:
    return f"{tag.handle or ''}{tag.suffix or ''}" or "!"
