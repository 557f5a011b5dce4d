"""`tocsin subscribers add`: digests for somebody, on the operator's word or after they have confirmed it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.models.ids import WatchId
from tocsin.models.subscribers import StoredSubscriber, SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, SelfService, Subscriber

if TYPE_CHECKING:
    import sqlalchemy as sa

    from tocsin.cli.subscriber_desk import SubscriberDesk


def add_subscriber(
    email: Annotated[str, typer.Argument(help="The mail address.")],
    *,
    watch: Annotated[
        list[str] | None,
        typer.Option("--watch", help="A watch by its id; may be repeated. Every one, if none."),
    ] = None,
    timezone: Annotated[str, typer.Option(help="An IANA time zone. That of `defaults`, if none.")] = "",
    at: Annotated[list[str] | None, typer.Option(help="A time of day, HH:MM; may be repeated. 07:30, if none.")] = None,
    days: Annotated[
        list[str] | None, typer.Option(help="daily, weekdays, weekends or mon to sun; may be repeated. Daily, if none.")
    ] = None,
    cron: Annotated[str, typer.Option(help="A cron expression in place of days and times.")] = "",
    quiet: Annotated[str, typer.Option(help="When nothing matched: skip, short or weekly.")] = "short",
    language: Annotated[str, typer.Option(help="en, de, fr or ar. That of `defaults`, if none.")] = "",
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Ask them by mail first; nothing else is sent before they say yes.")
    ] = False,
) -> None:
    """Subscribe somebody who changes and ends it on the web, like those who subscribed there themselves.

    Without --confirm you vouch for it that they want it. Whom the watchlist names belongs there and is refused here.

    Example: tocsin subscribers add zoe@example.org --watch syria --timezone Europe/Berlin --at 07:30
    """
    from tocsin.cli.subscriber_desk import checked, subscriber_desk
    from tocsin.config import values
    from tocsin.config.addresses import mail_address

    with subscriber_desk() as desk:
        wanted = Subscriber(
            email=checked(mail_address, email.strip()),
            timezone=checked(values.time_zone, timezone or desk.watchlist.timezone),
            watches=_open_watches(desk.watchlist.self_service, watch or ()),
            digest=_schedule(days, at, cron, quiet),
            language=checked(values.mail_language, language or desk.watchlist.mail_language),
        )
        if confirm:
            _ask(desk, wanted, all_watches=not watch)
        else:
            _add(desk, wanted, all_watches=not watch)


def _add(desk: SubscriberDesk, wanted: Subscriber, *, all_watches: bool) -> None:
    from tocsin.cli.output import short_time
    from tocsin.cli.subscribers import next_digest
    from tocsin.store.database import database_now
    from tocsin.store.subscriber_changes import add_subscriber as add

    with desk.database.write() as connection:
        now = database_now(connection)
        added = add(connection, wanted, now, secret=desk.secret, all_watches=all_watches)
        if added is None or desk.names(wanted.email):
            raise _refusal(desk, connection, wanted.email)
        stored = desk.find(connection, wanted.email)
    typer.echo(f"{wanted.email} subscribes; the first digest is due at {short_time(next_digest(stored, now))}.")


def _ask(desk: SubscriberDesk, wanted: Subscriber, *, all_watches: bool) -> None:
    from tocsin.bootstrap import domain_of_mail, open_wakeups
    from tocsin.delivery.confirmation_request import ask_for_confirmation
    from tocsin.queueing import DELIVER
    from tocsin.store.database import database_now

    wakeups = open_wakeups(desk.settings)
    domain = domain_of_mail(desk.settings)
    with desk.database.write() as connection:
        now = database_now(connection)
        entered = ask_for_confirmation(connection, wanted, now, mail_domain=domain, all_watches=all_watches)
    wakeups.send(DELIVER, entered, first=True)
    typer.echo(f"A mail asks {wanted.email} whether they want it; its link works for 3 days.")


def _refusal(desk: SubscriberDesk, connection: sa.Connection, email: str) -> Exception:
    """Say why somebody cannot be added."""
    from tocsin.cli.subscriber_desk import NoSubscriberError, SubscriberError

    if desk.names(email):
        return SubscriberError(f"{email} stands in {desk.watchlist.path}; change it there, or take it out of the file")
    try:
        return SubscriberError(_standing_words(desk.find(connection, email)))
    except NoSubscriberError as error:
        return error


def _standing_words(stored: StoredSubscriber) -> str:
    from tocsin.cli.subscribers import state_words

    email = stored.subscriber.email
    if stored.state is SubscriberState.ACTIVE:
        return f"{email} subscribes already, and changes it by the links in every digest"
    return f"{email} is {state_words(stored)}; see `tocsin subscribers resume {email}`"


def _open_watches(self_service: SelfService, wanted: Sequence[str]) -> tuple[WatchId, ...]:
    """Give the watches in the order of the watchlist; a reader keeps only those that are open to readers."""
    shut = [watch for watch in wanted if watch not in self_service.watches]
    if shut:
        known = ", ".join(self_service.watches) or "none"
        raise typer.BadParameter(
            f"no watch {shut[0]!r} that is open to readers; those are: {known}. Add it to `self_service: watches:`, "
            "or put the subscriber into the watchlist"
        )
    return tuple(watch for watch in self_service.watches if not wanted or watch in wanted)


def _schedule(days: Sequence[str] | None, at: Sequence[str] | None, cron: str, quiet: str) -> DigestSchedule:
    from tocsin.cli.subscriber_desk import checked
    from tocsin.config import values
    from tocsin.config.subscriber_shape import USUAL_DAYS, USUAL_TIMES

    if cron and (days or at):
        raise typer.BadParameter("--cron stands in place of --days and --at; leave out one of them")
    policy = QuietPolicy(checked(values.quiet_policy, quiet))
    if cron:
        return DigestSchedule((), (), policy, cron=checked(values.cron, cron))
    weekdays = values.iso_weekdays([checked(values.day, day) for day in days or USUAL_DAYS])
    times = sorted({checked(values.time_of_day, time) for time in at or USUAL_TIMES})
    return DigestSchedule(weekdays, tuple(times), policy)
