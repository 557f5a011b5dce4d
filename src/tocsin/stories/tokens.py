"""An article's text cut into words and numbers, each with where it stands; knows nothing of what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from tocsin.text.fold import fold_term
from tocsin.text.patterns import is_unspaced

_MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094d"
_TOKEN = re.compile(
    # Numbers first: groups of three digits, decimals, plain digits; then words with the marks on their letters.
    r"(?P<number>(?<!\d)\d{1,3}[-–:]\d{1,3}(?![\d:]|-\d)"  # noqa: RUF001 - a dash
    r"|\d{1,3}(?:[.,'’\u00a0\u202f\u2009 ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?)"  # noqa: RUF001 - separators
    rf"|(?P<word>[^\W\d_][^\W\d_{_MARKS}]*(?:[{_MARKS}]+[^\W\d_]*)*)"
    r"|(?P<stop>[.!?;:…«»“”\"(\n|–—]|(?<=\s)['‘])"  # noqa: RUF001 - what a sentence or a quotation begins behind
)
_FIRST_UNSPACED = "\u0e00"
_LONGEST = 40
"""Letters of a word that are looked at."""


class Token(NamedTuple):
    """A word as written and folded, or a number. ``starts`` tells that a sentence or quotation begins with it.

    ``end`` is the offset behind it in the text.
    """

    written: str
    folded: str
    is_number: bool
    starts: bool
    end: int


def tokens_of(text: str) -> Iterator[Token]:
    """Yield the words and numbers of a text, in linear time.

    Runs of signs of a script without spaces are cut into overlapping pairs.

    >>> [token.folded for token in tokens_of("Kyiv: 1,200 dead")]
    ['kyiv', '1,200', 'dead']
    """
    starts = True
    for found in _TOKEN.finditer(text):
        kind, written, end = found.lastgroup, found[0], found.end()
        if kind == "stop":
            starts = True
            continue
        if kind == "number":
            yield Token(written, written, is_number=True, starts=starts, end=end)
        elif written[0] >= _FIRST_UNSPACED and is_unspaced(written[0]):
            yield from (Token(pair, pair, is_number=False, starts=starts, end=end) for pair in _pairs(written))
        else:
            yield Token(written, folded(written[:_LONGEST]), is_number=False, starts=starts, end=end)
        starts = False


@lru_cache(maxsize=1 << 15)
def folded(word: str) -> str:
    """Return a word as it stands in a scan text; remembered, since an article's words are mostly known."""
    return fold_term(word).replace(" ", "")


def _pairs(signs: str) -> list[str]:
    return [signs[at : at + 2] for at in range(len(signs) - 1)] or [signs]
