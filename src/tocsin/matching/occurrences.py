"""Occurrences of leaves in one article: those that count, and those that do not, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tocsin.models.receipts import MAX_HITS, Span

_MAX_REJECTIONS = 3
"""Near misses of a leaf that a receipt keeps: the verb "is" stands in every article."""


class Found(NamedTuple):
    """An occurrence of a leaf that counts: its range in the scan text (empty for an expression), and in the stored.

    ``support`` is the term that stands in the article too, where the occurrence counts only for that.
    """

    start: int
    end: int
    span: Span
    variant: str
    support: str = ""


class Refused(NamedTuple):
    """An occurrence of a leaf that does not count, and why.

    ``doubted`` is the occurrence where it would count beside another term of its group.
    """

    span: Span
    reason: str
    doubted: Found | None = None


def sorted_out(looked: Iterator[Found | Refused]) -> tuple[list[Found], list[Refused]]:
    """Return the first occurrences that count, and the first that do not."""
    hits: list[Found] = []
    refused: list[Refused] = []
    for one in looked:
        if type(one) is Found:
            hits.append(one)
            if len(hits) >= MAX_HITS:
                break
        elif type(one) is Refused and len(refused) < _MAX_REJECTIONS:
            refused.append(one)
    return hits, refused


def word_end(scan: str, at: int) -> int:
    """Return where the word of a scan text ends that goes on at an offset."""
    end = scan.find(" ", at)
    return len(scan) if end < 0 else end
