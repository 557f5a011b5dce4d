"""Whether a folded word is a common word of a language, and whether it is so for lack of accents only."""

from __future__ import annotations

from tocsin.matching.names.words import languages_usual, languages_with

_LISTED = frozenset(
    ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "tr", "sv", "fi", "hu", "ro", "id", "ru", "uk", "ar", "fa",
     "he")
)  # fmt: skip
"""The languages that `languages_with` has words of."""


def is_word(folded: str, language: str | None) -> bool:
    """Whether a word is common in a language, or in any if that is not known or has no list of words.

    >>> is_word("is", "en"), is_word("nato", "en"), is_word("nato", "it"), is_word("nato", None)
    (True, False, True, True)
    """
    languages = languages_with(folded)
    return language in languages if language in _LISTED else bool(languages)


def is_usual(accented: str, folded: str, language: str | None) -> bool:
    """Whether a common word is mostly written with these accents in a language, or, if unknown, wherever it is common.

    >>> is_usual("sécurité", "securite", "fr"), is_usual("marché", "marche", "fr"), is_usual("saíd", "said", None)
    (True, False, False)
    """
    usual = languages_usual(accented)
    if language in _LISTED:
        return language in usual
    return bool(usual) and set(languages_with(folded)) <= set(usual)
