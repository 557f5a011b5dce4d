"""`tocsin subscribers list`: who gets digests, whose they are, how they stand, and when the next ones are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.models.subscribers import Conflict, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import Subscriber

if TYPE_CHECKING:
    from tocsin.cli.subscriber_desk import SubscriberDesk

subscribers_app = typer.Typer(help="Look after those who get digests.", no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """A subscriber, with the time of the next digest, None for none."""

    stored: StoredSubscriber
    next_at: datetime | None


@subscribers_app.command("list")
def list_subscribers(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """List subscribers: who owns the subscription, its state and why, zone, times, watches, language, next digest.

    Below them stands where the watchlist names somebody who is not the watchlist's, and what to do.

    Example: tocsin subscribers list --json
    """
    from tocsin.cli.output import print_json
    from tocsin.cli.subscriber_desk import subscriber_desk

    with subscriber_desk() as desk:
        told, conflicts = _read(desk)
    if as_json:
        print_json({"subscribers": [_plain(one) for one in told], "conflicts": [_plain_conflict(c) for c in conflicts]})
        return
    if told:
        _print_table(told)
    else:
        typer.echo("Nobody subscribes yet: see `subscribers:` in the watchlist, and `tocsin subscribers add`.")
    _print_conflicts(conflicts)


def _read(desk: SubscriberDesk) -> tuple[list[_Told], Sequence[Conflict]]:
    from tocsin.store import subscribers
    from tocsin.store.conflicts import conflicts
    from tocsin.store.database import database_now

    with desk.database.read() as connection:
        now = database_now(connection)
        told = [_Told(stored, next_digest(stored, now)) for stored in subscribers.list_subscribers(connection)]
        return told, conflicts(connection, desk.watchlist.subscribers, secret=desk.secret)


def next_digest(stored: StoredSubscriber, now: datetime) -> datetime | None:
    """Give the time of a subscriber's next digest (UTC), or None while there is none."""
    from tocsin.digests import next_slot

    if stored.state is not SubscriberState.ACTIVE:
        return None
    subscriber = stored.subscriber
    return next_slot(subscriber.digest, subscriber.timezone, max(now, stored.closed_until, stored.slots_from))


def _plain(told: _Told) -> dict[str, object]:
    from tocsin.cli.subscriber_records import subscriber_record

    return subscriber_record(told.stored) | {"next_digest_at": told.next_at}


def _plain_conflict(conflict: Conflict) -> dict[str, object]:
    return {
        "email": conflict.email,
        "kind": conflict.kind.value,
        "words": conflict.words,
        "remedy": conflict.remedy,
    }


def _print_table(told: Sequence[_Told]) -> None:
    from rich.table import Table
    from rich.text import Text

    from tocsin.cli.output import console, short_time
    from tocsin.rendering.clean import one_line

    table = Table(box=None, pad_edge=False)
    for heading in ("Subscriber", "Owner", "State", "Digests", "Watches", "Language", "Next digest"):
        table.add_column(heading, overflow="fold")
    for one in told:
        subscriber = one.stored.subscriber
        cells = (
            subscriber.email,
            one.stored.owner.value,
            state_words(one.stored),
            _when(subscriber),
            "all" if one.stored.all_watches else ", ".join(subscriber.watches) or "-",
            subscriber.language,
            short_time(one.next_at),
        )
        table.add_row(*(Text(one_line(cell, 200)) for cell in cells))
    console().print(table)


def _when(subscriber: Subscriber) -> str:
    from tocsin.models.zones import is_known_zone
    from tocsin.rendering.schedule_words import schedule_words

    words = schedule_words(subscriber.digest, subscriber.timezone)
    return words if is_known_zone(subscriber.timezone) else f"{words} (a zone that this machine does not know: in UTC)"


def state_words(stored: StoredSubscriber) -> str:
    """Say a state, since when and why."""
    from tocsin.cli.output import short_time

    if stored.state is SubscriberState.ACTIVE:
        return stored.state.value
    until = f", until {short_time(stored.paused_until)}" if stored.paused_until else ""
    because = f": {stored.because}" if stored.because else ""
    return f"{stored.state.value} since {short_time(stored.state_since)}{until}{because}"


def _print_conflicts(conflicts: Sequence[Conflict]) -> None:
    from tocsin.rendering.clean import one_line

    for conflict in conflicts:
        typer.echo(one_line(f"conflict: {conflict}", 1_000))
