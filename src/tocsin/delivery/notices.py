"""A notice to the operator as a message: what is wrong, since when, and the remedy. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from jinja2 import Environment

from tocsin.delivery.alert import PREHEADER_LIMIT, SUBJECT_LIMIT, Notice
from tocsin.models import alerts
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.rendered import Rendered, inlined
from tocsin.rendering.times import both_times

TEXT_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice, fit to be shown: ``what`` names its kind, ``text`` says it with the remedy."""

    what: str
    text: str
    since: str
    health_url: str


def build_notice(notice: alerts.Notice, *, base_url: str, timezone: str | None = None) -> NoticeView:
    """Build what is shown of a notice; ``timezone`` is the channel's IANA name."""
    return NoticeView(
        what=notice.kind.value.capitalize(),
        text=one_line(notice.text, TEXT_LIMIT),
        since=f"since {both_times(notice.opened_at, timezone)}",
        health_url=f"{base_url.rstrip('/')}/deliveries",
    )


def render_notice(view: NoticeView, environment: Environment) -> Rendered:
    """Render the mail of a notice."""
    subject, preheader = _subject(view), shortened(view.text, PREHEADER_LIMIT)
    html = environment.get_template("email/notice.html").render(view=view, subject=subject, preheader=preheader)
    text = environment.get_template("email/notice.txt").render(view=view)
    return Rendered(subject=subject, preheader=preheader, html=inlined(html), text=text)


def plain_notice(view: NoticeView) -> Notice:
    """Give the notice as title and plain body."""
    return Notice(title=_subject(view), body=f"{view.text}\n{view.since}\n{view.health_url}")


def _subject(view: NoticeView) -> str:
    # The first sentence names what it is about and what is wrong; the remedy stands below.
    first, _, _ = view.text.partition(". ")
    return shortened(f"[Tocsin] {first.removesuffix('.')}", SUBJECT_LIMIT)
