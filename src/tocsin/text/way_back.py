"""The way back from a scan text to the text that it was made of: two rising lists of offsets.

Only places where the two do not run side by side are kept: a run of gaps that became one, a stop, a token with its
gaps, a letter that became two or none. It is made when a hit is first led back.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tocsin.text.controls import NOTHING, STOP
from tocsin.text.fold_table import COMMON_SIGNS, GAP, FoldTable

_LETTER, _LONGER, _TOKEN = "x", "\x04", "\x05"

# What lies between words, unless it is a single gap. Branches begin with literals, which sre skips to.
_RUN = re.compile(rf"{STOP}[ {STOP}{NOTHING}{_TOKEN}]*|  [ {STOP}{NOTHING}{_TOKEN}]*"
                  rf"|{NOTHING}[ {STOP}{NOTHING}{_TOKEN}]*|{_TOKEN}[ {STOP}{NOTHING}{_TOKEN}]*|{_LONGER}")  # fmt: skip
_TABLE_SIZE = 30_000
_LATIN_1 = 256


@dataclass(frozen=True, slots=True)
class WayBack:
    """From ``here[i]`` in the scan text on, as far as ``here[i + 1]``, the text runs along from ``there[i]``."""

    here: Sequence[int]
    there: Sequence[int]

    def lead(self, offset: int) -> int:
        """Return where an offset leads; never past the start of the next piece."""
        at = bisect_right(self.here, offset) - 1
        reached = self.there[at] + offset - self.here[at]
        return min(reached, self.there[at + 1] - 1) if at + 1 < len(self.there) else reached


def way_back(context: str, kinds: Kinds) -> WayBack:
    """Return the way from the scan text of ``context``, with the gap before it, to ``context``."""
    seen = kinds.of(context)
    # The scan text begins with a gap that the text has not, unless it begins with one itself.
    shift = 0 if _begins_with_gap(seen) else 1
    here, there = [0], [-shift]
    for run in _RUN.finditer(seen):
        start, end = run.span()
        points: tuple[tuple[int, int], ...] = ()
        if run[0] == _LONGER:
            length = len(kinds.table[ord(context[start])])
        else:
            # One gap before a run was not seen as its beginning.
            if start and seen[start - 1] == GAP:
                start -= 1
            length, points = _collapsed(seen[start:end])
        for in_scan, in_text in points:
            here.append(start + shift + in_scan)
            there.append(start + in_text)
        shift += length - (end - start)
        here.append(end + shift)
        there.append(end)
    return WayBack(here, there)


def _begins_with_gap(seen: str) -> bool:
    first = seen.lstrip(NOTHING)[:1]
    return first in {GAP, STOP, _TOKEN}


@lru_cache(maxsize=4096)
def _collapsed(run: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Return how long a run between two words is in the scan text, and where its tokens stand there and in the run."""
    points = []
    length = at = 0
    gaps = run.split(_TOKEN)
    for index, gap in enumerate(gaps):
        length += len(" . ") if STOP in gap else int(GAP in gap or len(gaps) > 1)
        at += len(gap)
        if index + 1 < len(gaps):
            points.append((length, at))
            length, at = length + 1, at + 1
    return length, tuple(points)


class Kinds(dict[int, str]):
    """What each character becomes, as one character a kind: a table for `str.translate` that fills itself."""

    def __init__(self, table: FoldTable) -> None:
        super().__init__()
        self.table = table
        self._latin_1 = bytes(ord(self[code]) for code in range(_LATIN_1))

    def __missing__(self, code: int) -> str:
        kind = _kind(self.table[code])
        if len(self) < _TABLE_SIZE:
            self[code] = kind
        return kind

    def of(self, text: str) -> str:
        """Return the kinds of a text's characters, one by one."""
        for sign in COMMON_SIGNS:
            if sign in text:
                text = text.replace(sign, self[ord(sign)])
        try:
            return text.encode("latin-1").translate(self._latin_1).decode("latin-1")
        except UnicodeEncodeError:
            return text.translate(self)


def _kind(folded: str) -> str:
    if not folded:
        return NOTHING
    if len(folded) == 1:
        return folded if folded in {GAP, STOP} else _LETTER
    return _TOKEN if folded[0] == GAP else _LONGER
