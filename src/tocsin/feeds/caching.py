"""What the fields of an answer say about asking again: validators, freshness, waits (RFC 9110, RFC 9111).

Pure functions on fields, names in lower case, values as they came; what cannot be read counts as not said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_WAIT: Final = timedelta(hours=24)
"""No server's wish holds a feed back for longer; mistaken values of weeks were seen in the wild."""

_DAY: Final = int(LONGEST_WAIT.total_seconds())
_LONGEST_VALIDATOR: Final = 1024
_NOT_SENT_BACK: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")
_MAX_AGE: Final = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?(\d{1,18})', re.IGNORECASE)
_MUST_ASK: Final = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,18}(?:\.\d{1,9})?", re.ASCII)
_LIMITS: Final = (("x-ratelimit-remaining", "x-ratelimit-reset"), ("ratelimit-remaining", "ratelimit-reset"))
_REMAINING: Final = re.compile(r"(?:^|[\s,;])(?:remaining|r)\s*=\s*(\d{1,9})\b", re.IGNORECASE | re.ASCII)
_RESET: Final = re.compile(r"(?:^|[\s,;])(?:reset|t)\s*=\s*(\d{1,18})\b", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Wish:
    """When a server wants to be asked again, clamped to the 24 hours from now on; ``is_cut`` if it said later."""

    at: datetime
    is_cut: bool = False


def validator(value: str | None) -> str | None:
    """Take an ETag or a Last-Modified for sending back, byte for byte; None if it is too long or has controls.

    Never parsed and never corrected: a weak tag, one without quotes or an odd date goes back as it came.
    """
    if not value or len(value) > _LONGEST_VALIDATOR or _NOT_SENT_BACK.search(value):
        return None
    return value


def freshness(fields: Mapping[str, str], now: datetime) -> int | None:
    """Read how many seconds an answer stays fresh, between 0 and 24 hours (RFC 9111 4.2).

    ``max-age``, or else ``Expires`` less ``Date``; less ``Age``. None where nothing is said, where the answer must be
    asked for again each time, and for an ``Expires`` that is past or no date: those only mean "do not store".
    """
    said = fields.get("cache-control", "")
    if _MUST_ASK.search(said):
        return None
    found = _MAX_AGE.search(said)
    lifetime = int(found[1]) if found else _until_expiry(fields, now)
    return None if lifetime is None else min(max(0, lifetime - _age(fields)), _DAY)


def _until_expiry(fields: Mapping[str, str], now: datetime) -> int | None:
    expires = _http_date(fields.get("expires", ""))
    if expires is None:
        return None
    seconds = int((expires - (_http_date(fields.get("date", "")) or now)).total_seconds())
    return seconds if seconds > 0 else None


def _age(fields: Mapping[str, str]) -> int:
    age = fields.get("age", "")
    return int(age) if re.fullmatch(r"\d{1,18}", age, re.ASCII) else 0


def retry_after(fields: Mapping[str, str], now: datetime) -> Wish | None:
    """Read Retry-After (RFC 9110 10.2.3), seconds or an HTTP date; None where it is missing, negative or nonsense."""
    text = fields.get("retry-after", "")
    if re.fullmatch(r"\d+", text, re.ASCII):
        return _in_seconds(float(text[:18]), now)
    wished = _http_date(text)
    return None if wished is None else _at(wished, now)


def used_up(fields: Mapping[str, str], now: datetime) -> Wish | None:
    """Read when the server takes requests again after this one, which used its limit up; None while there is room.

    Understands ``X-RateLimit-Remaining`` and ``-Reset`` (seconds, or seconds since 1970), the same without ``X-``, and
    the ``RateLimit`` field of draft-ietf-httpapi-ratelimit-headers, in its older and newer syntax.
    """
    for remaining, reset in _LIMITS:
        if remaining in fields and _is_none_left(fields[remaining]):
            when = fields.get(reset, "")
            return _reset(float(when), now) if _NUMBER.fullmatch(when) else None
    if "ratelimit" not in fields:
        return None
    said = fields["ratelimit"]
    left, resets = _REMAINING.search(said), _RESET.search(said)
    return _in_seconds(float(resets[1]), now) if left and resets and int(left[1]) == 0 else None


def _is_none_left(remaining: str) -> bool:
    return bool(_NUMBER.fullmatch(remaining)) and float(remaining) < 1


def _reset(value: float, now: datetime) -> Wish:
    """Tell seconds from now from seconds since 1970: a wait of years is none."""
    since_1970 = now.timestamp() / 2
    return _in_seconds(value - now.timestamp() if value > since_1970 else value, now)


def _in_seconds(seconds: float, now: datetime) -> Wish:
    return Wish(now + timedelta(seconds=min(max(seconds, 0.0), float(_DAY))), seconds > _DAY)


def _at(wished: datetime, now: datetime) -> Wish:
    return Wish(min(max(wished, now), now + LONGEST_WAIT), wished > now + LONGEST_WAIT)


def _http_date(text: str) -> datetime | None:
    if not text:
        return None
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if parsed.tzinfo is None:
        return parsed.replace(tzinfo=UTC)
    try:
        return parsed.astimezone(UTC)
    except OverflowError:
        return None
