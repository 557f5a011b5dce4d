# ruff: noqa: RUF001, RUF002, RUF003 - letters that look alike are what this is about
"""Letters of Cyrillic and Greek that look like Latin ones, and words in which the scripts are mixed.

The pairs are those whose shapes are the same in the fonts that news is read in (compare Unicode Technical Standard 39).
A word of one script only is never changed by folding: "сор" may be Russian. That a Latin word may be written wholly in
look-alikes is the matter of `disguises`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_CYRILLIC_SMALL = dict(zip("аеіјорсѕухһԁԛԝѵӏү", "aeijopcsyxhdqwvly", strict=True))
_CYRILLIC_CAPITALS = dict(zip("АВЕІЈКМНОРСЅТУХԚԜѴҮӀ", "ABEIJKMHOPCSTYXQWVYI", strict=True))
_GREEK_SMALL = dict(zip("αγικνορυχ", "ayikvopux", strict=True))
_GREEK_CAPITALS = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX", strict=True))
_CYRILLIC = {**_CYRILLIC_SMALL, **_CYRILLIC_CAPITALS}
_GREEK = {**_GREEK_SMALL, **_GREEK_CAPITALS}
_TO_LATIN = {**_CYRILLIC, **_GREEK}

# U+0456 stands for i before U+04CF for l does, and U+0423 for Y before U+04AE: the first of a pair is the likelier.
_TO_CYRILLIC = {latin: letter for letter, latin in reversed(_CYRILLIC.items())}
_TO_GREEK = {latin: letter for letter, latin in reversed(_GREEK.items())}
_LATIN_TABLE = str.maketrans(_TO_LATIN)
# A word is made Cyrillic only with letters that Russian or Ukrainian has: "ѕ" and "ԝ" are hardly met but in disguises.
_CYRILLIC_TABLE = str.maketrans(
    {latin: letter for latin, letter in _TO_CYRILLIC.items() if letter not in "ѕјһԁԛԝѵӏүЅЈԚԜѴҮӀ"}
)
_GREEK_TABLE = str.maketrans(_TO_GREEK)

_LATIN_LETTER = "A-Za-z\u00c0-\u024f"
_OTHER_LETTER = "\u0370-\u03ff\u0400-\u052f"
# Each begins with a letter of one script, which is the rarer one where the pattern is used: sre skips to those.
_SIDE_BY_SIDE = re.compile(f"[{_OTHER_LETTER}](?:(?=[{_LATIN_LETTER}])|(?<=[{_LATIN_LETTER}][{_OTHER_LETTER}]))")
_SIDE_BY_SIDE_BY_LATIN = re.compile(
    f"[{_LATIN_LETTER}](?:(?=[{_OTHER_LETTER}])|(?<=[{_OTHER_LETTER}][{_LATIN_LETTER}]))"
)
_LEADS = tuple(bytes((lead,)) for lead in range(0xCD, 0xD5))
"""The first bytes that Greek and Cyrillic letters have in UTF-8."""

_WORD = re.compile(r"[^\W\d_]+")
_SHAPES = re.compile(
    "|".join(
        f"[{first}][{rest}]+"
        for small, capitals in ((_CYRILLIC_SMALL, _CYRILLIC_CAPITALS), (_GREEK_SMALL, _GREEK_CAPITALS))
        for first, rest in (
            ("".join(one.values()).lower(), "".join(other.values()).lower())
            for one, other in ((small, small), (capitals, capitals), (capitals, small))
        )
    )
)
"""Latin words that can be written in look-alikes alone: in small letters, in capitals, or with a capital first."""


def in_latin(text: str) -> str:
    """Return the text with each Cyrillic or Greek letter that looks like a Latin one replaced by that."""
    return text.translate(_LATIN_TABLE)


def unmixed(text: str) -> str:
    """Return the text, at the same length, with the words that mix Latin with Cyrillic or Greek made one script.

    A word whose letters are mostly of the other script becomes that if all its Latin ones look like letters of it; else
    it becomes Latin if it can. What can become neither (the gene "TNFβ") stays.

    >>> unmixed("ІSIS in Мoсква")
    'ISIS in Москва'
    """
    return _WORD.sub(_of_one_script, text) if _is_mixed(text) else text


def _is_mixed(text: str) -> bool:
    """Whether letters of two scripts stand side by side; most texts are known not to by their bytes."""
    encoded = text.encode("utf-8", "surrogatepass")
    if not any(lead in encoded for lead in _LEADS):
        return False
    is_mostly_latin = 3 * len(encoded) < 4 * len(text)
    return (_SIDE_BY_SIDE if is_mostly_latin else _SIDE_BY_SIDE_BY_LATIN).search(text) is not None


def _of_one_script(match: re.Match[str]) -> str:
    word = match[0]
    if word.isascii() or not _SIDE_BY_SIDE.search(word):
        return word
    others = [letter for letter in word if "\u0370" <= letter <= "\u052f"]
    if 2 * len(others) > len(word):
        as_other = word.translate(_GREEK_TABLE if others[0] < "\u0400" else _CYRILLIC_TABLE)
        if not any(letter <= "\u024f" for letter in as_other):
            return as_other
    return in_latin(word) if all(letter in _TO_LATIN for letter in others) else word


def disguises(word: str) -> Iterator[str]:
    """Yield the ways to write a folded Latin word wholly in letters of another script, folded; mostly there are none.

    >>> list(disguises("isis")), list(disguises("army"))
    (['іѕіѕ'], [])
    """
    if not _SHAPES.fullmatch(word):
        return
    for table in (_TO_CYRILLIC, _TO_GREEK):
        forms = {"".join(table.get(letter, "") for letter in shape) for shape in (word, word.upper(), word.title())}
        yield from sorted({form.lower() for form in forms if len(form) == len(word)})


def is_among_latin(text: str, start: int, end: int) -> bool:
    """Whether the letters nearest to a range, as far as 40 characters on each side, are Latin, and some stand there."""
    before = next((letter for letter in reversed(text[max(0, start - 40) : start]) if letter.isalpha()), "")
    after = next((letter for letter in text[end : end + 40] if letter.isalpha()), "")
    return bool(before or after) and all(_is_latin(letter) for letter in (before, after) if letter)


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or unicodedata.name(letter, "").startswith("LATIN")
