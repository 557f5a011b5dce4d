"""The chart of a watch's last days: the heights of its bars, and the sentence that says the same. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.digests.view import Chart
from tocsin.rendering.locales import Locale

HIGHEST = 32
"""Pixels of the longest bar."""


def chart(days: Sequence[int], locale: Locale) -> Chart | None:
    """Draw what a watch brought on each of the last days, the latest last; None where there is nothing to draw."""
    most = max(days, default=0)
    if not most:
        return None
    words = locale.text(
        "Last %(days)s days: up to %(most)s a day, %(last)s on the last",
        days=locale.number(len(days)),
        most=locale.count("article", most),
        last=locale.number(days[-1]),
    )
    return Chart(tuple(days), tuple(_height(number, most) for number in days), words)


def _height(number: int, most: int) -> int:
    """Give the pixels of a bar; any article at all can be seen."""
    return -(-HIGHEST * number // most)
