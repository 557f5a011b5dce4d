"""The page ``/feeds``: which feeds are well, which are not, and what to do about those."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from tocsin.models.feeds import Feed
from tocsin.models.ids import FeedId
from tocsin.rendering.clean import one_line
from tocsin.rendering.links import safe_link
from tocsin.store.feeds import list_feeds
from tocsin.store.overview import articles_by_feed
from tocsin.store.processes import heartbeats
from tocsin_web.answers import Site
from tocsin_web.banners import scheduler_state
from tocsin_web.times import Clock

_TITLE_LIMIT = 80
_URL_LIMIT = 200
_PROBLEM_LIMIT = 400


class Health(StrEnum):
    """How a feed does; also its class in the style sheet."""

    FAILING = "failing"
    REMARK = "remark"
    NEW = "new"
    WELL = "well"


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed in the table; ``state`` is its health in words, ``problem`` what is wrong and the remedy, or ""."""

    title: str
    url: str
    shown_url: str
    health: Health
    state: str
    problem: str
    succeeded_at: datetime | None
    changed_at: datetime | None
    next_check_at: datetime
    day: int
    week: int


@dataclass(frozen=True, slots=True)
class FeedPages:
    """The endpoint of the page."""

    site: Site

    def feeds(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Show the health of all feeds of the watchlist, those in trouble first."""
        house, clock = self.site.house, Clock(self.site.house.now())
        with house.database.read() as connection:
            feeds = list_feeds(connection)
            day = articles_by_feed(connection, clock.now - timedelta(hours=24))
            week = articles_by_feed(connection, clock.now - timedelta(days=7))
            scheduler = scheduler_state(heartbeats(connection), clock.now)
        rows = feed_rows(feeds, day, week)
        return self.site.page("web/feeds.html", clock=clock, rows=rows, scheduler=scheduler)


def feed_rows(feeds: Sequence[Feed], day: Mapping[FeedId, int], week: Mapping[FeedId, int]) -> tuple[FeedRow, ...]:
    """Turn feeds and their counts of articles into rows: failing ones first, otherwise in the order given."""
    rows = [_row(feed, day.get(feed.id, 0), week.get(feed.id, 0)) for feed in feeds]
    order = list(Health)
    return tuple(sorted(rows, key=lambda row: order.index(row.health)))


def health(feed: Feed) -> Health:
    """Judge a feed by its last poll."""
    if feed.failures:
        return Health.FAILING
    if feed.checked_at is None:
        return Health.NEW
    return Health.REMARK if feed.problem else Health.WELL


def _row(feed: Feed, day: int, week: int) -> FeedRow:
    return FeedRow(
        title=_title(feed),
        url=safe_link(feed.url),
        shown_url=one_line(feed.url, _URL_LIMIT),
        health=health(feed),
        state=_state(feed),
        problem=one_line(feed.problem or "", _PROBLEM_LIMIT),
        succeeded_at=feed.succeeded_at,
        changed_at=feed.changed_at,
        next_check_at=feed.next_check_at,
        day=day,
        week=week,
    )


def _title(feed: Feed) -> str:
    """Give the title; a feed that was never read is known by its address alone, and goes by its host."""
    if feed.title and feed.title != feed.url:
        return one_line(feed.title, _TITLE_LIMIT)
    return one_line(urlsplit(feed.url).hostname or feed.url, _TITLE_LIMIT)


def _state(feed: Feed) -> str:
    match health(feed):
        case Health.FAILING if feed.failures == 1:
            return "Failed once"
        case Health.FAILING:
            return f"Failed {feed.failures:,} times in a row"
        case Health.NEW:
            return "Not read yet"
        case Health.REMARK:
            return "Read, with a remark"
        case Health.WELL:
            return "Well"
