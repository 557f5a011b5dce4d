"""How common a leaf is likely to be in the news: a guess from its looks, by which a watch's rarest clause is chosen."""

from __future__ import annotations

import math

from tocsin.matching.leaves import OPEN, Leaf, Sort, Zone
from tocsin.text.patterns import is_unspaced

_VALUES = {
    Sort.REGEX: 1.0,
    Sort.URL: 0.1,
    Sort.SOURCE: 0.1,
    Sort.TAG: 0.2,
    Sort.LANG: 0.5,
    Sort.REGION: 0.3,
    Sort.ABOUT: 0.3,
    Sort.WATCH: 1.0,
}
_LONGEST = 40
_BY_LENGTH = [math.exp(-0.5 * max(letters - 2, 0)) for letters in range(_LONGEST + 1)]
"""Shares by letters: "is" and "of" are everywhere, and each letter more makes a term rarer."""

_TITLE = Zone.TITLE
_LETTERS_OF_A_SIGN = 3
"""A Han or kana sign says about as much as three letters."""


def rarity(leaf: Leaf) -> float:
    """Return the share of articles (0..1) that may have a leaf: long terms are rarer than short ones.

    >>> rarity(Leaf(Sort.TERM, "is")) > rarity(Leaf(Sort.TERM, "siege")) > rarity(Leaf(Sort.TERM, "Deir ez-Zor"))
    True
    """
    sort, written, zone = leaf
    if sort in _VALUES:
        return _VALUES[sort]
    letters = len(written) if written.isascii() else sum(map(_weight, written))
    share = _BY_LENGTH[min(letters, _LONGEST)]
    if sort in OPEN:
        share *= 3
    if written[0].isupper():
        share *= 0.3
    return share * 0.1 if zone == _TITLE else share


def _weight(character: str) -> int:
    return _LETTERS_OF_A_SIGN if is_unspaced(character) else 1
