"""Folding: one pass from stored text to the text that is scanned, with a way back to the original offsets.

The scan text is lower case without accents; each word is surrounded by single spaces, so that the pattern ``" is "``
finds the word and not a part of another. Hyphens, quotes and apostrophes are gaps. A full stop that ends a sentence,
and all other punctuation, becomes the token ``.``, which no phrase crosses. What a single character becomes is
decided in `tocsin.text.fold_table`, what depends on neighbours in `tocsin.text.context`; here they are put together.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from tocsin.text.context import in_context
from tocsin.text.controls import NOTHING, STOP
from tocsin.text.fold_table import ASCII_TOKENS, BytesTable, FoldTable, bytes_table, is_accent, new_table

_TOKENS = tuple(token.encode() for token in ASCII_TOKENS)
_FOLDING = "tocsin.fold"
"""The name under which `_fold_beyond_bytes` is known to `str.encode`."""

_COMMON_SIGNS = tuple("’‘“”–—…")  # noqa: RUF001 - quotes and dashes
"""Signs beyond Latin-1 that most texts have: replaced one by one, which is faster than to ask the table each time."""

# Both branches begin with a literal: sre then skips to them, several times as fast as "[ \0]{2,}|\0".
_RUN = re.compile(r" [ \0]+|\0[ \0]*")


@lru_cache(maxsize=1)
def _table() -> FoldTable:
    return new_table()


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
    for sign in _COMMON_SIGNS:
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
    scan = scan.replace(b"\0", b" . ")
    while b"  " in scan:
        scan = scan.replace(b"  ", b" ")
    while b" . . " in scan:
        scan = scan.replace(b" . . ", b" . ")
    return scan.decode("latin-1")


def _scan_of_characters(text: str) -> str:
    """Return the collapsed translation of any text: each run of gaps becomes one, each run with a stop one stop."""
    scan = text.translate(_table()).replace(STOP, " . ")
    while "  " in scan:
        scan = scan.replace("  ", " ")
    while " . . " in scan:
        scan = scan.replace(" . . ", " . ")
    return scan


def _scan(text: str) -> str:
    encoded = _in_bytes(text)
    return _scan_of_characters(text) if encoded is None else _scan_of_bytes(encoded)


def _length_in_scan(run: re.Match[str]) -> int:
    return len(" . ") if STOP in run[0] else len(" ")


@lru_cache(maxsize=512)
def _any_of(characters: frozenset[str]) -> re.Pattern[str]:
    return re.compile("[" + re.escape("".join(sorted(characters))) + "]")


@dataclass(frozen=True, slots=True)
class _Way:
    """Two rising lists of offsets: from ``here[i]`` on, as far as ``here[i + 1]``, ``there`` runs along."""

    here: list[int]
    there: list[int]

    def lead(self, offset: int) -> int:
        """Return where an offset leads; never past the start of the next piece."""
        at = bisect_right(self.here, offset) - 1
        reached = self.there[at] + offset - self.here[at]
        return min(reached, self.there[at + 1] - 1) if at + 1 < len(self.there) else reached


@dataclass(frozen=True)
class Folded:
    """A text and its scan text; ``span`` leads back, along a way that is made when it is first gone."""

    text: str
    scan: str

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
        if last and self.text[last - 1] == "&" and self._context[last - 1] != "&":
            while last < len(self.text) and self._context[last] == NOTHING and self.text[last] != "<":
                last += 1
        return last

    def _lead(self, offset: int) -> int:
        return max(0, min(self._from_translated.lead(self._from_scan.lead(offset)), len(self.text)))

    @cached_property
    def _context(self) -> str:
        return in_context(self.text)

    @cached_property
    def _from_scan(self) -> _Way:
        translated = self._context.translate(_table())
        shift = _head(translated)
        here, there = [0], [-shift]
        for run in _RUN.finditer(translated):
            start, end = run.span()
            shift += _length_in_scan(run) - (end - start)
            here.append(end + shift)
            there.append(end)
        return _Way(here, there)

    @cached_property
    def _from_translated(self) -> _Way:
        here, there = [0], [0]
        shift = 0
        for offset, length in self._uneven():
            shift += length - 1
            here.append(offset + 1 + shift)
            there.append(offset + 1)
        return _Way(here, there)

    def _uneven(self) -> Iterator[tuple[int, int]]:
        """Yield the offset and the folded length of each character that does not become exactly one."""
        table, text = _table(), self._context
        uneven = frozenset(character for character in set(text) if len(table[ord(character)]) != 1)
        if uneven:
            for match in _any_of(uneven).finditer(text):
                yield match.start(), len(table[ord(match[0])])


def _head(translated: str) -> int:
    """Return the length of the gap that the scan text has before the first word and the text has not."""
    return 0 if translated.startswith((" ", STOP)) else 1


def fold(text: str) -> Folded:
    """Return the text with its scan text; takes any string, also one with lone surrogates, in linear time.

    >>> fold("Assad's forces: the U.S. said").scan
    ' assad s forces . the us said '
    """
    scan = _scan(in_context(text))
    head = "" if scan.startswith(" ") else " "
    tail = "" if scan.endswith(" ") else " "
    return Folded(text, f"{head}{scan}{tail}")


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
