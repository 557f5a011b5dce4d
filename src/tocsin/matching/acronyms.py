# ruff: noqa: RUF002 - the examples are in letters that look alike
"""Acronyms: whether what stands in a text is one, and what an all-caps headline leaves of the evidence.

In words of capitals only nobody can tell "IS" from the verb. An acronym that is no word of the article's language
counts there all the same; one that is a word counts if the article itself says what it stands for.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from tocsin.text.capitals import letters_of
from tocsin.text.lookalikes import in_latin
from tocsin.text.markup import without_entities, without_tags

_REACH = 120
"""Characters before a parenthesis in which the words that it abbreviates stand."""

_WORD = re.compile(r"[^\W\d_]+")


def letters_written(text: str) -> str:
    """Return the letters that a piece of stored text shows: entities and wide letters made plain, and letters that look
    like Latin ones made those.

    >>> letters_written("U.S."), letters_written("ＩＳ"), letters_written("<b>I</b>S")
    ('US', 'IS', 'IS')
    """
    if not text.isalpha():
        text = without_tags(without_entities(text))
    if not text.isascii():
        text = in_latin(unicodedata.normalize("NFKC", text))
    return letters_of(text)


def shows(text: str, letters: str) -> bool:
    """Whether a piece of stored text shows the letters of an acronym; it may drop their accents, but add none.

    >>> shows("FPO", "FPÖ"), shows("SEČ", "SEC")
    (True, False)
    """
    written, wanted = letters_written(text), letters_written(letters)
    return written in {wanted, without_accents(wanted)}


def without_accents(text: str) -> str:
    """Return the letters without their accents.

    >>> without_accents("FPÖ")
    'FPO'
    """
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if unicodedata.category(letter) != "Mn")


@lru_cache(maxsize=512)
def _defining(letters: str) -> re.Pattern[str]:
    return re.compile(rf"\(\s?[\"'“”„«‘’]?{re.escape(letters)}[\"'“”»‘’]?\s?[,;)]")  # noqa: RUF001 - quotes


def is_defined(letters: str, text: str) -> bool:
    """Whether a text says what an acronym stands for: "Islamic State (IS)".

    The letters must be the initials of words before the parenthesis, up to the one right before it; small words
    between them ("of", "and the") may have none.
    """
    if letters not in text:
        return False
    return any(
        _are_initials(letters, text[max(0, found.start() - _REACH) : found.start()])
        for found in _defining(letters).finditer(text)
    )


def _are_initials(letters: str, before: str) -> bool:
    words = _WORD.findall(before)
    left = len(letters)
    for word in reversed(words):
        if word[0].upper() == letters[left - 1]:
            left -= 1
            if not left:
                return True
        elif word[0].isupper() or left == len(letters):
            return False
    return False
