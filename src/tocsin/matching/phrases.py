"""Which word of a phrase takes the plural: the last one, or the first before "of", or, in Romance languages, all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, product

from tocsin.matching.inflection import NUMBERS, english

_OF = frozenset(("de", "du", "des", "d", "di", "del", "da", "do", "das", "dos", "della", "dei", "en", "in", "a", "al"))
"""Words after which a phrase of a Romance language does not change: "coups d'État"."""

_ENGLISH_OF = frozenset(("of", "in", "at", "d", "de"))
"""Words after which an English phrase does not change: "mothers-in-law", "prisoners of war"."""

_ROMANCE = frozenset(("fr", "es", "pt", "it"))
_NOUN_OF_NOUN = 3
"""Words of the shortest phrase that grows at its head."""

_PLAIN_WORD = re.compile(r"[a-z]{3,}")
_MOST = 4
"""Phrases that are made of the forms of their words."""


def may_grow(language: str, written: str, words: Sequence[str], *, is_name: bool) -> bool:
    """Whether a term has other forms in a language; ``is_name`` says that its last word has a capital.

    All nouns of German have one, so there only a phrase with capitals throughout is a name.
    """
    if language == "de":
        return not (is_name and len(words) > 1 and written.istitle())
    return not is_name or (_grows_at_its_head(language, words) and written[:1].islower())


def forms_in(language: str, words: Sequence[str]) -> Iterator[str]:
    """Yield the other forms of a folded phrase in a language.

    >>> list(forms_in("fr", ["coup", "d", "etat"])), list(forms_in("es", ["refugiado", "sirio"]))
    (['coups d etat'], ['refugiados sirios'])
    """
    numbers = NUMBERS[language]
    if _grows_at_its_head(language, words):
        yield from (" ".join((form, *words[1:])) for form in numbers(words[0]))
    elif len(words) == 1 or language not in _ROMANCE:
        yield from (" ".join((*words[:-1], form)) for form in numbers(words[-1]))
    else:
        grown = [tuple(numbers(word))[:2] if _PLAIN_WORD.fullmatch(word) else (word,) for word in words]
        yield from (" ".join(form) for form in islice(product(*grown), _MOST))


def heads_grown(words: Sequence[str]) -> Iterator[str]:
    """Yield the forms of a folded English phrase that grows at its first word.

    >>> list(heads_grown(["mother", "in", "law"])), list(heads_grown(["air", "strike"]))
    (['mothers in law'], [])
    """
    if len(words) >= _NOUN_OF_NOUN and words[1] in _ENGLISH_OF and _PLAIN_WORD.fullmatch(words[0]):
        yield from (" ".join((form, *words[1:])) for form in english(words[0]))


def _grows_at_its_head(language: str, words: Sequence[str]) -> bool:
    return language in _ROMANCE and len(words) >= _NOUN_OF_NOUN and words[1] in _OF
