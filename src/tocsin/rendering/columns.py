"""Plain text in columns, as a terminal shows it."""

from __future__ import annotations

import unicodedata

WIDTH = 76


def cells(text: str) -> int:
    """Count the columns that a text takes: none for a combining mark, two for a wide character (Unicode TR 11)."""
    return sum(map(_cells, text))


def _cells(char: str) -> int:
    if unicodedata.combining(char) or char in "\u200c\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, indent: int = 0, width: int = WIDTH) -> str:
    """Break into lines of at most ``width`` columns, each after ``indent`` spaces; an address ``<...>`` stays whole."""
    room = width - indent
    lines = [""]
    for word in text.split():
        for piece in [word] if word.startswith(("<http", "<mailto")) else _pieces(word, room):
            glued = f"{lines[-1]} {piece}".lstrip()
            if lines[-1] and cells(glued) > room:
                lines.append(piece)
            else:
                lines[-1] = glued
    return "\n".join(" " * indent + line for line in lines)


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
