"""A term of the watchlist, and the ways of writing it that are scanned for.

Ways are made when a watchlist is compiled, so that the text itself is never stemmed: plural and singular, prefixes that
Arabic and Hebrew grow onto a word and particles that Korean does, the hashtag of a phrase, look-alike letters. What a
way asks for beside its pattern is judged in `tocsin.matching.objections`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import NamedTuple

from tocsin.matching.accents import telling
from tocsin.matching.inflection import NUMBERS, POSSESSIVE_S, english
from tocsin.matching.names import family
from tocsin.matching.names.words import languages_with
from tocsin.matching.phrases import forms_in, heads_grown, may_grow
from tocsin.models.receipts import Clause
from tocsin.text.capitals import is_acronym, letters_of
from tocsin.text.fold import fold, fold_term, words_of
from tocsin.text.lookalikes import disguises
from tocsin.text.particles import with_particles
from tocsin.text.patterns import is_unspaced, padded
from tocsin.text.proclitics import prefixes_of, with_article

_NUMERAL = re.compile(r"[IVX]{2,}")
_TWO_CAPITALS = re.compile(r"[A-Z][^a-z\s]*[A-Z]")
_ACRONYMS = re.compile(r"(?:.*\W)?[A-Z]{2,}s")
_TYPE = re.compile(r"(?:.*\s)?[A-Z][A-Za-z]{0,3}-?\d{1,3}")
"""A type of aircraft or gun, which there are many of: F-16s."""

_PLAIN_WORD = re.compile(r"[a-z]{3,}")
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_GROWING = sorted(NUMBERS)
_ALONE = {language: frozenset((language,)) for language in NUMBERS}
_MOST_FORMS = 48
"""Grown forms of a term; more would be mostly words that nobody writes."""

_SHORT = 3
"""Letters of a word that under a prefix may well be another one."""

_ENGLISH = frozenset(("en",))

ANYWHERE: frozenset[str] = frozenset()
"""No languages: a way counts in an article of any."""


@dataclass(frozen=True, slots=True)
class Acronym:
    """A word of a way of writing that must stand in capitals.

    ``start`` and ``end`` are its range in the pattern, ``letters`` what must stand there, ``ending`` what may follow
    in lower case (the s of "NGOs"). A Roman numeral has no points.
    """

    start: int
    end: int
    letters: str
    ending: str = ""
    is_numeral: bool = False


class Way(NamedTuple):
    """One way of writing a term: the pattern to scan for, and the range of it that is the term itself.

    ``languages`` are those of the articles that it counts in (none: all). The last word of a noun must begin with a
    capital in a German article. ``disguised`` is what a pattern of look-alike letters stands for, folded. The pattern
    of a tag stands in a hashtag.
    ``variant`` is the spelling of a name that rules made, which must stand as names do; ``accents`` is the spelling of
    a term that without its accents may be another word.
    """

    pattern: str
    start: int
    end: int
    acronyms: tuple[Acronym, ...] = ()
    languages: frozenset[str] = ANYWHERE
    is_noun: bool = False
    disguised: str = ""
    is_tag: bool = False
    variant: str = ""
    accents: str = ""

    @property
    def is_unspaced(self) -> bool:
        """Whether the pattern begins or ends in a script without spaces, so that it could be cut out of a word."""
        pattern = self.pattern
        return not pattern.isascii() and (is_unspaced(pattern[0]) or is_unspaced(pattern[-1]))

    @property
    def needs_check(self) -> bool:
        """Whether what the scan finds must be held against the stored text before it counts."""
        return bool(
            self.acronyms
            or self.languages
            or self.disguised
            or self.is_tag
            or self.variant
            or self.accents
            or self.is_unspaced
        )


@dataclass(frozen=True, slots=True)
class Term:
    """A term as written in the watchlist, with the clause it stands under and its ways of writing, none twice."""

    clause: Clause
    written: str
    ways: tuple[Way, ...]


def compile_term(clause: Clause, written: str, languages: frozenset[str] = ANYWHERE) -> Term:
    """Return a term with its ways of writing; one without a letter, digit or sign has none and never matches.

    ``languages`` are the watchlist's: only their forms are made, or, where it names none, those of all that are known.
    """
    folded = _folded(written)
    if not folded:
        return Term(clause, written, ())
    ways: dict[str, Way] = {}
    for way in _ways(clause, written, folded, languages):
        known = ways.get(way.pattern)
        if known is None or not way.languages:
            ways[way.pattern] = way
        elif known.languages:
            ways[way.pattern] = _of_both(known, way)
    return Term(clause, written, tuple(ways.values()))


def plain_way(written: str) -> Way | None:
    """Return the way of a term as it is written, and no other; None for one without a letter, digit or sign."""
    folded = _folded(written)
    return _way(folded, _acronyms(written)) if folded else None


def _folded(written: str) -> str:
    """Return a term folded; one of plain words at once, for there may be a hundred thousand."""
    return written.lower() if _PLAIN_WORDS.fullmatch(written) else fold_term(written)


def _of_both(one: Way, other: Way) -> Way:
    """Return a way that counts where either does."""
    return one._replace(languages=one.languages | other.languages, is_noun=one.is_noun or other.is_noun)


def _ways(clause: Clause, written: str, folded: str, languages: frozenset[str]) -> Iterator[Way]:
    acronyms = _acronyms(written)
    as_written = _way(folded, acronyms)
    if not acronyms and (accents := telling(written, folded, is_name=clause is Clause.NAMES)):
        as_written = as_written._replace(accents=accents)
    if not folded.isascii():
        yield from _affixed(folded)
    if not acronyms and " " in folded and (joined := folded.replace(" ", "")).isalnum():
        yield Way(joined, 0, len(joined), is_tag=True)
    if clause is Clause.NAMES:
        yield from _variants(written, languages)
    else:
        yield from _grown(written, folded, acronyms, languages)
    yield from _disguised(folded, as_written)
    # Last, because it replaces what else has its pattern.
    yield as_written


def _variants(written: str, languages: frozenset[str]) -> Iterator[Way]:
    """Yield the other spellings of a name, under the prefixes that grow onto words of their script."""
    for variant in family(written)[1:]:
        if variant.languages and not _wanted(variant.languages, languages):
            continue
        folded = variant.pattern
        for prefix in ("", *prefixes_of(folded)):
            way = _way(prefix + folded, skip=len(prefix), languages=variant.languages)
            yield way._replace(variant=variant.written)


def _way(
    folded: str,
    acronyms: tuple[Acronym, ...] = (),
    skip: int = 0,
    languages: frozenset[str] = ANYWHERE,
    *,
    is_noun: bool = False,
) -> Way:
    if not acronyms and folded.isascii():
        return Way(f" {folded} ", 1 + skip, 1 + len(folded), (), languages, is_noun)
    head, pattern, tail = padded(folded)
    shifted = acronyms and tuple(replace(word, start=word.start + head, end=word.end + head) for word in acronyms)
    return Way(pattern, head + skip, len(pattern) - tail, shifted, languages, is_noun)


def _acronyms(written: str) -> tuple[Acronym, ...]:
    """Return the words in capitals of a term, with their ranges in its folded form."""
    if written.isascii() and not _TWO_CAPITALS.search(written):
        return ()
    source = fold(written)
    # The folded term begins where the first word of the scan does.
    words = list(words_of(source.scan))
    shift = words[0][0]
    found = ((start, end, _slice(written, source.span(start, end))) for start, end in words)
    return tuple(_acronym(start - shift, end - shift, word) for start, end, word in found if is_acronym(word))


def _acronym(start: int, end: int, word: str) -> Acronym:
    return Acronym(start, end, letters_of(word), is_numeral=_NUMERAL.fullmatch(word) is not None)


def _slice(text: str, span: tuple[int, int]) -> str:
    return text[span[0] : span[1]]


def _grown(written: str, folded: str, acronyms: tuple[Acronym, ...], languages: frozenset[str]) -> Iterator[Way]:
    """Yield the other grammatical number of a common noun or an acronym, and the possessive of a name."""
    if acronyms and acronyms[-1].end == len(folded):
        ending = Acronym(acronyms[-1].start, len(folded) + 1, acronyms[-1].letters, "s")
        yield _way(f"{folded}s", (*acronyms[:-1], ending))
    elif _ACRONYMS.fullmatch(written):
        yield _way(folded[:-1], _acronyms(written[:-1]))
    elif _TYPE.fullmatch(written):
        yield _way(f"{folded}s", acronyms)
    elif _PLAIN_WORD.fullmatch((words := folded.split(" "))[-1]):
        yield from islice(_forms(written, words, acronyms, languages), _MOST_FORMS)


def _forms(written: str, words: list[str], acronyms: tuple[Acronym, ...], languages: frozenset[str]) -> Iterator[Way]:
    before = " ".join((*words[:-1], ""))
    is_name = _begins_with_capital(written)
    if not is_name:
        yield from (_way(before + form, acronyms, languages=_speaking(form)) for form in english(words[-1]))
    if written[:1].islower() and not acronyms:
        yield from (_way(form, languages=_speaking(form)) for form in heads_grown(words))
    if is_name and not words[-1].endswith(("s", "x", "z")) and _wanted(POSSESSIVE_S, languages):
        yield _way(f"{before}{words[-1]}s", acronyms, languages=POSSESSIVE_S)
    # All nouns of German have a capital, so there a capital alone makes no name.
    for language in [one for one in _GROWING if not languages or one in languages]:
        if may_grow(language, written, words, is_name=is_name):
            for form in forms_in(language, words):
                yield _way(form, acronyms, languages=_ALONE[language], is_noun=language == "de")


def _speaking(form: str) -> frozenset[str]:
    """Return where an English form counts: English is quoted everywhere, but a form may be another word elsewhere.

    `drogas` must not find the Polish "droga", which is a way.
    """
    return ANYWHERE if _ENGLISH.issuperset(languages_with(form)) else _ENGLISH


def _wanted(some: frozenset[str], languages: frozenset[str]) -> bool:
    return not languages or not some.isdisjoint(languages)


def _begins_with_capital(written: str) -> bool:
    """Whether the last word begins with a capital: a name, which has no plural ("Jobs" is a man)."""
    if written.isascii() and written.replace(" ", "").isalnum():
        last = written.rpartition(" ")[2]
    else:
        last = re.split(r"[\W_]+", written.strip(" .!?\"'’”»)"))[-1]  # noqa: RUF001 - quotes as they are typed
    return last[:1].isupper()


def _disguised(folded: str, as_written: Way) -> Iterator[Way]:
    """Yield the ways in which a term of one word is written in look-alike letters of another script."""
    for form in disguises(folded):
        pattern = as_written.pattern.replace(folded, form)
        yield as_written._replace(pattern=pattern, disguised=folded, accents="")


def _affixed(folded: str) -> Iterator[Way]:
    """Yield the ways of a term under what Arabic and Hebrew grow onto a word, and before what Korean does."""
    for prefix in prefixes_of(folded):
        if not _is_its_own_word(prefix + folded, folded):
            yield _way(prefix + folded, skip=len(prefix))
    for form, skip in with_article(folded):
        yield _way(form, skip=skip)
    for form in with_particles(folded):
        way = _way(form)
        yield way._replace(end=way.start + len(folded))


def _is_its_own_word(form: str, folded: str) -> bool:
    """Whether three letters become a common word of Arabic only by a prefix: وزير is a minister, and not "and" Zir."""
    return len(folded) == _SHORT and "ar" in languages_with(form) and "ar" not in languages_with(folded)
