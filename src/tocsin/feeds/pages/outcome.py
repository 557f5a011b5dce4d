"""What became of an attempt to read a page, and the judgement on answers. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

from tocsin.feeds.fetch import Page
from tocsin.models.feeds import Problem, ProblemKind

LEAST_TEXT: Final = 80
"""Characters; a page with less has no article in it that could be told from its furniture."""

LARGEST: Final = 3_000_000
"""Bytes of a page; those of articles have a tenth of it."""

_TOO_BIG: Final = f"the page is larger than {LARGEST // 10**6} MB, which no article needs"
_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,80}")
_PASSING: Final = frozenset({ProblemKind.UNREACHABLE, ProblemKind.TIMEOUT, ProblemKind.HTTP, ProblemKind.RATE_LIMITED})
_PASSING_STATUS: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True)
class Got:
    """The text of the article."""

    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Not read, and not to be asked for again; the reason in words."""

    problem: str


@dataclass(frozen=True, slots=True)
class PutOff:
    """Not read yet; ``wish`` is when the server wants to be asked again, ``holds_host`` tells that it means all of its
    pages and feeds.
    """

    problem: str
    wish: datetime | None = None
    holds_host: bool = False


Outcome = Got | Refused | PutOff


def failed(problem: Problem) -> Refused | PutOff:
    """Say what becomes of a page when asking for it brought no answer."""
    if problem.kind in _PASSING:
        return PutOff(problem.message, problem.retry_at, problem.holds_host)
    # What the fetcher says of size is advice to publishers of feeds.
    return Refused(_TOO_BIG if problem.kind is ProblemKind.TOO_BIG else problem.message)


def not_a_page(answer: Page) -> Refused | PutOff | None:
    """Say why an answer holds no page in HTML; None where it does."""
    if answer.status != HTTPStatus.OK:
        words = f"the site answers with {_status(answer.status)}"
        passing = answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status in _PASSING_STATUS
        return PutOff(words) if passing else Refused(words)
    kind = answer.content_type.partition(";")[0].strip().lower()
    if kind in _TYPES or (not kind and answer.body.lstrip()[:1] == b"<"):
        return None
    told = kind if _MEDIA_TYPE.fullmatch(kind) else "a file of no known type"
    return Refused(f"the address leads to {told}, not to a page in HTML")


def _status(code: int) -> str:
    try:
        return f"HTTP {code} {HTTPStatus(code).phrase}"
    except ValueError:
        return f"HTTP {code}"


def judged(text: str, teaser: str) -> Got | Refused:
    """Decide whether a page's text is worth more than the feed's teaser; a paywall's stub is not.

    >>> judged("Subscribe to read on.", "")
    Refused(problem='no article was found in the page (21 characters of text)')
    """
    if len(text) < LEAST_TEXT:
        return Refused(f"no article was found in the page ({len(text)} characters of text)")
    if len(text) <= len(teaser):
        return Refused(f"the page gives {len(text)} characters of text, the feed {len(teaser)}; the feed's are kept")
    return Got(text)
