"""Plain text in columns, as a terminal shows it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

from tocsin.rendering.bidi import FIRST_STRONG, POP

WIDTH = 76

_SPACE = re.compile(r"[^\S\u00a0\u202f]+")
"""White space but the two that hold a number and its groups or its unit together."""


_NO_CELL = f"\u200c\u200d{FIRST_STRONG}{POP}"


def cells(text: str) -> int:
    """Count the columns that a text takes: none for a combining mark, two for a wide character (Unicode TR 11)."""
    return len(text) if text.isascii() else sum(map(_cells, text))


@cache
def _cells(char: str) -> int:
    if unicodedata.combining(char) or char in _NO_CELL:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, indent: int = 0, width: int = WIDTH) -> str:
    """Break into lines of at most ``width`` columns, each after ``indent`` spaces; an address ``<...>`` stays whole.

    An isolate (see `tocsin.rendering.bidi`) that goes over a line's end is closed there and opened again, since it
    would end with the line.
    """
    room = width - indent
    lines, taken = [""], 0
    for word in filter(None, _SPACE.split(text)):
        for piece in [word] if word.startswith(("<http", "<mailto")) else _pieces(word, room):
            needed = cells(piece)
            if lines[-1] and taken + 1 + needed > room:
                lines.append(piece)
                taken = needed
            else:
                taken += needed + (1 if lines[-1] else 0)
                lines[-1] = f"{lines[-1]} {piece}".lstrip()
    return "\n".join(" " * indent + line for line in _isolated(lines))


def _isolated(lines: Iterable[str]) -> Iterator[str]:
    is_open = False
    for line in lines:
        begun = f"{FIRST_STRONG}{line}" if is_open else line
        is_open = begun.rfind(FIRST_STRONG) > begun.rfind(POP)
        yield f"{begun}{POP}" if is_open else begun


def _pieces(word: str, room: int) -> list[str]:
    """Cut a word that is wider than a line, as texts without spaces have them."""
    if cells(word) <= room:
        return [word]
    pieces, taken = [""], 0
    for char in word:
        taken += _cells(char)
        if taken > room:
            pieces.append("")
            taken = _cells(char)
        pieces[-1] += char
    return pieces


def rule(text: str, mark: str, width: int = WIDTH) -> str:
    """Underline as long as the text, at most a line."""
    return mark * min(cells(text), width)
