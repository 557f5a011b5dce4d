"""Asking WebSub hubs to deliver feeds, to go on delivering them, or to stop; a few at a time.

What the hubs answer comes to the web process: a request leads to nothing here, except where a hub does not take it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Final, Protocol

import sqlalchemy as sa
import structlog

from tocsin.feeds.fetch import Page
from tocsin.feeds.websub import FIRST_RETRY, LAST_RETRY, check_after_push, has_ended, next_request_at, request_form
from tocsin.models.feeds import Problem, ProblemKind
from tocsin.models.ids import FeedId
from tocsin.models.websub import HubSubscription
from tocsin.store.database import Database, database_now
from tocsin.store.feed_hubs import any_to_follow, follow_hubs
from tocsin.store.hub_subscriptions import (
    any_to_ask,
    claim_due_subscriptions,
    end_lapsed,
    hold_hub,
    note_problem,
    remove_subscription,
    resume_polling,
)
from tocsin_scheduler.recording import Clock

FOLLOW_EVERY: Final = timedelta(minutes=1)
EVERY: Final = timedelta(seconds=5)
AT_ONCE: Final = 5
"""Requests a tick: one a second on the whole, which renews more than half a million leases of ten days."""

_UNREACHABLE: Final = frozenset({ProblemKind.UNREACHABLE, ProblemKind.TIMEOUT})
_REASON_LIMIT: Final = 100

_log = structlog.get_logger(__name__)


class Posts(Protocol):
    """What asks hubs: `tocsin.feeds.fetch.Fetcher`."""

    async def post_form(self, url: str, fields: Mapping[str, str]) -> Page | Problem:
        """Send a form once; what goes wrong is a value."""
        ...


@dataclass(slots=True)
class Hubs:
    """Keeps the subscriptions of all feeds that name a hub.

    ``root`` is what callbacks begin with, None where hubs cannot reach us or must not; ``shortest`` is the shortest
    time between two polls of a feed.
    """

    database: Database
    fetcher: Posts
    root: str | None
    shortest: timedelta
    clock: Clock = database_now

    def follow(self) -> None:
        """Want the subscriptions that the feeds call for now, and end the others."""
        with self.database.read() as connection:
            if not any_to_follow(connection, self.root, self.clock(connection)):
                return
        with self.database.write() as connection:
            self._resume(connection, follow_hubs(connection, self.root, self.clock(connection)))

    async def tick(self) -> int:
        """Ask the hubs that have to be asked, so many at a time, and give their number."""
        due = await asyncio.to_thread(self._claim)
        await asyncio.gather(*map(self._ask, due))
        return len(due)

    def _claim(self) -> list[HubSubscription]:
        with self.database.read() as connection:
            if not any_to_ask(connection, self.clock(connection)):
                return []
        with self.database.write() as connection:
            now = self.clock(connection)
            self._resume(connection, end_lapsed(connection, now))
            due = claim_due_subscriptions(connection, now, next_request_at, limit=AT_ONCE)
            for subscription in due:
                if has_ended(subscription, now):
                    remove_subscription(connection, subscription)
        return [subscription for subscription in due if not has_ended(subscription, now)]

    def _resume(self, connection: sa.Connection, ids: Collection[FeedId]) -> None:
        now = self.clock(connection)
        resume_polling(connection, ids, partial(check_after_push, now=now, shortest=self.shortest))

    async def _ask(self, subscription: HubSubscription) -> None:
        answer = await self.fetcher.post_form(subscription.hub, request_form(subscription))
        refusal = _refusal(subscription, answer)
        if refusal is None:
            _log.info("hub asked", hub=subscription.hub, topic=subscription.topic, mode=subscription.mode.value)
            return
        _log.warning("hub not asked", hub=subscription.hub, topic=subscription.topic, reason=refusal)
        await asyncio.to_thread(self._note, subscription, refusal, answer)

    def _note(self, subscription: HubSubscription, refusal: str, answer: Page | Problem) -> None:
        with self.database.write() as connection:
            now = self.clock(connection)
            note_problem(connection, subscription.id, refusal)
            if isinstance(answer, Problem) and answer.retry_at is not None:
                hold_hub(connection, subscription.hub, min(answer.retry_at, now + LAST_RETRY))
            elif isinstance(answer, Problem) and answer.kind in _UNREACHABLE:
                hold_hub(connection, subscription.hub, now + FIRST_RETRY)


def _refusal(subscription: HubSubscription, answer: Page | Problem) -> str | None:
    """Say why a hub did not take a request; it should answer 202 (section 5.1.2), and any other success will do."""
    if isinstance(answer, Problem):
        said = answer.message
    elif HTTPStatus(200) <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return None
    else:
        words = " ".join(answer.body[: _REASON_LIMIT * 4].decode("utf-8", "replace").split())
        told = "".join(char for char in words if char.isprintable())[:_REASON_LIMIT]
        said = f"HTTP {answer.status}" + (f", saying “{told}”" if told else "")
    return f"the hub {subscription.hub} did not take the request: {said}; the feed is polled meanwhile"
