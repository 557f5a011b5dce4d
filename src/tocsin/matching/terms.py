"""A term of the watchlist, and the ways of writing it that are scanned for.

Ways are made when a watchlist is compiled, so that the text itself is never stemmed: plural and singular of the last
word, prefixes that Arabic and Hebrew grow onto a word, the hashtag of a phrase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.models.receipts import Clause
from tocsin.text.capitals import is_acronym, letters_of
from tocsin.text.fold import fold, fold_term, words_of
from tocsin.text.patterns import padded

_PLAIN_WORD = re.compile(r"[a-z]{3,}")
_ES = ("s", "x", "z", "ch", "sh")
_NO_PLURAL = frozenset(
    (
        "news",
        "gas",
        "bus",
        "lens",
        "mass",
        "always",
        "perhaps",
        "politics",
        "series",
        "species",
        "yes",
        "this",
        "was",
        "has",
    )
)

_ARABIC_WORD = re.compile(r"[\u0621-\u064a]{4,}(?: |\Z)")
_HEBREW_WORD = re.compile(r"[\u05d0-\u05ea]{3,}(?: |\Z)")
_ARABIC_PREFIXES = tuple(first + second for first in ("", "و", "ف") for second in ("", "ب", "ل", "ك"))
_AND = "\u05d5"  # the Hebrew letter vav, which looks like a Latin l
_HEBREW_PREFIXES = tuple(first + second for first in ("", _AND) for second in ("", *"בלמהשכ"))


@dataclass(frozen=True, slots=True)
class Acronym:
    """A word of a way of writing that must stand in capitals.

    ``start`` and ``end`` are its range in the pattern, ``letters`` what must stand there, ``ending`` what may follow
    in lower case (the s of "NGOs").
    """

    start: int
    end: int
    letters: str
    ending: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One way of writing a term: the pattern to scan for, and the range of it that is the term itself."""

    pattern: str
    start: int
    end: int
    acronyms: tuple[Acronym, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A term as written in the watchlist, with the clause it stands under and its ways of writing, none twice."""

    clause: Clause
    written: str
    ways: tuple[Way, ...]


def compile_term(clause: Clause, written: str) -> Term:
    """Return a term with its ways of writing; one without a letter, digit or sign has none and never matches."""
    folded = fold_term(written)
    if not folded:
        return Term(clause, written, ())
    ways = {way.pattern: way for way in _ways(clause, written, folded)}
    return Term(clause, written, tuple(ways.values()))


def _ways(clause: Clause, written: str, folded: str) -> Iterator[Way]:
    acronyms = _acronyms(written)
    # Later ways do not replace earlier ones: the term as written comes last.
    yield from _prefixed(folded)
    if " " in folded and not acronyms and folded.replace(" ", "").isalnum():
        yield _way(f"# {folded.replace(' ', '')}", skip=len("# "))
    if clause is not Clause.NAMES:
        yield from _numbers(written, folded, acronyms)
    yield _way(folded, acronyms)


def _way(folded: str, acronyms: tuple[Acronym, ...] = (), skip: int = 0) -> Way:
    head, pattern, tail = padded(folded)
    shifted = tuple(Acronym(word.start + head, word.end + head, word.letters, word.ending) for word in acronyms)
    return Way(pattern, head + skip, len(pattern) - tail, shifted)


def _acronyms(written: str) -> tuple[Acronym, ...]:
    """Return the words in capitals of a term, with their ranges in its folded form."""
    folded = fold(written)
    # The folded term begins where the first word of the scan does.
    words = list(words_of(folded.scan))
    shift = words[0][0]
    found = ((start, end, letters_of(_slice(written, folded.span(start, end)))) for start, end in words)
    return tuple(Acronym(start - shift, end - shift, letters) for start, end, letters in found if is_acronym(letters))


def _slice(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]


def _numbers(written: str, folded: str, acronyms: tuple[Acronym, ...]) -> Iterator[Way]:
    """Yield the other grammatical number of the last word, if it is a common noun or an acronym."""
    head, _, last = folded.rpartition(" ")
    before = f"{head} " if head else ""
    if acronyms and acronyms[-1].end == len(folded):
        ending = Acronym(acronyms[-1].start, len(folded) + 1, acronyms[-1].letters, "s")
        yield _way(f"{folded}s", (*acronyms[:-1], ending))
    elif _PLAIN_WORD.fullmatch(last) and not _begins_with_capital(written):
        yield from (_way(before + form, acronyms) for form in other_numbers(last))


def _begins_with_capital(written: str) -> bool:
    """Whether the last word begins with a capital: a name, which has no plural ("Jobs" is a man)."""
    last = re.split(r"[\W_]+", written.strip(" .!?\"'’”»)"))[-1]  # noqa: RUF001 - quotes as they are typed
    return last[:1].isupper()


def other_numbers(word: str) -> Iterator[str]:
    """Yield the regular plural of a lower-case word, or its singular where it looks like a plural.

    >>> [*other_numbers("refugee"), *other_numbers("refugees"), *other_numbers("army"), *other_numbers("armies")]
    ['refugees', 'refugee', 'armies', 'army']
    """
    if word in _NO_PLURAL or word.endswith("is"):
        return
    if word.endswith("ies") and len(word) > len("ties"):
        yield word[:-3] + "y"
    elif word.endswith("es") and word[:-2].endswith(_ES):
        yield word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us")):
        yield word[:-1]
    elif word.endswith("y") and word[-2] not in "aeiou":
        yield word[:-1] + "ies"
    else:
        yield word + ("es" if word.endswith(_ES) else "s")


def _prefixed(folded: str) -> Iterator[Way]:
    prefixes = prefixes_of(folded)
    yield from (_way(prefix + folded, skip=len(prefix)) for prefix in prefixes)
    if prefixes and folded.startswith("ال"):
        # li- and al- melt together: للدولة.
        yield from (_way(f"{first}لل{folded[2:]}", skip=len(first)) for first in ("", "و", "ف"))


def prefixes_of(folded: str) -> tuple[str, ...]:
    """Return the conjunctions and prepositions that may be grown onto a term; short words have too many readings."""
    if _ARABIC_WORD.match(folded):
        return _ARABIC_PREFIXES[1:]
    if _HEBREW_WORD.match(folded):
        return _HEBREW_PREFIXES[1:]
    return ()
