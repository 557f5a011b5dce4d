"""Sets of folded words, written out as text."""

from __future__ import annotations


def words(written: str) -> frozenset[str]:
    """Return the words of a text; "_" stands for a space within one.

    >>> sorted(words("gulf red_sea"))
    ['gulf', 'red sea']
    """
    return frozenset(word.replace("_", " ") for word in written.split())
