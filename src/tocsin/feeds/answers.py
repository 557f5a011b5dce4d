"""What an answer means for a feed: a body, nothing new, or a problem in words. Pure, with ``now`` as a parameter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Final

from yarl import URL

from tocsin.feeds import caching, faults
from tocsin.feeds.heads import Head
from tocsin.feeds.inflate import BadCodingError, TooBigError, decoded
from tocsin.feeds.limits import Limits
from tocsin.feeds.link_header import hub_of
from tocsin.models.feeds import Fetched, NotModified, Problem

_CHALLENGED: Final = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_LONGEST_TYPE: Final = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer at the end of a chain of redirects: where it came from, its head, and its body as sent.

    ``is_conditional`` tells that it answers a request with validators; ``is_home`` that it comes from the origin that
    was asked first, ``is_same_host`` from its host key; ``moved_to`` is set behind permanent redirects alone.
    """

    url: URL
    head: Head
    body: bytes
    is_conditional: bool = False
    is_home: bool = True
    is_same_host: bool = True
    moved_to: str | None = None

    @property
    def shown_url(self) -> str:
        """The address without a user and a password."""
        return str(self.url.with_user(None))


def poll_outcome(answer: Answer, limits: Limits, now: datetime) -> Fetched | NotModified | Problem:
    """Say what a poll has brought."""
    status = answer.head.status
    if status == HTTPStatus.NOT_MODIFIED:
        return _not_modified(answer, now)
    if status == HTTPStatus.OK or (status == HTTPStatus.IM_USED and answer.is_conditional):
        return _fetched(answer, limits, now)
    return withheld(answer, now) or _failed(answer, now)


def withheld(answer: Answer, now: datetime) -> Problem | None:
    """Report a server that wants a person, or to be left alone for a while; None for every other answer."""
    head = answer.head
    if head.status not in _CHALLENGED:
        return None
    if head.fields.get("cf-mitigated", "").lower() == "challenge" and head.status != HTTPStatus.TOO_MANY_REQUESTS:
        return faults.blocked(answer.url, head.status, head.reason)
    wish = caching.retry_after(head.fields, now) or caching.used_up(head.fields, now)
    if wish is None and head.status != HTTPStatus.TOO_MANY_REQUESTS:
        return None
    return faults.rate_limited(answer.url, head.status, head.reason, wish, holds_host=answer.is_same_host)


def content(answer: Answer, limits: Limits) -> bytes | Problem:
    """Undo the codings of the body."""
    try:
        return decoded(answer.body, answer.head.fields.get("content-encoding", ""), limits.inflated)
    except TooBigError:
        return faults.too_big(answer.url, limits.inflated, "after decompression")
    except BadCodingError as error:
        return faults.bad_coding(answer.url, str(error))


def content_type(answer: Answer) -> str:
    """Give the Content-Type as sent, if it is not endless."""
    return answer.head.fields.get("content-type", "")[:_LONGEST_TYPE]


def _failed(answer: Answer, now: datetime) -> Problem:
    """Report another status; even with a 404 a host may say that its rate limit is used up."""
    failed = faults.status(answer.url, answer.head.status, answer.head.reason)
    until = _host_wait_until(answer, now)
    return replace(failed, retry_at=until, holds_host=True) if until else failed


def _not_modified(answer: Answer, now: datetime) -> NotModified | Problem:
    if not answer.is_conditional:
        return faults.unasked_304(answer.url)
    fields = answer.head.fields
    return NotModified(
        etag=caching.validator(fields.get("etag")),
        last_modified=caching.validator(fields.get("last-modified")),
        max_age=caching.freshness(fields, now),
        moved_to=answer.moved_to,
        host_wait_until=_host_wait_until(answer, now),
    )


def _fetched(answer: Answer, limits: Limits, now: datetime) -> Fetched | Problem:
    body = content(answer, limits)
    if isinstance(body, Problem):
        return body
    fields = answer.head.fields
    # Validators of another origin would be sent to the feed's own one next time: not kept.
    return Fetched(
        url=answer.shown_url,
        body=body,
        content_type=content_type(answer),
        etag=caching.validator(fields.get("etag")) if answer.is_home else None,
        last_modified=caching.validator(fields.get("last-modified")) if answer.is_home else None,
        max_age=caching.freshness(fields, now),
        moved_to=answer.moved_to,
        host_wait_until=_host_wait_until(answer, now),
        is_delta=answer.head.status == HTTPStatus.IM_USED,
        hub=hub_of(fields["link"], answer.url) if "link" in fields else None,
    )


def _host_wait_until(answer: Answer, now: datetime) -> datetime | None:
    wish = caching.used_up(answer.head.fields, now) if answer.is_same_host else None
    return wish.at if wish else None
