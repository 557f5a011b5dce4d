"""The job `deliver`: lease, render, send and settle messages of the ledger, one by one."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta

import structlog

from tocsin.delivery import MAX_ATTEMPTS, next_attempt
from tocsin.errors import MailSetupError
from tocsin.models.deliveries import Deferred, Delivery, Outcome, Refused, Sent
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries
from tocsin.store.database import Database, database_now
from tocsin_worker.messages import Compose, Gone, Post

LEASE_FOR = timedelta(seconds=90)
"""Longer than one message may take (senders give up after 30 s); a mailer that dies keeps a message no longer."""

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
        self._settle(delivery, outcome)
        return True

    def _claim(self, delivery_id: DeliveryId) -> Delivery | None:
        with self.database.write() as connection:
            now = database_now(connection)
            lease = secrets.token_hex(16)
            return deliveries.claim_delivery(connection, delivery_id, now, lease=lease, lease_for=LEASE_FOR)

    def _send(self, delivery: Delivery, post: Post) -> Outcome:
        with self.database.read() as connection:
            try:
                message = self.compose(connection, delivery)
            except MailSetupError as error:
                return Refused(str(error))
        if isinstance(message, Gone):
            return Refused(message.reason)
        return post(delivery.target, message)

    def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        with self.database.write() as connection:
            now = database_now(connection)
            match outcome:
                case Sent(response):
                    deliveries.settle_sent(connection, delivery, now)
                    _log.info("sent", delivery=delivery.key, to=delivery.target, response=response)
                case Deferred(problem):
                    again_at = next_attempt(delivery.attempts, now, key=delivery.key)
                    if again_at is None:
                        problem = f"given up after {delivery.attempts} attempts; the last one: {problem}"
                        deliveries.settle_failed(connection, delivery, problem)
                    else:
                        deliveries.settle_deferred(connection, delivery, problem, again_at)
                    _log.warning("not sent", delivery=delivery.key, problem=problem, again_at=str(again_at))
                case Refused(problem):
                    deliveries.settle_failed(connection, delivery, problem)
                    _log.error("refused", delivery=delivery.key, to=delivery.target, problem=problem)
