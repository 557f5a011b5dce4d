"""Folding: one pass from stored text to the text that is scanned, with a way back to the original offsets.

The scan text is lower case without accents; each word is surrounded by single spaces, so that the pattern ``" is "``
finds the word and not a part of another. Hyphens, quotes and apostrophes are gaps. A full stop that ends a sentence,
and all other punctuation, becomes the token ``.``, which no phrase crosses. What a single character becomes is
decided in `tocsin.text.fold_table`, what depends on neighbours in `tocsin.text.context`; here they are put together.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise

from tocsin.text.context import in_context
from tocsin.text.controls import NOTHING
from tocsin.text.fold_table import ASCII_TOKENS, COMMON_SIGNS, BytesTable, FoldTable, bytes_table, is_accent, new_table
from tocsin.text.furniture import Part, furniture_parts
from tocsin.text.way_back import Kinds, WayBack, way_back

_TOKENS = tuple(token.encode() for token in ASCII_TOKENS)
_FOLDING = "tocsin.fold"
"""The name under which `_fold_beyond_bytes` is known to `str.encode`."""

# Runs of gaps, and of stops with the gaps behind them. They begin with literals, which sre skips to: a third of the
# time of replacing two gaps by one until there are no two.
_GAPS, _STOPS = re.compile(rb"  +"), re.compile(rb"\0[ \0]*")
_WIDE_GAPS, _WIDE_STOPS = re.compile("  +"), re.compile("\0[ \0]*")


@lru_cache(maxsize=1)
def _table() -> FoldTable:
    return new_table()


@lru_cache(maxsize=1)
def _kinds() -> Kinds:
    return Kinds(_table())


@lru_cache(maxsize=1)
def _bytes_table() -> BytesTable:
    """Return the table for texts in Latin-1, and make the rest known to `str.encode`."""
    codecs.register_error(_FOLDING, _fold_beyond_bytes)
    return bytes_table(_table())


def _fold_beyond_bytes(error: UnicodeError) -> tuple[bytes, int]:
    """Return the folded form of a run of characters beyond Latin-1, and where it ends (an encoding error handler)."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    folded = error.object[error.start : error.end].translate(_table())
    # Tokens get their gaps after this; a full-width one has them already.
    if not folded.isascii() or any(token in folded for token in ASCII_TOKENS):
        raise error
    return folded.encode(), error.end


def _in_bytes(text: str) -> bytes | None:
    """Return a text of Latin letters in Latin-1, its longer letters folded; None if it needs the other way."""
    table = _bytes_table()
    for sign in COMMON_SIGNS:
        if sign in text:
            text = text.replace(sign, _table()[ord(sign)])
    try:
        encoded = text.encode("latin-1", _FOLDING)
    except UnicodeEncodeError:
        return None
    if text.isascii():
        return encoded
    for byte, folded in table.longer:
        if byte in encoded:
            encoded = encoded.replace(byte, folded)
    return None if any(byte in encoded for byte in table.beyond) else encoded


def _scan_of_bytes(encoded: bytes) -> str:
    """Return the collapsed translation of a text in Latin-1: several times as fast as by characters."""
    table = _bytes_table()
    scan = encoded.translate(table.single, table.nothing)
    for token in _TOKENS:
        if token in scan:
            scan = scan.replace(token, b" %b " % token)
    return _GAPS.sub(b" ", b" %b " % _STOPS.sub(b" . ", scan)).decode("latin-1")


def _scan_of_characters(text: str) -> str:
    """Return the collapsed translation of any text: each run of gaps becomes one, each run with a stop one stop."""
    return _WIDE_GAPS.sub(" ", f" {_WIDE_STOPS.sub(' . ', text.translate(_table()))} ")


def _scan(text: str) -> str:
    encoded = _in_bytes(text)
    return _scan_of_characters(text) if encoded is None else _scan_of_bytes(encoded)


@dataclass(frozen=True)
class Folded:
    """A text and its scan text; ``span`` leads back, along a way that is made when it is first gone."""

    text: str
    scan: str
    context: str = field(compare=False, repr=False)
    """The text, at the same length, with stand-ins of `tocsin.text.controls`."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open range of ``text`` that became ``scan[start:end]``, with the accents that belong to it.

        The range of the scan should begin and end with characters of words. An empty one leads to an empty one.
        """
        start, end = max(start, 0), min(end, len(self.scan))
        first = self._lead(start)
        if end <= start:
            return first, first
        last = first + end - start
        # Mostly the piece stands in the text as it is, case aside, and the way need not be gone twice.
        if self.text[first:last].lower() != self.scan[start:end]:
            last = self._end_of_entity(min(self._lead(end - 1) + 1, len(self.text)))
        while last < len(self.text) and self.text[last] > "\x7f" and is_accent(self.text[last]):
            last += 1
        return min(first, last), last

    def _end_of_entity(self, last: int) -> int:
        """Return where an entity ends if its ampersand is the last character of a range."""
        if last and self.text[last - 1] == "&" and self.context[last - 1] != "&":
            while last < len(self.text) and self.context[last] == NOTHING and self.text[last] != "<":
                last += 1
        return last

    def start_of(self, start: int) -> int:
        """Return the offset in ``text`` of a word that begins at an offset of the scan text; cheaper than its span."""
        return min(self._way.lead(start), len(self.text) - 1)

    def _lead(self, offset: int) -> int:
        return max(0, min(self._way.lead(offset), len(self.text)))

    @cached_property
    def furniture(self) -> tuple[Part, ...]:
        """The pieces of page furniture in the text, in order; found when they are first asked for."""
        return furniture_parts(self.text)

    @cached_property
    def _way(self) -> WayBack:
        return way_back(self.context, _kinds())


def fold(text: str) -> Folded:
    """Return the text with its scan text; takes any string, also one with lone surrogates, in linear time.

    >>> fold("Assad's forces: the U.S. said").scan
    ' assad s forces . the us said '
    """
    context = in_context(text)
    return Folded(text, _scan(context), context)


def fold_term(term: str) -> str:
    """Return what a term looks like in a scan text, without the gaps around it; empty if it holds no word.

    >>> fold_term("U.S.-led")
    'us led'
    """
    return fold(term).scan.strip(" .")


def words_of(scan: str) -> Iterator[tuple[int, int]]:
    """Yield the half-open range of each word of a scan text, stops left out."""
    gaps = [offset for offset, character in enumerate(scan) if character == " "]
    for left, right in pairwise(gaps):
        if right - left > 1 and scan[left + 1 : right] != ".":
            yield left + 1, right
