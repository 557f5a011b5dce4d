"""Where an accent makes another word: "Saíd" is not "said", nor "résumé" "resume".

Folding drops accents, because wires do. For most words that is harmless; it is not where what is left is a common word.
"""

from __future__ import annotations

import re
import unicodedata

from tocsin.matching.names.words import languages_with
from tocsin.matching.words import is_usual, is_word
from tocsin.text.fold import fold_term
from tocsin.text.markup import without_entities, without_tags

_SHORT = 3
"""Words of so few letters are mostly another word with another accent (et, été; St, št)."""

_TURKISH = {ord("İ"): "I", ord("ı"): "i"}  # noqa: RUF001 - the letters meant
"""The dots of Turkish go with the case, not with the spelling."""

_LIGATURES = {ord("œ"): "oe", ord("Œ"): "Oe", ord("æ"): "ae", ord("Æ"): "Ae"}
"""Letters that are two to who has no keyboard for them, and no accent."""

_OTHER_LETTERS = frozenset("\u030c\u0328\u0307\u0306\u030a\u0326łđø")
"""Caron, ogonek, dot, breve, ring, comma below and stroke, which make letters of their own (č, ą, ż, ğ, å, ș, ł)."""

_WORD = re.compile(r"[a-z]+")
_POINTED = re.compile(r"\w\.\w")


def spelled(text: str) -> str:
    """Return the letters and accents that a piece of stored text shows, decomposed, in their case."""
    shown = unicodedata.normalize("NFD", without_tags(without_entities(text)).translate(_TURKISH | _LIGATURES))
    return "".join(letter for letter in shown if letter.isalpha() or unicodedata.category(letter) == "Mn")


def telling(written: str, folded: str, *, is_name: bool = False) -> str:
    """Return the spelling of a term of one Latin word if accents may matter to it, else "".

    They do if it has some, or is short, a name, or a common word of some language.
    """
    if not _WORD.fullmatch(folded):
        return ""
    is_plain = written.isascii()
    if is_plain and len(folded) > _SHORT and not (is_name and written[:1].isupper()) and not languages_with(folded):
        return ""
    spelling = spelled(written)
    return spelling if is_plain or not spelling.casefold().isascii() else ""


def is_another_word(term: str, written: str, language: str | None, *, begins: bool) -> bool:
    """Whether a piece of stored text is a word of its own and not a term with this spelling.

    It is if its accents are others, it is short or a common word of the language without them, and it has no capital
    that would make it a name as the term is one. A capital that ``begins`` a sentence tells nothing, nor do capitals
    throughout that dropped the accents. A word that the language mostly writes with these accents is no other without
    them ("securite"). For letters with points see `_is_pointed`, for more accents `_has_grown`.
    """
    if written.casefold() == term.casefold():
        return False
    found = spelled(written)
    if found.casefold() == term.casefold():
        return _is_pointed(term, written)
    stands_as_name = found[:1].isupper() and found[1:].islower()
    is_name = (stands_as_name and not begins) or (found.isupper() and not found.isascii())
    if term[:1].isupper() and is_name:
        return False
    folded = fold_term(found)
    if len(folded) <= _SHORT:
        return not (term[:1].isupper() and stands_as_name) or is_word(folded, language)
    if _is_the_same(term, found, folded, language):
        return False
    return _has_grown(term, found, folded, language) or (
        not (term.isascii() and term.islower()) and is_word(folded, language)
    )


def _is_the_same(term: str, found: str, folded: str, language: str | None) -> bool:
    """Whether one of two spellings has no accents, and is hardly more than a careless way to write the other."""
    if term.isascii() == found.isascii() or (term[:1].isupper() and found.islower() and term.isascii()):
        return False
    accented = found if term.isascii() else term
    return is_usual(unicodedata.normalize("NFC", accented.casefold()), folded, language)


def _is_pointed(term: str, written: str) -> bool:
    """Whether the letters of a term in small letters stand with points between them: El is not E.L.

    >>> _is_pointed("El", "E.L."), _is_pointed("usa", "U.S.A."), _is_pointed("El", "El.")
    (True, False, False)
    """
    return term[:1].isupper() and term[1:].islower() and _POINTED.search(written) is not None


def _has_grown(term: str, found: str, folded: str, language: str | None) -> bool:
    """Whether accents that a term has not make another word.

    They do in small letters where the term has a capital ("míní" is not Mini). So do signs that make other letters, in
    a language in which the term is no common word while it is one elsewhere: the Slovene "šale" is no sale. Others
    only stress a vowel of the same word: "Rádio".
    """
    more = _accents(found) - _accents(term)
    if not more:
        return False
    if term[:1].isupper() and found.islower():
        return True
    languages = languages_with(folded)
    return bool(languages) and not more.isdisjoint(_OTHER_LETTERS) and language not in {None, *languages}


def _accents(spelling: str) -> set[str]:
    """Return the accents of a decomposed spelling, and its letters that have no simpler form (ø)."""
    return {letter for letter in spelling.casefold() if not letter.isascii()}
