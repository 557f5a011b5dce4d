"""A field of an article as places are looked for in it: what its capitals are worth and where its paragraphs begin."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from tocsin.models.receipts import TextField
from tocsin.text.fold import Folded

_SAMPLE = 400
"""Characters from the start of a field that its style is told by."""

_UPPER, _TITLED = 0.7, 0.72
"""Shares of capitals among cased letters, and of capitalised words among those of more than three letters."""

_FEW_CAPITALS = 0.004
"""Capitals a letter below which a text is written in lower case only: two in a post of 500 letters may be names."""

_ENOUGH_LETTERS = 12
_ENOUGH_WORDS = 3
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_SENTENCE_ENDS = frozenset('.!?:;"”»’।。？！…؟۔)]')  # noqa: RUF001 - of all scripts
_SHORT_LINE = 60
"""Characters up to which a line is a heading or a label; a longer one that stops amid a sentence was broken."""


class Style(Enum):
    """How a field uses capitals."""

    MIXED = auto()
    """As a language that has them prescribes."""

    TITLED = auto()
    """A headline that begins each word with one."""

    UPPER = auto()
    LOWER = auto()
    UNCASED = auto()
    """Mostly letters of a script without them."""


@dataclass(frozen=True)
class Passage:
    """A field of an article with its scan text."""

    field: TextField
    folded: Folded

    @cached_property
    def style(self) -> Style:
        """How the field uses capitals, told by its beginning."""
        return style_of(self.folded.text[:_SAMPLE], headline=self.field is TextField.TITLE)

    @cached_property
    def furniture(self) -> tuple[tuple[int, int], ...]:
        """The half-open ranges of page furniture; a headline has none."""
        return () if self.field is TextField.TITLE else tuple((start, end) for start, end, _ in self.folded.furniture)

    def is_furniture(self, offset: int) -> bool:
        """Whether an offset lies in page furniture."""
        at = bisect_right(self.furniture, (offset, len(self.folded.text)))
        return at > 0 and offset < self.furniture[at - 1][1]

    @cached_property
    def paragraphs(self) -> list[int]:
        """The offsets at which paragraphs begin, rising, 0 first. A line that breaks amid a sentence begins none."""
        return list(_paragraphs(self.folded.text))

    def paragraph(self, offset: int) -> int:
        """Return the number of the paragraph that an offset lies in."""
        return bisect_right(self.paragraphs, offset) - 1


def _paragraphs(text: str) -> Iterator[int]:
    yield 0
    start, end = 0, text.find("\n")
    while end >= 0:
        following = text[end + 1 : end + 3]
        broken = end - start > _SHORT_LINE and text[end - 1] not in _SENTENCE_ENDS
        if not broken or following[:1] == "\n" or following == "  ":
            yield end + 1
        start, end = end + 1, text.find("\n", end + 1)


def style_of(text: str, *, headline: bool) -> Style:
    """Return how a text uses capitals; only a headline is looked at for capitals in each word.

    >>> style_of("BOMB IN CITY OF PARIS", headline=True).name, style_of("no capitals here, at all", headline=False).name
    ('UPPER', 'LOWER')
    """
    upper = sum(map(str.isupper, text))
    lower = sum(map(str.islower, text))
    if upper + lower < min(_ENOUGH_LETTERS, len(text) / 4):
        return Style.UNCASED
    if upper > _UPPER * (upper + lower):
        return Style.UPPER
    if upper <= _FEW_CAPITALS * lower:
        return Style.LOWER
    words = _LONG_WORD.findall(text) if headline else ()
    titled = sum(word[0].isupper() for word in words)
    return Style.TITLED if len(words) >= _ENOUGH_WORDS and titled > _TITLED * len(words) else Style.MIXED
