"""The page ``/feeds``: which feeds are well, which are not, and what to do about those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from tocsin.feeds.health import health_of
from tocsin.models.feeds import Feed
from tocsin.models.health import HealthState, Volume
from tocsin.models.ids import FeedId
from tocsin.rendering.clean import one_line
from tocsin.rendering.feed_words import feed_title, interval_words, reason_words, state_name, state_words, volume_words
from tocsin.rendering.links import safe_link
from tocsin.store.feed_health import count_states, feeds_by_state, held_hosts, volumes_of
from tocsin.store.processes import heartbeats
from tocsin_web.answers import Site
from tocsin_web.banners import scheduler_state
from tocsin_web.parameters import health_state, page_number
from tocsin_web.times import Clock

LISTED = 100
_URL_LIMIT = 200


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed in the table; ``state`` is its class in the style sheet, ``words`` the same for people.

    ``reason`` is why it is so and the remedy, or "". ``news_at`` is when something new came last. ``next_check_at`` is
    None for a feed that is no longer asked; ``every`` says how often it is asked, or "".
    """

    id: FeedId
    title: str
    url: str
    shown_url: str
    state: HealthState
    words: str
    reason: str
    every: str
    succeeded_at: datetime | None
    news_at: datetime | None
    next_check_at: datetime | None
    day: int
    volume: str


@dataclass(frozen=True, slots=True)
class StateLink:
    """A link to the feeds of one state, or, with the state None, to all."""

    state: HealthState | None
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class FeedPages:
    """The endpoint of the page."""

    site: Site

    def feeds(self, request: Request) -> Response:
        """Show the health of the feeds of the watchlist, the worst first; one state, if one is asked for."""
        wanted, page = health_state(request), page_number(request)
        house, clock = self.site.house, Clock(self.site.house.now())
        with house.database.read() as connection:
            counts = count_states(connection, clock.now)
            states = [wanted] if wanted else []
            offset = (page - 1) * LISTED
            found = feeds_by_state(connection, clock.now, states, limit=LISTED, offset=offset)
            rows = feed_rows(
                found, volumes_of(connection, found, clock.now), held_hosts(connection, clock.now), clock.now
            )
            scheduler = scheduler_state(heartbeats(connection), clock.now)
        number = counts[wanted] if wanted else sum(counts.values())
        return self.site.page(
            "web/feeds.html",
            clock=clock,
            rows=rows,
            scheduler=scheduler,
            total=sum(counts.values()),
            well=sum(number for state, number in counts.items() if state.is_well),
            trouble=sum(number for state, number in counts.items() if state.is_trouble),
            states=state_links(counts),
            wanted=wanted,
            page=page,
            has_more=offset + len(rows) < number,
        )


def state_links(counts: Mapping[HealthState, int]) -> tuple[StateLink, ...]:
    """Give the states that there are, the worst first, after all of them together."""
    each = [StateLink(state, state_name(state), number) for state, number in counts.items() if number]
    return (StateLink(None, "All", sum(counts.values())), *each)


def feed_rows(
    feeds: Sequence[Feed], volumes: Mapping[FeedId, Volume], waiting: Mapping[str, datetime], now: datetime
) -> tuple[FeedRow, ...]:
    """Turn feeds into rows, in the order given; ``waiting`` are the hosts that want to be left alone, until when."""
    return tuple(_row(feed, volumes[feed.id], waiting.get(feed.host), now) for feed in feeds)


def _row(feed: Feed, volume: Volume, host_wait_until: datetime | None, now: datetime) -> FeedRow:
    health = health_of(feed, now, volume, host_wait_until)
    return FeedRow(
        id=feed.id,
        title=feed_title(feed),
        url=safe_link(feed.url),
        shown_url=one_line(feed.url, _URL_LIMIT),
        state=health.state,
        words=state_words(feed, health),
        reason=reason_words(feed, health),
        every="" if feed.stopped_at else interval_words(health),
        succeeded_at=feed.succeeded_at,
        news_at=news_at(feed),
        next_check_at=None if feed.stopped_at else health.until or feed.next_check_at,
        day=volume.day,
        volume=volume_words(volume, health),
    )


def news_at(feed: Feed) -> datetime | None:
    """Give when something new came last: by the feed's rhythm, else when its document last changed."""
    rhythm = feed.polling.rhythm
    return (rhythm.newest_at if rhythm else None) or feed.changed_at
