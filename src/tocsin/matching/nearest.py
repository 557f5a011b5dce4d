"""What came nearest to a term that is not in an article: parts of a phrase, or a longer word that it stands in."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.matching.wording import listed, quoted
from tocsin.text.fold import fold_term

_SHORT = 4
"""Shorter words stand in too many others, and in too many articles, to say anything."""


def nearest_in(scan: str, terms: Iterable[str]) -> str | None:
    """Return in words what a scan text has of the first term that it has anything of; None where it has nothing."""
    for term in terms:
        folded = fold_term(term)
        words = [word for word in folded.split() if len(word) >= _SHORT]
        present = [word for word in words if f" {word} " in scan]
        if present and len(folded.split()) > 1:
            return f"of {quoted(term)} only {listed([quoted(word) for word in present], 'and')} stands in it"
        longer = _longer_word(scan, folded)
        if longer:
            return f"{quoted(term)} stands only inside the word {quoted(longer)}"
    return None


def _longer_word(scan: str, folded: str) -> str | None:
    at = scan.find(folded) if len(folded) >= _SHORT else -1
    if at < 0:
        return None
    start, end = scan.rfind(" ", 0, at) + 1, scan.find(" ", at + len(folded))
    longer = scan[start:end]
    return longer if longer != folded else None


def stands_in(scan: str, term: str) -> bool:
    """Return whether the words of a term stand in a scan text, however written."""
    folded = fold_term(term)
    return bool(folded) and f" {folded} " in scan
