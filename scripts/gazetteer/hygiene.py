"""Which names may stand for a place: decisions on names, without any source.

Names of GeoNames hold airport codes, transcripts of other scripts, words and people; a common word or a surname that a
place bears rightly is kept and called weak.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from tocsin.regions.places import Place, PlaceKind
from tocsin.text.fold import fold_term

SIMILAR = 0.5
"""Share of like letters from which a Latin name is taken for a spelling of another."""

LARGE = 500_000
"""Inhabitants from which on a city has names that do not resemble each other: Mumbai and Bombay."""

KNOWN = 1_000_000
"""Inhabitants from which on a place is meant rather than a word: Manila, Lima."""

KNOWN_WITHOUT_CASE = 200_000
"""The same for scripts without capitals, whose word lists hold the names of places as well."""

PERSONS_A_PERCENT = 3_000_000
"""Inhabitants that a place needs for each percent of people who bear its name, to be meant rather than they."""

_MIN_LATIN = 4
_MIN_MAIN = 3
_MIN_OTHER = 3
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")
_MIN_UNSPACED = 2

_HOMES = {
    "CYRILLIC": "RU UA BY BG RS MK ME BA KZ KG TJ MN XK", "GREEK": "GR CY", "HEBREW": "IL PS",
    "ARABIC": "AE AF BH DJ DZ EG EH IQ IR JO KM KW LB LY MA MR OM PK PS QA SA SD SO SS SY TD TN YE IL ER",
    "CJK": "CN TW HK MO JP SG", "HIRAGANA": "JP", "KATAKANA": "JP", "HANGUL": "KR KP", "THAI": "TH",
    "DEVANAGARI": "IN NP", "BENGALI": "BD IN", "TAMIL": "IN LK", "TELUGU": "IN", "GUJARATI": "IN", "KANNADA": "IN",
    "MALAYALAM": "IN", "GURMUKHI": "IN", "SINHALA": "LK", "GEORGIAN": "GE", "ARMENIAN": "AM", "ETHIOPIC": "ET ER",
    "MYANMAR": "MM", "KHMER": "KH", "LAO": "LA",
}  # fmt: skip
WIDE = frozenset(("CYRILLIC", "ARABIC", "GREEK", "HEBREW", "CJK", "KATAKANA", "HANGUL", "THAI", "DEVANAGARI"))
"""Scripts in which papers name places of all the world, and the sources have them."""

ABROAD = 150_000
"""Inhabitants from which on a city is named in those scripts beyond the countries that write in them."""


def script_of(name: str) -> str:
    """Return the script of a name's letters by their Unicode names; empty if mixed.

    >>> script_of("Homs"), script_of("حمص"), script_of("diri ʿiዝ")
    ('LATIN', 'ARABIC', '')
    """
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha()}
    scripts -= {"MODIFIER"}
    if scripts <= {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "IDEOGRAPHIC"} and scripts:
        return "CJK" if "CJK" in scripts else "KATAKANA"
    return scripts.pop() if len(scripts) == 1 else ""


def is_at_home(script: str, country: str) -> bool:
    """Whether a country's own papers are written in a script."""
    return country in _HOMES.get(script, "").split()


def is_long_enough(folded: str, script: str, *, main: bool) -> bool:
    """Whether a folded name is not so short that it is found by chance."""
    if script == "LATIN":
        return len(folded) >= (_MIN_MAIN if main else _MIN_LATIN)
    return len(folded) >= (_MIN_UNSPACED if script in _UNSPACED else _MIN_OTHER)


def is_written_as_a_name(name: str) -> bool:
    """Whether a Latin name is neither a code nor a transcript ("dai er zu er") nor a list."""
    letters = [letter for letter in name if letter.isalpha()]
    if any(sign in name for sign in '/,;()"') or any(sign.isdigit() for sign in name):
        return False
    return bool(letters) and name[:1].isupper() and not name.isupper()


def resembles(name: str, usual: str) -> bool:
    """Whether a folded Latin name is a spelling of another."""
    return SequenceMatcher(None, name, usual).ratio() >= SIMILAR


@dataclass(frozen=True)
class Words:
    """The words and persons' names of the world, folded where they are asked for.

    ``small`` has for each language with a dictionary the words that are written in small letters, with their Zipf
    values; ``common`` has for the others the commonest words of its texts, names among them; ``persons`` the percent
    who bear a name; ``spoken`` the languages of countries; ``texts`` the Zipf values of all frequent words, names among
    them, of languages whose words cannot be told from names by capitals.
    """

    small: Mapping[str, Mapping[str, float]]
    common: Mapping[str, frozenset[str]]
    persons: Mapping[str, float]
    spoken: Mapping[str, frozenset[str]]
    texts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def overuse(self, folded: str, place: Place) -> dict[str, tuple[float, bool]]:
        """Return by language how much more frequent a name is than those of places as large, and if it is spoken there.

        The unit is that of Zipf values, so that 1 is ten times as frequent.
        """
        people = place.population or (_UNKNOWN if place.kind is PlaceKind.PROVINCE else 0)
        expected = _GROWTH * math.log10(people + 1)
        found = {}
        for language, zipf in self._texts.get(folded, {}).items():
            spoken = language in self.spoken.get(place.country, ()) or (language, place.country) in _NEIGHBOURS
            found[language] = (zipf - expected - _USUAL_USE.get(language, _USUAL), spoken)
        return found

    @cached_property
    def _texts(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for language, words in self.texts.items():
            for word, zipf in words.items():
                known = found.setdefault(fold_term(word), {})
                known[language] = max(known.get(language, 0.0), zipf)
        return found

    def languages_of(self, folded: str) -> frozenset[str]:
        """Return the languages in which a folded name is a common word."""
        return frozenset(self._languages.get(folded, ()))

    def is_very_common(self, folded: str) -> bool:
        """Whether a folded name is a very common word in some language."""
        return any(zipf >= _VERY for zipf in self._languages.get(folded, {}).values())

    def strangers_to(self, folded: str, country: str) -> frozenset[str]:
        """Return the languages, not spoken in a country, in which a folded name is a very common word."""
        very = {language for language, zipf in self._languages.get(folded, {}).items() if zipf >= _VERY}
        return frozenset(very - self.spoken.get(country, frozenset()))

    def share(self, folded: str) -> float:
        """Return the percent of people who bear a folded name."""
        return self._shares.get(folded, 0.0)

    @cached_property
    def _languages(self) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for language, words in self.small.items():
            for word, zipf in words.items():
                known = found.setdefault(fold_term(word), {})
                known[language] = max(known.get(language, 0.0), zipf)
        for language, word in _without_names(self.common):
            found.setdefault(word, {}).setdefault(language, 0.0)
        return found

    @cached_property
    def _shares(self) -> dict[str, float]:
        shares: dict[str, float] = {}
        for name, share in self.persons.items():
            folded = fold_term(name)
            shares[folded] = max(shares.get(folded, 0.0), share)
        return shares


_VERY = 4.5

_GROWTH = 0.8
"""How much the Zipf value of the name of a place grows with each digit of its inhabitants."""

_USUAL_USE = {"ar": -0.62, "zh": -1.09, "ja": -0.48, "ko": -0.71, "fa": -0.35, "he": -0.85, "ur": -0.67, "hi": -0.61,
              "id": -0.6, "tr": -0.39, "vi": -0.93}  # fmt: skip
"""The median of the Zipf values of names of places above that, by language."""

_USUAL = -0.65
_UNKNOWN = 100_000
"""People that a province is taken to have whose number no source has."""

_NEIGHBOURS = frozenset((("he", "PS"), ("ar", "IL"), ("fa", "AF"), ("ko", "KP")))
"""Languages whose papers write of a country as of their own, though it is not said to speak them."""

_WORD_ABROAD, _WORD_AT_HOME, _WORD_FOR_A_KNOWN = 0.9, 1.3, 1.75
_RATHER_A_WORD = 1.3


def is_rather_a_word(overuse: float, *, spoken: bool, known: bool) -> bool:
    """Whether a name is so much more frequent than those of places as large that it is a common word as well.

    Papers write more of places of their own country, and of ``known`` ones.
    """
    return overuse >= ((_WORD_FOR_A_KNOWN if known else _WORD_AT_HOME) if spoken else _WORD_ABROAD)


def is_no_name(overuse: float, *, spoken: bool) -> bool:
    """Whether a name that is not the usual one of its place is but a word to readers of a language."""
    return not spoken and overuse >= _RATHER_A_WORD


_EVERYWHERE = 4
"""A word that so many languages without a dictionary share is a name."""


def _without_names(common: Mapping[str, frozenset[str]]) -> Iterable[tuple[str, str]]:
    folded = {language: {fold_term(word) for word in words} for language, words in common.items()}
    shared = Counter(word for words in folded.values() for word in words)
    for language, words in folded.items():
        for word in words:
            if shared[word] < _EVERYWHERE:
                yield language, word


def is_common(folded: str, words: Words) -> bool:
    """Whether a name that is not the usual one of its place is a word, a person's name, or too short."""
    if script_of(folded) not in {"LATIN", "CYRILLIC"}:
        return False
    is_short = len(re.sub(r"\W", "", folded)) < _MIN_LATIN
    return is_short or bool(words.languages_of(folded)) or words.share(folded) >= _RARE


_RARE = 0.002

_SMALL_TOWN, _TOWN = 30_000, 80_000
_SAINTS = re.compile(r"(?:st|saint|sainte|san|santa|santo|sao|sankt|sveti) ")
_SAINTLY = 50_000
_SHORT, _KNOWN_SHORT = 4, 100_000
_LANGUAGES_OF_MOST_PAPERS = frozenset(("en", "fr", "de", "es", "it", "pt"))


def is_mere_word(folded: str, population: int, words: Words) -> bool:
    """Whether a name is a word in a language of many papers and its place too small to be meant: Economy, Commerce."""
    least = _TOWN if words.is_very_common(folded) else _SMALL_TOWN
    return population < least and not words.languages_of(folded).isdisjoint(_LANGUAGES_OF_MOST_PAPERS)


def weakness(folded: str, usual: str, population: int, words: Words) -> tuple[bool, frozenset[str]]:
    """Return whether a name of a place of so many inhabitants is weak everywhere, and the languages in which it is.

    ``usual`` is the folded usual name of the place: Джордж is as weak as George.

    >>> weakness("reading", "reading", 300_000, Words({"en": {"reading": 5.0}}, {}, {}, {}))
    (False, frozenset({'en'}))
    """
    share = max(words.share(folded), words.share(usual))
    is_short = script_of(folded) in {"LATIN", "CYRILLIC"} and len(folded) <= _SHORT and population < _KNOWN_SHORT
    is_saint = _SAINTS.match(usual) is not None and population < _SAINTLY
    if share * PERSONS_A_PERCENT > population or is_short or is_saint:
        return True, frozenset()
    known = KNOWN if folded.upper() != folded else KNOWN_WITHOUT_CASE
    return False, words.languages_of(folded) if population < known else frozenset()
