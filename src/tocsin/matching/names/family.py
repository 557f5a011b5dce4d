"""The family of a name: from one spelling, by rules, all the ways in which newspapers write it.

Which rules apply is decided by the name's script and look. Families are made when a watchlist is compiled.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from tocsin.matching.inflection import POSSESSIVE_S
from tocsin.matching.names import arabic, cyrillic_cases, latin_cases, press, semitic, slavic
from tocsin.matching.names.endings import inflected
from tocsin.matching.names.looks import ARABIC, SLAVIC, is_place_of, is_strange, looks_of
from tocsin.matching.names.places import ids_named
from tocsin.matching.names.spelling import Spelling, cheapest, combine
from tocsin.matching.names.words import languages_with
from tocsin.models.ids import PlaceId
from tocsin.text.capitals import is_acronym
from tocsin.text.fold import fold_term

MOST_VARIANTS = 150
"""Of one name, itself among them."""

_MOST_SPELLINGS = 110
"""The rest is left for case endings."""

_MOST_INFLECTED = 3
"""Spellings that are given case endings: the likeliest."""

_NOT_SLAVIC = re.compile("ou|oo|ow|tch|sch|[dgkpstz]h|dj|q")
"""Letters by which French, English and German papers write sounds; the Slavic ones, which put case endings, do not."""

_KEPT = 64
"""Families that are remembered; one may take 60 kB."""

_KEPT_WORDS = 8192
"""Words of spellings that are remembered with their capitals."""

_LONGEST_NAME = 80
_MOST_WORDS = 6
_SHORTEST_VARIANT = 3

_APOSTROPHES = re.compile("['`´‘’‛ʻʼʽʾʿˈ′＇]")  # noqa: RUF001 - every apostrophe that transcripts have
_GAPS = re.compile(r"[\s\-‐‑‒–—־]+")  # noqa: RUF001 - every hyphen that names have
_LETTERS = {"LATIN": "latin", "CYRILLIC": "cyrillic", "ARABIC": "arabic", "HEBREW": "hebrew"}
_LARGEST = frozenset(("en", "de", "fr", "es", "it", "pt", "nl", "ar", "fa", "he"))
_PARTICLES = frozenset(
    ("al", "el", "ul", "il", "bin", "ben", "ibn", "bint", "de", "da", "di", "do", "du", "la", "le", "van", "von", "der",
     "den", "y", "e")
)  # fmt: skip
_LONGEST_ARTICLE = 3
_ASSIMILATED = re.compile(r"[aeu](?:th|dh|sh|t|d|r|z|s|n)")
_UMLAUTS: dict[str, str | int | None] = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}

_NO_GENITIVE = ("s", "x", "z", "'")

AS_WRITTEN = "as written"
GENITIVE = "-s without an apostrophe"
LATIN_CASES = "case endings in Slavic languages"
CYRILLIC_CASES = "Russian and Ukrainian case endings"


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to write a name, in the capitals it would stand in, and the rules that made it, in words.

    ``pattern`` is what is scanned for, without the gaps around it. ``languages`` (BCP 47 primary subtags) are those of
    the articles in which alone it counts; empty means all.
    """

    written: str
    pattern: str
    rules: tuple[str, ...] = ()
    languages: frozenset[str] = frozenset()

    @property
    def rule(self) -> str:
        """The rules in one line."""
        return "; ".join(self.rules) or AS_WRITTEN


@lru_cache(maxsize=_KEPT)
def family(name: str) -> tuple[Variant, ...]:
    """Return the ways to write a name, as given first, then by how many rules they took; at most `MOST_VARIANTS`.

    A name in capitals is an acronym and has no family, nor has one in a script without rules.

    >>> {"Qaddafi", "Gadhafi", "Kadhafi"} <= {variant.written for variant in family("Gaddafi")}
    True
    """
    given = Variant(name, fold_term(name))
    kept = {given.pattern: given}
    mine = ids_named(given.pattern)
    if len(name) <= _LONGEST_NAME:
        for variant in _others(name):
            pattern = variant.pattern
            known = kept.get(pattern)
            if known and known.languages:
                kept[pattern] = _of_both(known, variant)
            elif known is None and len(kept) < MOST_VARIANTS and _is_sound(pattern, variant, mine):
                kept[pattern] = variant
    return tuple(kept.values())


def _of_both(known: Variant, other: Variant) -> Variant:
    """Return a variant that counts where either does."""
    return replace(known, languages=known.languages | other.languages if other.languages else other.languages)


def _is_sound(pattern: str, variant: Variant, mine: frozenset[PlaceId]) -> bool:
    """Whether a generated variant may be scanned for: it is no scrap, no common word and, of a place, no other place.

    What is common in Cyrillic are names with case endings too: their capital must tell them from words.
    """
    if len(pattern) < _SHORTEST_VARIANT or CYRILLIC_CASES in variant.rules:
        return len(pattern) >= _SHORTEST_VARIANT
    if "'" in variant.written:
        return True
    return not _is_common(pattern) and not (mine and _is_elsewhere(pattern, mine))


def _is_elsewhere(pattern: str, mine: frozenset[PlaceId]) -> bool:
    """Whether a spelling is the name of places, and none of those that are meant: Tunisie is not Tunis."""
    places = ids_named(pattern)
    return bool(places) and mine.isdisjoint(places)


def _is_common(pattern: str) -> bool:
    """Whether a word is common in one of the largest languages or in several; first names abound in the others."""
    languages = languages_with(pattern)
    return len(languages) > 1 or not _LARGEST.isdisjoint(languages)


def _others(name: str) -> Iterator[Variant]:
    script = _script_of(name)
    words = _words_of(name)
    if not words or len(words) > _MOST_WORDS or any(map(is_acronym, _GAPS.split(name))):
        return
    if script == "latin":
        yield from _latin(name, words)
    elif script == "cyrillic":
        yield from _cyrillic(name)
    elif script == "arabic":
        yield from (Variant(form, form, (rule,)) for form, rule in semitic.spellings(words))


def _script_of(name: str) -> str:
    """Return the script of a name's letters, empty if it is mixed or one without rules."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha()}
    scripts -= {"MODIFIER"}
    return _LETTERS.get(scripts.pop(), "") if len(scripts) == 1 else ""


def _words_of(name: str) -> list[str]:
    """Return the folded words of a name with their apostrophes; none if one has a sign or digit in it."""
    plain = _APOSTROPHES.sub("'", unicodedata.normalize("NFC", name))
    words = []
    for word in filter(None, _GAPS.split(plain)):
        folded = "'".join(filter(None, map(fold_term, word.split("'"))))
        if not folded.replace("'", "").isalpha():
            return []
        words.append(folded)
    return words


def _latin(name: str, words: list[str]) -> Iterator[Variant]:
    looks = looks_of(name, [part for word in words for part in word.split("'")])
    spellings = [Spelling(0, " ".join(words))]
    if ARABIC in looks:
        spellings += _combined(
            arabic.spellings(words, sure=looks[ARABIC], is_place=is_place_of(ARABIC, " ".join(words)))
        )
    if SLAVIC in looks:
        parts = slavic.spellings(words)
        spellings += _combined(parts)
        for of_manner in slavic.whole_manners(parts):
            spellings += (one._replace(cost=one.cost // 2) for one in _combined(of_manner))
    if not looks and len(words) == 1 and name[:1].isupper() and name.isascii() and not is_strange(words[0]):
        spellings += press.spellings(words[0])
    spellings += _umlauts(name)
    spellings += _cities(words)
    kept = cheapest(spellings, _MOST_SPELLINGS)
    yield from (_latin_variant(one.form, one.rules) for one in kept)
    for one in islice((one for one in kept if _is_inflected(one, kept[0])), _MOST_INFLECTED):
        yield from _latin_cases(one)


def _is_inflected(one: Spelling, given: Spelling) -> bool:
    """Whether a paper that puts case endings would spell a name so: with strange letters only if it came with them."""
    return set(_NOT_SLAVIC.findall(one.form)) <= set(_NOT_SLAVIC.findall(given.form))


def _latin_variant(form: str, rules: tuple[str, ...], languages: frozenset[str] = frozenset()) -> Variant:
    """Return the variant of a folded form; what is left to fold are its hyphens and apostrophes."""
    return Variant(_capitalised(form), form.replace("-", " ").replace("'", " ").strip(), rules, languages)


def _combined(parts: Sequence[Sequence[Spelling]]) -> list[Spelling]:
    return combine(parts, ["", *[" "] * (len(parts) - 1)], _MOST_SPELLINGS)


def _umlauts(name: str) -> Iterator[Spelling]:
    """Yield a name with its umlauts written out, as keyboards without them make it: Özil, Oezil."""
    small = unicodedata.normalize("NFC", name).lower()
    if any(letter in small for letter in _UMLAUTS):
        plain = small.translate(str.maketrans(_UMLAUTS))
        yield Spelling(50, " ".join(_words_of(plain)), ("ä, ö, ü as ae, oe, ue",))


def _cities(words: list[str]) -> Iterator[Spelling]:
    """Yield the other form of a name of Greek make: Tripoli, Tripolis."""
    *before, last = words
    for ending, other in (("poli", "polis"), ("polis", "poli")):
        if last.endswith(ending) and len(last) > len("polis"):
            yield Spelling(50, " ".join([*before, last.removesuffix(ending) + other]), ("-poli and -polis",))


def _latin_cases(spelling: Spelling) -> Iterator[Variant]:
    words = spelling.form.replace("-", " ").split()
    if any("'" in word for word in words):
        return
    if not words[-1].endswith(_NO_GENITIVE):
        yield _latin_variant(f"{spelling.form}s", (*spelling.rules, GENITIVE), POSSESSIVE_S)
    where: dict[str, frozenset[str]] = {}
    for languages, table in latin_cases.tables():
        for form in inflected(words, table):
            where[form] = where.get(form, frozenset()) | languages
    rules = (*spelling.rules, LATIN_CASES)
    yield from (_latin_variant(form, rules, languages) for form, languages in where.items())


def _cyrillic(name: str) -> Iterator[Variant]:
    words = [word for word in _GAPS.split(unicodedata.normalize("NFC", name).lower()) if word]
    for table in cyrillic_cases.tables(" ".join(words)):
        for form in inflected(words, table):
            yield Variant(_capitalised(form), fold_term(form), (CYRILLIC_CASES,))


def _capitalised(form: str) -> str:
    """Return a name in small letters with the capitals that it stands in; articles and the like have none."""
    written = " ".join(map(_with_capitals, form.split(" ")))
    return form.title() if written.islower() else written


@lru_cache(maxsize=_KEPT_WORDS)
def _with_capitals(word: str) -> str:
    return "-".join(part if _is_particle(part) else part[:1].upper() + part[1:] for part in word.split("-"))


def _is_particle(word: str) -> bool:
    return word in _PARTICLES or (len(word) <= _LONGEST_ARTICLE and _ASSIMILATED.fullmatch(word) is not None)
