"""Languages that readers are written to in: their words, numbers and dates.

Messages in the code are English, and are looked up in the catalogs ``locales/<code>.po`` (gettext's format, read as
they are written: nothing has to be compiled). Dates, numbers and plurals follow CLDR, by Babel.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from zoneinfo import ZoneInfo

import babel
from babel.dates import format_datetime, format_timedelta
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from tocsin.models.watchlist import LANGUAGES


class Locale:
    """A language as readers see it; made by `locale_of`, one a process."""

    def __init__(self, code: str, translations: NullTranslations) -> None:
        self.code = code
        self._translations = translations
        self._cldr = babel.Locale.parse(code)

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return self._cldr.text_direction

    def text(self, message: str, **values: object) -> str:
        """Say a message; its placeholders are written ``%(name)s``."""
        said = self._translations.gettext(message)
        return said % values if values else said

    def counted(self, one: str, many: str, number: int, **values: object) -> str:
        """Say a message that has a number in it, ``%(num)s``, in the form that goes with the number."""
        return self._translations.ngettext(one, many, number) % ({"num": self.number(number)} | values)

    def number(self, number: int) -> str:
        """Give a number with its groups: "1,200"."""
        return str(format_decimal(number, locale=self._cldr))

    def listed(self, items: Sequence[str]) -> str:
        """Join as a sentence does: "Mon, Wed and Fri"."""
        return str(format_list(list(items), locale=self._cldr))

    def day(self, at: datetime, zone: str) -> str:
        """Give the local day of an aware time: "Tue 5 Sep"."""
        return self._formatted(at, zone, "EEE d MMM")

    def clock(self, at: datetime, zone: str) -> str:
        """Give the local wall time of an aware time, ``HH:MM``."""
        return self._formatted(at, zone, "HH:mm")

    def moment(self, at: datetime, zone: str) -> str:
        """Give local day and wall time of an aware time: "Tue 5 Sep, 16:42"."""
        return self._formatted(at, zone, "EEE d MMM, HH:mm")

    def length(self, length: timedelta) -> str:
        """Say a length of time in the unit a person would use: "3 days", "36 hours"."""
        return str(format_timedelta(length, threshold=2, locale=self._cldr))

    def language_name(self, code: str) -> str:
        """Name a language (BCP 47); by its code where CLDR has no name."""
        return str(self._cldr.languages.get(code, code))

    def _formatted(self, at: datetime, zone: str, pattern: str) -> str:
        return str(format_datetime(at.astimezone(ZoneInfo(zone)), pattern, locale=self._cldr))


@cache
def locale_of(code: str) -> Locale:
    """Give one of `LANGUAGES`; English for any other, so that a language taken out of Tocsin stops nobody's mail."""
    known = code if code in LANGUAGES else "en"
    return Locale(known, _catalog(known))


def _catalog(code: str) -> NullTranslations:
    file = files("tocsin.rendering") / "locales" / f"{code}.po"
    if not file.is_file():
        return NullTranslations()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(file.read_bytes()), locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


ENGLISH = locale_of("en")
