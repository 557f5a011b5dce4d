"""What capitals say: whether a word is an acronym, and whether a headline is written in capitals only.

Works on stored text, because the scan text has no case.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from tocsin.text.controls import LINE_BREAK, NOTHING, STOP

_REACH = 80
"""Characters on each side of a word that are looked at."""

_NEIGHBOURS = 6
"""Words on each side that are looked at, no further than the sentence."""

_ENOUGH_WORDS = 2
"""Fewer other words in capitals are no shouting, unless they are known words: "US-EU" in a table, but "CONTACT US"."""

_SHORTEST_SHOUT = 4
"""Letters of a known word that shouts by itself; articles begin with "THE US government"."""

_END = re.compile(
    r"[.!?…。！？؟۔](?:[\"'”’»)]*\s)"  # noqa: RUF001 - full stops of all scripts
    rf"|[\n{LINE_BREAK}{STOP}|•—―]"
    r"|[:;：；]\s|\s[-‐‑‒–−]+\s"  # noqa: RUF001 - colons and dashes of all scripts
)
"""What parts sentences, and a headline from what stands beside it: a tag, a colon, a dash, a bar."""

_ROW = re.compile(r"[,،、/]|\s#")
"""What parts the members of a row of acronyms."""

_WORD = re.compile(r"[^\W\d_]+")
_INVISIBLE = re.compile(f"[{NOTHING}\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")

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


def _no_word(word: str) -> bool:  # noqa: ARG001 - stands for a list of words
    return False


def is_shouted(context: str, start: int, end: int, is_word: Callable[[str], bool] = _no_word) -> bool:
    """Whether the words around a range, within its sentence, are in capitals, so that its capitals say nothing.

    ``context`` is the text with its markup replaced (`tocsin.text.fold.Folded.context`). ``is_word`` tells the common
    words, in small letters: one in capitals right beside the range shouts, whatever the rest of the sentence does.
    """
    left = _END.split(context[max(0, start - _REACH) : start])[-1]
    right = _END.split(context[end : end + _REACH], maxsplit=1)[0]
    before, after = _words(left)[-_NEIGHBOURS:], _words(right)[:_NEIGHBOURS]
    cased = [word for word in (*before, *after) if word.lower() != word.upper()]
    if not all(map(str.isupper, cased)):
        return any(_shouts(word, is_word) for word in _beside(left, right))
    if _is_row(left + context[start:end] + right):
        return False
    return len(cased) >= _ENOUGH_WORDS or any(_shouts(word, is_word) for word in cased)


def _shouts(word: str, is_word: Callable[[str], bool]) -> bool:
    return len(word) >= _SHORTEST_SHOUT and word.isupper() and is_word(word.lower())


def _beside(left: str, right: str) -> list[str]:
    """Return the words next to a range that no comma parts from it."""
    return [*_words(_ROW.split(left)[-1])[-1:], *_words(_ROW.split(right, maxsplit=1)[0])[:1]]


def _is_row(sentence: str) -> bool:
    """Whether a sentence is a row of single words: "US, UK, IS"."""
    members = _ROW.split(sentence)
    return len(members) > 1 and all(len(_words(member)) <= 1 for member in members)


def _words(text: str) -> list[str]:
    found: list[str] = _WORD.findall(_INVISIBLE.sub("", text))
    return found
