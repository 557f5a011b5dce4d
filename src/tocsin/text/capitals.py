"""What capitals say: whether a word is an acronym, and whether a headline is written in capitals only.

Works on stored text, because the scan text has no case.
"""

from __future__ import annotations

import re

_REACH = 80
"""Characters on each side of a word that are looked at."""

_NEIGHBOURS = 6
"""Words on each side that are looked at, no further than the sentence."""

_ENOUGH_WORDS = 2
"""Fewer other words in capitals are no shouting: "US-EU talks" in a table, "IS" alone."""

_SENTENCE_END = re.compile(r"[.!?…。！？؟۔](?:[\"'”’»)]*\s)|\n")  # noqa: RUF001 - full stops of all scripts
_LOWER_CASE_NEAR = re.compile(r"[^.!?…。！？؟۔\n]{0,12}?[a-z]")  # noqa: RUF001 - full stops of all scripts
_WORD = re.compile(r"[^\W\d_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")

SHOUTED = "in words of capitals only, which tell no acronym from a word"
"""The reason given where `is_shouted` says yes."""


def letters_of(text: str) -> str:
    """Return the letters of a text alone: ``U.S.`` gives ``US``."""
    return "".join(filter(str.isalpha, text))


def is_acronym(word: str) -> bool:
    """Whether a word is written as an acronym: two letters or more, all of them capitals.

    >>> is_acronym("IS"), is_acronym("U.S."), is_acronym("Is"), is_acronym("A"), is_acronym("京都")
    (True, True, False, False, False)
    """
    letters = letters_of(word)
    return len(letters) > 1 and letters.isupper()


def is_shouted(text: str, start: int, end: int) -> bool:
    """Whether the words around a range, within its sentence, are all in capitals, so that its capitals say nothing."""
    if _LOWER_CASE_NEAR.match(text, end):
        return False
    left = _SENTENCE_END.split(text[max(0, start - _REACH) : start])[-1]
    right = _SENTENCE_END.split(text[end : end + _REACH], maxsplit=1)[0]
    words = [*_words(left)[-_NEIGHBOURS:], *_words(right)[:_NEIGHBOURS]]
    cased = [word for word in words if word.lower() != word.upper()]
    return len(cased) >= _ENOUGH_WORDS and all(map(str.isupper, cased))


def _words(text: str) -> list[str]:
    found: list[str] = _WORD.findall(_INVISIBLE.sub("", text))
    return found
