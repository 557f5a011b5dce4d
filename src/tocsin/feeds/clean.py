"""Plain text that is safe to store, match, mail and log: no control characters, no bidirectional overrides, in NFC,
bounded, one newline between paragraphs. What is furniture (captions, "read more") stays: judging it is not done here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

LONGEST_RAW: Final = 1024 * 1024
"""Of a longer text or fragment only so much is looked at."""

LONGEST_TEXT: Final = 100_000

# Stand for <br> and for a paragraph's end until the text is whole; characters that no text may use (Unicode 23.7).
BREAK: Final = "\ufdd0"
END: Final = "\ufdd1"
_REMOVED: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
# Accents without end: 30 in a row are more than any language needs (Unicode Standard Annex 15, Stream-Safe Text).
_MARKS: Final = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u0711\u0730-\u074a\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    r"\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
)
_LONGEST_BLANK: Final = 8
"""So many characters that are nothing together, between two breaks, are looked through."""

_MOST_MARKS: Final = 30
_MARK: Final = re.compile(f"[{_MARKS}]")
_TOO_MANY_MARKS: Final = re.compile(rf"([{_MARKS}]{{{_MOST_MARKS}}})[{_MARKS}]+")

_JOINER: Final = "\u200d"
_LONGEST_CLUSTER: Final = 64


def plain_to_text(text: str) -> str:
    """Give a plain text's paragraphs, which blank lines separate; a single line end is a blank."""
    lines = (line if line and not line.isspace() else END for line in text[:LONGEST_RAW].splitlines())
    return cut(paragraphs("\n".join(lines)), LONGEST_TEXT)


def one_line(text: str, longest: int) -> str:
    """Give plain text as a single line of at most ``longest`` characters, without controls, in NFC."""
    text = text[:LONGEST_RAW]
    if not text.isprintable() or "  " in text:
        text = _tidied(text)
    return cut(_composed(text.strip(" ")), longest).strip()


def cut(text: str, longest: int) -> str:
    """Cut after at most ``longest`` characters, not within what a reader sees as one (an accent, a flag, a family)."""
    if len(text) <= longest:
        return text
    for end in range(longest, max(longest - _LONGEST_CLUSTER, 0), -1):
        if not _is_within_cluster(text, end):
            return text[:end]
    return text[:longest]


def _is_within_cluster(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if _is_flag_letter(after):
        return _flag_letters_before(text, at) % 2 == 1
    if _JOINER in {before, after}:
        return True
    return unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def paragraphs(text: str) -> str:
    """Put each paragraph on a line of its own; two breaks in a row end a paragraph, a single one is a blank."""
    parts = text.replace("\n", " ").replace("\xa0", " ").split(END)
    if BREAK in text:
        parts = [line for part in parts for line in _unbroken(part)]
    # Quickly told: the only white space that is printable is the blank, and what is to be removed is not printable.
    lines = [
        line if "  " not in line and line.isprintable() else _tidied(line) for line in map(str.strip, parts) if line
    ]
    return _composed("\n".join(filter(None, lines)))


def _tidied(text: str) -> str:
    if text.isprintable():
        while "  " in text:
            text = text.replace("  ", " ")
        return text.strip(" ")
    line = " ".join(text.split())
    if line.isprintable():
        return line
    return " ".join(_REMOVED.sub("", _SURROGATE.sub("\ufffd", line)).split())


def _unbroken(paragraph: str) -> Iterator[str]:
    """Join what single breaks divide; two in a row, with nothing between them, end a paragraph."""
    if BREAK not in paragraph:
        yield paragraph
        return
    run: list[str] = []
    for part in paragraph.split(BREAK):
        if len(part) > _LONGEST_BLANK or _tidied(part):
            run.append(part)
        elif run:
            yield " ".join(run)
            run = []
    yield " ".join(run)


def _composed(text: str) -> str:
    """Write a text in NFC, with no more accents in a row than a language needs."""
    if text.isascii():
        return text
    # Too many in a row are also there in every 30th character.
    if _MARK.search(text[::_MOST_MARKS]):
        text = _TOO_MANY_MARKS.sub(r"\1", text)
    return unicodedata.normalize("NFC", text)
