"""Notices: floods, bursts and refusals that are over end, and the operator's channels are told of what needs a hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from tocsin.alerts.quiet import quiet_until
from tocsin.delivery import new_message_id
from tocsin.models.alerts import Notice
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import Channel, Watchlist
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries
from tocsin.store.notices import channel_key, open_notices, told_notices
from tocsin.store.placements import lock_stories
from tocsin.store.refusals import end_refusals
from tocsin.vigil import Pulses, end_bursts, end_floods

CALM_EVERY = timedelta(seconds=60)
"""How often is looked whether floods, bursts and refusals of digests are over."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Calm:
    """Ends what is over; what has dried up brings no batch whose classifier, and no mail whose mailer, would see it."""

    database: Database
    pulses: Pulses = field(default_factory=Pulses)

    def tick(self) -> None:
        """End floods, bursts and refusals of digests that are over.

        Raises: StoreError: The database failed; the next tick tries again.
        """
        with self.database.write() as connection:
            lock_stories(connection)
            now = database_now(connection)
            for notice in end_floods(connection, now):
                _log.info("flood over", about=notice.key, since=str(notice.opened_at))
            for watch in end_bursts(connection, self.pulses, now):
                _log.info("burst over", watch=watch)
            if end_refusals(connection, now):
                _log.info("digests are taken again")


def send_notices(database: Database, watchlist: Watchlist, mail_domain: str) -> list[DeliveryId]:
    """Enter each open notice once for each of the operator's channels; gives the messages to be enqueued.

    A channel is not told that it fails itself. Quiet hours hold: what is over by their end is not told.

    Raises:
        StoreError: The database failed; the next tick tries again.

    """
    names = set(watchlist.operator)
    with database.read() as connection:
        now = database_now(connection)
        waiting = open_notices(connection)
        told = told_notices(connection, [notice.id for notice in waiting])
    awake = [one for one in watchlist.channels if one.name in names and not _is_quiet(one, now)]
    new = [
        _message(notice, channel, mail_domain)
        for notice in waiting
        for channel in awake
        if (notice.id, channel.name) not in told and notice.key != channel_key(channel.name)
    ]
    if not new:
        return []
    with database.write() as connection:
        return enter_deliveries(connection, new, now)


def _is_quiet(channel: Channel, now: datetime) -> bool:
    hours = channel.quiet_hours
    return hours is not None and quiet_until(hours, channel.timezone, now) is not None


def _message(notice: Notice, channel: Channel, mail_domain: str) -> NewDelivery:
    return NewDelivery(
        key=f"notice:{notice.id}:{channel.name}",
        kind=DeliveryKind.NOTICE,
        channel=channel.kind,
        target=channel.target,
        message_id=new_message_id(mail_domain),
        name=channel.name,
        notice_id=notice.id,
    )
