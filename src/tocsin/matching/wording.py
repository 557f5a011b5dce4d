"""How receipts put things in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.models.receipts import MAX_HITS, TermHit

_NAMED_TERMS = 4
"""Terms named in one sentence; the rest are counted."""


def quoted(text: str) -> str:
    """Return a text in quotes, on one line."""
    return f'"{" ".join(text.split())}"'


def listed(items: Sequence[str], last: str) -> str:
    """Return items as a sentence lists them.

    >>> listed(["en", "de", "fr"], "or")
    'en, de or fr'
    """
    return f" {last} ".join(filter(None, (", ".join(items[:-1]), items[-1])))


def times(count: int) -> str:
    """Return how often, in words where it is once or twice; a count that reached the most that are kept is no count.

    >>> times(2), times(MAX_HITS)
    ('twice', 'at least 100 times')
    """
    if count >= MAX_HITS:
        return f"at least {MAX_HITS} times"
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def terms_in_words(hits: Iterable[TermHit]) -> str:
    """Return the terms that were hit, in the watchlist's order, with their counts: ``"IS" (3 times) and "ISIL"``."""
    counted: dict[str, int] = {}
    for hit in hits:
        counted[hit.term] = counted.get(hit.term, 0) + 1
    words = [quoted(term) + (f" ({times(count)})" if count > 1 else "") for term, count in counted.items()]
    if len(words) > _NAMED_TERMS:
        more = len(words) - _NAMED_TERMS + 1
        words = [*words[: _NAMED_TERMS - 1], f"{more} more terms"]
    return listed(words, "and")
