"""Numbers and lists in English words, for what operators read; readers are spoken to by their `Locale`."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.rendering.locales import ENGLISH
from tocsin.rendering.nouns import plural

__all__ = ["count", "listed", "plural"]


def count(noun: str, number: int) -> str:
    """Give number and noun.

    >>> count("story", 5), count("article", 1200)
    ('5 stories', '1,200 articles')
    """
    return ENGLISH.count(noun, number)


def listed(items: Sequence[str]) -> str:
    """Join as a sentence does.

    >>> listed(["Mon", "Wed", "Fri"])
    'Mon, Wed and Fri'
    """
    return ENGLISH.listed(items)
