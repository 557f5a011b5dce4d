"""What each character becomes in the scan text, decided once a character and remembered.

Only single characters are judged here; what depends on neighbours is in `tocsin.text.fold`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from tocsin.text.controls import APOSTROPHE, DECIMAL_COMMA, DECIMAL_POINT, NOTHING, STOP

GAP = " "
"""Between words: a phrase goes over it."""

ASCII_TOKENS = "&%#@+$"
"""Symbols that stand in names (AT&T, #IS, C++): tokens of their own, so that "3.5%" is not found in "13.5%"."""

_TOKENS = frozenset(ASCII_TOKENS + "€£")

COMMON_SIGNS = tuple("’‘“”–—…")
"""Signs beyond Latin-1 that most texts have: replaced one by one, which is faster than to ask the table each time."""

_HYPHENS_AND_QUOTES = frozenset(
    "-‐‑‒–−﹣－"  # every hyphen a wire service has used; a range dash parts words too
    "'\"`´‘’‚‛“”„‟‹›«»′″‵＇＂"  # and every quote
    "ʼʻʽʾʿʹʺˮˈ"  # letters by their category, but written for an apostrophe, an ayn or a soft sign
    "_·・־"
)

# Letters that no decomposition leads to their plain form.
# ruff: noqa: RUF001 - a table of letters that look alike is what this is
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t", "ĸ": "k",
    "ə": "a", "ŉ": "n",
    # Arabic: one alef, one ya, ta marbuta as ha, Persian kaf and ya as the Arabic ones (what spelling leaves open).
    "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ە": "ه",
}  # fmt: skip

_MAX_EXPANSION = 4
"""Longer compatibility forms (U+FDFA becomes 18 characters) are dropped: a page of them would be a bomb."""

_TABLE_SIZE = 30_000
"""Entries kept; far more than any newspaper uses, and a bound on what a hostile text can make us remember."""

# Marks that are accents or vowel points. Marks of other scripts (Thai, Indic) are letters of the word and stay.
_MARKS = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C7),
    (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06ED), (0x08D3, 0x08FF),
    (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F), (0xE0100, 0xE01EF),
)  # fmt: skip

_LATIN_1 = 0xFF
_HANGUL = (0xAC00, 0xD7A3)


def is_accent(character: str) -> bool:
    """Whether a character is an accent, a vowel point or a tatweel, which folding drops."""
    code = ord(character)
    return code >= _MARKS[0][0] and any(low <= code <= high for low, high in _MARKS)


def _fold_letters(text: str) -> str:
    kept = (character for character in text if not is_accent(character))
    return "".join(_LETTERS.get(character, character) for character in kept)


def _fold_word_character(character: str) -> str:
    if _HANGUL[0] <= ord(character) <= _HANGUL[1]:
        return character
    # Twice, because the case fold of one form may be composed again (U+1E9E, the Greek iota forms).
    once = _fold_letters(unicodedata.normalize("NFKD", character).casefold())
    folded = _fold_letters(unicodedata.normalize("NFKD", once).casefold())
    is_word = len(folded) <= _MAX_EXPANSION and all(unicodedata.category(piece)[0] in "LNM" for piece in folded)
    return folded if is_word else STOP


def fold_character(character: str) -> str:
    """Return what a character becomes: its folded letters, `GAP`, `STOP`, a token between gaps, or nothing.

    Lone surrogates, controls, private-use and unassigned characters end a phrase; format characters (soft hyphen,
    zero-width, bidi controls) vanish.
    """
    if character in _HYPHENS_AND_QUOTES:
        return GAP
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Cf" or is_accent(character):
        return ""
    if category[0] in "LNM":
        return _fold_word_character(character)
    if character.isspace() and category != "Zp":
        return GAP
    return _fold_sign(character)


def _fold_sign(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    if plain in _HYPHENS_AND_QUOTES:
        return GAP
    return f" {plain} " if plain in _TOKENS else STOP


class FoldTable(dict[int, str]):
    """A table for `str.translate` that judges a character when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = fold_character(chr(code))
        if len(self) < _TABLE_SIZE:
            self[code] = folded
        return folded


def new_table() -> FoldTable:
    """Return a fresh table with the entries that are not a matter of the character alone."""
    return FoldTable({ord(DECIMAL_POINT): ".", ord(DECIMAL_COMMA): ",", ord(NOTHING): "", ord(APOSTROPHE): "'"})


@dataclass(frozen=True, slots=True)
class BytesTable:
    """The table for texts in Latin-1: ``single`` and ``nothing`` are for `bytes.translate`, ``longer`` goes before.

    What is ``beyond`` folds to no letter of Latin-1 (the micro sign). The ASCII tokens stay and need their gaps
    afterwards.
    """

    single: bytes
    nothing: bytes
    longer: tuple[tuple[bytes, bytes], ...]
    beyond: tuple[bytes, ...]


def bytes_table(table: FoldTable) -> BytesTable:
    """Return the part of a table that holds for Latin-1, twenty times faster to go through."""
    folded = {code: table[code] for code in range(_LATIN_1 + 1) if chr(code) not in ASCII_TOKENS}
    single = {code: ord(piece) for code, piece in folded.items() if len(piece) == 1}
    return BytesTable(
        single=bytes(one if (one := single.get(code, code)) <= _LATIN_1 else code for code in range(_LATIN_1 + 1)),
        nothing=bytes(code for code, piece in folded.items() if not piece),
        longer=tuple((bytes((code,)), piece.encode("latin-1")) for code, piece in folded.items() if len(piece) > 1),
        beyond=tuple(bytes((code,)) for code, one in single.items() if one > _LATIN_1),
    )
