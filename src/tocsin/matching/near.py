"""Nearness: whether occurrences of several terms stand close together. Plain numbers in, plain numbers out.

A place is ``(first, last)``: the numbers of the first and last word of an occurrence, in reading order. All functions
take time that grows no faster than the places do, sorting aside.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from heapq import merge
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]


class WordCount:
    """Numbers the words of a scan text; the stops between sentences are no words."""

    _FEW = 32
    """Places that are counted one by one; for more of them all words are numbered at once."""

    def __init__(self, scan: str) -> None:
        self._scan = scan
        self._asked = 0
        self._starts: list[int] = []
        self._numbers: list[int] = []

    def place(self, start: int, end: int) -> Place:
        """Return the place of a half-open range of the scan text that has a word in it."""
        self._asked += 1
        if self._asked > self._FEW:
            return self._number(start), self._number(end - 1)
        scan = self._scan
        first = scan.count(" ", 0, start) - scan.count(" . ", 0, start)
        return first, first + scan.count(" ", start, end) - scan.count(" . ", start, end)

    def _number(self, at: int) -> int:
        if not self._starts:
            self._number_all()
        return self._numbers[bisect_right(self._starts, at) - 1]

    def _number_all(self) -> None:
        at = number = 0
        for word in self._scan.split(" "):
            if word != ".":
                self._starts.append(at)
                self._numbers.append(number)
                number += 1
            at += len(word) + 1


def near(operands: Sequence[Sequence[Place]], distance: int, *, ordered: bool) -> set[tuple[int, Place]]:
    """Return the places, each with the index of its operand, that stand near places of all other operands.

    At most ``distance`` words that belong to none of them lie between the first and the last. Empty: nothing is near.
    """
    found: set[tuple[int, Place]] = set()
    windows = _ordered(operands) if ordered else _windows(operands)
    for window in windows:
        if between(window) <= distance:
            found.update(window)
    return found


def closest(operands: Sequence[Sequence[Place]], *, ordered: bool) -> int | None:
    """Return the fewest words that lie between places of all operands; None where one has none, or no order fits."""
    windows = _ordered(operands) if ordered else _windows(operands)
    return min(map(between, windows), default=None)


def between(window: Sequence[tuple[int, Place]]) -> int:
    """Return how many words lie between the places of a window and belong to none of them."""
    taken = sum(last - first + 1 for _, (first, last) in window)
    return window[-1][1][1] - window[0][1][0] + 1 - taken


def _windows(operands: Sequence[Sequence[Place]]) -> list[tuple[tuple[int, Place], ...]]:
    """Return, for each place, the latest places of the other operands before it, where none overlaps another."""
    numbered = [[(place, index) for place in places] for index, places in enumerate(operands)]
    latest: dict[int, deque[Place]] = {index: deque(maxlen=2) for index in range(len(operands))}
    windows = []
    for place, index in merge(*numbered):
        latest[index].append(place)
        if all(latest.values()):
            window = _without_overlap(latest, index)
            if window:
                windows.append(window)
    return windows


def _without_overlap(latest: dict[int, deque[Place]], last: int) -> tuple[tuple[int, Place], ...] | None:
    """Choose for each operand its latest place that lies before those already chosen; the newest place is fixed."""
    chosen = [(last, latest[last][-1])]
    others = sorted((index for index in latest if index != last), key=lambda index: latest[index][-1], reverse=True)
    for index in others:
        free = next((place for place in reversed(latest[index]) if _is_free(place, chosen)), None)
        if free is None:
            return None
        chosen.append((index, free))
    return tuple(sorted(chosen, key=lambda one: one[1]))


def _is_free(place: Place, chosen: Sequence[tuple[int, Place]]) -> bool:
    return all(place[1] < first or last < place[0] for _, (first, last) in chosen)


def _ordered(operands: Sequence[Sequence[Place]]) -> list[tuple[tuple[int, Place], ...]]:
    """Return, for each place of the last operand, the latest chain of all others before it."""
    numbered = [[(place, index) for place in places] for index, places in enumerate(operands)]
    chains: list[list[tuple[tuple[int, Place], ...]]] = [[] for _ in operands]
    windows = []
    for place, index in merge(*numbered):
        if index == 0:
            chain: tuple[tuple[int, Place], ...] | None = ((0, place),)
        else:
            before = next((one for one in reversed(chains[index - 1]) if one[-1][1][1] < place[0]), None)
            chain = (*before, (index, place)) if before else None
        if chain and index == len(operands) - 1:
            windows.append(chain)
        elif chain:
            chains[index] = [*chains[index][-1:], chain]
    return windows
