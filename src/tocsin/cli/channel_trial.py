"""`tocsin channels test`: a sample alert through one channel, and what the other side says of it."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.config import Settings, load_settings
from tocsin.errors import TocsinError
from tocsin.models.watchlist import Channel, ChannelKind, Watch, Watchlist

if TYPE_CHECKING:
    from tocsin.delivery import Report
    from tocsin.models.deliveries import Delivery, Outcome


class NoChannelError(TocsinError):
    """The watchlist has no channel of this name."""

    exit_code = 2


def try_channel(
    name: Annotated[str, typer.Argument(help="The channel's name in the watchlist.")],
) -> None:
    """Send a sample alert through a channel now, and print what the other side said.

    Quiet hours and limits do not hold for it. Where it was taken, what was put off for the channel is tried again, too.
    Exit code 1 when it was not taken.

    Example: tocsin channels test desk
    """
    from tocsin.cli.channels import watchlist_of
    from tocsin.models.deliveries import Sent
    from tocsin.rendering.words import count

    settings = load_settings()
    watchlist = watchlist_of(settings)
    channel = _named(watchlist, name)
    outcome = _send_sample(settings, channel, _watch_of(watchlist, channel))
    if isinstance(outcome, Sent):
        typer.echo(f"{name}: {outcome.response}")
        woken = _wake(settings, channel)
        if woken:
            typer.echo(f"{count('message', woken)} that waited for it {'are' if woken > 1 else 'is'} tried again now.")
        return
    typer.echo(f"{name}: {outcome.message}", err=True)
    typer.echo(_remedy(channel), err=True)
    raise typer.Exit(1)


def _wake(settings: Settings, channel: Channel) -> int:
    """Make due what waits for a channel that works: its next attempt may be hours away. Gives how many messages."""
    from tocsin.bootstrap import has_store, open_store
    from tocsin.models.deliveries import Lane
    from tocsin.store.database import database_now
    from tocsin.store.lanes import wake_lane

    if not has_store(settings):
        return 0
    with closing(open_store(settings)) as database, database.write() as connection:
        return wake_lane(connection, Lane(channel.kind, channel.name), database_now(connection))


def _named(watchlist: Watchlist, name: str) -> Channel:
    found = next((channel for channel in watchlist.channels if channel.name == name), None)
    if found is None:
        known = ", ".join(channel.name for channel in watchlist.channels) or "none yet"
        raise NoChannelError(f"{watchlist.path}: no channel {name!r} under `channels:`; there are: {known}")
    return found


def _watch_of(watchlist: Watchlist, channel: Channel) -> Watch:
    """Give a watch that rings there, else the first one."""
    return next((watch for watch in watchlist.watches if channel.name in watch.alert.to), watchlist.watches[0])


def _send_sample(settings: Settings, channel: Channel, watch: Watch) -> Outcome:
    """Send a sample by the channel's own way; its variables are those of the shell."""
    from tocsin.delivery import sample_report

    now = datetime.now(UTC)
    delivery = _delivery(settings, channel, now)
    report = sample_report(watch, channel.name, now, link=settings.base_url)
    match channel.kind:
        case ChannelKind.MAIL:
            return _by_mail(settings, channel, delivery, report, watch)
        case ChannelKind.APPRISE:
            return _by_apprise(settings, channel, report, watch)
        case ChannelKind.WEBHOOK:
            return _by_webhook(settings, channel, delivery, report, watch)


def _by_mail(settings: Settings, channel: Channel, delivery: Delivery, report: Report, watch: Watch) -> Outcome:
    from tocsin.bootstrap import letterhead_of, mail_opener
    from tocsin.delivery import build_alert, render_alert
    from tocsin.rendering.templates import Templates

    base_url, zone, contact = settings.base_url, channel.timezone, settings.contact
    view = build_alert(report, {watch.id: watch}, base_url=base_url, timezone=zone, contact=contact)
    mail = letterhead_of(settings).mail(
        Templates(settings.templates).mail(delivery.kind.value, partial(render_alert, view)),
        kind=delivery.kind,
        to=channel.target,
        message_id=delivery.message_id,
        date=delivery.created_at,
    )
    with closing(mail_opener(settings)()) as sender:
        return sender.send(mail)


def _by_apprise(settings: Settings, channel: Channel, report: Report, watch: Watch) -> Outcome:
    from tocsin.bootstrap import channel_addresses
    from tocsin.delivery import AppriseSender, build_alert, notice_of

    view = build_alert(report, {watch.id: watch}, base_url=settings.base_url, timezone=channel.timezone)
    with closing(AppriseSender(channel_addresses())) as sender:
        return sender.send(channel.target, notice_of(view))


def _by_webhook(settings: Settings, channel: Channel, delivery: Delivery, report: Report, watch: Watch) -> Outcome:
    from tocsin.bootstrap import channel_addresses
    from tocsin.delivery import WebhookSender, sample_payload

    payload = sample_payload(delivery, report, {watch.id: watch}, base_url=settings.base_url)
    clock, contact = (lambda: datetime.now(UTC)), settings.contact
    with closing(WebhookSender(channel_addresses(), clock, contact=contact)) as sender:
        return sender.send(channel.target, channel.secret or "", delivery.key, payload)


def _delivery(settings: Settings, channel: Channel, now: datetime) -> Delivery:
    """Make the row that a sample would have in the ledger, in which it is not entered."""
    from tocsin.bootstrap import domain_of_mail
    from tocsin.delivery import new_message_id
    from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
    from tocsin.models.ids import DeliveryId

    return Delivery(
        id=DeliveryId(0),
        key=f"test:{channel.name}:{now:%Y%m%dT%H%M%SZ}",
        kind=DeliveryKind.ALERT,
        channel=channel.kind,
        target=channel.target,
        message_id=new_message_id(domain_of_mail(settings)),
        state=DeliveryState.PENDING,
        attempts=1,
        created_at=now,
        next_attempt_at=now,
        name=channel.name,
    )


def _remedy(channel: Channel) -> str:
    if channel.kind is ChannelKind.MAIL:
        return "Check SMTP_URL and the address, then try again; `tocsin doctor` tries the mail server."
    names = " and ".join(name for name in (channel.target, channel.secret) if name)
    return f"Check {names} in this shell, and that the running Tocsin has the same; see docs/channels.md."
