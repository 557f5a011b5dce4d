"""The job `deliver`: lease, render, send and settle messages of the ledger, each channel's in a lane of its own."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from typing import assert_never

import structlog

from tocsin.delivery import MAX_ATTEMPTS, SEND_SECONDS
from tocsin.errors import MailSetupError
from tocsin.models.deliveries import Deferred, Delivery, DeliveryKind, Lane, Outcome, Refused, Sent
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries
from tocsin.store.database import Database, database_now
from tocsin.store.lanes import domain_of, lanes_of, put_off_domain, rest_lane
from tocsin_worker.lanes import STOP_SECONDS, Lanes, Take
from tocsin_worker.messages import Compose, Gone
from tocsin_worker.posts import Post
from tocsin_worker.settle import Breaker, settle_deferred, settle_dropped, settle_refused, settle_sent

LEASE_FOR = timedelta(seconds=SEND_SECONDS + 30)
"""Longer than one message may take, with time to write and to note it; a mailer that dies keeps a message no longer."""

_NEVER_FINISHED = Refused(f"given up: begun {MAX_ATTEMPTS} times and never finished; see the log of the mailer for why")

_log = structlog.get_logger(__name__)


DIGEST_CONNECTIONS = 2
"""Over which digests go: while the server thinks about one, the next is written. One of those to the mail server is
left to alerts and confirmations.
"""

Crowded = Callable[[Delivery], timedelta | None]
"""Counts a message for its domain; says how long a digest is to wait where the domain gets no more for now."""


class Mailer:
    """Runs the job. ``open_post`` opens the way out for a kind of channel, for one thread; ``stops`` tells when the
    process is to end.
    """

    def __init__(
        self,
        database: Database,
        compose: Compose,
        open_post: Callable[[ExitStack, ChannelKind], Post],
        stops: Callable[[], bool] = lambda: False,
        crowded: Crowded = lambda _: None,
    ) -> None:
        self._database = database
        self._compose = compose
        self._open_post = open_post
        self._breakers: dict[Lane, Breaker] = {}
        # Lanes that ask SQLite for its lock at once sleep up to a tenth of a second each until they get it.
        self._writing = threading.Lock()
        self._crowded = crowded
        self._lanes = Lanes(self._work, stops, _width)

    def run(self, ids: list[int]) -> None:
        """Deliver those of the messages that are due and that nobody holds.

        Returns when all are settled, apart from those in lanes that are held up: these go on beside the next jobs.

        Raises:
            StoreError: The database failed; what was leased comes free again with its lease.

        """
        lanes = self._sorted([DeliveryId(one) for one in ids])
        for lane, its in lanes.items():
            self._lanes.add(lane, its)
        self._lanes.wait(lanes)

    def close(self, seconds: float = STOP_SECONDS) -> None:
        """Send no more; messages on their way get so long to arrive."""
        self._lanes.close(seconds)

    def _sorted(self, ids: list[DeliveryId]) -> dict[Lane, list[DeliveryId]]:
        """Sort messages by lanes; those of a lane that rests wait until its rest is over."""
        with self._database.read() as connection:
            now = database_now(connection)
            lanes = lanes_of(connection, ids)
        breakers = {lane: self._breakers.setdefault(lane, Breaker(lane)) for lane in lanes}
        resting = {lane: breaker.rests_until for lane, breaker in breakers.items() if breaker.rests(now)}
        if resting:
            with self._writing, self._database.write() as connection:
                for lane, until in resting.items():
                    rest_lane(connection, lane, now, until or now)
        return {lane: its for lane, its in lanes.items() if lane not in resting}

    def _work(self, lane: Lane, take: Take) -> None:
        """Work a lane off, over one connection; where its other side fails, the rest waits in the ledger."""
        with ExitStack() as stack:
            post = self._open_post(stack, lane.kind)
            while (one := take()) is not None:
                if not self._deliver_one(one, self._breakers[lane], post):
                    while take() is not None:
                        pass  # put off with the one that failed

    def _deliver_one(self, delivery_id: DeliveryId, breaker: Breaker, post: Post) -> bool:
        """Lease one message, send it and settle it; False where its lane rests from now on.

        A crash between the other side's yes and our commit sends the message again, with the same Message-ID.
        """
        delivery = self._claim(delivery_id)
        if delivery is None or self._waits(delivery):
            return True
        # What was put off so often is settled; so the attempts beyond that are of a message that ends its mailer.
        hopeless = delivery.attempts > MAX_ATTEMPTS
        outcome = _NEVER_FINISHED if hopeless else self._send(delivery, post)
        if not self._settle(delivery, breaker, outcome):
            _log.warning(
                "lease lost; it may have been sent twice",
                delivery=delivery.key,
                to=delivery.target,
                outcome=type(outcome).__name__.lower(),
            )
        return not (isinstance(outcome, Deferred) and not outcome.only_this)

    def _claim(self, delivery_id: DeliveryId) -> Delivery | None:
        with self._writing, self._database.write() as connection:
            now = database_now(connection)
            lease = secrets.token_hex(16)
            return deliveries.claim_delivery(connection, delivery_id, now, lease=lease, lease_for=LEASE_FOR)

    def _waits(self, delivery: Delivery) -> bool:
        """Put a digest off whose domain gets no more mail for now, and all others that wait for that domain."""
        wait = self._crowded(delivery)
        if wait is None or delivery.kind is not DeliveryKind.DIGEST:
            return False
        with self._writing, self._database.write() as connection:
            now = database_now(connection)
            put_off_domain(connection, delivery, now, now + wait)
        _log.info("domain has its share for now", domain=domain_of(delivery.target), wait=str(wait))
        return True

    def _send(self, delivery: Delivery, post: Post) -> Outcome | Gone:
        with self._database.read() as connection:
            try:
                message = self._compose(connection, delivery)
            except MailSetupError as error:
                # A fault of settings or watchlist: mended there, the message can still go out.
                return Deferred(str(error), only_this=True)
        if isinstance(message, Gone):
            return message
        return post(delivery, message)

    def _settle(self, delivery: Delivery, breaker: Breaker, outcome: Outcome | Gone) -> bool:
        """Note what became of an attempt; False, and nothing is noted, if its lease was lost."""
        with self._writing, self._database.write() as connection:
            now = database_now(connection)
            match outcome:
                case Sent():
                    told = settle_sent(connection, delivery, breaker, outcome, now)
                case Deferred():
                    told = settle_deferred(connection, delivery, breaker, outcome, now)
                case Refused():
                    told = settle_refused(connection, delivery, breaker, outcome, now)
                case Gone(reason):
                    told = settle_dropped(connection, delivery, reason)
                case _:
                    assert_never(outcome)
        if told is not None:
            told()
        return told is not None


def _width(lane: Lane) -> int:
    return DIGEST_CONNECTIONS if lane == Lane(ChannelKind.MAIL) else 1
