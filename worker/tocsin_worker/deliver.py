"""The job `deliver`: lease, render, send and settle messages of the ledger, one by one."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from tocsin.delivery import MAX_ATTEMPTS, SEND_SECONDS, next_attempt
from tocsin.errors import MailSetupError
from tocsin.models.deliveries import Deferred, Delivery, Outcome, Refused, Sent
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries
from tocsin.store.database import Database, database_now
from tocsin_worker.messages import Compose, Gone, Post

LEASE_FOR = timedelta(seconds=SEND_SECONDS + 30)
"""Longer than one message may take, with time to write and to note it; a mailer that dies keeps a message no longer."""

BUDGET_SECONDS = 120
"""A job stops in good order after this time; the sweeper sends the rest again. RQ's own limit would cut a message in
two.
"""

_NEVER_FINISHED = Refused(f"given up: begun {MAX_ATTEMPTS} times and never finished; see the log of the mailer for why")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Mailer:
    """Runs the job. ``posts`` opens, once a job, the way out for each kind of channel."""

    database: Database
    compose: Compose
    posts: Callable[[ExitStack], Mapping[ChannelKind, Post]]
    budget_seconds: float = BUDGET_SECONDS

    def run(self, ids: list[int]) -> None:
        """Deliver those of the messages that are due and that nobody holds.

        Raises:
            StoreError: The database failed; what was leased comes free again with its lease.

        """
        ends_at = time.monotonic() + self.budget_seconds
        with ExitStack() as stack:
            posts = self.posts(stack)
            for one in ids:
                if time.monotonic() >= ends_at:
                    return
                self.deliver_one(DeliveryId(one), posts)

    def deliver_one(self, delivery_id: DeliveryId, posts: Mapping[ChannelKind, Post]) -> bool:
        """Lease one message, send it and settle it; False if there was nothing to do.

        A crash between the other side's yes and our commit sends the message again, with the same Message-ID.
        """
        delivery = self._claim(delivery_id)
        if delivery is None:
            return False
        # What was put off so often is settled; so the attempts beyond that are of a message that ends its mailer.
        hopeless = delivery.attempts > MAX_ATTEMPTS
        outcome = _NEVER_FINISHED if hopeless else self._send(delivery, posts[delivery.channel])
        if not self._settle(delivery, outcome):
            _log.warning(
                "lease lost; it may have been sent twice",
                delivery=delivery.key,
                to=delivery.target,
                outcome=type(outcome).__name__.lower(),
            )
        return True

    def _claim(self, delivery_id: DeliveryId) -> Delivery | None:
        with self.database.write() as connection:
            now = database_now(connection)
            lease = secrets.token_hex(16)
            return deliveries.claim_delivery(connection, delivery_id, now, lease=lease, lease_for=LEASE_FOR)

    def _send(self, delivery: Delivery, post: Post) -> Outcome | Gone:
        with self.database.read() as connection:
            try:
                message = self.compose(connection, delivery)
            except MailSetupError as error:
                # A fault of settings or watchlist: mended there, the message can still go out.
                return Deferred(str(error))
        if isinstance(message, Gone):
            return message
        return post(delivery.target, message)

    def _settle(self, delivery: Delivery, outcome: Outcome | Gone) -> bool:
        """Note what became of an attempt; False, and nothing is noted, if its lease was lost."""
        with self.database.write() as connection:
            now = database_now(connection)
            match outcome:
                case Sent(response):
                    settled = deliveries.settle_sent(connection, delivery, now)
                    told = _log.bind(to=delivery.target, response=response).info, "sent"
                case Deferred(problem):
                    settled, again_at = _put_off(connection, delivery, problem, now)
                    told = _log.bind(problem=problem, again_at=str(again_at)).warning, "not sent"
                case Refused(problem):
                    settled = deliveries.settle_failed(connection, delivery, problem)
                    told = _log.bind(to=delivery.target, problem=problem).error, "refused"
                case Gone(reason):
                    settled = deliveries.settle_dropped(connection, delivery, reason)
                    told = _log.bind(reason=reason).info, "dropped"
        if settled:
            log, event = told
            log(event, delivery=delivery.key)
        return settled


def _put_off(
    connection: sa.Connection, delivery: Delivery, problem: str, now: datetime
) -> tuple[bool, datetime | None]:
    """Put a message off to its next attempt, or give it up; gives whether that was noted, and the time."""
    again_at = next_attempt(delivery.attempts, now, key=delivery.key)
    if again_at is None:
        problem = f"given up after {delivery.attempts} attempts; the last one: {problem}"
        return deliveries.settle_failed(connection, delivery, problem), None
    return deliveries.settle_deferred(connection, delivery, problem, again_at), again_at
