"""What Arabic and Hebrew write onto the next word: conjunctions, prepositions and, in Arabic, the article.

Wa-, bi-, li-, al-; ve-, be-, le-, she-. Works on folded words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{4,}(?: |\Z)|[\u0621-\u064a]{3} [\u0621-\u064a]")
_SHORT_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{3}\Z")
_HEBREW_WORD = re.compile(r"[\u05d0-\u05ea]{3,}(?: |\Z)")
_LONG_HEBREW_WORD = re.compile(r"[\u05d0-\u05ea]{4,}(?: |\Z)|[\u05d0-\u05ea]{3} [\u05d0-\u05ea]")

_ARTICLE, _TO_THE = "ال", "لل"
_ARABIC_ANDS = ("", "و", "ف")
_ARABIC_PREFIXES = tuple(first + second for first in _ARABIC_ANDS for second in ("", "ب", "ل", "ك"))
_SHORT_ARABIC_PREFIXES = ("و", "ب", "ل", "وب", "ول")
"""Before three letters, as few words begin with by themselves: with ka- "مال", money, would be the name "كمال"."""

_BEFORE_ARTICLE = tuple(first + second for first in _ARABIC_ANDS for second in ("", "ب", "ك"))
_GIVEN_NAMES = frozenset(
    ("بشار", "بلال", "بسام", "بسيم", "باسم", "باسل", "بشري", "بهاء", "بدور", "لقاء", "لمياء", "لبني",
     "وليد", "وسام", "وسيم", "وفاء", "ولاء", "وحيد", "وداد", "وجدي", "وجيه", "ورده", "وعد")
)  # fmt: skip
"""Names that three letters under a prefix would be."""

_AND = "\u05d5"  # the Hebrew letter vav, which looks like a Latin l
_HEBREW_PREFIXES = tuple(first + second for first in ("", _AND) for second in ("", *"בלמהשכ"))
_HEBREW_STACKS = tuple(
    first + second + third
    for first in ("", _AND)
    for second in ("", "ש", "כש")
    for third in ("", "ב", "ל", "מ", "ה", "כ", "מה")
)


def prefixes_of(folded: str) -> tuple[str, ...]:
    """Return the conjunctions and prepositions that may be grown onto a term; short words have too many readings."""
    if folded.isascii():
        return ()
    if _ARABIC_WORD.match(folded):
        return _ARABIC_PREFIXES[1:]
    if _SHORT_ARABIC_WORD.match(folded):
        return tuple(prefix for prefix in _SHORT_ARABIC_PREFIXES if prefix + folded not in _GIVEN_NAMES)
    if _LONG_HEBREW_WORD.match(folded):
        return tuple(dict.fromkeys((*_HEBREW_PREFIXES, *_HEBREW_STACKS)))[1:]
    if _HEBREW_WORD.match(folded):
        return _HEBREW_PREFIXES[1:]
    return ()


def with_article(folded: str) -> Iterator[tuple[str, int]]:
    """Yield the forms of an Arabic term with its article, after what may stand before it, and where the term begins.

    A term that has the article lends it to li-, with which it melts together: "للدولة". In a phrase the last word has
    it, or all of them: "رئيس الوزراء", "الحرب الأهلية".

    >>> [form for form, _ in with_article("حرب")][:3]
    ['الحرب', 'بالحرب', 'كالحرب']
    """
    if not (_ARABIC_WORD.match(folded) or _SHORT_ARABIC_WORD.match(folded)):
        return
    if folded.startswith(_ARTICLE):
        yield from ((f"{first}{_TO_THE}{folded[len(_ARTICLE) :]}", len(first)) for first in _ARABIC_ANDS)
        return
    words = folded.split(" ")
    if any(word.startswith(_ARTICLE) for word in words):
        return
    defined = " ".join(_ARTICLE + word for word in words)
    yield from ((first + defined, len(first + _ARTICLE)) for first in _BEFORE_ARTICLE)
    to_the = _TO_THE + defined[len(_ARTICLE) :]
    yield from ((first + to_the, len(first + _TO_THE)) for first in _ARABIC_ANDS)
    if len(words) > 1:
        last = " ".join((*words[:-1], _ARTICLE + words[-1]))
        yield from ((prefix + last, len(prefix)) for prefix in _ARABIC_PREFIXES)
