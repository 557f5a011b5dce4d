"""The forms that adjectives and names of peoples take, made from the word files when the gazetteer is built.

Works on folded words. The tables are in `inflection_slavic`, `inflection_western` and `inflection_eastern`. Declined
names of places are read the other way, see `declension`. A form made may be no word at all: nobody writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from tocsin.regions.inflection_eastern import EASTERN, arabic, hebrew
from tocsin.regions.inflection_rules import Rule, apply, rules_from
from tocsin.regions.inflection_slavic import SLAVIC
from tocsin.regions.inflection_western import WESTERN
from tocsin.text.fold import fold_term

_TABLES = {**SLAVIC, **WESTERN, **EASTERN}


@lru_cache(maxsize=len(_TABLES))
def _rules(language: str) -> tuple[Rule, ...]:
    return rules_from(_TABLES[language])


def word_forms(entry: str, language: str) -> tuple[str, ...]:
    """Return the folded forms of an entry of the word files in a language (BCP 47 primary subtag; "" or "*" for all).

    An entry that ends in ``-`` is the stem of an adjective ("сирийск-"), any other a word in its citation form
    ("Syrer", "сириец"), declined as its language does; where nothing is known of the language it stays as it is.

    >>> sorted(word_forms("Syrer", "de"))
    ['syrer', 'syrerin', 'syrerinnen', 'syrern', 'syrers']
    """
    return tuple(dict.fromkeys(_forms(fold_term(entry.rstrip("-")), language, stem=entry.endswith("-"))))


def _forms(word: str, language: str, *, stem: bool) -> Iterator[str]:
    if language == "ar":
        yield from arabic(word)
    elif language == "he":
        yield from hebrew(word)
    elif language in _TABLES:
        yield from apply(_rules(language), f"{word}-" if stem else word)
    else:
        yield word
