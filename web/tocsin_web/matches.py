"""The pages ``/`` (latest matches by watch) and ``/watches/{id}`` (all matches of one), each by story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tocsin.models.ids import MatchId, WatchId
from tocsin.models.watchlist import Watch
from tocsin.store.articles import count_articles
from tocsin.store.matches import count_matches, get_match, last_matched
from tocsin.store.overview import next_check_at, watch_is_known
from tocsin.store.processes import heartbeats
from tocsin_web.answers import Site
from tocsin_web.banners import SchedulerState, scheduler_state
from tocsin_web.parameters import before, watch_id
from tocsin_web.story_groups import StoryGroup, load_groups
from tocsin_web.times import Clock
from tocsin_web.watches import WatchPanel, find_watch, watch_panel

DAY = timedelta(hours=24)
STORIES_A_WATCH = 10
STORIES_IN_ALL = 200
"""However many watches there are, the first page stays small enough for a phone; the rest are lines with a link."""

STORIES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Latest:
    """What the first page shows; ``articles`` counts those of the last 24 hours, ``next_at`` is when a feed is due."""

    panels: tuple[WatchPanel, ...]
    articles: int
    next_at: datetime | None
    scheduler: SchedulerState

    @property
    def recent(self) -> int:
        """Count the matches of the last 24 hours."""
        return sum(panel.recent for panel in self.panels)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing ever matched."""
        return all(panel.last_at is None for panel in self.panels)


@dataclass(frozen=True, slots=True)
class MatchPages:
    """The endpoints of both pages."""

    site: Site

    def latest(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Show the latest matches of every watch, in the order of the watchlist."""
        house, clock = self.site.house, Clock(self.site.house.now())
        watchlist = house.watchlist()
        with house.database.read() as connection:
            view = _latest(connection, watchlist.watches if watchlist else (), clock.now, house.root)
        return self.site.page("web/latest.html", clock=clock, view=view)

    def watch(self, request: Request) -> Response:
        """Show the matches of one watch by story, a hundred stories a page."""
        house, clock = self.site.house, Clock(self.site.house.now())
        wanted, after = watch_id(request), before(request)
        listed = find_watch(house.watchlist(), wanted)
        with house.database.read() as connection:
            if listed is None and not watch_is_known(connection, wanted):
                raise HTTPException(404, "No watch of that name is in the watchlist, and none ever matched anything.")
            found = _stories(connection, wanted, house.root, after)
            recent = count_matches(connection, clock.now - DAY).get(wanted, 0)
            last_at = last_matched(connection).get(wanted)
        panel = watch_panel(
            listed or Watch(wanted, title=wanted),
            found[:STORIES_A_PAGE],
            recent=recent,
            last_at=last_at,
            older=found[STORIES_A_PAGE - 1].newest if len(found) > STORIES_A_PAGE else None,
            listed=listed is not None,
        )
        return self.site.page("web/watch.html", clock=clock, panel=panel, is_first=after is None)


def _latest(connection: sa.Connection, watches: tuple[Watch, ...], now: datetime, root: str) -> Latest:
    recent, last = count_matches(connection, now - DAY), last_matched(connection)
    panels, room = [], STORIES_IN_ALL
    for watch in watches:
        limit = min(STORIES_A_WATCH, room)
        found = load_groups(connection, watch.id, root, limit=limit) if limit and watch.id in last else []
        room -= len(found)
        panel = watch_panel(watch, found, recent=recent.get(watch.id, 0), last_at=last.get(watch.id))
        panels.append(panel)
    return Latest(
        panels=tuple(panels),
        articles=count_articles(connection, now - DAY),
        next_at=next_check_at(connection),
        scheduler=scheduler_state(heartbeats(connection), now),
    )


def _stories(connection: sa.Connection, watch: WatchId, root: str, after: MatchId | None) -> list[StoryGroup]:
    """Load a page of stories and one more, which tells that there is a next page."""
    if after is None:
        return load_groups(connection, watch, root, limit=STORIES_A_PAGE + 1)
    match = get_match(connection, after)
    if match is None or match.watch != watch:
        raise HTTPException(
            400, f"The parameter “before” names {after}, which is no match of this watch. Begin with the latest again."
        )
    return load_groups(connection, watch, root, before=match, limit=STORIES_A_PAGE + 1)
