"""Words and persons' names, read from packages; only for what is left out of the gazetteer or called weak."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib import import_module, resources
from pathlib import Path
from pkgutil import iter_modules
from statistics import median

import babel
import wordfreq
from faker.providers import person

_DICTIONARIES = {
    "en": ("dict/american-english", "dict/british-english"), "bg": ("dict/bulgarian",), "ca": ("dict/catalan",),
    "da": ("dict/danish",), "nl": ("dict/dutch",), "fr": ("dict/french",), "it": ("dict/italian",),
    "de": ("dict/ngerman",), "no": ("dict/bokmaal",), "pl": ("dict/polish",), "pt": ("dict/portuguese",),
    "es": ("dict/spanish",), "sv": ("dict/swedish",), "uk": ("dict/ukrainian",), "cs": ("hunspell/cs_CZ.dic",),
    "hr": ("hunspell/hr_HR.dic",), "hu": ("hunspell/hu_HU.dic",), "id": ("hunspell/id_ID.dic",),
    "ro": ("hunspell/ro_RO.dic",), "ru": ("hunspell/ru_RU.dic",), "sk": ("hunspell/sk_SK.dic",),
    "sl": ("hunspell/sl_SI.dic",), "tr": ("hunspell/tr_TR.dic",),
}  # fmt: skip
_LATIN = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr", "cs", "fi", "hu", "ro", "id", "da", "nb")


def common_words(folder: Path) -> dict[str, dict[str, float]]:
    """Return the words of each language that are written in small letters, are not rare, and are no foreign names.

    Each has its Zipf value. The names of months and weekdays are among them, whatever their letters.
    """
    small = {language: _small_words(folder, files) for language, files in _DICTIONARIES.items()}
    spread = Counter(word for words in small.values() for word in words)
    found = {}
    for language, words in small.items():
        common = (word for word in frequent(language, _NOT_RARE) if word in words)
        own = (word for word in common if spread[word] >= _INTERNATIONAL or _is_of(word, language))
        found[language] = {word: zipf_of(word, language) for word in own} | dict.fromkeys(calendar(language), _DAILY)
    return found


def _small_words(folder: Path, files: Iterable[str]) -> set[str]:
    small: set[str] = set()
    for name in files:
        lines = (folder / "usr/share" / name).read_text("utf-8", "replace").split("\n")
        small.update(line.split("/")[0].strip() for line in lines if line[:1].islower())
    return small


_INTERNATIONAL = 6
"""Languages that write a word in small letters, from which on it is one in each: normal, hotel."""

_DAILY = 5.0


def calendar(language: str) -> set[str]:
    """Return the names of months and weekdays in small letters."""
    locale = babel.Locale.parse(_wordfreq(language) if language == "no" else language)
    names = {*locale.months["stand-alone"]["wide"].values(), *locale.days["stand-alone"]["wide"].values()}
    return {name.lower() for name in names}


def zipf_of(word: str, language: str) -> float:
    """Return the tenth logarithm of how often a word stands in a billion of a language."""
    return float(wordfreq.zipf_frequency(word, _wordfreq(language)))


_NOT_RARE = 3.0
"""Zipf value: once in a million words."""

_OWN = 0.6
"""How much higher the Zipf value of a word is in its language than in the others; "gaza" is a French verb as well."""


def _is_of(word: str, language: str) -> bool:
    own = _wordfreq(language)
    if own not in _LATIN:
        return True
    values = [wordfreq.zipf_frequency(word, other) for other in _LATIN if other != own]
    return float(wordfreq.zipf_frequency(word, own)) - median(values) >= _OWN


def _wordfreq(language: str) -> str:
    return {"no": "nb", "hr": "sh", "tl": "fil"}.get(language, language)


def frequent(language: str, zipf: float) -> frozenset[str]:
    """Return the words of a language of so high a Zipf value: the tenth logarithm of how often in a billion."""
    least = 10 ** (zipf - 9)
    frequencies = wordfreq.get_frequency_dict(_wordfreq(language))
    return frozenset(word for word, share in frequencies.items() if share >= least)


def in_texts(language: str, zipf: float) -> dict[str, float]:
    """Return the words of a language of so high a Zipf value with theirs."""
    frequencies = wordfreq.get_frequency_dict(_wordfreq(language)).items()
    found = {word: math.log10(share) + _BILLION for word, share in frequencies}
    return {word: value for word, value in found.items() if value >= zipf}


_BILLION = 9


def persons() -> dict[str, float]:
    """Return given names and surnames in small letters with their share of persons in percent.

    Those of the census of the United States have their own share, the others of Faker's locales a small one.
    """
    shares: dict[str, float] = defaultdict(float)
    for file in ("dist.all.last", "dist.male.first", "dist.female.first"):
        for line in (resources.files("names") / file).read_text("utf-8").splitlines():
            name, share, *_ = line.split()
            shares[name.lower()] = max(shares[name.lower()], float(share))
    for name in _names_of_faker():
        shares[name.lower()] = max(shares[name.lower()], _SOME)
    return shares


_SOME = 0.03


def _names_of_faker() -> Iterator[str]:
    for module in sorted(found.name for found in iter_modules(person.__path__)):
        provider = import_module(f"faker.providers.person.{module}").Provider
        for attribute in sorted(dir(provider)):
            names = getattr(provider, attribute)
            if re.match(r"(first|last)_names", attribute) and isinstance(names, Iterable):
                yield from (name for name in names if isinstance(name, str))
