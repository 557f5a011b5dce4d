"""How faults speak of what someone wrote: quoted, cut to a readable length, with the nearest known word."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

MAX_SUGGESTIONS = 100
_LONGEST_WORD = 80
_ALIKE = 0.8
_LONGEST_QUOTE = 60


class UnknownWord(ValueError):  # noqa: N818 - a finding about one value, told as a fault
    """A word that is not among the ``known`` ones; the suggestion is added where all faults are told."""

    def __init__(self, kind: str, word: str, known: Iterable[str], remedy: str) -> None:
        super().__init__(f"unknown {kind} {quoted(word)}")
        self.word, self.known, self.remedy = word, known, remedy


@dataclass(slots=True)
class Suggestions:
    """Finds near words, up to ``left`` times: a thousand misspelt names must not take a minute to report."""

    left: int = MAX_SUGGESTIONS

    def complete(self, unknown: UnknownWord) -> str:
        """Give the fault with "did you mean 'x'?", or with the remedy where nothing known comes near."""
        near = self._near(unknown.word, unknown.known)
        return f"{unknown}; did you mean {quoted(near)}?" if near else f"{unknown}; {unknown.remedy}"

    def alike(self, word: str, known: Iterable[str]) -> str | None:
        """Give a known word that is written nearly so, case aside; what only begins alike does not count."""
        if self.left <= 0 or len(word) > _LONGEST_WORD:
            return None
        self.left -= 1
        return next(iter(get_close_matches(word.casefold(), known, n=1, cutoff=_ALIKE)), None)

    def _near(self, word: str, known: Iterable[str]) -> str | None:
        if self.left <= 0 or len(word) > _LONGEST_WORD:
            return None
        self.left -= 1
        return nearest(word, known)


def quoted(text: str) -> str:
    """Put text in quotes for a message on one line: cut where long, and nothing in it that a terminal would obey.

    >>> quoted("Syrai")
    "'Syrai'"
    """
    cut = text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
    return "'" + "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in cut) + "'"


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that looks most like ``word``, case aside; None where none looks alike.

    >>> nearest("keyword", ["keywords", "names"])
    'keywords'
    >>> nearest("Monday", ["mon", "tue"])
    'mon'
    """
    folded = {candidate.casefold(): candidate for candidate in known}
    wanted = word.casefold()
    close = get_close_matches(wanted, folded, n=1, cutoff=0.6)
    if close:
        return folded[close[0]]
    return next((folded[name] for name in folded if name and wanted.startswith(name)), None)
