"""`tocsin digest preview`: the digest that a subscriber would get now, as text, page, mail or picture."""

from __future__ import annotations

import tempfile
import webbrowser
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.config import Settings
from tocsin.errors import TocsinError
from tocsin.models.digests import Absence, Digest, Window
from tocsin.models.ids import DigestId
from tocsin.models.subscribers import StoredSubscriber, SubscriberState, SubscriptionLinks
from tocsin.models.zones import zone_of

if TYPE_CHECKING:
    from tocsin.cli.subscriber_desk import SubscriberDesk
    from tocsin.delivery import Letterhead
    from tocsin.digests import DigestView
    from tocsin.rendering import Rendered

NARROWEST, WIDEST = 240, 2_000
"""Pixels of a picture."""

digest_app = typer.Typer(help="Look at digests, and send one now.", no_args_is_help=True)


class PreviewFileError(TocsinError):
    """A preview cannot be written where it was to be."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Preview:
    """A digest as if its window closed now. ``links`` are those that its reader would get."""

    stored: StoredSubscriber
    view: DigestView
    links: SubscriptionLinks
    now: datetime


@digest_app.command()
def preview(
    email: Annotated[str, typer.Argument(help="The subscriber's address.")],
    *,
    html: Annotated[bool, typer.Option("--html", help="Print the HTML part.")] = False,
    text: Annotated[bool, typer.Option("--text", help="Print the text part; so it is without options, too.")] = False,
    eml: Annotated[Path | None, typer.Option(help="Write the complete mail into a file.")] = None,
    png: Annotated[Path | None, typer.Option(help="Write a picture of the HTML part into a file.")] = None,
    width: Annotated[
        int, typer.Option(min=NARROWEST, max=WIDEST, help="How wide the picture is; 360 is a phone.")
    ] = 600,
    dark: Annotated[bool, typer.Option("--dark", help="The picture as readers see it who like it dark.")] = False,
    in_browser: Annotated[bool, typer.Option("--open", help="Show the HTML part in a browser.")] = False,
) -> None:
    """Show the digest that a subscriber would get if it were due now; nothing is sent or marked.

    Its links work: who opens them can change the subscription. The picture is taken by a Chromium, Chrome or Firefox
    that is installed.

    Example: tocsin digest preview zoe@example.org --png digest.png --width 360 --dark
    """
    if html + text + in_browser + (eml is not None) + (png is not None) > 1:
        raise typer.BadParameter("choose one of --html, --text, --eml, --png and --open")
    if png is None and (dark or width != 600):  # noqa: PLR2004 - the default above
        raise typer.BadParameter("--width and --dark are for a picture; add --png FILE")
    from tocsin.cli.subscriber_desk import subscriber_desk

    with subscriber_desk() as desk:
        letterhead = _letterhead(desk.settings) if eml is not None else None
        found = preview_of(desk, email, letterhead)
        rendered = _rendered(desk.settings, found)
    if letterhead is not None and eml is not None:
        _write(eml, _mail(desk.settings, letterhead, found, rendered))
    elif png is not None:
        from tocsin.cli.page_picture import take_picture

        _write(png, take_picture(rendered.html, width=width, dark=dark))
    elif in_browser:
        _open(rendered.html)
    else:
        typer.echo(rendered.html if html else f"Subject: {rendered.subject}\n\n{rendered.text}")


def preview_of(desk: SubscriberDesk, email: str, letterhead: Letterhead | None = None) -> Preview:
    """Build the digest that somebody would get now; those who are away get it when they come back.

    Raises:
        NoSubscriberError: Nobody subscribes under this address.
        SubscriberError: Nothing is kept for them any more.

    """
    from tocsin.cli.subscriber_desk import NoSubscriberError, SubscriberError
    from tocsin.cli.subscribers import state_words
    from tocsin.delivery.subscription_links import subscription_links
    from tocsin.digests import stored_digest_view
    from tocsin.store.database import database_now
    from tocsin.store.matches import matches_owed

    settings = desk.settings
    with desk.database.read() as connection:
        stored, now = desk.find(connection, email), database_now(connection)
        if not stored.state.is_owed:
            raise SubscriberError(f"{email} gets nothing: {state_words(stored)}")
        mailto = letterhead.mailto(stored.id, stored.link_epoch) if letterhead else ""
        links = subscription_links(stored, now, base_url=settings.base_url, secret=desk.secret, mailto=mailto)
        view = stored_digest_view(
            connection,
            _open_digest(stored, now),
            desk.watchlist.watches,
            base_url=settings.base_url,
            contact=settings.contact,
            links=links,
            matches=matches_owed(connection, stored.id),
        )
    if view is None:
        raise NoSubscriberError(f"{email} has just been removed")
    return Preview(stored, view, links, now)


def _open_digest(stored: StoredSubscriber, now: datetime) -> Digest:
    """Give the digest as if its window closed now."""
    zone = zone_of(stored.subscriber.timezone)
    local = now.astimezone(zone)
    back_at = stored.state_since if stored.state is SubscriberState.ACTIVE else now
    return Digest(
        DigestId(0),
        stored.id,
        stored.subscriber.email,
        zone.key,
        "preview",
        Window(stored.closed_until, now, local.date(), f"{local:%H:%M}"),
        now,
        absence=Absence(stored.away_state, stored.away_since, back_at)
        if stored.away_state and stored.away_since
        else None,
    )


def _rendered(settings: Settings, found: Preview) -> Rendered:
    """Render with the operator's templates, and say what is wrong with them."""
    from tocsin.digests import render_digest
    from tocsin.models.deliveries import DeliveryKind
    from tocsin.rendering.template_faults import TemplateFault
    from tocsin.rendering.templates import Templates

    def told(kind: str, fault: TemplateFault | None) -> None:
        if fault is not None:
            typer.echo(f"warning: {fault.words}; Tocsin's own template stands in for it in a {kind}", err=True)

    templates = Templates(settings.templates, told)
    return templates.mail(DeliveryKind.DIGEST.value, partial(render_digest, found.view), found.view.locale)


def _letterhead(settings: Settings) -> Letterhead:
    from tocsin.bootstrap import letterhead_of

    return letterhead_of(settings)


def _mail(settings: Settings, letterhead: Letterhead, found: Preview, rendered: Rendered) -> bytes:
    """Write the mail as it would be sent, with a Message-ID of its own."""
    from tocsin.bootstrap import domain_of_mail
    from tocsin.delivery import new_message_id
    from tocsin.models.deliveries import DeliveryKind

    mail = letterhead.mail(
        rendered,
        kind=DeliveryKind.DIGEST,
        to=found.stored.subscriber.email,
        message_id=new_message_id(domain_of_mail(settings)),
        date=found.now,
        links=found.links,
    )
    return mail.content


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        message = f"{file}: cannot be written ({error.strerror}); check the folder and its permissions"
        raise PreviewFileError(message) from error
    typer.echo(f"Written to {file}.", err=True)


def _open(html: str) -> None:
    path = Path(tempfile.mkdtemp(prefix="tocsin-preview-")) / "digest.html"
    path.write_text(html, encoding="utf-8")
    webbrowser.open(path.as_uri())
    typer.echo(f"Written to {path}.", err=True)
