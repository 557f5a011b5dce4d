"""What the demo prints when it is done: alerts with their reasons, a digest as its reader gets it, where to look."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tocsin.cli.output import heading
from tocsin.demo.run import Demo
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.matches import Match
from tocsin.rendering.clean import one_line
from tocsin.store.alerts import alerts_of_delivery
from tocsin.store.deliveries import list_deliveries
from tocsin.store.matches import get_match

ALERTS_SHOWN = 6
READER = "zoe@example.org"


def print_report(out: Console, demo: Demo) -> None:
    """Print what happened, and write the reader's digest as a page of its own beside the mails."""
    alerts = _alerts(demo)
    heading(out, f"{len(alerts)} alerts, mailed to desk@example.org at once")
    for match in alerts[:ALERTS_SHOWN]:
        out.print(Text(one_line(match.article.title), style="bold"))
        out.print(Text(f"  {one_line(match.article.feed_title)} · {match.watch}: {match.receipt.reason}"))
    if len(alerts) > ALERTS_SHOWN:
        out.print(Text(f"... and {len(alerts) - ALERTS_SHOWN} more", style="dim"))
    digest = next(mail.message for mail in demo.mailbox.mails if READER in mail.recipients)
    heading(out, f"The digest of {READER}, as text")
    out.print(Text(f"Subject: {digest['Subject']}\n\n{_part(digest, 'plain')}"))
    _print_places(out, demo, _written(demo.home, _part(digest, "html")))


def _alerts(demo: Demo) -> list[Match]:
    with demo.database.read() as connection:
        sent = [one for one in list_deliveries(connection, limit=500) if one.kind is DeliveryKind.ALERT]
        told = [alert for one in sent for alert in alerts_of_delivery(connection, one.id)]
        found = [get_match(connection, alert.match_id) for alert in told]
    return [match for match in found if match is not None]


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())


def _written(home: Path, html: str) -> Path:
    path = home / "digest.html"
    path.write_text(html, encoding="utf-8")
    return path


def _print_places(out: Console, demo: Demo, page: Path) -> None:
    heading(out, "Where to look")
    for what, where in (
        ("The digest as it looks", page.as_uri()),
        ("All mails", str(demo.home / "mail")),
        ("The watchlist", str(demo.settings.watchlist)),
        ("The pages, while the demo is up", demo.settings.base_url),
        ("What the processes said", str(demo.home / "tocsin.log")),
    ):
        out.print(Text(f"{what + ':':<34}{where}"))
