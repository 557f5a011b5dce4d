"""Single values of a watchlist: each function takes one as written and gives it checked, or raises ValueError.

The error's text is the fault as the user reads it, remedy included. Nothing here knows of files, positions or pydantic.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from zoneinfo import available_timezones

from babel.core import get_global

from tocsin.config.cron import cron_fault
from tocsin.config.wording import UnknownWord, quoted
from tocsin.models.watchlist import LANGUAGES, About, AlertWhen, QuietPolicy

MAX_WORDS = 200
MAX_SENTENCE = 10_000

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = {"daily": (1, 2, 3, 4, 5, 6, 7), "weekdays": (1, 2, 3, 4, 5), "weekends": (6, 7)}

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
LANGUAGE = r"^[a-z]{2,3}$"
ENVIRONMENT_NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"
OWN_VARIABLES = "TOCSIN_"
"""What the names of our settings begin with; one that is none of them ends every command."""

# Marks that turn the direction of what follows them (Unicode UAX 9): in a title or subject they only deceive.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def words(text: str) -> str:
    """Check a short text on one line, such as a title or a region's name."""
    stripped = _visible(text.strip(" \t"))
    if not stripped:
        raise ValueError("the text is empty; write something or remove it")
    if len(stripped) > MAX_WORDS:
        raise ValueError(f"longer than {MAX_WORDS} characters; shorten it")
    return stripped


def term(text: str) -> str:
    """Check a keyword or name: words with at least one letter or digit to look for."""
    checked = words(text)
    if not any(char.isalnum() for char in checked):
        raise ValueError(f"{quoted(checked)} has no letter or digit to look for; write a word")
    return checked


def sentence(text: str) -> str:
    """Check a sentence of a watch's tests; it may run over several lines."""
    stripped = _visible(text.strip(), besides="\n\t")
    if not stripped:
        raise ValueError("the sentence is empty; write one or remove it")
    if len(stripped) > MAX_SENTENCE:
        raise ValueError(f"longer than {MAX_SENTENCE:,} characters; shorten it")
    return stripped


def query(text: str) -> str:
    """Check a query as text; it may run over several lines, and what it says is checked elsewhere."""
    stripped = _visible(text.strip(), besides="\n\t")
    if not stripped:
        raise ValueError("the query is empty; write one or remove it")
    return stripped


def slug(text: str) -> str:
    """Check an id, which stands in addresses and file names."""
    if len(text) > MAX_WORDS or not re.fullmatch(SLUG, text):
        raise ValueError(f"the id {quoted(text)} may only hold a-z, 0-9 and single hyphens; {_better_id(text)}")
    return text


def language(text: str) -> str:
    """Check a language as a primary subtag (BCP 47): two or three letters."""
    lowered = text.lower()
    if re.fullmatch(LANGUAGE, lowered):
        return lowered
    primary = re.split("[-_]", lowered)[0]
    remedy = f"write '{primary}'" if re.fullmatch(LANGUAGE, primary) else "write two letters such as 'en' or 'ar'"
    raise ValueError(f"{quoted(text)} is no language code; {remedy}")


def mail_language(text: str) -> str:
    """Check a language that mails come in; a region's variety of one is told its plain name."""
    lowered = text.lower()
    if lowered in LANGUAGES:
        return lowered
    primary = re.split("[-_]", lowered)[0]
    known = f"{', '.join(LANGUAGES[:-1])} or {LANGUAGES[-1]}"
    raise ValueError(f"mails do not come in {quoted(text)}; write {quoted(primary) if primary in LANGUAGES else known}")


def time_of_day(text: str) -> str:
    """Check a wall time ``HH:MM``."""
    if re.fullmatch(TIME, text):
        return text
    padded = text.zfill(5)
    remedy = f"write '{padded}'" if re.fullmatch(TIME, padded) else "write hours and minutes such as '07:30'"
    raise ValueError(f"{quoted(text)} is no time of day; {remedy}")


def environment_name(text: str) -> str:
    """Check ``env:NAME`` for an address that holds a key, and give the NAME."""
    return _variable(text, "an address with its key", "DESK_URL")


def secret_name(text: str) -> str:
    """Check ``env:NAME`` for a key that messages are signed with, and give the NAME."""
    return _variable(text, "a secret", "DESK_SECRET")


def _variable(text: str, what: str, example: str) -> str:
    name = text.removeprefix("env:")
    if name == text:
        raise ValueError(f"{what} does not belong in this file; put it in a variable, write env:NAME")
    if not re.fullmatch(ENVIRONMENT_NAME, name):
        raise ValueError(f"{quoted(name)} is no name of an environment variable; write one such as env:{example}")
    if name.upper().startswith(OWN_VARIABLES):
        raise ValueError(f"{quoted(name)} would be a setting of Tocsin's own; choose another name, such as {example}")
    return name


def file_name(text: str) -> str:
    """Check the name of a file that stands beside the watchlist."""
    stripped = _visible(text.strip(" \t"))
    if not stripped:
        raise ValueError("the file's name is empty; write one such as feeds/news.opml")
    if re.match("[a-z]+://", stripped, re.IGNORECASE):
        raise ValueError(f"{quoted(stripped)} is an address; save the list beside the watchlist and write its name")
    return stripped


def day(text: str) -> str:
    """Check a day: ``daily``, ``weekdays``, ``weekends`` or ``mon`` to ``sun``."""
    known = (*DAY_WORDS, *WEEKDAYS)
    if text not in known:
        raise UnknownWord("day", text, known, "write daily, weekdays, weekends or a list of mon to sun")
    return text


def time_zone(text: str) -> str:
    """Check an IANA time zone's name; one that the zone data has dropped is told by the name it has now (CLDR)."""
    zones = _time_zones()
    if text not in zones:
        renamed = get_global("zone_aliases").get(text)
        if renamed in zones:
            raise ValueError(f"the time zone {quoted(text)} is no more; write {quoted(renamed)}")
        raise UnknownWord("time zone", text, zones, "write an IANA name such as 'Europe/Berlin'")
    return text


@functools.cache
def _time_zones() -> frozenset[str]:
    """List the names once: it takes a walk over the time zone files."""
    return frozenset(available_timezones())


def cron(text: str) -> str:
    """Check a cron expression, and give it with single blanks between its fields."""
    expression = " ".join(text.split())
    problem = cron_fault(expression)
    if problem:
        raise ValueError(problem)
    return expression


def quiet_policy(text: str) -> str:
    """Check what a subscriber gets when nothing matched."""
    known = [policy.value for policy in QuietPolicy]
    if text not in known:
        remedy = "write 'skip' (no mail), 'short' (a short mail) or 'weekly' (a short mail after a week without any)"
        raise UnknownWord("choice", text, known, remedy)
    return text


def version(text: str) -> str:
    """Check the version of the watchlist's form."""
    if text != "1":
        raise ValueError(f"version {quoted(text)} is not known to this Tocsin; write 'version: 1'")
    return text


def about(text: str) -> str:
    """Check what an article must do with a watch's regions."""
    known = [choice.value for choice in About]
    if text not in known:
        raise UnknownWord("choice", text, known, "write 'focus' (about the region) or 'mention' (names it)")
    return text


def alert_when(text: str) -> str:
    """Check when a watch rings."""
    known = [when.value for when in AlertWhen]
    if text not in known:
        raise UnknownWord("choice", text, known, "write 'story' (each story once) or 'burst' (more than usual)")
    return text


def iso_weekdays(days: Iterable[str]) -> tuple[int, ...]:
    """Turn checked days into ISO weekdays, 1 = Monday, sorted.

    >>> iso_weekdays(["weekends", "mon"])
    (1, 6, 7)
    """
    numbers: set[int] = set()
    for word in days:
        numbers.update(DAY_WORDS.get(word) or (WEEKDAYS.index(word) + 1,))
    return tuple(sorted(numbers))


def distinct(values: Iterable[str]) -> tuple[str, ...]:
    """Keep the first of equal values, in order."""
    return tuple(dict.fromkeys(values))


def is_visible(char: str) -> bool:
    """Tell whether a character may stand in a text: no control character, half of a pair, or mark of direction."""
    return unicodedata.category(char) not in {"Cc", "Cs", "Zl", "Zp"} and char not in _DIRECTION_MARKS


def _visible(text: str, besides: str = "") -> str:
    """Refuse characters that cannot be seen."""
    if text.isprintable():  # true of no character that is refused, and a hundred times as fast
        return text
    for char in text:
        if char not in besides and not is_visible(char):
            raise ValueError(f"the text holds a line break or the invisible character U+{ord(char):04X}; delete it")
    return text


def _better_id(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:MAX_WORDS]).encode("ascii", "ignore").decode().lower()
    better = re.sub("[^a-z0-9]+", "-", decomposed).strip("-")
    return f"write '{better}'" if better else "write one such as 'islamic-state'"
