"""Whether a folded word is a common word of a language."""

from __future__ import annotations

from tocsin.matching.names.words import languages_with

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
