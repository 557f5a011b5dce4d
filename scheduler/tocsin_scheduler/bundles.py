"""Bundles: the alerts that wait for a channel leave as one message when they may, under the same rules as any other.

Each channel in a transaction of its own; the rows of what leaves and the message are entered together, so that two
schedulers never tell the same twice and one that dies has told nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
import structlog

from tocsin.alerts import Bundle, Sent, Waiting, release
from tocsin.delivery import new_message_id
from tocsin.models.alerts import Rule
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import DeliveryId, WatchId
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, Watchlist
from tocsin.store.alerts import told_stories
from tocsin.store.bundles import WaitingAlert, due_alerts, give_up, tell
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries, messages_since
from tocsin.store.mutes import mute_target, muted_stories
from tocsin.store.placements import lock_stories

GIVEN_UP_AFTER = timedelta(minutes=1)
"""How long an alert is due before it counts as one for nobody: a classifier may know of a new watch some seconds before
this process does."""

_log = structlog.get_logger(__name__)


def send_due_bundles(database: Database, watchlist: Watchlist, mail_domain: str) -> list[DeliveryId]:
    """Enter a message for each channel whose alerts may leave; gives the messages to be enqueued.

    What is due for a channel or a watch that is no longer in the watchlist is given up, with the reason.

    Raises:
        StoreError: The database failed; what was not entered waits for the next tick.

    """
    with database.read() as connection:
        now = database_now(connection)
        due = due_alerts(connection, now)
    if not due:
        return []
    _give_up_removed(database, watchlist, [alert for alert in due if alert.due_at <= now - GIVEN_UP_AFTER])
    channels = {channel.name: channel for channel in watchlist.channels}
    entered = []
    for name in sorted({alert.channel for alert in due} & channels.keys()):
        with database.write() as connection:
            # Whoever decides on alerts holds this lock, too: what leaves counts for the limits at once.
            lock_stories(connection)
            now = database_now(connection)
            entered += send_bundle(connection, channels[name], watchlist, mail_domain, now)
    return entered


def send_bundle(
    connection: sa.Connection, channel: Channel, watchlist: Watchlist, mail_domain: str, now: datetime
) -> list[DeliveryId]:
    """Enter the message with what may leave a channel at ``now``; gives it, nothing if nothing may."""
    rules = {watch.id: watch.alert for watch in watchlist.watches if channel.name in watch.alert.to}
    asked_for = [alert for alert in due_alerts(connection, now, [channel.name]) if alert.watch in rules]
    waiting = _without_told(connection, rules, _without_muted(connection, channel, asked_for))
    leaving = release(_waiting(waiting), _sent(connection, channel, rules, now), channel, rules, now)
    return [] if leaving is None else [_enter(connection, channel, leaving, mail_domain, now)]


def _give_up_removed(database: Database, watchlist: Watchlist, due: Iterable[WaitingAlert]) -> None:
    """Give up what waits for nobody: its articles are in digests and on the pages, with the reason."""
    channels, watches = {one.name for one in watchlist.channels}, {one.id: one.alert.to for one in watchlist.watches}
    reasons: dict[str, list[WaitingAlert]] = defaultdict(list)
    for alert in due:
        if alert.channel not in channels:
            reasons[f"it waited for the channel {alert.channel}, which is no longer in the watchlist"].append(alert)
        elif alert.watch not in watches:
            reasons[f"it waited, and the watch {alert.watch} is no longer in the watchlist"].append(alert)
        elif alert.channel not in watches[alert.watch]:
            reasons[f"it waited, and the watch {alert.watch} no longer alerts {alert.channel}"].append(alert)
    if not reasons:
        return
    with database.write() as connection:
        for reason, gone in reasons.items():
            give_up(connection, [alert.id for alert in gone], reason)
            _log.warning("alerts given up", alerts=len(gone), reason=reason)


def _without_muted(connection: sa.Connection, channel: Channel, waiting: Sequence[WaitingAlert]) -> list[WaitingAlert]:
    """Give up what the reader does not want to hear of any more, having muted its story while it waited."""
    target, muted = mute_target(channel.target), muted_stories(connection, {alert.story_id for alert in waiting})
    gone = {alert.id for alert in waiting if (target, alert.story_id) in muted}
    if gone:
        give_up(connection, gone, "the story was muted while it waited", Rule.MUTED)
    return [alert for alert in waiting if alert.id not in gone]


def _without_told(
    connection: sa.Connection, rules: Mapping[WatchId, AlertRule], waiting: Sequence[WaitingAlert]
) -> list[WaitingAlert]:
    """Give up what was told already, as its development turned out to be one with another while it waited.

    Bursts, and what waits since further outlets have the story, tell of a development that was told before.
    """
    ones = {watch for watch, rule in rules.items() if rule.when is AlertWhen.STORY and rule.outlets is None}
    told = {
        (one.development_id, one.watch, one.channel)
        for one in told_stories(connection, {alert.story_id for alert in waiting})
        if one.watch in ones and one.due_at is None
    }
    gone = {alert.id for alert in waiting if (alert.development_id, alert.watch, alert.channel) in told}
    if gone:
        reason = "told by another article: what that one tells of turned out to be the same while this one waited"
        give_up(connection, gone, reason, Rule.TOLD)
    return [alert for alert in waiting if alert.id not in gone]


def _waiting(alerts: Iterable[WaitingAlert]) -> list[Waiting]:
    return [Waiting(one.id, one.watch, one.story_id, one.development_id, one.opened_at, one.due_at) for one in alerts]


def _sent(connection: sa.Connection, channel: Channel, rules: Mapping[WatchId, AlertRule], now: datetime) -> Sent:
    rates = [rate for rate in (channel.at_most, *(rule.at_most for rule in rules.values())) if rate is not None]
    if not rates:
        return Sent()
    messages = messages_since(connection, [channel.name], now - max(rate.per for rate in rates))
    by_watch: dict[WatchId, list[datetime]] = defaultdict(list)
    for message in messages:
        for watch in message.watches:
            by_watch[watch].append(message.entered_at)
    times = {watch: tuple(entered) for watch, entered in by_watch.items()}
    return Sent(tuple(message.entered_at for message in messages), times)


def _enter(connection: sa.Connection, channel: Channel, leaving: Bundle, mail_domain: str, now: datetime) -> DeliveryId:
    ids = sorted(alert.id for alert in leaving.alerts)
    message = NewDelivery(
        # An alert leaves once; one that was taken out again, since its match was withdrawn, leaves at another time.
        key=f"bundle:{channel.name}:{ids[0]}:{now:%Y%m%dT%H%M%S%f}",
        kind=DeliveryKind.ALERT,
        channel=channel.kind,
        target=channel.target,
        message_id=new_message_id(mail_domain),
        name=channel.name,
    )
    [delivery_id] = enter_deliveries(connection, [message], now)
    tell(connection, ids, delivery_id)
    _log.info("bundle entered", channel=channel.name, alerts=len(ids))
    return delivery_id
