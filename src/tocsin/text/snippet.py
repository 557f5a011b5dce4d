"""A text cut into pieces, some of them marked: the whole of it, or the part around its first dense spans.

Plain text in, plain text out: what a mark looks like is the business of those who print it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.models.receipts import Span

ELLIPSIS = "…"

_SLACK = 30
"""Characters that a cut may move to reach the end of a word; a longer word (or a script without spaces) is cut."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, marked or not."""

    text: str
    marked: bool = False


def marked(text: str, spans: Iterable[Span]) -> tuple[Piece, ...]:
    """Return the whole text as pieces; spans that do not fit it (the text has changed since) are left unmarked."""
    return _pieces(text, _ranges(text, spans), 0, len(text))


def snippet(
    text: str, spans: Iterable[Span], width: int = 280, apart: Sequence[tuple[int, int]] = ()
) -> tuple[Piece, ...]:
    """Return about ``width`` characters around the first dense spans, cut between words.

    ``…`` stands where text is left out. Without a fitting span it is the beginning of the text. ``apart`` are ranges,
    sorted and apart, that are not shown, such as page furniture.
    """
    ranges = _ranges(text, spans)
    if apart:
        ranges = [moved for one in ranges if (moved := _moved(one, apart)) is not None]
        text = _without(text, apart)
    if len(text) <= width:
        return _pieces(text, ranges, 0, len(text))
    start, end = _window(text, ranges, width)
    start, end = _to_words(text, start, end)
    pieces = _pieces(text, ranges, start, end)
    head = (Piece(ELLIPSIS),) if start > 0 else ()
    tail = (Piece(ELLIPSIS),) if end < len(text) else ()
    return _joined((*head, *pieces, *tail))


def _without(text: str, apart: Sequence[tuple[int, int]]) -> str:
    edges = [0, *(edge for one in apart for edge in one), len(text)]
    return "".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _moved(one: tuple[int, int], apart: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return where a range stands once others are taken out; None if it was in one of these."""
    if any(start < one[1] and one[0] < end for start, end in apart):
        return None
    before = sum(end - start for start, end in apart if end <= one[0])
    return one[0] - before, one[1] - before


def _ranges(text: str, spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Return the ranges of the fitting spans, sorted and merged where they overlap."""
    fitting = sorted(
        (span.start, span.end)
        for span in spans
        if 0 <= span.start < span.end <= len(text) and text[span.start : span.end] == span.text
    )
    merged: list[tuple[int, int]] = []
    for start, end in fitting:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _window(text: str, ranges: Sequence[tuple[int, int]], width: int) -> tuple[int, int]:
    """Return the first window of ``width`` with at least half as many ranges as the one with the most.

    News tells what matters first; a gallery far below may name the terms more often. So the beginning of the text goes
    before all others; elsewhere the ranges come in the middle.
    """
    groups = _groups(ranges, width)
    most = max((count for count, _, _ in groups), default=0)
    lead = sum(end <= width for _, end in ranges)
    if 2 * lead >= most:
        return 0, min(len(text), width)
    start, end = next((start, end) for count, start, end in groups if 2 * count >= most)
    spare = max(0, width - (end - start))
    start = max(0, min(start - spare // 2, len(text) - width))
    return start, min(len(text), start + width)


def _groups(ranges: Sequence[tuple[int, int]], width: int) -> list[tuple[int, int, int]]:
    """Return for each range how many fit into a window that starts with it, its start, and the end of the last."""
    groups = []
    last = 0
    for first, (start, end) in enumerate(ranges):
        last = max(last, first)
        while last + 1 < len(ranges) and ranges[last + 1][1] - start <= width:
            last += 1
        groups.append((last - first + 1, start, max(end, ranges[last][1])))
    return groups


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Move both cuts inward to the next gap, or, where none is near, off the middle of a combined character."""
    if start > 0 and not text[start - 1].isspace():
        gap = next((at for at in range(start, min(start + _SLACK, end)) if text[at].isspace()), None)
        start = gap + 1 if gap is not None else _off_cluster(text, start)
    if end < len(text) and not text[end].isspace():
        gap = next((at for at in range(end - 1, max(end - _SLACK, start), -1) if text[at].isspace()), None)
        end = gap if gap is not None else _off_cluster(text, end)
    return start, max(start, end)


def _off_cluster(text: str, at: int) -> int:
    while 0 < at < len(text) and _continues(text, at):
        at -= 1
    return at


def _continues(text: str, at: int) -> bool:
    """Whether the character at ``at`` belongs to the one before it (UAX 29, the cases that news text has)."""
    if text[at - 1] == "\u200d" or text[at] == "\u200d" or unicodedata.category(text[at])[0] == "M":
        return True
    if "\U0001f3fb" <= text[at] <= "\U0001f3ff" or "\udc00" <= text[at] <= "\udfff":
        return True
    flags = [offset for offset in (at - 1, at) if "\U0001f1e6" <= text[offset] <= "\U0001f1ff"]
    return len(flags) == len((at - 1, at))


def _pieces(text: str, ranges: Sequence[tuple[int, int]], start: int, end: int) -> tuple[Piece, ...]:
    pieces = []
    at = start
    for first, last in ranges:
        if last <= start or first >= end:
            continue
        # A cut may go through a span that is longer than the window.
        left, right = max(first, start), min(last, end)
        pieces += [Piece(text[at:left]), Piece(text[left:right], marked=True)]
        at = right
    pieces.append(Piece(text[at:end]))
    return tuple(piece for piece in pieces if piece.text)


def _joined(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Return the pieces with neighbours of the same kind made one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and joined[-1].marked == piece.marked:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.marked)
        else:
            joined.append(piece)
    return tuple(joined)
