"""Noting what became of an attempt, in one transaction: the message, its lane, and the operator's notice.

A lane whose other side fails rests (a circuit breaker): what waits in it is put off with the message that failed, and
the first that is tried when the rest is over tells how things are. If it gets through, all go.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import sqlalchemy as sa
import structlog

from tocsin.delivery import next_attempt, rest
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import Deferred, Delivery, DeliveryKind, Lane, Refused, Sent
from tocsin.store import deliveries
from tocsin.store.digests import get_digest
from tocsin.store.lanes import rest_lane, wake_lane
from tocsin.store.notices import channel_key, close_notice, open_notice
from tocsin.store.refusals import tell_of_refusals
from tocsin.store.subscriber_states import suppress

TOLD_AFTER = 3
"""Failures in a row, of a channel or of one message, after which the operator is told: some minutes after the first."""

Told = Callable[[], None]
"""Writes the line of the log, once what it tells of is committed."""

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Breaker:
    """What this process knows of a lane: how often it failed in a row, until when it rests, and whether it works: not
    before a message got through, since another process may have let it rest. Guarded by whoever settles.
    """

    lane: Lane
    failures: int = 0
    rests_until: datetime | None = None
    works: bool = False

    def rests(self, now: datetime) -> bool:
        """Tell whether the lane is left in peace at the moment."""
        return self.rests_until is not None and now < self.rests_until


def settle_sent(
    connection: sa.Connection, delivery: Delivery, breaker: Breaker, outcome: Sent, now: datetime
) -> Told | None:
    """Note that a message was taken; None, and nothing is noted, where its lease was lost."""
    if not deliveries.settle_sent(connection, delivery, now):
        return None
    close_notice(connection, notice_key(breaker.lane), now)
    if not breaker.works:
        # Where it never failed here, what failed by itself elsewhere keeps its own time.
        wake_lane(connection, breaker.lane, now, only_untried=not breaker.failures)
        breaker.failures, breaker.rests_until, breaker.works = 0, None, True
    return partial(_log.info, "sent", delivery=delivery.key, to=delivery.target, response=outcome.response)


def settle_deferred(
    connection: sa.Connection, delivery: Delivery, breaker: Breaker, outcome: Deferred, now: datetime
) -> Told | None:
    """Put a message off to its next attempt, or give it up, and let its lane rest; None where its lease was lost."""
    until = None
    if not outcome.only_this:
        # Two connections to a server that dies fail at once, and it is one failure.
        breaker.failures += not breaker.rests(now)
        breaker.works = False
        until = breaker.rests_until = now + rest(breaker.failures, outcome.after)
    again_at = next_attempt(delivery.attempts, now, key=delivery.key, not_before=until)
    problem = outcome.message
    if again_at is None:
        problem = f"given up after {delivery.attempts} attempts; the last one: {problem}"
        settled = deliveries.settle_failed(connection, delivery, problem)
        if settled and delivery.digest_id is not None:
            tell_of_refusals(connection, delivery.digest_id, problem, now)
    else:
        settled = deliveries.settle_deferred(connection, delivery, problem, again_at)
    if until is not None:
        rest_lane(connection, breaker.lane, now, until)
    if max(breaker.failures, delivery.attempts if delivery.name else 0) >= TOLD_AFTER:
        _tell_operator(
            connection, breaker.lane, outcome.message, "tried again in growing intervals, and wait meanwhile", now
        )
    if not settled:
        return None
    return partial(_log.warning, "not sent", delivery=delivery.key, problem=problem, again_at=str(again_at))


def settle_refused(
    connection: sa.Connection, delivery: Delivery, breaker: Breaker, outcome: Refused, now: datetime
) -> Told | None:
    """Note that a message will never be taken; None where its lease was lost."""
    if not deliveries.settle_failed(connection, delivery, outcome.message):
        return None
    if delivery.kind is DeliveryKind.DIGEST and outcome.address_fault:
        return _suppress(connection, delivery, outcome.message, now)
    if delivery.name:
        _tell_operator(connection, breaker.lane, outcome.message, "lost where it refuses them for good", now)
    elif delivery.digest_id is not None:
        tell_of_refusals(connection, delivery.digest_id, outcome.message, now)
    return partial(_log.error, "refused", delivery=delivery.key, to=delivery.target, problem=outcome.message)


def _suppress(connection: sa.Connection, delivery: Delivery, problem: str, now: datetime) -> Told:
    """Send no more digests to an address that its server does not know; what is owed is kept."""
    digest = None if delivery.digest_id is None else get_digest(connection, delivery.digest_id)
    if digest is not None:
        suppress(connection, digest.subscriber_id, now, because=problem)
    remedy = f"if the address is right, send again with: tocsin subscribers resume {delivery.target}"
    return partial(
        _log.error, "no such address; nothing more goes there", to=delivery.target, problem=problem, remedy=remedy
    )


def settle_dropped(connection: sa.Connection, delivery: Delivery, reason: str) -> Told | None:
    """Note that there was nothing left to send; None where its lease was lost."""
    if not deliveries.settle_dropped(connection, delivery, reason):
        return None
    return partial(_log.info, "dropped", delivery=delivery.key, reason=reason)


def notice_key(lane: Lane) -> str:
    """Give the key of the notice that a lane fails; those of readers have their own, since they are no channels."""
    return channel_key(lane.name) if lane.name else str(lane)


def _tell_operator(connection: sa.Connection, lane: Lane, problem: str, fate: str, now: datetime) -> None:
    what = f"The channel {lane.name} fails" if lane.name else f"{str(lane).capitalize()} cannot be sent"
    remedy = f"Mend it, and try it with: tocsin channels test {lane.name}" if lane.name else "See: tocsin doctor"
    text = f"{what}: {problem}. Its messages are {fate}. {remedy}"
    open_notice(connection, notice_key(lane), NoticeKind.CHANNEL_FAILS, text, now)
