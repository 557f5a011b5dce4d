"""Where an article says that it was written, and the places that head the items of a round-up."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tocsin.models.receipts import TextField
from tocsin.regions.passage import Passage
from tocsin.regions.resolution import Placed

_OPENING = 3
"""Characters before a name that still begins its paragraph: a bracket, a quote, spaces."""

_DASH = re.compile(r"[^\n.!?;]{0,45}?(?:\s[-\u2013\u2014]{1,2}\s|--|\u2014|\)\s?[-\u2013\u2014:]|[电電讯訊][）)])")  # noqa: RUF001
_STOP = re.compile(r"(?:, [^\n.!?;]{1,24})?[.:](?:\s|$)")
_WITHIN = 2
"""Paragraphs from the start in which a dateline is looked for; a headline or a date may come before it."""

_ITEMS = 3
"""Items that make a round-up."""


def datelines(placed: Sequence[Placed], text: Passage) -> frozenset[int]:
    """Return the indexes of the names in the dateline: "KYIV (Reuters) -", "MADRID, 4 May -"."""
    for one in placed:
        span = one.sight.span
        if span.field is TextField.TEXT:
            if one.sight.paragraph > _WITHIN:
                break
            if _begins(one, text) and _is_dateline(one, text):
                end = _line_end(span.end, text)
                return frozenset(
                    at
                    for at, other in enumerate(placed)
                    if other.sight.span.field is TextField.TEXT and span.start <= other.sight.span.start < end
                )
    return frozenset()


def headed_items(placed: Sequence[Placed], text: Passage) -> frozenset[int]:
    """Return the indexes of the names that head the items of a round-up: "Luanda. ...", "Jordan: ..."."""
    found = frozenset(
        index
        for index, one in enumerate(placed)
        if one.sight.span.field is TextField.TEXT
        and _begins(one, text)
        and (_STOP.match(text.folded.text, one.sight.span.end) or _DASH.match(text.folded.text, one.sight.span.end))
    )
    return found if len({placed[index].country for index in found}) >= _ITEMS else frozenset()


def _begins(one: Placed, text: Passage) -> bool:
    return one.sight.span.start - text.paragraphs[one.sight.paragraph] <= _OPENING


def _is_dateline(one: Placed, text: Passage) -> bool:
    span = one.sight.span
    if _DASH.match(text.folded.text, span.end):
        return True
    return span.text.isupper() and _STOP.match(text.folded.text, span.end) is not None


def _line_end(start: int, text: Passage) -> int:
    match = _DASH.match(text.folded.text, start)
    return match.end() if match else start + 1
