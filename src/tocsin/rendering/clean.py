"""Texts from outside made fit to be shown: no control characters, bidi tricks, half code points or endless lines.

Escaping for HTML is not done here: the environment's autoescape does it.
"""

from __future__ import annotations

import re
import unicodedata

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]")
# Cc and Cs, and the characters that reorder what stands around them (Unicode TR 9: embeddings, overrides, isolates,
# marks). ZWJ and ZWNJ stay: emoji, Persian and Indic scripts need them.
_UNFIT = re.compile(r"[\x00-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_ELLIPSIS = "…"
_WORD_END_WITHIN = 24


def visible(text: str) -> str:
    r"""Drop what may not be shown and turn every line break into a space; other white space stays.

    >>> visible("gnp\u202e.exe\r\nBcc: x")
    'gnp.exe  Bcc: x'
    """
    return _UNFIT.sub("", _BREAKS.sub(" ", text))


def one_line(text: str, limit: int | None = None) -> str:
    r"""Give ``text`` as one line with single spaces, of at most ``limit`` code points.

    >>> one_line("  Siege of\n Deir el-Zour  broken ", 22)
    'Siege of Deir el-Zour…'
    """
    line = " ".join(visible(text).split())
    return line if limit is None else shortened(line, limit)


def shortened(line: str, limit: int) -> str:
    """Cut at a word's end if there is one near, never between a letter and its marks; the ellipsis counts."""
    if len(line) <= limit:
        return line
    head = line[: limit - 1]
    space = head.rfind(" ")
    if line[limit - 1] != " " and space >= len(head) - _WORD_END_WITHIN and space > 0:
        head = head[:space]
    else:
        head = head[: _whole_end(line, len(head))]
    return head.rstrip(" ,;:-\u2013\u2014") + _ELLIPSIS


def _whole_end(line: str, end: int) -> int:
    """Step back from ``end`` to where no combining mark, joiner or second half of a joined emoji would be cut off."""
    lowest = max(0, end - _WORD_END_WITHIN)
    while end > lowest and (_continues(line[end]) or line[end - 1] == "\u200d"):
        end -= 1
    return end


def _continues(char: str) -> bool:
    return char in "\u200c\u200d" or unicodedata.category(char) in {"Mn", "Me", "Mc", "Sk"}
