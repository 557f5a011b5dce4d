"""The queries of a watchlist: which there are, and where in the file their faults stand.

What a query means is not known here: the caller's check says what is wrong with it, as offsets into its text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from tocsin.config.own_regions import ids
from tocsin.config.tree import Node, Position, Scalar, find, members

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_SHOWN = 100
"""Characters of a line that are shown with a mark under the fault."""


@dataclass(frozen=True, slots=True)
class QueryProblem:
    """A fault in the query of a watch: ``length`` characters from ``offset`` of its text on."""

    watch: str
    offset: int
    length: int
    message: str


QueryCheck: TypeAlias = Callable[[Mapping[str, str], Collection[str], Collection[str]], Iterable[QueryProblem]]
"""Takes queries by the ids of their watches, and the ids of all watches and own regions; says what is wrong."""


@dataclass(frozen=True, slots=True)
class Pointed:
    """A fault with its place in the file and the line it stands in, a mark under it."""

    position: Position
    message: str
    excerpt: str


def query_faults(root: Node, source: str, check: QueryCheck) -> Iterator[Pointed]:
    """Yield the faults of all queries of a file."""
    watches = dict(members(find(root, "watches")))
    scalars = {watch: node for watch in watches if isinstance(node := find(watches[watch], "query"), Scalar)}
    lines = Lines(source)
    texts = {watch: node.value.strip() for watch, node in scalars.items() if isinstance(node.value, str)}
    for problem in check({watch: text for watch, text in texts.items() if text}, watches.keys(), ids(root)):
        position = place_in(lines, scalars[problem.watch].position, texts[problem.watch], problem.offset)
        excerpt = _marked(lines, position, problem.length)
        yield Pointed(position, f"in the query of {problem.watch!r}: {problem.message}", excerpt)


class Lines:
    """The text of a file, cut into lines once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._starts = [0, *(found.end() for found in _LINE_BREAK.finditer(source))]

    def index(self, position: Position) -> int:
        """Return the index in the text of a line and column."""
        return self._starts[position.line - 1] + position.column - 1

    def position(self, index: int) -> Position:
        """Return the line and column of an index in the text."""
        line = bisect_right(self._starts, index)
        return Position(line, index - self._starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """Return a line by its number, without its break."""
        start = self._starts[number - 1]
        end = self._starts[number] if number < len(self._starts) else len(self.source)
        return self.source[start:end].rstrip("\r\n")


def place_in(lines: Lines, start: Position, text: str, offset: int) -> Position:
    """Return where a character of a YAML value stands in the file, whichever way the value is written.

    YAML changes only the white space of a value, and quotes and backslashes within quotes; where it does more, the
    answer is the value's beginning.
    """
    source, at = lines.source, lines.index(start)
    quote = source[at : at + 1]
    if quote in {"|", ">"}:
        at, quote = source.find("\n", at), ""
    elif quote in {'"', "'"}:
        at += 1
    else:
        quote = ""
    found = _walk(source, at, text, min(offset, len(text) - 1), quote)
    if found is None:
        return start
    return lines.position(found + (offset >= len(text)))


def _walk(source: str, at: int, text: str, offset: int, quote: str) -> int | None:
    """Go through the value and the file side by side; return the index in the file, None where they part."""
    for index, character in enumerate(text[: offset + 1]):
        if character.isspace():
            continue
        while at < len(source) and source[at].isspace():
            at += 1
        if (quote == '"' and source[at : at + 2] in {'\\"', "\\\\", "\\/"}) or (
            quote == "'" and source.startswith("''", at)
        ):
            at += 1
        if source[at : at + 1] != character:
            return None
        if index == offset:
            return at
        at += 1
    return at


def _marked(lines: Lines, position: Position, length: int) -> str:
    line = lines.line(position.line)
    before = position.column - 1
    cut = max(0, before - _SHOWN // 2)
    shown = line[cut : cut + _SHOWN]
    marks = "^" * max(1, min(length, len(shown) - (before - cut)))
    return f"    {shown}\n    {' ' * (before - cut)}{marks}"
