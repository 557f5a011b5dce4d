"""Languages that readers are written to in: their words, numbers and dates.

Messages in the code are English, and are looked up in the catalogs ``locales/<code>.po`` (gettext's format, read as
they are written: nothing has to be compiled). Dates, lists, numbers and plurals follow CLDR, by Babel; English days are
written the British way. A per cent sign in a message is written ``%%``.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

import babel
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent

from tocsin.models.watchlist import LANGUAGES
from tocsin.models.zones import zone_of
from tocsin.rendering.nouns import forms

# CLDR's own order for "en" is the American one, with the month first and a comma before "and".
_ENGLISH_DAY = "EEE d MMM"
_ENGLISH_LISTS = "en_GB"

_LEAP_YEAR = 2000  # has each day that a month can have
_COMMAS = {"ar": "، "}
_SEMICOLONS = {"ar": "؛ ", "fr": "\u00a0; "}


class Locale:
    """A language as readers see it; made by `locale_of`, one a process."""

    def __init__(self, code: str, translations: NullTranslations) -> None:
        self.code = code
        self._translations = translations
        self._cldr = babel.Locale.parse(code)
        self._direction = str(self._cldr.text_direction)
        english = code == "en"
        self._lists = babel.Locale.parse(_ENGLISH_LISTS) if english else self._cldr
        self._day = _ENGLISH_DAY if english else str(self._cldr.datetime_skeletons["MMMEd"])
        self._day_of_year = f"{_ENGLISH_DAY} y" if english else str(self._cldr.datetime_skeletons["yMMMEd"])
        self._joint = (
            ", " if english else str(self._cldr.datetime_formats["medium"]).removeprefix("{1}").removesuffix("{0}")
        )

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return self._direction

    @property
    def name(self) -> str:
        """The language's own name for itself: "Deutsch"."""
        return str(self._cldr.languages[self.code]).capitalize()

    def text(self, message: str, **values: object) -> str:
        """Say a message; its placeholders are written ``%(name)s``."""
        return self.translated(message) % values

    def counted(self, one: str, many: str, number: int, **values: object) -> str:
        """Say a message that has a number in it, ``%(num)s``, in the form that goes with the number."""
        return self.translated_count(one, many, number) % ({"num": self.number(number)} | values)

    def translated(self, message: str) -> str:
        """Give a message with its placeholders still in it."""
        return self._translations.gettext(message)

    def translated_count(self, one: str, many: str, number: int) -> str:
        """Give a message in the form that goes with the number, with its placeholders still in it."""
        return self._translations.ngettext(one, many, number)

    def count(self, noun: str, number: int) -> str:
        """Give number and noun: "5 stories". Other languages than English know those of `tocsin.rendering.nouns`."""
        return self.counted(*forms(noun), number)

    def number(self, number: int) -> str:
        """Give a number with its groups: "1,200"."""
        return _number(number, self._cldr)

    def percent(self, share: float) -> str:
        """Give a share (0..1) in per cent: "87%"."""
        return str(format_percent(share, locale=self._cldr))

    def listed(self, items: Sequence[str]) -> str:
        """Join as a sentence does: "Mon, Wed and Fri"."""
        return str(format_list(list(items), locale=self._lists))

    def series(self, items: Iterable[str]) -> str:
        """Join without "and", as a line of names does: "Homs, Palmyra"."""
        return _COMMAS.get(self.code, ", ").join(items)

    def clauses(self, items: Iterable[str]) -> str:
        """Join what has commas inside: "new place: Homs, Palmyra; new number: 40"."""
        return _SEMICOLONS.get(self.code, "; ").join(items)

    def quoted(self, words: str) -> str:
        """Put words into quotation marks."""
        return self.text("“%(words)s”", words=words)

    def weekday(self, number: int, width: str = "abbreviated") -> str:
        """Give the name of a day of the week, 1 (Monday) to 7: "Mon", or "Monday" where ``width`` is "wide"."""
        return str(self._cldr.days["stand-alone"][width][number - 1])

    def day(self, at: datetime, zone: str) -> str:
        """Give the local day of an aware time: "Tue 5 Sep"."""
        return self._formatted(at, zone, self._day)

    def date(self, day: date) -> str:
        """Give a day with its year: "Tue 5 Sep 2017"."""
        return str(format_date(day, self._day_of_year, locale=self._cldr))

    def day_of_month(self, month: int, day: int) -> str:
        """Give a day of any year: "12 November"."""
        pattern = "d MMMM" if self.code == "en" else str(self._cldr.datetime_skeletons["MMMMd"])
        return str(format_date(date(_LEAP_YEAR, month, day), pattern, locale=self._cldr))

    def clock(self, at: datetime, zone: str) -> str:
        """Give the local wall time of an aware time, ``HH:MM``."""
        return self._formatted(at, zone, "HH:mm")

    def moment(self, at: datetime, zone: str) -> str:
        """Give local day and wall time of an aware time: "Tue 5 Sep, 16:42"."""
        return self._formatted(at, zone, f"{self._day}{self._joint}HH:mm")

    def span(self, start: datetime, end: datetime, zone: str) -> str:
        """Give a span of time with the year where it is needed: "Tue 5 Sep 07:30 \u2013 Wed 6 Sep 2017 07:30"."""
        first, last = (at.astimezone(zone_of(zone)) for at in (start, end))
        clock = " HH:mm" if self.code == "en" else f"{self._joint}HH:mm"
        day = self._day if first.year == last.year else self._day_of_year
        from_, to = self._formatted(start, zone, day + clock), self._formatted(end, zone, self._day_of_year + clock)
        return f"{from_} \u2013 {to}"

    def length(self, length: timedelta) -> str:
        """Say a length of time in the unit a person would use: "3 days", "36 hours", "20 minutes"."""
        minutes = max(1, round(length / timedelta(minutes=1)))
        unit, size = next(
            (unit, size)
            for unit, size, least in (("day", 1440, 2880), ("hour", 60, 120), ("minute", 1, 0))
            if minutes >= least
        )
        return self.count(unit, round(minutes / size))

    def place_name(self, place: str, name: str) -> str:
        """Name a place: a country (ISO 3166-1 alpha-2) as CLDR does, any other, and all in English, by its ``name``."""
        return name if self.code == "en" else str(self._cldr.territories.get(place, name))

    def language_name(self, code: str | None) -> str:
        """Name a language (BCP 47 primary subtag), by its code where CLDR has no name; "" for none."""
        return str(self._cldr.languages.get(code, code)) if code else ""

    def _formatted(self, at: datetime, zone: str, pattern: str) -> str:
        return str(format_datetime(at.astimezone(zone_of(zone)), pattern, locale=self._cldr))


@lru_cache(maxsize=4096)
def _number(number: int, cldr: babel.Locale) -> str:
    # Small ones stand in each mail by the dozen.
    return str(format_decimal(number, locale=cldr))


@cache
def locale_of(code: str) -> Locale:
    """Give one of `LANGUAGES`; English for any other, so that a language taken out of Tocsin stops nobody's mail."""
    known = code if code in LANGUAGES else "en"
    return Locale(known, _catalog(known))


def _catalog(code: str) -> NullTranslations:
    file = files("tocsin.rendering") / "locales" / f"{code}.po"
    if not file.is_file():
        return NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(file.read_bytes()), locale=code))
    compiled.seek(0)
    return GNUTranslations(compiled)


ENGLISH = locale_of("en")
