"""Names in Arabic script: the article put in, bin and ibn, the case forms of abu, abd grown together with its article.

Conjunctions and prepositions that grow onto words (wa-, bi-, li-; in Hebrew too) are common to all terms, see
`tocsin.matching.terms`. Works on folded words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

_ARTICLE = "ال"
_ABD = "عبد"
_WORDS = {"بن": ("بن", "ابن"), "ابن": ("ابن", "بن"), "ابو": ("ابو", "ابي", "ابا")}
_MIN_LETTERS = 4
"""A shorter last word is as likely a noun: with its article it would be one."""

_MOST = 24


def spellings(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield other ways to write a folded Arabic name, each with its rule in words."""
    given = " ".join(words)
    for number, choice in enumerate(product(*(_WORDS.get(word, (word,)) for word in words))):
        if number == _MOST:
            break
        if (form := " ".join(choice)) != given:
            yield form, "bin and ibn, abu and abi"
    last = words[-1]
    if len(last) >= _MIN_LETTERS and not last.startswith(_ARTICLE) and last.isalpha():
        yield " ".join([*words[:-1], _ARTICLE + last]), "the article put in"
    if f"{_ABD} {_ARTICLE}" in given:
        yield given.replace(f"{_ABD} {_ARTICLE}", f"{_ABD}{_ARTICLE}"), "abd al- grown together"
    elif any(word.startswith(_ABD + _ARTICLE) for word in words):
        yield given.replace(f"{_ABD}{_ARTICLE}", f"{_ABD} {_ARTICLE}"), "abd al- apart"
