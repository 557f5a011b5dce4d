"""`tocsin digest list`: the digests that a subscriber got, their addresses on the web, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.models.deliveries import DeliveryState
from tocsin.models.digests import Digest

if TYPE_CHECKING:
    from tocsin.cli.subscriber_desk import SubscriberDesk
    from tocsin.store.overview import DigestFigures

_MAIL_STATES = {
    DeliveryState.PENDING: "waits to be mailed",
    DeliveryState.SENT: "mailed",
    DeliveryState.FAILED: "could not be mailed",
    DeliveryState.DROPPED: "not mailed: held back, or nothing was left to tell",
    None: "no mail: nothing matched",
}


@dataclass(frozen=True, slots=True)
class _Listed:
    digest: Digest
    figures: DigestFigures
    url: str


def list_digests(
    email: Annotated[str, typer.Argument(help="The subscriber's address.")],
    *,
    limit: Annotated[int, typer.Option(min=1, max=1_000, help="So many at most, the latest.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """List a subscriber's past digests, the latest first: span, articles, what became of the mail, and web address.

    Who has the address can read the digest: it is the subscriber's, and yours.

    Example: tocsin digest list zoe@example.org
    """
    from tocsin.cli.output import print_json
    from tocsin.cli.subscriber_desk import subscriber_desk

    with subscriber_desk() as desk:
        listed = _read(desk, email, limit)
    if as_json:
        print_json([_plain(one) for one in listed])
    elif listed:
        _print_table(listed)
    else:
        typer.echo(f"No digest of {email} yet; see `tocsin digest send {email}`.")


def _read(desk: SubscriberDesk, email: str, limit: int) -> list[_Listed]:
    from tocsin.store.digests import latest_digests
    from tocsin.store.overview import digest_figures

    with desk.database.read() as connection:
        stored = desk.find(connection, email)
        found = latest_digests(connection, limit=limit, subscriber_id=stored.id)
        figures = digest_figures(connection, [digest.id for digest in found])
    root = desk.settings.base_url
    return [_Listed(digest, figures[digest.id], f"{root}/digests/{digest.token}") for digest in found]


def _words(listed: _Listed) -> str:
    """Say what became of a digest."""
    from tocsin.rendering.words import count

    words = _MAIL_STATES[listed.figures.state]
    given_back = listed.digest.given_back
    if given_back:
        words += f"; {count('article', given_back)} went to the next one"
    return words


def _plain(listed: _Listed) -> dict[str, object]:
    digest = listed.digest
    return {
        "start_at": digest.window.start_at,
        "end_at": digest.window.end_at,
        "local_date": digest.window.local_date.isoformat(),
        "slot": digest.window.slot,
        "timezone": digest.timezone,
        "articles": listed.figures.matches,
        "given_back": digest.given_back,
        "mail": listed.figures.state.value if listed.figures.state else None,
        "words": _words(listed),
        "url": listed.url,
    }


def _print_table(listed: list[_Listed]) -> None:
    from rich.table import Table
    from rich.text import Text

    from tocsin.cli.output import console, short_time

    table = Table(box=None, pad_edge=False)
    for heading in ("From", "To", "Articles", "Mail", "Address"):
        table.add_column(heading, overflow="fold")
    for one in listed:
        window = one.digest.window
        cells = (
            short_time(window.start_at),
            short_time(window.end_at),
            f"{one.figures.matches:,}",
            _words(one),
            one.url,
        )
        table.add_row(*map(Text, cells))
    console().print(table)
