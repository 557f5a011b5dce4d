"""The conjunctions and prepositions that Arabic and Hebrew write onto the next word (wa-, bi-, li-; ve-, be-, le-)."""

from __future__ import annotations

import re

_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{4,}(?: |\Z)|[\u0621-\u064a]{3} [\u0621-\u064a]")
_HEBREW_WORD = re.compile(r"[\u05d0-\u05ea]{3,}(?: |\Z)")
_ARABIC_PREFIXES = tuple(first + second for first in ("", "و", "ف") for second in ("", "ب", "ل", "ك"))
_AND = "\u05d5"  # the Hebrew letter vav, which looks like a Latin l
_HEBREW_PREFIXES = tuple(first + second for first in ("", _AND) for second in ("", *"בלמהשכ"))


def prefixes_of(folded: str) -> tuple[str, ...]:
    """Return the conjunctions and prepositions that may be grown onto a term; short words have too many readings."""
    if folded.isascii():
        return ()
    if _ARABIC_WORD.match(folded):
        return _ARABIC_PREFIXES[1:]
    if _HEBREW_WORD.match(folded):
        return _HEBREW_PREFIXES[1:]
    return ()
