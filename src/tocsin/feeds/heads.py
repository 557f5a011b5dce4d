"""The head of an HTTP answer: its status line and fields, read from the lines as they came."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.feeds.limits import Limits

_INTERIM: Final = re.compile(rb"HTTP/\S+ 1\d\d\b")
_LISTS: Final = frozenset({"cache-control", "content-encoding", "link", "ratelimit"})


@dataclass(frozen=True, slots=True)
class Head:
    """Status, reason phrase and fields of an answer; names are in lower case.

    Values are in Latin-1, one character a byte, so that a validator can go back byte for byte. Of a field that came
    twice the first counts, unless its values make a list (RFC 9110 5.3).
    """

    status: int
    reason: str
    fields: Mapping[str, str]


def read_head(status: int, lines: Sequence[bytes], limits: Limits) -> Head | None:
    """Read the last head in ``lines``; interim answers (1xx) stand before it, trailers behind. None if over a limit."""
    if len(lines) > limits.headers or max(map(len, lines), default=0) > limits.header:
        return None
    start = _final_head(lines)
    fields: dict[str, str] = {}
    for line in lines[start + 1 :]:
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            break
        key, text = name.lower(), value.strip(" \t\r\n")
        if key not in fields:
            fields[key] = text
        elif key in _LISTS:
            fields[key] += f", {text}"
    return Head(status, _reason(lines[start : start + 1]), fields)


def _final_head(lines: Sequence[bytes]) -> int:
    start = 0
    while start < len(lines) and _INTERIM.match(lines[start]):
        ends = (at for at in range(start, len(lines)) if not lines[at].strip(b"\r\n"))
        start = next(ends, len(lines)) + 1
    return start


def _reason(status_line: Sequence[bytes]) -> str:
    parts = status_line[0].strip(b"\r\n").split(b" ", 2) if status_line else []
    return parts[2].decode("utf-8", "replace") if len(parts) > 2 else ""  # noqa: PLR2004 - version, code, reason
