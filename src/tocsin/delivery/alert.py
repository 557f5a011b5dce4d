"""An alert as its message shows it: the article that rang, its story, who else has it, and what can be done. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment

from tocsin.delivery.burst import BurstReport, BurstView, build_burst
from tocsin.models.alerts import Alert, FeedbackLinks
from tocsin.models.ids import WatchId
from tocsin.models.matches import Match
from tocsin.models.stories import Development, Story, StoryOutlet
from tocsin.models.watchlist import Watch
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.links import safe_link
from tocsin.rendering.rendered import Rendered, inlined
from tocsin.rendering.story import OUTLET_LIMIT, TITLE_LIMIT, StoryView, story_view
from tocsin.rendering.times import both_times
from tocsin.rendering.words import count
from tocsin.text.language import is_right_to_left

SUBJECT_LIMIT = 150
WATCH_LIMIT = 50
PREHEADER_LIMIT = 140
NEWS_LIMIT = 100
REASON_LIMIT = 300
OUTLETS_NAMED = 8
NEWS_TOLD = 4


@dataclass(frozen=True, slots=True)
class Report:
    """An alert with all that its message says of it.

    ``match`` is the one that is told, which is another one than the alert's where that was withdrawn. ``outlets`` are
    all that tell the story, those that did first come first. ``told_at`` is when the channel was told of the story
    before, for the same watch. ``also`` are further watches whose alerts of the story the message tells. ``burst`` is
    given where the watch asks for bursts. ``links`` are the reader's ways to answer.
    """

    alert: Alert
    match: Match
    story: Story
    outlets: tuple[StoryOutlet, ...] = ()
    told_at: datetime | None = None
    also: tuple[WatchId, ...] = ()
    burst: BurstReport | None = None
    links: FeedbackLinks | None = None


@dataclass(frozen=True, slots=True)
class OutletView:
    """An outlet that has the story too, with its first article; ``url`` is "" where the feed gave none."""

    name: str
    title: str
    url: str
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class AlertView:
    """An alert, fit to be shown. ``times`` says when, in UTC and, where known, in the reader's zone.

    ``occasion`` says what the alert is: a new story, a development, further outlets. ``outlets`` are those beside the
    one of the article, the first few of them; ``more_outlets`` counts the others. ``reason`` is why it is told, and why
    not before; ``held`` says when it was kept back, "" if it was not. The two last addresses are "" where there are
    none.
    """

    watch: str
    story: StoryView
    times: str
    contact: str
    occasion: str
    news: tuple[str, ...]
    outlets: tuple[OutletView, ...]
    more_outlets: int
    reason: str
    held: str
    story_url: str
    burst: BurstView | None = None
    mute_url: str = ""
    dismiss_url: str = ""

    @property
    def in_outlets(self) -> str:
        """Say how many outlets have it beside the article's own; "" for none."""
        number = len(self.outlets) + self.more_outlets
        return f"also in {count('outlet', number)}" if number else ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message for a service that shows a title and a plain text."""

    title: str
    body: str


def build_alert(
    report: Report,
    watches: Mapping[WatchId, Watch],
    *,
    base_url: str,
    timezone: str | None = None,
    contact: str | None = None,
    held: str = "",
) -> AlertView:
    """Build what is shown of an alert; a watch removed since is called by its id. ``timezone`` is an IANA name."""
    match, root = report.match, base_url.rstrip("/")
    others = [outlet for outlet in report.outlets if outlet.outlet != match.article.outlet]
    development = development_of(report)
    also = [watch_title(watches.get(watch), watch) for watch in report.also]
    return AlertView(
        watch=watch_title(watches.get(match.watch), match.watch),
        story=story_view(match, base_url=root, also=also),
        times=both_times(match.article.published_at, timezone),
        contact=one_line(contact or ""),
        occasion=_occasion(report, development, timezone),
        news=tuple(one_line(words, NEWS_LIMIT) for words in (development.news if development else ())[:NEWS_TOLD]),
        outlets=tuple(map(outlet_view, others[:OUTLETS_NAMED])),
        more_outlets=max(0, len(others) - OUTLETS_NAMED),
        reason=one_line(report.alert.reason, REASON_LIMIT),
        held=held,
        story_url=f"{root}/stories/{report.story.id}",
        burst=build_burst(report.burst, base_url=root, timezone=timezone) if report.burst else None,
        mute_url=report.links.mute_url if report.links else "",
        dismiss_url=report.links.dismiss_url if report.links else "",
    )


def watch_title(watch: Watch | None, watch_id: str) -> str:
    """Name a watch as messages do; one that is no longer in the watchlist by its id."""
    return one_line(watch.title if watch is not None else "", WATCH_LIMIT) or watch_id


def development_of(report: Report) -> Development | None:
    """Find the development that is told; None where it is not known any more."""
    found = (one for one in report.story.developments if one.id == report.match.article.development_id)
    return next(found, None)


def _occasion(report: Report, development: Development | None, timezone: str | None) -> str:
    number = development.number if development else 1
    if report.told_at is None:
        return "New story" if number == 1 else f"Development {number} of a running story"
    before = f"the story you were told of on {both_times(report.told_at, timezone)}"
    if development and development.opened_at > report.told_at:
        return f"Development {number} of {before}"
    return f"More on {before}"


def outlet_view(outlet: StoryOutlet) -> OutletView:
    """Show an outlet by its first article."""
    has_title = outlet.title and "://" not in outlet.title  # a feed without one is called by its address
    return OutletView(
        name=one_line(outlet.title if has_title else outlet.outlet, OUTLET_LIMIT),
        title=one_line(outlet.headline, TITLE_LIMIT),
        url=safe_link(outlet.url),
        language=outlet.language or "",
        direction="rtl" if is_right_to_left(outlet.headline) else "ltr",
    )


def render_alert(view: AlertView, environment: Environment) -> Rendered:
    """Render the mail of an alert."""
    subject, preheader = _subject(view), _preheader(view)
    html = environment.get_template("email/alert.html").render(view=view, subject=subject, preheader=preheader)
    text = environment.get_template("email/alert.txt").render(view=view)
    return Rendered(subject=subject, preheader=preheader, html=inlined(html), text=text)


def notice_of(view: AlertView) -> Notice:
    """Give the alert as title and plain body."""
    return Notice(title=_subject(view), body="\n".join(plain_lines(view)))


def plain_lines(view: AlertView) -> Sequence[str]:
    """Say what an alert says below its headline in plain lines, none of them empty."""
    story = view.story
    lines = [
        *((view.burst.heading, *view.burst.lines) if view.burst else ()),
        f"{story.outlet} · {view.times}",
        view.held,
        " · ".join(part for part in (view.occasion, *view.news, view.in_outlets) if part),
        "".join(piece.text for piece in story.pieces).strip(),
        f"Why: {story.reason}",
        story.url,
        f"Story: {view.story_url}",
        f"Receipt: {story.receipt_url}",
        f"Mute this story: {view.mute_url}" if view.mute_url else "",
        f"Not relevant: {view.dismiss_url}" if view.dismiss_url else "",
    ]
    return [line for line in lines if line]


def _subject(view: AlertView) -> str:
    return shortened(f"[{view.watch}] {view.burst.heading if view.burst else view.story.title}", SUBJECT_LIMIT)


def _preheader(view: AlertView) -> str:
    words = "".join(piece.text for piece in view.story.pieces)
    also = f" ({view.in_outlets})" if view.in_outlets else ""
    return shortened(f"{view.story.outlet}{also}: {words}", PREHEADER_LIMIT)
