"""From a range of a scan text to the span in the stored text that it came from."""

from __future__ import annotations

from tocsin.models.receipts import Span, TextField
from tocsin.text.fold import Folded


def lead_back(field: TextField, folded: Folded, start: int, end: int) -> Span:
    """Return the span in the stored text that a range of its scan text came from."""
    first, last = folded.span(start, end)
    # The last point of a dotted acronym (U.S.) is dropped by folding, but is part of it.
    if "." in folded.text[first:last] and folded.text[last : last + 1] == ".":
        last += 1
    return Span(field, first, last, folded.text[first:last])
