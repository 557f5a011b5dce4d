"""`tocsin digest preview|send`: the digest that a subscriber would get now."""

from __future__ import annotations

import tempfile
import webbrowser
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from tocsin.config import Settings, load_settings
from tocsin.errors import TocsinError
from tocsin.models.digests import Digest, Window
from tocsin.models.ids import DigestId

if TYPE_CHECKING:
    from tocsin.models.subscribers import StoredSubscriber
    from tocsin.rendering import Rendered

digest_app = typer.Typer(help="Look at digests.", no_args_is_help=True)


class NoSubscriberError(TocsinError):
    """Nobody subscribes under this address."""

    exit_code = 2


@digest_app.command()
def preview(
    email: Annotated[str, typer.Argument(help="The subscriber's address.")],
    html: Annotated[bool, typer.Option("--html", help="Print the HTML part.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print the text part; so it is without options, too.")] = False,
    in_browser: Annotated[bool, typer.Option("--open", help="Show the HTML part in a browser.")] = False,
) -> None:
    """Show the digest that a subscriber would get if it were due now; nothing is sent or marked.

    Example: tocsin digest preview zoe@example.org --open
    """
    if html + text + in_browser > 1:
        raise typer.BadParameter("choose one of --html, --text and --open")
    rendered = _rendered(load_settings(), email)
    if in_browser:
        path = _write(rendered)
        webbrowser.open(path.as_uri())
        typer.echo(f"Written to {path}.", err=True)
        return
    typer.echo(rendered.html if html else f"Subject: {rendered.subject}\n\n{rendered.text}")


def _rendered(settings: Settings, email: str) -> Rendered:
    from tocsin.bootstrap import WatchlistDesk, open_store
    from tocsin.digests import render_digest, stored_digest_view
    from tocsin.rendering import environment
    from tocsin.store.database import database_now
    from tocsin.store.matches import matches_owed
    from tocsin.store.subscribers import find_subscriber

    database = open_store(settings)
    watches = WatchlistDesk(settings, database).watchlist.watches
    with database.read() as connection:
        stored = find_subscriber(connection, email)
        if stored is None:
            raise _nobody(settings, email)
        view = stored_digest_view(
            connection,
            _open_digest(stored, database_now(connection)),
            watches,
            base_url=settings.base_url,
            contact=settings.contact,
            matches=matches_owed(connection, stored.id),
        )
    database.close()
    if view is None:
        raise NoSubscriberError(f"{email} has just been removed")
    return render_digest(view, environment())


def _nobody(settings: Settings, email: str) -> NoSubscriberError:
    return NoSubscriberError(
        f"nobody subscribes as {email}; see `subscribers:` in {settings.watchlist}, "
        "which is taken over when the scheduler runs"
    )


def _open_digest(stored: StoredSubscriber, now: datetime) -> Digest:
    """Give the digest as if its window closed now."""
    zone = stored.subscriber.timezone
    local = now.astimezone(ZoneInfo(zone))
    window = Window(stored.closed_until, now, local.date(), f"{local:%H:%M}")
    return Digest(DigestId(0), stored.id, stored.subscriber.email, zone, "preview", window, now)


def _write(rendered: Rendered) -> Path:
    path = Path(tempfile.mkdtemp(prefix="tocsin-")) / "digest.html"
    path.write_text(rendered.html, encoding="utf-8")
    return path


@digest_app.command()
def send(
    email: Annotated[str, typer.Argument(help="The subscriber's address.")],
) -> None:
    """Close a subscriber's open window now and send the digest; their next one starts from here.

    Example: tocsin digest send zoe@example.org
    """
    from tocsin.bootstrap import domain_of_mail, open_store, open_wakeups
    from tocsin.queueing import DELIVER
    from tocsin.store.subscribers import find_subscriber
    from tocsin_scheduler.windows import close_window_now

    settings = load_settings()
    wakeups = open_wakeups(settings)
    database = open_store(settings)
    with database.read() as connection:
        stored = find_subscriber(connection, email)
    if stored is None:
        raise _nobody(settings, email)
    entered = close_window_now(database, stored, domain_of_mail(settings))
    database.close()
    wakeups.send(DELIVER, entered)
    typer.echo("The digest is on its way." if entered else "A digest was closed within this minute; try in the next.")
