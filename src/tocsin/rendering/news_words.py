"""What a development brings, in the reader's language. Rows keep it in English: "new place: Homs", "new number: 40".

The kinds and what numbers count are those of `tocsin.stories.explaining`.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import ENGLISH, Locale
from tocsin.rendering.messages import to_say

_WORD_LIMIT = 60

_KINDS: Final = {
    "new place": to_say("new place: %(found)s"),
    "new number": to_say("new number: %(found)s"),
}

_COUNTED: Final = {
    "dead": to_say("%(number)s dead"),
    "injured": to_say("%(number)s injured"),
    "missing": to_say("%(number)s missing"),
    "rescued": to_say("%(number)s rescued"),
    "arrested": to_say("%(number)s arrested"),
    "displaced": to_say("%(number)s displaced"),
    "prisoners": to_say("%(number)s prisoners"),
    "aircraft": to_say("%(number)s aircraft"),
    "cases": to_say("%(number)s cases"),
}

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LEAP_YEAR: Final = 2000


def development_words(number: int, news: Sequence[str], *, locale: Locale = ENGLISH) -> str:
    """Name a development and say what is new; what is new of one kind is put together.

    >>> development_words(2, ("new place: Homs", "new place: Palmyra", "new number: 40"))
    'Development 2 — new place: Homs, Palmyra; new number: 40'
    """
    if not news:
        return locale.text("Development %(number)s", number=locale.number(number))
    found = news_words(news, locale=locale)
    return locale.text("Development %(number)s — %(news)s", number=locale.number(number), news=found)


def news_words(news: Sequence[str], *, locale: Locale = ENGLISH) -> str:
    """Say what is new; what Tocsin does not know the kind of is said as it stands in the row."""
    kinds: defaultdict[str, list[str]] = defaultdict(list)
    for words in news:
        kind, _, what = words.partition(": ")
        kinds[kind].append(one_line(what, _WORD_LIMIT))
    return locale.clauses(_of_kind(kind, found, locale) for kind, found in kinds.items())


def _of_kind(kind: str, found: Sequence[str], locale: Locale) -> str:
    said = locale.series([_number_words(what, locale) for what in found]) if any(found) else ""
    if kind in _KINDS:
        return locale.text(_KINDS[kind], found=said)
    return f"{one_line(kind, _WORD_LIMIT)}: {said}" if said else one_line(kind, _WORD_LIMIT)


def _number_words(what: str, locale: Locale) -> str:
    """Say "19 dead", "80,000" or "12 November" in a language; anything else stays as it is."""
    written, _, counted = what.partition(" ")
    digits = written.replace(",", "")
    if not digits.isascii() or not digits.isdecimal():
        return what
    number = int(digits)
    month = _MONTHS.index(counted) + 1 if counted in _MONTHS else 0
    if month and 1 <= number <= monthrange(_LEAP_YEAR, month)[1]:
        return locale.day_of_month(month, number)
    if counted in _COUNTED:
        return locale.text(_COUNTED[counted], number=locale.number(number))
    return what if counted else locale.number(number)
