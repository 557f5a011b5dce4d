"""What follows from a mail that came back: the ledger and the subscriber, in one transaction.

The same report read twice changes nothing the second time. What servers say is stored as it stands in the report:
cleaned and short, since strangers wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import DeliveryId, SubscriberId
from tocsin.models.mail_reports import Bounced, Complained, Left, MailReport
from tocsin.models.subscribers import SubscriberState
from tocsin.store.columns import AnyRow
from tocsin.store.deliveries import settle_bounced
from tocsin.store.notices import channel_key, open_notice
from tocsin.store.refusals import tell_of_refusals
from tocsin.store.subscriber_states import suppress, unsubscribe
from tocsin.store.subscribers import get_subscriber
from tocsin.store.tables import deliveries, digests

_CAME_BACK = "came back: "


@dataclass(frozen=True, slots=True)
class Consequence:
    """What a report changed, in words for the log, and whom it was about."""

    words: str
    about: str


def apply_report(connection: sa.Connection, report: MailReport, now: datetime) -> Consequence | None:
    """Carry out what a report says; None where nothing changed. To be called before any row is locked."""
    match report:
        case Bounced():
            return _bounced(connection, report, now)
        case Complained():
            return _complained(connection, report, now)
        case Left():
            return _left(connection, report, now)
        case _:
            return None


def _bounced(connection: sa.Connection, report: Bounced, now: datetime) -> Consequence | None:
    row = _delivery(connection, report.delivery)
    if row is None or not settle_bounced(connection, report.delivery, f"{_CAME_BACK}{report.words}"):
        return None
    if row.subscriber_id is not None and report.address_fault and not _is_of_old(connection, row):
        suppress(connection, SubscriberId(row.subscriber_id), now, because=report.words)
        return Consequence(f"no such address ({report.words}); nothing more is mailed to it", row.target)
    if row.name:
        _tell_of_channel(connection, row, report.words, now)
    elif row.kind == DeliveryKind.DIGEST.value:
        tell_of_refusals(connection, row.digest_id, report.words, now)
    return Consequence(f"{row.key} came back ({report.words})", row.target)


def _is_of_old(connection: sa.Connection, row: AnyRow) -> bool:
    """Tell whether the mail left before somebody said that its reader is to get mail: then it says nothing of now."""
    stored = get_subscriber(connection, SubscriberId(row.subscriber_id))
    return stored is None or (stored.state is SubscriberState.ACTIVE and row.created_at < stored.state_since)


def _complained(connection: sa.Connection, report: Complained, now: datetime) -> Consequence | None:
    subscriber_id, about = report.subscriber, ""
    if report.delivery is not None:
        row = _delivery(connection, report.delivery)
        if row is None:
            return None
        subscriber_id, about = row.subscriber_id, row.target
        if row.kind == DeliveryKind.CONFIRMATION.value:
            return Consequence("a mail that asks for a confirmation was called spam: somebody else asked for it", about)
    if subscriber_id is None:
        return Consequence("an alert was called spam; see who gets this channel's mail", about)
    return _ended(connection, SubscriberId(subscriber_id), now, because="a digest was called spam")


def _left(connection: sa.Connection, report: Left, now: datetime) -> Consequence | None:
    stored = get_subscriber(connection, report.subscriber)
    if stored is None or stored.link_epoch != report.epoch:
        return None
    return _ended(connection, report.subscriber, now, because="by a mail")


def _ended(
    connection: sa.Connection, subscriber_id: SubscriberId, now: datetime, *, because: str
) -> Consequence | None:
    stored = get_subscriber(connection, subscriber_id)
    if stored is None or not unsubscribe(connection, subscriber_id, now, because=because):
        return None
    return Consequence(f"unsubscribed: {because}", stored.subscriber.email)


def _delivery(connection: sa.Connection, delivery_id: DeliveryId) -> AnyRow | None:
    columns = (deliveries.c.key, deliveries.c.kind, deliveries.c.name, deliveries.c.target, deliveries.c.created_at)
    query = (
        sa.select(*columns, deliveries.c.digest_id, digests.c.subscriber_id)
        .outerjoin(digests, digests.c.id == deliveries.c.digest_id)
        .where(deliveries.c.id == delivery_id)
    )
    return connection.execute(query).one_or_none()


def _tell_of_channel(connection: sa.Connection, row: AnyRow, words: str, now: datetime) -> None:
    text = (
        f"The channel {row.name} fails: mail to {row.target} comes back ({words}). Its messages are lost where that "
        f"goes on. Mend it, and try it with: tocsin channels test {row.name}"
    )
    open_notice(connection, channel_key(row.name), NoticeKind.CHANNEL_FAILS, text, now)
