"""What a poll leaves behind: the state of a feed after it, worked out from the state before it. Pure; no SQL.

The store writes what differs between the two. Which entries are new is not decided here, see `dedupe`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from tocsin.feeds import moves
from tocsin.feeds.doubts import distrusts
from tocsin.feeds.hosts import host_key, is_private_key
from tocsin.feeds.moves import settled
from tocsin.feeds.next_check import check_after_problem, floor_of, interval_of, next_check_at
from tocsin.feeds.rhythm import observe
from tocsin.feeds.websub import judge_hub
from tocsin.models.feeds import Feed, Fetched, NotModified, ParsedFeed, Polling, Problem, Rhythm

_POLL_TAKES: Final = timedelta(minutes=2)
"""No poll takes longer: so long ago it had not begun, and what was decided of its request held already or did not."""


@dataclass(frozen=True, slots=True)
class HostWait:
    """A host that wants to be left alone until a time, with the reason in words."""

    host: str
    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class News:
    """What a document brought: the times of its entries that are news, and a note on what was done with the others."""

    times: Sequence[datetime] = ()
    note: str | None = None


def body_hash(fetched: Fetched) -> str:
    """Give the SHA-256 of a body, hex."""
    return hashlib.sha256(fetched.body).hexdigest()


def after_answer(feed: Feed, answer: Fetched | NotModified, now: datetime, shortest: timedelta) -> Feed:
    """Give the state after a poll that brought nothing to parse: a 304, or the body that was there before."""
    note = feed.problem if feed.failures == 0 else None
    after = _well(feed, answer, settled(feed.polling, answer, None, now), note, now)
    return _scheduled(after, answer, now, shortest)


def after_document(  # noqa: PLR0917 -- the stages of one poll, in their order
    feed: Feed, answer: Fetched, parsed: ParsedFeed, news: News, now: datetime, shortest: timedelta
) -> Feed:
    """Give the state after a poll whose document was read and taken in."""
    polling = replace(
        settled(feed.polling, answer, parsed, now),
        distrusts_304=distrusts(feed, answer, parsed, now - _POLL_TAKES),
        format=parsed.format or feed.polling.format,
        hints=parsed.hints,
        hub=answer.hub or parsed.hub,
        rhythm=_rhythm(feed, answer, parsed, news, now),
    )
    note = "; ".join(words for words in (parsed.note, news.note) if words) or None
    after = _well(feed, answer, polling, note, now)
    if not parsed.is_complete:
        # With these the server would answer "not modified", and the part that was cut off would never come.
        after = replace(after, etag=None, last_modified=None)
    if parsed.is_complete and not answer.is_delta:
        after = replace(after, body_hash=body_hash(answer), changed_at=now)
    elif news.times:
        after = replace(after, changed_at=now)
    return _scheduled(judge_hub(after, news.times, now), answer, now, shortest)


def _rhythm(feed: Feed, answer: Fetched, parsed: ParsedFeed, news: News, now: datetime) -> Rhythm:
    seen = observe(feed.polling.rhythm, news.times, parsed, now)
    before = feed.polling.rhythm
    if answer.is_delta and before is not None:
        # A delta shows new entries only and says nothing about how much the feed holds.
        return replace(seen, window=before.window, entries=before.entries)
    return seen


def _well(feed: Feed, answer: Fetched | NotModified, polling: Polling, note: str | None, now: datetime) -> Feed:
    keeps = isinstance(answer, NotModified)
    return replace(
        feed,
        host=_host(feed, polling),
        # RFC 9111 3.2: a 304 replaces the validators that it sends; a 200 replaces both, even by nothing.
        etag=answer.etag or (feed.etag if keeps else None),
        last_modified=answer.last_modified or (feed.last_modified if keeps else None),
        checked_at=now,
        succeeded_at=now,
        failures=0,
        problem=note,
        problem_kind=None,
        polling=polling,
    )


def _host(feed: Feed, polling: Polling) -> str:
    """Name the host that counts: where a feed is asked at another address from now on, that one's."""
    if polling.fetch_url == feed.polling.fetch_url:
        return feed.host
    return host_key(polling.fetch_url or feed.url)


def _scheduled(feed: Feed, answer: Fetched | NotModified, now: datetime, shortest: timedelta) -> Feed:
    fresh_for = None if answer.max_age is None else timedelta(seconds=answer.max_age)
    interval = interval_of(feed, now, shortest=shortest, fresh_for=fresh_for)
    floor = floor_of(feed.polling.hints, fresh_for)
    # On a private host no other feed waits for this one's rate limit; it itself does.
    rest = answer.host_wait_until - now if answer.host_wait_until else timedelta()
    due = next_check_at(feed, now, interval, shortest=shortest, floor=max(floor, rest))
    # A hub may begin and end to deliver before the next poll, which then comes sooner, but not than this.
    not_before = now + floor if feed.polling.hub and floor > shortest else None
    if not_before != feed.polling.not_before:
        feed = replace(feed, polling=replace(feed.polling, not_before=not_before))
    return replace(feed, interval=interval, next_check_at=due)


def after_problem(feed: Feed, problem: Problem, now: datetime, shortest: timedelta) -> Feed:
    """Give the state after a poll that failed; what was learnt from earlier answers is kept."""
    polling, ends = moves.after_problem(feed.polling, problem, now)
    after = replace(
        feed,
        host=_host(feed, polling),
        polling=polling,
        checked_at=now,
        failures=feed.failures + 1,
        problem=problem.message,
        problem_kind=problem.kind,
        stopped_at=now if ends else feed.stopped_at,
    )
    return replace(after, next_check_at=check_after_problem(after, problem, now, shortest=shortest))


def host_wait(feed: Feed, outcome: Fetched | NotModified | Problem) -> HostWait | None:
    """Say whether the answer holds every feed of the host; on a host of its own, the feed alone is held."""
    if is_private_key(feed.host):
        return None
    if isinstance(outcome, Problem):
        if outcome.holds_host and outcome.retry_at is not None:
            return HostWait(feed.host, outcome.retry_at, outcome.message)
        return None
    if outcome.host_wait_until is None:
        return None
    return HostWait(feed.host, outcome.host_wait_until, "its rate limit is used up")
