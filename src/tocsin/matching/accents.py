"""Where an accent makes another word: "Saíd" is not "said", nor "résumé" "resume".

Folding drops accents, because wires do. For most words that is harmless; it is not where what is left is a common word.
"""

from __future__ import annotations

import re
import unicodedata

from tocsin.matching.words import is_word
from tocsin.text.fold import fold_term
from tocsin.text.markup import without_entities, without_tags

_SHORT = 3
"""Words of so few letters are mostly another word with another accent (et, été; St, št)."""

_TURKISH = {ord("İ"): "I", ord("ı"): "i"}  # noqa: RUF001 - the letters meant
"""The dots of Turkish go with the case, not with the spelling."""

_WORD = re.compile(r"[a-z]+")


def spelled(text: str) -> str:
    """Return the letters and accents that a piece of stored text shows, decomposed, in their case."""
    shown = unicodedata.normalize("NFD", without_tags(without_entities(text)).translate(_TURKISH))
    return "".join(letter for letter in shown if letter.isalpha() or unicodedata.category(letter) == "Mn")


def telling(written: str, folded: str) -> str:
    """Return the spelling of a term of one Latin word if accents may matter to it, else "".

    They do if it has some, or is short, or is a name that is written like a common word of some language.
    """
    if not _WORD.fullmatch(folded):
        return ""
    is_plain = written.isascii()
    if is_plain and len(folded) > _SHORT and not (written[:1].isupper() and is_word(folded, None)):
        return ""
    spelling = spelled(written)
    return spelling if is_plain or not spelling.casefold().isascii() else ""


def is_another_word(term: str, written: str, language: str | None, *, begins: bool) -> bool:
    """Whether a piece of stored text is a word of its own and not a term with this spelling.

    It is if its accents are others, it is short or a common word of the language without them, and it has no capital
    that would make it a name as the term is one. A capital that ``begins`` a sentence tells nothing, nor do capitals
    throughout that dropped the accents.
    """
    found = spelled(written)
    if found.casefold() == term.casefold():
        return False
    is_name = (found[:1].isupper() and found[1:].islower() and not begins) or (found.isupper() and not found.isascii())
    if term[:1].isupper() and is_name:
        return False
    folded = fold_term(found)
    return len(folded) <= _SHORT or is_word(folded, language)
