"""What the demo prints when it is done: alerts with their reasons, a digest as its reader gets it, where to look."""

from __future__ import annotations

from collections.abc import Sequence
from email.message import EmailMessage
from pathlib import Path

from rich.console import Console
from rich.text import Text

from tocsin.cli.output import heading
from tocsin.demo.alerts import ToldAlert, WatchAlerts, alerts_of
from tocsin.demo.run import Demo
from tocsin.models.ids import WatchId
from tocsin.rendering.clean import one_line
from tocsin.rendering.news_words import development_words
from tocsin.rendering.words import count, listed

ALERTS_SHOWN = 6
OUTLETS_NAMED = 5
ALERTING = WatchId("islamic-state")
READER, ARABIC_READER = "zoe@example.org", "omar@example.org"


def print_report(out: Console, demo: Demo) -> None:
    """Print what happened, and write the reader's digest as a page of its own beside the mails."""
    with demo.database.read() as connection:
        alerts = alerts_of(connection, ALERTING)
    rang = count("alert", len(alerts.told))
    heading(out, f"{rang} for {count('match', alerts.matches)}, mailed to desk@example.org at once")
    for told in alerts.told[:ALERTS_SHOWN]:
        print_alert(out, told)
    if len(alerts.told) > ALERTS_SHOWN:
        out.print(Text(f"... and {len(alerts.told) - ALERTS_SHOWN} more", style="dim"))
    for rule, number in alerts.untold.most_common():
        out.print(Text(f"{count('match', number)} not told ({rule})", style="dim"))
    digest = _mail_to(demo, READER)
    heading(out, f"The digest of {READER}, as text")
    out.print(Text(f"Subject: {digest['Subject']}\n\n{_part(digest, 'plain')}"))
    pages = (
        ("The digest as it looks", _written(demo.home, "digest", digest)),
        ("Another reader's, in Arabic", _written(demo.home, "digest-in-arabic", _mail_to(demo, ARABIC_READER))),
    )
    _print_places(out, demo, alerts, pages)


def print_alert(out: Console, told: ToldAlert) -> None:
    """Print the headline, why the article matches, who else has the story, and what a development brings."""
    match, development = told.match, told.development
    out.print(Text(one_line(match.article.title), style="bold"))
    out.print(Text(f"  {one_line(match.article.feed_title)} · {match.watch}: {match.receipt.reason}"))
    if development is not None and development.number > 1:
        out.print(Text(f"  {development_words(development.number, development.news)}"))
    if told.also:
        named = [one_line(article.feed_title) for article in told.also[:OUTLETS_NAMED]]
        more = [f"{len(told.also) - OUTLETS_NAMED} more"] if len(told.also) > OUTLETS_NAMED else []
        out.print(Text(f"  also in {count('outlet', len(told.also))}: {listed([*named, *more])}"))


def _mail_to(demo: Demo, reader: str) -> EmailMessage:
    return next(mail.message for mail in demo.mailbox.mails if reader in mail.recipients)


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content())


def _written(home: Path, name: str, digest: EmailMessage) -> str:
    """Write a digest's HTML part as a page, and give its address."""
    path = home / f"{name}.html"
    path.write_text(_part(digest, "html"), encoding="utf-8")
    return path.as_uri()


def _print_places(out: Console, demo: Demo, alerts: WatchAlerts, pages: Sequence[tuple[str, str]]) -> None:
    heading(out, "Where to look")
    base_url = demo.settings.base_url
    stories = [("The story that rang first", f"{base_url}/stories/{told.alert.story_id}") for told in alerts.told[:1]]
    for what, where in (
        *pages,
        ("All mails", str(demo.home / "mail")),
        ("The watchlist", str(demo.settings.watchlist)),
        ("The pages, while the demo is up", base_url),
        ("Where readers subscribe", f"{base_url}/subscribe"),
        *stories,
        ("What the processes said", str(demo.home / "tocsin.log")),
    ):
        out.print(Text(f"{what + ':':<34}{where}"))
