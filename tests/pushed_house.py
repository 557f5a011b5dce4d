"""The parts of a house that hubs deliver to: a real web process's application, and a scheduler's ticks by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import TypeVar

import sqlalchemy as sa

from tocsin.feeds.fetch import Fetcher, Limits
from tocsin.feeds.parser import Parser
from tocsin.models.feeds import Feed
from tocsin.models.ids import ArticleId
from tocsin.models.watchlist import FeedSource
from tocsin.models.websub import HubSubscription
from tocsin.queueing import Wakeups
from tocsin.store import feeds, tables
from tocsin.store.database import Database, database_now
from tocsin.store.hub_subscriptions import wanted_subscriptions
from tocsin_scheduler.hubs import Hubs
from tocsin_scheduler.pings import Pings
from tocsin_scheduler.polls import Poller
from tocsin_web.app import build_app
from web_client import house_on, served
from websub_hub import Hub

T = TypeVar("T")
LOOPBACK = ip_network("127.0.0.0/8")
SHORTEST = timedelta(minutes=10)


@dataclass(slots=True)
class PushedHouse:
    """A house whose clock is ahead by ``later``, with one feed, which is the hub's."""

    database: Database
    wakeups: Wakeups
    hub: Hub
    root: str | None
    later: timedelta = timedelta()

    def clock(self, connection: sa.Connection) -> datetime:
        return database_now(connection) + self.later

    def poll(self) -> None:
        """Poll the feed as if it were due."""
        with self.database.write() as connection:
            connection.execute(sa.update(tables.feeds).values(next_check_at=self.clock(connection)))
        self._with_fetcher(self._polled)

    async def _polled(self, fetcher: Fetcher) -> None:
        with Parser() as parser:
            poller = Poller(self.database, fetcher, parser, self.wakeups, SHORTEST, clock=self.clock)
            assert await poller.tick() == 1
            await poller.finish(30)

    def ask_hubs(self) -> int:
        """Follow the feeds' hubs and ask those that are due; gives how many were asked."""

        async def ask(fetcher: Fetcher) -> int:
            hubs = Hubs(self.database, fetcher, self.root, SHORTEST, clock=self.clock)
            await asyncio.to_thread(hubs.follow)
            return await hubs.tick()

        return self._with_fetcher(ask)

    def take_in(self) -> list[ArticleId]:
        """Take in what was delivered just now, in one tick."""
        with self.database.write() as connection:
            connection.execute(sa.update(tables.pings).values(received_at=self.clock(connection)))
        with Parser() as parser:
            return asyncio.run(Pings(self.database, parser, self.wakeups, clock=self.clock).tick())

    def _with_fetcher(self, act: Callable[[Fetcher], Awaitable[T]]) -> T:
        async def run() -> T:
            limits = Limits(seconds=5.0)
            async with Fetcher("https://tocsin.example", allowed=[LOOPBACK], limits=limits) as fetcher:
                return await act(fetcher)

        return asyncio.run(run())

    def subscribe(self) -> None:
        """Go the whole way to a confirmed lease."""
        self.poll()
        assert self.ask_hubs() == 1
        assert self.hub.ask_back() == (200, "a challenge")

    def rely_on_hub(self) -> None:
        """Subscribe, and let the hub prove that it delivers."""
        self.subscribe()
        assert self.hub.deliver(self.hub.document) == 202
        assert self.take_in() == []
        assert self.feed.pushed_until is not None

    @property
    def titles(self) -> list[str]:
        with self.database.read() as connection:
            return list(connection.scalars(sa.select(tables.articles.c.title).order_by(tables.articles.c.id)))

    @property
    def feed(self) -> Feed:
        with self.database.read() as connection:
            [found] = feeds.list_feeds(connection, active_only=False)
        return found

    @property
    def subscription(self) -> HubSubscription:
        with self.database.read() as connection:
            [found] = wanted_subscriptions(connection).values()
        return found

    def list_feeds(self, *urls: str) -> None:
        """Make these the feeds of the watchlist."""
        with self.database.write() as connection:
            now = self.clock(connection)
            feeds.sync_feeds(connection, [FeedSource(url=url) for url in urls], now, lambda _: now, str)


@contextmanager
def pushed_house(database: Database, wakeups: Wakeups, hub: Hub) -> Iterator[PushedHouse]:
    """Serve the web application on loopback, as hubs reach it, beside the feed of a hub."""
    with served(build_app(house_on(database))) as address:
        house = PushedHouse(database, wakeups, hub, f"{address}/websub/")
        house.list_feeds(hub.topic)
        yield house
