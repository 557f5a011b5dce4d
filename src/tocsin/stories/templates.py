"""Recurring headlines: what an outlet publishes again and again under one title, with other contents each time."""

from __future__ import annotations

from collections.abc import Callable

from tocsin.stories.marks import Kept
from tocsin.stories.postings import Postings

_APART = 15 * 3600
"""Seconds between two issues of what recurs; what comes sooner may be an update."""

_REMEMBERED = 8
"""Issues that are remembered of one headline."""

_ALIKE = 0.6
"""Share of their words that two titles have in common that are one but for a word: "shares end higher", "... lower"."""

_FEWEST = 3
_SUBJECT = 70
"""Weight, in tenths of a nat, from which a word of a title is a name or a subject of its own."""


class Templates:
    """The headlines of each outlet, as far as they may recur; bounded. ``kept`` leads from keys to articles."""

    def __init__(self, kept: Callable[[int], Kept | None]) -> None:
        self._kept = kept
        self._by_frame: Postings[int] = Postings(_REMEMBERED)
        self._by_opening: Postings[int] = Postings(_REMEMBERED)
        self._by_kicker: Postings[int] = Postings(_REMEMBERED)

    def add(self, key: int, kept: Kept) -> None:
        """Remember an issue."""
        self._by_frame.add(_frame(kept), key)
        opening = _opening(kept)
        if opening:
            self._by_opening.add(opening, key)
        if kept.kicker:
            self._by_kicker.add(kept.outlet ^ kept.kicker, key)

    def remove(self, key: int, kept: Kept) -> None:
        """Forget an issue."""
        self._by_frame.remove(_frame(kept), key)
        self._by_opening.remove(_opening(kept), key)
        self._by_kicker.remove(kept.outlet ^ kept.kicker, key)

    def is_column(self, kept: Kept, without: int) -> bool:
        """Whether an outlet had the words before a title's colon on another day, over another matter or the same."""
        if not kept.kicker:
            return False
        known = self._latest(self._by_kicker, kept.outlet ^ kept.kicker, without)
        return any(_is_apart(kept, other) for _, other in known)

    def earlier(self, kept: Kept, without: int) -> list[int]:
        """Return the issues that an article is another one of, itself left out; none for an article of its own."""
        same = [(key, one) for key, one in self._latest(self._by_frame, _frame(kept), without) if _is_issue(kept, one)]
        known = {key for key, _ in same}
        same += [
            (key, one)
            for key, one in self._latest(self._by_opening, _opening(kept), without)
            if key not in known and _is_but_a_word_away(kept, one) and _is_apart(kept, one)
        ]
        return [key for key, _ in same]

    def _latest(self, table: Postings[int], key: int, without: int) -> list[tuple[int, Kept]]:
        found = ((one, self._kept(one)) for one in table.latest(key) if one != without)
        return [(one, kept) for one, kept in found if kept is not None]


def _frame(kept: Kept) -> int:
    return kept.outlet ^ kept.frame


def _opening(kept: Kept) -> int:
    """Return by what a title is compared with others that differ by a word: its first word of a nameless title, else 0.

    "Market close: shares end higher" has none; "Raqqa: ..." has a subject.
    """
    if kept.titled < _FEWEST or max(kept.weights[: kept.titled]) >= _SUBJECT:
        return 0
    return kept.outlet ^ kept.words[0]


def _is_issue(kept: Kept, other: Kept) -> bool:
    """Whether two articles with one title, but for dates, are two issues.

    Without texts nothing tells that they are one.
    """
    return _is_apart(kept, other) or (kept.title == other.title and not (kept.sketch and other.sketch))


def _is_apart(kept: Kept, other: Kept) -> bool:
    return abs(kept.at - other.at) >= _APART


def _is_but_a_word_away(kept: Kept, other: Kept) -> bool:
    one, two = set(kept.words[: kept.titled]), set(other.words[: other.titled])
    return len(one & two) >= _ALIKE * len(one | two)
