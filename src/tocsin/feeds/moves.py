"""When a feed has moved for good, and when it is gone for good. Pure, with ``now`` as a parameter.

One answer proves neither: a hotel's login page redirects permanently, a deployment answers 410 for a minute, and a
domain that changed hands redirects to something else.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from tocsin.models.feeds import Fetched, Moved, NotModified, ParsedFeed, Polling, Problem, ProblemKind

PROOFS: Final = 3
PROVEN_AFTER: Final = timedelta(hours=48)
"""A permanent redirect counts after so many equal answers in a row, spread over so long."""

GONE_AFTER: Final = timedelta(hours=24)
"""A 410 counts when another one follows so much later, with no other answer in between."""

_PASSING: Final = frozenset({ProblemKind.RATE_LIMITED, ProblemKind.TIMEOUT})


def settled(polling: Polling, answer: Fetched | NotModified, parsed: ParsedFeed | None, now: datetime) -> Polling:
    """Say what a feed's polling is after an answer that was well; ``parsed`` is None where nothing was new.

    A permanent redirect is followed at each poll, and counted while it leads to a document that calls itself as the
    feed always did. When it is proven, the feed is asked at the new address from then on; its key stays the old one.
    """
    is_ours = parsed is None or _is_same(parsed.document_id, polling.document_id)
    moved = proven(polling.moved, answer.moved_to if is_ours else None, now)
    fetch_url = polling.fetch_url
    if moved is not None and is_proven(moved, now):
        fetch_url, moved = moved.to, None
    own_id = polling.document_id
    if parsed is not None and parsed.document_id and (own_id is None or answer.moved_to is None):
        own_id = parsed.document_id
    read_at = now if isinstance(answer, Fetched) and not answer.is_delta else polling.read_at
    return replace(polling, moved=moved, fetch_url=fetch_url, document_id=own_id, gone_since=None, read_at=read_at)


def proven(moved: Moved | None, to: str | None, now: datetime) -> Moved | None:
    """Count one more answer: ``to`` is where it permanently moved to, None if it did not."""
    if to is None:
        return None
    if moved is None or moved.to != to:
        return Moved(to, now, 1)
    return replace(moved, times=moved.times + 1)


def is_proven(moved: Moved, now: datetime) -> bool:
    """Say whether the redirect was there often and long enough to be believed."""
    return moved.times >= PROOFS and now - moved.since >= PROVEN_AFTER


def after_problem(polling: Polling, problem: Problem, now: datetime) -> tuple[Polling, bool]:
    """Say what a feed's polling is after a poll that failed, and whether to stop polling it.

    An address that a redirect led to is given up with its first failure that is more than a delay: the feed is asked at
    its own address again. Only a 410 there can end a feed.
    """
    if problem.kind in _PASSING:
        return polling, False
    if polling.fetch_url is not None:
        return replace(polling, fetch_url=None, moved=None, gone_since=None), False
    if problem.kind is ProblemKind.GONE:
        return after_gone(polling, now)
    return replace(polling, gone_since=None), False


def after_gone(polling: Polling, now: datetime) -> tuple[Polling, bool]:
    """Count a 410, and say whether to stop: with a second one that comes a day after the first (RFC 9110 15.5.11)."""
    since = polling.gone_since or now
    return replace(polling, gone_since=since), now - since >= GONE_AFTER


def _is_same(named: str | None, before: str | None) -> bool:
    """Compare what documents call themselves; a link that only changed to https or lost its slash is the same."""
    return named is not None and before is not None and _bare(named) == _bare(before)


def _bare(name: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", name).rstrip("/")
