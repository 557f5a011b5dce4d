"""Stand-ins that the steps of folding leave for each other; a text that has these controls itself has them taken out.

Each stands for one character of the stored text, so that offsets stay what they are until the table is applied.
"""

from __future__ import annotations

STOP = "\0"
"""Punctuation that a phrase does not cross; `tocsin.text.fold` writes it as a token of its own."""

DECIMAL_POINT, DECIMAL_COMMA = "\x01", "\x02"
"""A point or comma between digits, which belongs to the number."""

NOTHING = "\x03"
"""What vanishes: the point of U.S., the rest of an entity, a tag inside a word."""

APOSTROPHE = "\x06"
"""An apostrophe that belongs to its word: that of "won't"."""

LINE_BREAK = "\x0b"
"""A gap like any white space, which the tag of a line break leaves: no sentence in capitals goes over it."""

STAND_INS = (DECIMAL_POINT, DECIMAL_COMMA, NOTHING, APOSTROPHE)


def without_stand_ins(text: str) -> str:
    """Return the text, at the same length, with a stop for each character that would be read as a stand-in."""
    for control in STAND_INS:
        if control in text:
            text = text.replace(control, STOP)
    return text
