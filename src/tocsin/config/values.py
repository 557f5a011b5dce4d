"""Single values of a watchlist: each function takes one as written and gives it checked, or raises ValueError.

The error's text is the fault as the user reads it, remedy included. Nothing here knows of files, positions or pydantic.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit
from zoneinfo import available_timezones

from yarl import URL

from tocsin.config.wording import UnknownWord, quoted
from tocsin.models.watchlist import About, QuietPolicy

MAX_WORDS = 200
MAX_SENTENCE = 10_000
MAX_URL = 2_000

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = {"daily": (1, 2, 3, 4, 5, 6, 7), "weekdays": (1, 2, 3, 4, 5), "weekends": (6, 7)}

NUMBER = re.compile(r"[-+]?[0-9]{1,3}(\.[0-9]{1,10})?")
FARTHEST_EAST, FARTHEST_NORTH = 180.0, 90.0
SIDES = ("west", "south", "east", "north")

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
LANGUAGE = r"^[a-z]{2,3}$"
ENVIRONMENT_NAME = r"^[A-Za-z_][A-Za-z0-9_]*$"

# RFC 5322 3.2.3 (atext), RFC 1035 2.3.4 and RFC 5321 4.5.3.1 (lengths); quoted local parts and address literals are
# left out on purpose: no newsreader has them and every attack on mail headers does; nor "%", a relic of routing.
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.IGNORECASE)
_MAX_LOCAL_PART, _MAX_DOMAIN, _MAX_LABEL = 64, 253, 63

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


def time_of_day(text: str) -> str:
    """Check a wall time ``HH:MM``."""
    if re.fullmatch(TIME, text):
        return text
    padded = text.zfill(5)
    remedy = f"write '{padded}'" if re.fullmatch(TIME, padded) else "write hours and minutes such as '07:30'"
    raise ValueError(f"{quoted(text)} is no time of day; {remedy}")


def environment_name(text: str) -> str:
    """Check ``env:NAME`` and give the NAME."""
    name = text.removeprefix("env:")
    if name == text:
        raise ValueError("an address with its key does not belong in this file; put it in a variable, write env:NAME")
    if not re.fullmatch(ENVIRONMENT_NAME, name):
        raise ValueError(f"{quoted(name)} is no name of an environment variable; write one such as env:DESK_URL")
    return name


def mail_address(text: str, *, dotless: bool = False) -> str:
    """Check a mail address and give it with its domain in ASCII (A-labels); ``dotless`` allows ``localhost``."""
    local, _, domain = text.rpartition("@")
    ascii_domain = _ascii_domain(domain)
    fits = len(local) <= _MAX_LOCAL_PART and _LOCAL_PART.fullmatch(local) and ascii_domain
    if not fits or not (dotless or "." in ascii_domain):
        raise ValueError(f"{quoted(text)} is no mail address; write one such as zoe@example.org")
    return f"{local}@{ascii_domain}"


def feed_url(text: str) -> str:
    """Check the address of a feed: http(s), with a host, without a password."""
    parts = _split(text)
    if parts is None or parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{quoted(text)} is no web address; write one that begins with https://")
    if parts.username is not None or parts.password is not None:
        raise ValueError("an address with a user name or password in it is refused; this file is no place for secrets")
    if len(text) > MAX_URL or not _visible_url(text):
        raise ValueError("the address holds blanks or control characters, or is too long; copy it again")
    if not _has_proper_host(text):
        raise ValueError(f"{quoted(text)} names a host that cannot be; copy the address again")
    return text


def same_feed(url: str) -> str:
    """Give what two spellings of one feed's address have in common (RFC 3986 6.2.2, 6.2.3)."""
    parts = _split(url)
    if parts is None:
        return url
    usual = {"http": 80, "https": 443}.get(parts.scheme.lower())
    port = "" if parts.port in {None, usual} else f":{parts.port}"
    host = f"{(parts.hostname or '').lower()}{port}"
    return SplitResult(parts.scheme.lower(), host, parts.path or "/", parts.query, "").geturl()


def day(text: str) -> str:
    """Check a day: ``daily``, ``weekdays``, ``weekends`` or ``mon`` to ``sun``."""
    known = (*DAY_WORDS, *WEEKDAYS)
    if text not in known:
        raise UnknownWord("day", text, known, "write daily, weekdays, weekends or a list of mon to sun")
    return text


def time_zone(text: str) -> str:
    """Check an IANA time zone's name."""
    zones = _time_zones()
    if text not in zones:
        raise UnknownWord("time zone", text, zones, "write an IANA name such as 'Europe/Berlin'")
    return text


@functools.cache
def _time_zones() -> frozenset[str]:
    """List the names once: it takes a walk over the time zone files."""
    return frozenset(available_timezones())


def quiet_policy(text: str) -> str:
    """Check what a subscriber gets when nothing matched."""
    known = [policy.value for policy in QuietPolicy]
    if text not in known:
        raise UnknownWord("choice", text, known, "write 'skip' (no mail) or 'short' (a short mail)")
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


def four_sides(numbers: object) -> object:
    """Check that a box has as many numbers as sides."""
    if not isinstance(numbers, list) or len(numbers) != len(SIDES):
        raise ValueError(f"a box is four numbers in degrees: {', '.join(SIDES)}; write one such as [42.5, 10, 51, 15]")
    return numbers


def longitude(text: object) -> float:
    """Check the west or east of a box, in degrees."""
    return _degrees(text, "longitude", FARTHEST_EAST, "east of Greenwich, minus for west")


def latitude(text: object) -> float:
    """Check the south or north of a box, in degrees."""
    return _degrees(text, "latitude", FARTHEST_NORTH, "north of the equator, minus for south")


def _degrees(text: object, kind: str, most: float, sense: str) -> float:
    if isinstance(text, str) and NUMBER.fullmatch(text) and -most <= float(text) <= most:
        return float(text)
    raise ValueError(f"{quoted(str(text))} is no {kind}; write degrees from {-most:.0f} to {most:.0f}, {sense}")


def box(sides: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Check that a box has an inside; west greater than east is one across the antimeridian."""
    west, south, east, north = sides
    if south >= north:
        raise ValueError(f"its south, {south:g}, is not below its north, {north:g}; the order is {', '.join(SIDES)}")
    if west == east:
        raise ValueError(f"its west and its east are both {west:g}; the order is {', '.join(SIDES)}")
    return sides


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


def _visible(text: str, besides: str = "") -> str:
    """Refuse characters that cannot be seen: control characters, halves of surrogate pairs, marks of direction."""
    for char in text:
        if char not in besides and (unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or char in _DIRECTION_MARKS):
            raise ValueError(f"the text holds a line break or the invisible character U+{ord(char):04X}; delete it")
    return text


def _better_id(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text[:MAX_WORDS]).encode("ascii", "ignore").decode().lower()
    better = re.sub("[^a-z0-9]+", "-", decomposed).strip("-")
    return f"write '{better}'" if better else "write one such as 'islamic-state'"


def _ascii_domain(domain: str) -> str:
    """Give the domain in ASCII, or "" where it is none."""
    if len(domain) > _MAX_DOMAIN:
        return ""
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    labels = ascii_domain.split(".")
    fits = len(ascii_domain) <= _MAX_DOMAIN and all(_LABEL.fullmatch(label) for label in labels)
    return ascii_domain if fits and not labels[-1].isdigit() else ""


def _split(url: str) -> SplitResult | None:
    """Take an address apart; None where it cannot be, or names a port that is none."""
    try:
        parts = urlsplit(url)
        unusable = parts.port == 0
    except ValueError:
        return None
    return None if unusable else parts


def _has_proper_host(url: str) -> bool:
    """Say whether the host can be asked for: the part between two dots has 1 to 63 letters (RFC 1035 2.3.4)."""
    try:
        host = URL(url).raw_host or ""
    except ValueError:
        return False
    labels = host.removesuffix(".").split(".")
    return ":" in host or all(1 <= len(label) <= _MAX_LABEL for label in labels)


def _visible_url(url: str) -> bool:
    return not any(char.isspace() or unicodedata.category(char) in {"Cc", "Cs", "Cf"} for char in url)
