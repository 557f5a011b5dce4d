"""Apostrophes within a word: "won't" is not "won", nor is there a "hui" in "aujourd'hui".

English contractions that stand in a closed set of words are one word each, apostrophe included; all other apostrophes
part words: "Assad's", "l'homme", "d'Assad".
"""

from __future__ import annotations

import re

from tocsin.text.controls import APOSTROPHE

_NEGATED = frozenset(
    ("ai", "are", "ca", "could", "dare", "did", "do", "does", "had", "has", "have", "is", "might", "must", "need",
     "ought", "sha", "should", "was", "were", "wo", "would")
)  # fmt: skip
_SHORTENED = frozenset(
    ("i", "you", "he", "she", "it", "we", "they", "who", "what", "that", "there", "this", "these", "those", "here",
     "how", "where", "when", "why", "could", "should", "would", "might", "must")
)  # fmt: skip

# Each begins with a literal, which sre skips to.
_APOSTROPHES = tuple(
    (
        sign,
        re.compile(
            rf"{sign}(?:(?=[tT]\b)(?<=[nN]{sign})|(?=(?:[lL]{{2}}|[rRvV][eE]|[dDmM])\b)|(?=hui\b)(?<=[aA]ujourd{sign}))"
        ),
    )
    for sign in "'\u2019\u02bc"
)
_BEFORE = re.compile(r"[^\W_]+\Z")
_LONGEST = 10
"""Letters before an apostrophe that are looked at: more than any word of the closed sets has."""


def without_contractions(text: str) -> str:
    """Return the text, at the same length, with a stand-in for each apostrophe that belongs to its word."""
    for sign, pattern in _APOSTROPHES:
        if sign in text:
            text = pattern.sub(_kept, text)
    return text


def _kept(match: re.Match[str]) -> str:
    text, at = match.string, match.start()
    before = _BEFORE.search(text, max(0, at - _LONGEST), at)
    word = before[0].lower() if before else ""
    after = text[at + 1].lower()
    if after == "t":
        return APOSTROPHE if word[:-1] in _NEGATED else match[0]
    return APOSTROPHE if after == "h" or word in _SHORTENED else match[0]
