"""What a response's headers say about asking again: validators, freshness, Retry-After (RFC 9110, RFC 9111).

Pure functions on header values as they came; what cannot be read counts as not said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

LONGEST_WAIT: Final = timedelta(hours=24)
"""No server's wish holds a feed back for longer; mistaken values of weeks were seen in the wild."""

_LONGEST_VALIDATOR: Final = 1024
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_MAX_AGE: Final = re.compile(r'(?:^|[\s,])max-age\s*=\s*"?(\d{1,18})', re.IGNORECASE)
_MUST_ASK: Final = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)


def validator(value: str | None) -> str | None:
    """Take an ETag or a Last-Modified for sending back, byte for byte; None if it is too long or has controls.

    Never parsed and never corrected: a weak tag, one without quotes or an odd date goes back as it came.
    """
    if not value or len(value) > _LONGEST_VALIDATOR or _CONTROL.search(value):
        return None
    return value


def max_age(headers: Mapping[str, str]) -> int | None:
    """Read how many seconds a response stays fresh: ``max-age`` less ``Age``, between 0 and 24 hours."""
    said = headers.get("Cache-Control", "")
    found = _MAX_AGE.search(said)
    if not found or _MUST_ASK.search(said):
        return None
    age = headers.get("Age", "").strip()
    spent = int(age) if re.fullmatch(r"\d{1,18}", age, re.ASCII) else 0
    return min(max(0, int(found[1]) - spent), int(LONGEST_WAIT.total_seconds()))


def retry_at(value: str | None, now: datetime) -> datetime | None:
    """Read Retry-After (RFC 9110 10.2.3), seconds or an HTTP date; clamped to the 24 hours from ``now`` on.

    None where the header is missing, negative or nonsense.
    """
    if value is None:
        return None
    text = value.strip()
    if re.fullmatch(r"\d+", text, re.ASCII):
        seconds = int(text) if len(text) < len("1000000") else LONGEST_WAIT.total_seconds()
        return now + min(timedelta(seconds=seconds), LONGEST_WAIT)
    wished = _http_date(text)
    return None if wished is None else min(max(wished, now), now + LONGEST_WAIT)


def _http_date(text: str) -> datetime | None:
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
