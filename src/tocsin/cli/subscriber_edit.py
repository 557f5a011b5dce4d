"""`tocsin subscribers pause|resume|remove`: what the operator does for somebody who asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState

if TYPE_CHECKING:
    from tocsin.cli.subscriber_desk import SubscriberDesk

Email = Annotated[str, typer.Argument(help="The subscriber's address.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask whether it is meant.")]


def pause_subscriber(
    email: Email,
    *,
    until: Annotated[
        str, typer.Option(help="When the pause ends, in the subscriber's zone: 2026-12-24 or 2026-12-24T12:00.")
    ] = "",
    span: Annotated[str, typer.Option("--for", help="How long it lasts: 12h, 10d, 2w.")] = "",
) -> None:
    """Send somebody nothing for a while, or until they are resumed; the first digest after it covers the whole time.

    Example: tocsin subscribers pause zoe@example.org --for 2w
    """
    from tocsin.cli.subscriber_desk import subscriber_desk
    from tocsin.store.database import database_now
    from tocsin.store.subscriber_states import pause

    if until and span:
        raise typer.BadParameter("--until and --for say the same; choose one")
    with subscriber_desk() as desk, desk.database.write() as connection:
        now = database_now(connection)
        stored = desk.find(connection, email)
        _refuse_to_pause(stored)
        ends_at = _end_of_pause(stored, now, until, span)
        pause(connection, stored.id, now, ends_at)
        words = desk.words(connection, stored)
    typer.echo(f"{stored.subscriber.email} is {words}.")


def resume_subscriber(email: Email, *, yes: Yes = False) -> None:
    """Send digests again to somebody who paused, whose address was refused, or, if they asked for it, who ended them.

    Somebody who ended their digests, or had everything about them deleted, is asked about first: nobody else's word
    brings them back but theirs.

    Example: tocsin subscribers resume zoe@example.org
    """
    from tocsin.cli.subscriber_desk import make_sure, subscriber_desk
    from tocsin.store.database import database_now
    from tocsin.store.subscriber_states import resume
    from tocsin.store.subscribers import find_subscriber

    with subscriber_desk() as desk:
        with desk.database.read() as connection:
            stored = find_subscriber(connection, email)
        if stored is None:
            _bring_back(desk, email, yes=yes)
            return
        _refuse_to_resume(desk, stored)
        if stored.state is SubscriberState.UNSUBSCRIBED:
            question = f"{email} ended the digests on {stored.state_since:%Y-%m-%d}. Did they ask to have them again?"
            make_sure(question, yes=yes)
        with desk.database.write() as connection:
            resume(connection, stored.id, database_now(connection))
            words = desk.words(connection, stored)
    was = f" (was {stored.state.value}{f': {stored.because}' if stored.because else ''})"
    typer.echo(f"{stored.subscriber.email} is {words}{was}.")


def remove_subscriber(
    email: Email,
    *,
    keep_hash: Annotated[
        bool, typer.Option("--keep-hash", help="Remember that only they themselves may come back; not the address.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Delete somebody with everything that is kept about them: digests, deliveries, mutes. It cannot be undone.

    With --keep-hash neither watchlist nor import brings them back; so it is, too, where they had ended it themselves.
    Where the watchlist names the address, too, its entry holds from then on.

    Example: tocsin subscribers remove zoe@example.org
    """
    from tocsin.cli.subscriber_desk import make_sure, subscriber_desk
    from tocsin.store.database import database_now
    from tocsin.store.subscriber_deletion import delete_subscriber

    with subscriber_desk() as desk:
        with desk.database.read() as connection:
            stored = desk.find(connection, email)
        _refuse_to_remove(desk, stored)
        make_sure(f"Delete {email} with all digests and settings?", yes=yes)
        # A wish to be left in peace outlives the row.
        keeps = keep_hash or stored.state is SubscriberState.UNSUBSCRIBED
        with desk.database.write() as connection:
            now = database_now(connection)
            secret = desk.secret if keeps else None
            delete_subscriber(connection, stored.id, now, secret=secret, channels=desk.watchlist.channels)
            desk.sync(connection, now)
    typer.echo(f"{stored.subscriber.email} is deleted{_after(desk, stored, keeps=keeps)}.")


def _after(desk: SubscriberDesk, stored: StoredSubscriber, *, keeps: bool) -> str:
    if keeps:
        return "; only they themselves can come back"
    return "; what the watchlist says of them holds now" if desk.names(stored.subscriber.email) else ""


def _refuse_to_pause(stored: StoredSubscriber) -> None:
    from tocsin.cli.subscriber_desk import SubscriberError
    from tocsin.cli.subscribers import state_words

    if stored.state not in {SubscriberState.ACTIVE, SubscriberState.PAUSED}:
        raise SubscriberError(f"{stored.subscriber.email} gets nothing: {state_words(stored)}")


def _refuse_to_resume(desk: SubscriberDesk, stored: StoredSubscriber) -> None:
    from tocsin.cli.subscriber_desk import SubscriberError

    email = stored.subscriber.email
    if stored.state is SubscriberState.UNSUBSCRIBED and stored.owner is Owner.WATCHLIST and not desk.names(email):
        # They would go again, with nobody told, when the file is next taken over.
        raise SubscriberError(
            f"{email} ended the digests, and was taken out of {desk.watchlist.path} since; put them into it again first"
        )
    if stored.state is SubscriberState.ACTIVE:
        raise SubscriberError(f"{email} gets digests; nothing is paused or ended")
    if stored.state is SubscriberState.REMOVED:
        remedy = f"put them into it again, or run `tocsin subscribers add {email}`"
        raise SubscriberError(f"{email} was taken out of the watchlist; {remedy}")


def _refuse_to_remove(desk: SubscriberDesk, stored: StoredSubscriber) -> None:
    from tocsin.cli.subscriber_desk import SubscriberError

    email = stored.subscriber.email
    if stored.owner is Owner.WATCHLIST and desk.names(email):
        raise SubscriberError(f"{email} stands in {desk.watchlist.path} under `subscribers:`; take them out there")


def _bring_back(desk: SubscriberDesk, email: str, *, yes: bool) -> None:
    """Let an address be used again whose owner had everything deleted; the watchlist's entry holds then."""
    from tocsin.cli.subscriber_desk import make_sure
    from tocsin.store.database import database_now
    from tocsin.store.suppressions import is_suppressed, lift_suppression

    with desk.database.read() as connection:
        if not is_suppressed(connection, email, secret=desk.secret):
            desk.find(connection, email)
    make_sure(f"{email} had everything about them deleted. Did they ask to have digests again?", yes=yes)
    with desk.database.write() as connection:
        lift_suppression(connection, email, secret=desk.secret)
        desk.sync(connection, database_now(connection))
    if desk.names(email):
        typer.echo(f"{email} gets digests as the watchlist says.")
    else:
        typer.echo(f"{email} may come back now: `tocsin subscribers add {email}`.")


def _end_of_pause(stored: StoredSubscriber, now: datetime, until: str, span: str) -> datetime | None:
    from tocsin.cli.subscriber_desk import checked
    from tocsin.config.spans import pause

    if span:
        return now + checked(pause, span)
    if not until:
        return None
    ends_at = _local_time(until, stored.subscriber.timezone)
    if ends_at <= now:
        raise typer.BadParameter(f"{until} is over; write a later day, or `tocsin subscribers resume`")
    return ends_at


def _local_time(text: str, timezone: str) -> datetime:
    """Read a date, meaning its first moment, or a date and time, in the subscriber's zone unless it names an offset."""
    from datetime import UTC

    from tocsin.models.zones import zone_of

    try:
        local = datetime.fromisoformat(text)
        return (local if local.tzinfo else local.replace(tzinfo=zone_of(timezone))).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"{text!r} is no time; write one such as 2026-12-24 or 2026-12-24T12:00") from error
