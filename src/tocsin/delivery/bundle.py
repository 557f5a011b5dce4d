"""A bundle: alerts that were held back, in one message, each story once. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jinja2 import Environment

from tocsin.delivery.alert import (
    PREHEADER_LIMIT,
    SUBJECT_LIMIT,
    AlertView,
    Notice,
    Report,
    build_alert,
    plain_lines,
    watch_title,
)
from tocsin.models.alerts import Rule
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.rendered import Rendered, inlined
from tocsin.rendering.times import local_clock, local_time
from tocsin.rendering.words import count, listed

_HELD_BY = {
    Rule.QUIET_HOURS: "quiet hours",
    Rule.AT_MOST: "the limit of a watch",
    Rule.CHANNEL_LIMIT: "the limit of the channel",
    Rule.FLOOD: "a flood of matches",
}
_A_DAY = timedelta(days=1)
_NOTICE_STORIES = 10
"""How many stories a notice shows: services cut long texts."""


@dataclass(frozen=True, slots=True)
class BundleReport:
    """A bundle with all that its message says of it.

    ``reports`` are the stories that are shown, in their order; ``more`` counts those that are not. ``alerts`` counts
    the alerts of both, ``rules`` are those that held them back, ``held_from`` is when the first was, None where none
    was. ``left_at`` is when the message was entered.
    """

    reports: tuple[Report, ...]
    more: int
    alerts: int
    rules: frozenset[Rule]
    held_from: datetime | None
    left_at: datetime

    @property
    def is_single(self) -> bool:
        """Whether it tells one story only."""
        return len(self.reports) == 1 and not self.more


@dataclass(frozen=True, slots=True)
class BundleSection:
    """The stories of one watch; each story stands in the first of its watches only."""

    watch: str
    entries: tuple[AlertView, ...]


@dataclass(frozen=True, slots=True)
class BundleView:
    """A bundle, fit to be shown. ``held`` says how many alerts were kept back, when, and why."""

    heading: str
    held: str
    sections: tuple[BundleSection, ...]
    more: int
    more_url: str
    contact: str

    @property
    def stories(self) -> int:
        """How many stories it tells."""
        return sum(len(section.entries) for section in self.sections) + self.more


def held_words(report: BundleReport, timezone: str | None) -> str:
    """Say from when to when alerts were held, in the channel's zone, and what held them; "" if none was."""
    if report.held_from is None:
        return ""
    zone = timezone or "UTC"
    if report.left_at - report.held_from < _A_DAY:
        span = f"from {local_clock(report.held_from, zone)} to {local_clock(report.left_at, zone)}"
    else:
        span = f"from {local_time(report.held_from, zone)} to {local_time(report.left_at, zone)}"
    why = [words for rule, words in _HELD_BY.items() if rule in report.rules]
    because = f": {listed(why)}" if why else ""
    return f"{count('alert', report.alerts)} held {span} {zone}{because}"


def build_bundle(
    report: BundleReport,
    watches: Mapping[WatchId, Watch],
    *,
    base_url: str,
    timezone: str | None = None,
    contact: str | None = None,
) -> BundleView:
    """Build what is shown of a bundle; ``timezone`` is the channel's IANA name."""
    by_watch: dict[WatchId, list[AlertView]] = {}
    for one in report.reports:
        view = build_alert(one, watches, base_url=base_url, timezone=timezone)
        by_watch.setdefault(one.match.watch, []).append(view)
    stories = len(report.reports) + report.more
    return BundleView(
        heading=f"{count('alert', report.alerts)} on {count('story', stories)}",
        held=held_words(report, timezone),
        sections=tuple(
            BundleSection(watch_title(watches.get(watch), watch), tuple(views)) for watch, views in by_watch.items()
        ),
        more=report.more,
        more_url=f"{base_url.rstrip('/')}/stories",
        contact=one_line(contact or ""),
    )


def render_bundle(view: BundleView, environment: Environment) -> Rendered:
    """Render the mail of a bundle."""
    subject, preheader = _subject(view), shortened(f"{view.held}.", PREHEADER_LIMIT)
    html = environment.get_template("email/bundle.html").render(view=view, subject=subject, preheader=preheader)
    text = environment.get_template("email/bundle.txt").render(view=view)
    return Rendered(subject=subject, preheader=preheader, html=inlined(html), text=text)


def bundle_notice(view: BundleView) -> Notice:
    """Give the bundle as title and plain body; it names the first stories, and counts the others."""
    lines, shown = [view.held], 0
    for section in view.sections:
        for entry in section.entries[: _NOTICE_STORIES - shown]:
            lines += ["", f"[{section.watch}] {entry.story.title}", *plain_lines(entry)]
            shown += 1
    if view.stories > shown:
        lines += ["", f"{count('more story', view.stories - shown)}: {view.more_url}"]
    return Notice(title=_subject(view), body="\n".join(lines))


def _subject(view: BundleView) -> str:
    """Give the counts and the story that stands first."""
    return shortened(f"{view.heading}: {_top(view.sections).story.title}", SUBJECT_LIMIT)


def _top(sections: Sequence[BundleSection]) -> AlertView:
    return sections[0].entries[0]
