"""Folding: one pass from stored text to the text that is scanned, with a way back to the original offsets.

The scan text is lower case without accents; each word is surrounded by single spaces, so that the pattern ``" is "``
finds the word and not a part of another. Hyphens, quotes and apostrophes are gaps. A full stop that ends a sentence,
and all other punctuation, becomes the token ``.``, which no phrase crosses. What a single character becomes is
decided in `tocsin.text.fold_table`; here is only what depends on neighbours.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from tocsin.text.fold_table import (
    ASCII_TOKENS,
    DECIMAL_COMMA,
    DECIMAL_POINT,
    STOP,
    FoldTable,
    ascii_table,
    is_accent,
    new_table,
)

_SOFT_HYPHEN = "\xad"
_PARAGRAPH = "\u2029"

_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "#39": "'", "nbsp": " ", "shy": _SOFT_HYPHEN}
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos|#39|nbsp|shy);")
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")

# A point that does not end a sentence: in a number, a dotted acronym (U.S., e.g.), after an initial or a short title.
_TITLES = ("Mr", "Ms", "Dr", "St", "Lt", "Sr", "Jr", "Mt", "Mrs", "Gen", "Sen", "Gov", "Rep", "Col", "Maj", "Sgt",
           "Rev", "Hon", "Prof", "Capt")  # fmt: skip
_AFTER_TITLE = "|".join(rf"(?<=\b{title}\.)" for title in _TITLES)
_POINT = re.compile(
    r"[.,](?:"
    r"(?<=\d[.,])(?=\d)"
    r"|(?<=\b[^\W\d_]\.)(?=[^\W\d_]\b)"
    r"|(?<=\b[^\W\d_]\.[^\W\d_]\.)"
    rf"|(?=[^\S\n])(?:(?<=\b[A-Z]\.)|{_AFTER_TITLE})"
    r")"
)
# Both branches begin with a literal: sre then skips to them, several times as fast as "[ \0]{2,}|\0".
_RUN = re.compile(r" [ \0]+|\0[ \0]*")
_BEYOND_ASCII = re.compile(r"[^\0-\x7f]+")


def _point(match: re.Match[str]) -> str:
    between_digits = match.end() < len(match.string) and match.string[match.end()].isdigit()
    if between_digits and match.string[match.start() - 1].isdigit():
        return DECIMAL_POINT if match[0] == "." else DECIMAL_COMMA
    return _SOFT_HYPHEN


def _entity(match: re.Match[str]) -> str:
    return _ENTITIES[match[1]].ljust(len(match[0]), _SOFT_HYPHEN)


def _blank(match: re.Match[str]) -> str:
    return _PARAGRAPH * len(match[0])


def _in_context(text: str) -> str:
    """Return the text with what depends on neighbours replaced, at the same length, by characters that do not."""
    if DECIMAL_POINT in text or DECIMAL_COMMA in text:
        text = text.replace(DECIMAL_POINT, STOP).replace(DECIMAL_COMMA, STOP)
    if "&" in text and ";" in text:
        text = _ENTITY.sub(_entity, text)
    if "://" in text or "www." in text:
        text = _ADDRESS.sub(_blank, text)
    if "\n" in text:
        text = _BLANK_LINE.sub(_blank, text)
    return _POINT.sub(_point, text)


@lru_cache(maxsize=1)
def _table() -> FoldTable:
    return new_table()


@lru_cache(maxsize=1)
def _ascii_table() -> bytes:
    return ascii_table(_table())


def _translate_ascii(text: str) -> str:
    translated = text.encode().translate(_ascii_table()).decode()
    for token in ASCII_TOKENS:
        if token in translated:
            translated = translated.replace(token, f" {token} ")
    return translated


def _translate(text: str) -> str:
    """Return ``text.translate(table)``, the faster way where a text is ASCII or becomes so (quotes, umlauts)."""
    if text.isascii():
        return _translate_ascii(text)
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    if beyond * 20 < len(text):
        plain = _BEYOND_ASCII.sub(lambda match: match[0].translate(_table()), text)
        if plain.isascii():
            return _translate_ascii(plain)
    return text.translate(_table())


def _collapse(translated: str) -> str:
    """Return the scan text: each run of gaps becomes one, each run with a stop in it one stop."""
    scan = translated.replace(STOP, " . ") if STOP in translated else translated
    while "  " in scan:
        scan = scan.replace("  ", " ")
    while " . . " in scan:
        scan = scan.replace(" . . ", " . ")
    return scan


def _head(translated: str) -> int:
    """Return the length of the gap that the scan text has before the first word and the text has not."""
    return 0 if translated.startswith((" ", STOP)) else 1


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
    """A text and its scan text; ``span`` leads back. ``translated`` is the stage between, kept for the way back."""

    text: str
    scan: str
    translated: str

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
            last = min(self._lead(end - 1) + 1, len(self.text))
        while last < len(self.text) and self.text[last] > "\x7f" and is_accent(self.text[last]):
            last += 1
        return min(first, last), last

    def _lead(self, offset: int) -> int:
        return max(0, min(self._from_translated.lead(self._from_scan.lead(offset)), len(self.text)))

    @cached_property
    def _from_scan(self) -> _Way:
        shift = _head(self.translated)
        here, there = [0], [-shift]
        for run in _RUN.finditer(self.translated):
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
        table = _table()
        text = _in_context(self.text)
        uneven = frozenset(character for character in set(text) if len(table[ord(character)]) != 1)
        if uneven:
            for match in _any_of(uneven).finditer(text):
                yield match.start(), len(table[ord(match[0])])


def fold(text: str) -> Folded:
    """Return the text with its scan text; takes any string, also one with lone surrogates, in linear time.

    >>> fold("Assad's forces: the U.S. said").scan
    ' assad s forces . the us said '
    """
    translated = _translate(_in_context(text))
    scan = " " * _head(translated) + _collapse(translated)
    return Folded(text, scan if scan.endswith(" ") else f"{scan} ", translated)


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
