"""The scan: all patterns at once over one text; the only file that knows the Aho-Corasick library."""

from __future__ import annotations

from collections.abc import Sequence

from ahocorasick_rs import AhoCorasick


class Scanner:
    """An automaton over distinct, non-empty patterns; built once, used for every text."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._automaton = AhoCorasick(patterns, store_patterns=False)

    def find(self, scan: str) -> list[tuple[int, int, int]]:
        """Return (index of the pattern, start, end) of all occurrences, overlapping ones too, by their ends."""
        return self._automaton.find_matches_as_indexes(scan, overlapping=True)
