"""`tocsin digest send`: a subscriber's digest now, or when it comes by itself and what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.models.subscribers import StoredSubscriber, SubscriberState

if TYPE_CHECKING:
    from tocsin.cli.subscriber_desk import SubscriberDesk


def send(
    email: Annotated[str, typer.Argument(help="The subscriber's address.")],
    *,
    now: Annotated[bool, typer.Option("--now", help="Close the open window and send the digest.")] = False,
) -> None:
    """Say when a subscriber's next digest is due and what is in it so far; with --now, send it.

    Their next one starts from there. A digest that is sent by hand comes on a quiet day, too.

    Example: tocsin digest send zoe@example.org --now
    """
    from tocsin.cli.subscriber_desk import subscriber_desk

    with subscriber_desk() as desk:
        if now:
            _send(desk, email)
        else:
            _tell(desk, email)


def _tell(desk: SubscriberDesk, email: str) -> None:
    from tocsin.cli.digest import preview_of
    from tocsin.digests.render import subject
    from tocsin.rendering.clean import one_line

    found = preview_of(desk, email)
    with desk.database.read() as connection:
        typer.echo(f"{found.stored.subscriber.email} is {desk.words(connection, found.stored)}.")
    for words in (subject(found.view), *found.view.notices):
        typer.echo(f"  {one_line(words, 500)}")
    if found.stored.state is SubscriberState.ACTIVE:
        remedy = f"`tocsin digest send {email} --now` sends it"
    else:
        remedy = f"what is in it waits until they are back: `tocsin subscribers resume {email}`"
    typer.echo(f"Nothing was sent; {remedy}.")


def _send(desk: SubscriberDesk, email: str) -> None:
    from tocsin.bootstrap import domain_of_mail, open_wakeups
    from tocsin.queueing import DELIVER
    from tocsin_scheduler.windows import close_window_now

    wakeups = open_wakeups(desk.settings)
    with desk.database.read() as connection:
        stored = desk.find(connection, email)
    _refuse_away(stored)
    entered = close_window_now(desk.database, stored, domain_of_mail(desk.settings))
    wakeups.send(DELIVER, entered)
    if not entered:
        typer.echo("Nothing was sent: a digest was closed within this minute; try in the next.", err=True)
        raise typer.Exit(1)
    typer.echo("The digest is on its way.")


def _refuse_away(stored: StoredSubscriber) -> None:
    from tocsin.cli.subscriber_desk import SubscriberError
    from tocsin.cli.subscribers import state_words

    if stored.state is not SubscriberState.ACTIVE:
        email = stored.subscriber.email
        remedy = f"; see `tocsin subscribers resume {email}`"
        raise SubscriberError(f"{email} gets nothing: {state_words(stored)}{remedy}")
