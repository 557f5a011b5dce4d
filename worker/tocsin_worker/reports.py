"""What a message with alerts tells, read from the database as things stand when it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from tocsin.alerts import Entry, Measure, Waiting, bundle
from tocsin.delivery import BundleReport, BurstReport, BurstStory, Report
from tocsin.models.alerts import Alert, Decision, FeedbackLinks
from tocsin.models.deliveries import Delivery
from tocsin.models.ids import AlertId, StoryId, WatchId
from tocsin.models.matches import Match
from tocsin.models.stories import Story, StoryOutlet
from tocsin.models.watchlist import AlertWhen, Watch
from tocsin.store.alerts import alerts_of_delivery, standing_match
from tocsin.store.bursts import StoredBurst, burst_at, told_by_outlets
from tocsin.store.matches import get_match, standing_matches_of_delivery
from tocsin.store.stories import get_stories, outlets_of
from tocsin.store.tellings import told_before

Links = Callable[[Alert, str], FeedbackLinks]
"""Gives the reader's ways to answer an alert that goes to a target."""

_NOUNS = {Measure.STORIES: "story", Measure.REPORTS: "report"}


def report_of(
    connection: sa.Connection, delivery: Delivery, watches: Mapping[WatchId, Watch], links: Links
) -> BundleReport | None:
    """Read what a message tells: a bundle, of one story where it is a single alert; None if nothing is left to tell.

    An alert whose match was withdrawn is told by another match that stands, and else left out.
    """
    told = _told(connection, delivery)
    return _Reading(connection, delivery, watches, links, told).report() if told else None


def _told(connection: sa.Connection, delivery: Delivery) -> dict[AlertId, tuple[Alert, Match]]:
    standing = {match.id: match for match in standing_matches_of_delivery(connection, delivery.id)}
    told = {}
    for alert in alerts_of_delivery(connection, delivery.id):
        match = standing.get(alert.match_id) or _stand_in(connection, alert)
        if match is not None:
            told[alert.id] = alert, match
    return told


def _stand_in(connection: sa.Connection, alert: Alert) -> Match | None:
    match_id = standing_match(connection, alert)
    return None if match_id is None else get_match(connection, match_id)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One message that is being read; ``told`` are its alerts with the matches by which they are told."""

    connection: sa.Connection
    delivery: Delivery
    watches: Mapping[WatchId, Watch]
    links: Links
    told: Mapping[AlertId, tuple[Alert, Match]]

    def report(self) -> BundleReport:
        """Put the alerts into their order, each story once, and read what belongs to each."""
        alerts = [alert for alert, _ in self.told.values()]
        stories = get_stories(self.connection, {_story_of(match) for _, match in self.told.values()})
        told = bundle(self._waiting(alert, match, stories) for alert, match in self.told.values())
        outlets = outlets_of(self.connection, [entry.story for entry in told.entries])
        bundled = [alert for alert in alerts if alert.decision is Decision.BUNDLE]
        return BundleReport(
            reports=tuple(self._report(one, stories[one.story], outlets.get(one.story, [])) for one in told.entries),
            more=len(told.more),
            alerts=len(alerts),
            rules=frozenset(alert.rule for alert in bundled),
            held_from=min((alert.decided_at for alert in bundled), default=None),
            left_at=self.delivery.created_at,
        )

    def _waiting(self, alert: Alert, match: Match, stories: Mapping[StoryId, Story]) -> Waiting:
        story, development = _story_of(match), match.article.development_id or alert.development_id
        opened = (one.opened_at for one in stories[story].developments if one.id == development)
        at = next(opened, alert.decided_at)
        return Waiting(alert.id, alert.watch, story, development, at, alert.due_at or alert.decided_at)

    def _report(self, entry: Entry, story: Story, outlets: list[StoryOutlet]) -> Report:
        alert, match = self.told[entry.alerts[0].id]
        return Report(
            alert=alert,
            match=match,
            story=story,
            outlets=tuple(outlets),
            told_at=told_before(self.connection, self.delivery, story.id, alert.watch),
            also=entry.watches[1:],
            burst=self._burst(alert),
            links=self.links(alert, self.delivery.target),
        )

    def _burst(self, alert: Alert) -> BurstReport | None:
        watch = self.watches.get(alert.watch)
        if watch is None or watch.alert.when is not AlertWhen.BURST:
            return None
        burst = burst_at(self.connection, alert.watch, alert.decided_at)
        return None if burst is None else self._burst_report(burst)

    def _burst_report(self, burst: StoredBurst) -> BurstReport:
        """Read what a burst was about, from its window's beginning until the message was entered."""
        since, until = burst.called_at - burst.span, max(self.delivery.created_at, burst.called_at)
        seen = told_by_outlets(self.connection, burst.watch, since, until)
        articles, outlets = Counter(story for story, _ in seen), Counter(outlet for _, outlet in seen)
        of_story = Counter(story for story, _ in set(seen))
        titles = get_stories(self.connection, of_story.keys())
        ranked = sorted(of_story, key=lambda story: (-of_story[story], -articles[story], story))
        return BurstReport(
            watch=burst.watch,
            began_at=burst.began_at,
            counted=_NOUNS[Measure(burst.measure)],
            span=burst.span,
            found=burst.found,
            usual=burst.usual,
            stories=tuple(BurstStory(one, titles[one].title, articles[one], of_story[one]) for one in ranked),
            outlets=tuple(name for name, _ in outlets.most_common()),
        )


def _story_of(match: Match) -> StoryId:
    story = match.article.story_id
    assert story is not None, match.id  # noqa: S101 -- an article is placed before its matches are alerted
    return story
