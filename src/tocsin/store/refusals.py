"""Digests that were refused for good: told to the operator once several readers are concerned, or one again and again,
not at each.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind, DeliveryState
from tocsin.models.ids import DigestId, SubscriberId
from tocsin.models.subscribers import SubscriberState
from tocsin.store.notices import close_notice, open_notice
from tocsin.store.tables import deliveries, digests, notices, subscribers

TOLD_AFTER = 3
"""Readers whose digests failed within `WITHIN`, for another reason than a dead address; all of them where there are
fewer. Or digests of one reader, one after the other.
"""

WITHIN = timedelta(days=1)

_LONGEST_TRIED = timedelta(days=5)
"""From a message's entry to its end; `tocsin.delivery.retry` gives up before that."""

_KEY = "digests refused"


def refused_readers(connection: sa.Connection, now: datetime) -> int:
    """Count the readers who lately could not be sent a digest; addresses found dead are not among them."""
    suppressed = sa.select(subscribers.c.email).where(subscribers.c.state == SubscriberState.SUPPRESSED.value)
    failed = sa.and_(
        deliveries.c.created_at > now - WITHIN - _LONGEST_TRIED,
        # When it was tried last: one that is given up was entered days before.
        deliveries.c.next_attempt_at > now - WITHIN,
        deliveries.c.state == DeliveryState.FAILED.value,
        deliveries.c.kind == DeliveryKind.DIGEST.value,
        deliveries.c.target.not_in(suppressed),
    )
    query = sa.select(sa.func.count(deliveries.c.target.distinct())).where(failed)
    number: int = connection.execute(query).scalar_one()
    return number


def tell_of_refusals(connection: sa.Connection, digest_id: DigestId, problem: str, now: datetime) -> None:
    """Open a notice where enough readers are concerned, or the reader of this digest for long enough; ``problem`` is
    what was said to the last one.
    """
    is_told = sa.select(notices.c.id).where(notices.c.key == _KEY, notices.c.closed_at.is_(None))
    if connection.execute(is_told).first() is None:  # else ten thousand refusals would be counted at each
        _tell_of_several(connection, problem, now)
    reader = connection.execute(sa.select(digests.c.subscriber_id).where(digests.c.id == digest_id)).scalar_one()
    if _is_refused_always(connection, reader):
        text = (
            f"The last {TOLD_AFTER} digests of one subscriber were refused, the last one with: {problem}. They get "
            "nothing until that is mended; what they miss comes with the next digest that gets through. "
            "See: tocsin doctor"
        )
        open_notice(connection, f"{_KEY}:{reader}", NoticeKind.MAIL_REFUSED, text, now)


def _tell_of_several(connection: sa.Connection, problem: str, now: datetime) -> None:
    number = refused_readers(connection, now)
    if number >= _enough(connection):
        whose = f"{number} subscribers" if number > 1 else "one subscriber"
        text = (
            f"The digests of {whose} were refused within a day, the last one with: {problem}. What was in them comes "
            "with the next digest that gets through. See: tocsin doctor"
        )
        open_notice(connection, _KEY, NoticeKind.MAIL_REFUSED, text, now)


def end_refusals(connection: sa.Connection, now: datetime) -> bool:
    """Close the notices where that is over; False where none was open, or none is over."""
    ours = sa.and_(notices.c.kind == NoticeKind.MAIL_REFUSED.value, notices.c.closed_at.is_(None))
    keys = connection.execute(sa.select(notices.c.key).where(ours).order_by(notices.c.key)).scalars().all()
    over = [key for key in keys if _is_over(connection, key, now)]
    for key in over:
        close_notice(connection, key, now)
    return bool(over)


def _is_over(connection: sa.Connection, key: str, now: datetime) -> bool:
    reader = key.removeprefix(_KEY).removeprefix(":")
    if reader:
        return not _is_refused_always(connection, SubscriberId(int(reader)))
    return refused_readers(connection, now) < _enough(connection)


def _enough(connection: sa.Connection) -> int:
    is_active = subscribers.c.state == SubscriberState.ACTIVE.value
    query = sa.select(subscribers.c.id).where(is_active).limit(TOLD_AFTER)
    return max(1, len(connection.execute(query).all()))


def _is_refused_always(connection: sa.Connection, reader: SubscriberId) -> bool:
    """Tell whether none of the last digests reached a reader who is to get them."""
    ended = deliveries.c.state.in_((DeliveryState.SENT.value, DeliveryState.FAILED.value))
    query = (
        sa.select(deliveries.c.state)
        .join(digests, digests.c.id == deliveries.c.digest_id)
        .join(subscribers, subscribers.c.id == digests.c.subscriber_id)
        .where(digests.c.subscriber_id == reader, subscribers.c.state == SubscriberState.ACTIVE.value, ended)
        .order_by(deliveries.c.id.desc())
        .limit(TOLD_AFTER)
    )
    return list(connection.execute(query).scalars()) == [DeliveryState.FAILED.value] * TOLD_AFTER
