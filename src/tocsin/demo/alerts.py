"""What became of the demo's matches that could ring: which stories were told at once, and what was not told again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.articles import Article
from tocsin.models.ids import WatchId
from tocsin.models.matches import Match
from tocsin.models.stories import Development
from tocsin.rendering.grouping import by_outlet, outlet_key
from tocsin.store.alerts import alerts_of_matches
from tocsin.store.matches import latest_matches
from tocsin.store.stories import articles_of_story, get_story

_ALL = 1000


@dataclass(frozen=True, slots=True)
class ToldAlert:
    """An alert with the match that it told, the development it was for, and the first articles of further outlets that
    have that development.
    """

    alert: Alert
    match: Match
    development: Development | None
    also: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class WatchAlerts:
    """All that could ring: ``told`` rang, ``untold`` counts the rules by which the others did not."""

    told: tuple[ToldAlert, ...]
    untold: Counter[Rule]

    @property
    def matches(self) -> int:
        """How many matches could ring."""
        return len(self.told) + self.untold.total()


def alerts_of(connection: sa.Connection, watch: WatchId) -> WatchAlerts:
    """Read what became of a watch's matches."""
    matches = {match.id: match for match in latest_matches(connection, watch, limit=_ALL)}
    decided = alerts_of_matches(connection, matches)
    return WatchAlerts(
        told=tuple(
            _told(connection, alert, matches[alert.match_id]) for alert in decided if alert.decision is Decision.RING
        ),
        untold=Counter(alert.rule for alert in decided if alert.decision is not Decision.RING),
    )


def _told(connection: sa.Connection, alert: Alert, match: Match) -> ToldAlert:
    story = get_story(connection, alert.story_id)
    developments = story.developments if story else ()
    there = [one.article for one in articles_of_story(connection, alert.story_id)]
    others = [
        article
        for article in there
        if article.development_id == alert.development_id and outlet_key(article) != outlet_key(match.article)
    ]
    return ToldAlert(
        alert=alert,
        match=match,
        development=next((one for one in developments if one.id == alert.development_id), None),
        also=tuple(of_one[0] for of_one in by_outlet(others)),
    )
