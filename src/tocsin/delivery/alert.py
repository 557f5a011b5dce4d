"""An alert: one match, told at once; as mail, and as title and body for the services behind Apprise. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from jinja2 import Environment

from tocsin.models.matches import Match
from tocsin.models.watchlist import Watch
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.rendered import Rendered, inlined
from tocsin.rendering.story import StoryView, story_view
from tocsin.rendering.times import local_time

SUBJECT_LIMIT = 150
WATCH_LIMIT = 50
PREHEADER_LIMIT = 140


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert, fit to be shown. ``times`` says when, in UTC and, where known, in the reader's zone."""

    watch: str
    story: StoryView
    times: str
    contact: str


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert for a service that shows a title and a plain text."""

    title: str
    body: str


def build_alert(
    match: Match, watch: Watch | None, *, base_url: str, timezone: str | None = None, contact: str | None = None
) -> AlertView:
    """Build the alert for a match; a watch removed since (None) is called by its id. ``timezone`` is an IANA name."""
    title = watch.title if watch is not None else ""
    return AlertView(
        watch=one_line(title, WATCH_LIMIT) or match.watch,
        story=story_view(match, base_url=base_url.rstrip("/")),
        times=_times(match.article.published_at, timezone),
        contact=one_line(contact or ""),
    )


def render_alert(view: AlertView, environment: Environment) -> Rendered:
    """Render the mail of an alert."""
    subject, preheader = _subject(view), _preheader(view.story)
    html = environment.get_template("email/alert.html").render(view=view, subject=subject, preheader=preheader)
    text = environment.get_template("email/alert.txt").render(view=view)
    return Rendered(subject=subject, preheader=preheader, html=inlined(html), text=text)


def notice_of(view: AlertView) -> Notice:
    """Give the alert as title and plain body."""
    story = view.story
    lines = [
        f"{story.outlet} · {view.times}",
        "".join(piece.text for piece in story.pieces).strip(),
        f"Why: {story.reason}",
        story.url,
        f"Receipt: {story.receipt_url}",
    ]
    return Notice(title=_subject(view), body="\n".join(line for line in lines if line))


def _subject(view: AlertView) -> str:
    return shortened(f"[{view.watch}] {view.story.title}", SUBJECT_LIMIT)


def _preheader(story: StoryView) -> str:
    return shortened(f"{story.outlet}: {''.join(piece.text for piece in story.pieces)}", PREHEADER_LIMIT)


def _times(at: datetime, timezone: str | None) -> str:
    """Give "Tue 5 Sep, 14:42 UTC (16:42 Europe/Berlin)"; the local day too, where it is another."""
    universal = f"{local_time(at, 'UTC')} UTC"
    if timezone is None or timezone == "UTC":
        return universal
    local = local_time(at, timezone)
    same_day = local.split(",")[0] == local_time(at.astimezone(UTC), "UTC").split(",")[0]
    return f"{universal} ({local.split(', ')[1] if same_day else local} {timezone})"
