"""Picture galleries within a page: a series of captions, each with a credit under it, that a page's text ends up with.

A gallery is known by its counter ("7 images 1 | 7"), which says how many credits above it are its own; without one, by
three credits or more in even steps, each under a paragraph that has a heading.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.text.furniture_cues import closing
from tocsin.text.furniture_lines import Line, counter
from tocsin.text.furniture_signatures import is_signed
from tocsin.text.furniture_words import Furniture

_STEP: Final = 4
"""Lines between two credits of a gallery: heading and caption, twice where a picture has no credit."""
_LEAST_CREDITS: Final = 3


def galleries(lines: list[Line], kinds: list[Furniture | None]) -> Iterator[range]:
    """Yield the lines of each gallery, given what single lines are."""
    counters = {at: count for at, line in enumerate(lines) if (count := _count(line, kinds[at])) is not None}
    done = 0
    signed: list[int] = []
    for at, line in enumerate(lines):
        if at in counters:
            series = _counted(signed, kinds, at, counters[at])
            if series:
                yield range(_beginning(series[0], lines, kinds, done), at + 1)
                done, signed = at + 1, []
        elif kinds[at] is Furniture.CREDIT or (counters and kinds[at] is None and _is_captioned(line)):
            signed.append(at)
    yield from _uncounted([at for at in signed if kinds[at]], lines, kinds, done)


def _count(line: Line, kind: Furniture | None) -> int | None:
    return counter(line) if kind is Furniture.NAVIGATION else None


def _is_captioned(line: Line) -> bool:
    """Whether a picture's credit stands in the line of its caption."""
    closed = closing(line.text)
    return closed[1] is Furniture.CREDIT if closed else is_signed(line)


def _counted(signed: list[int], kinds: list[Furniture | None], end: int, count: int) -> list[int]:
    """Return the credits that a counter speaks of: the last ones, each with a caption; none if there are too few."""
    series: list[int] = []
    later = end
    for at in reversed(signed):
        if later - at > _STEP + 1 or 0 < count == len(series):
            break
        if later - at == 1 and kinds[later] is Furniture.CREDIT:
            break
        series.append(at)
        later = at
    return series[::-1] if len(series) >= _LEAST_CREDITS else []


def _uncounted(signed: list[int], lines: list[Line], kinds: list[Furniture | None], done: int) -> Iterator[range]:
    """Yield the series of credits in even steps that no counter ends."""
    series: list[int] = []
    for credit in [*signed, len(lines) + _STEP + 1]:
        if series and not _is_item(range(series[-1] + 1, credit), lines, kinds):
            if len(series) >= _LEAST_CREDITS:
                yield range(_beginning(series[0], lines, kinds, done), series[-1] + 1)
            series = []
        series.append(credit)


def _is_item(between: range, lines: list[Line], kinds: list[Furniture | None]) -> bool:
    """Whether lines are heading and caption, once, or twice where one picture has no credit."""
    if len(between) not in {2, _STEP} or any(kinds[between.start : between.stop]):
        return False
    return all(_is_heading(lines[at]) and lines[at + 1].is_paragraph for at in between[::2])


def _beginning(credit: int, lines: list[Line], kinds: list[Furniture | None], done: int) -> int:
    """Return the line with which the first picture's caption begins, its heading included; a title is none."""
    first = credit
    if kinds[first] and first > done and kinds[first - 1] is None and (first > 1 or lines[0].is_paragraph):
        first -= 1
    is_found = first < credit or kinds[first] is None
    if is_found and first - 1 > done and kinds[first - 1] is None and _is_heading(lines[first - 1]):
        first -= 1
    return first


def _is_heading(line: Line) -> bool:
    return line.is_title and not line.is_paragraph
