"""The manners that the schedule decides: a real poller asks a real server on loopback, on a clock that tests set."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
import redis
import sqlalchemy as sa

from feed_publisher import LOOPBACK, Publisher, Request, answer, publishing
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.hosts import host_key
from tocsin.feeds.next_check import SHORTEST
from tocsin.feeds.parser import Parser
from tocsin.models.feeds import Feed, ParsedFeed, Problem, ProblemKind
from tocsin.models.watchlist import FeedSource
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.store.claims import SPACING
from tocsin.store.database import Database
from tocsin.store.feeds import list_feeds, sync_feeds
from tocsin.store.progress import progress
from tocsin.store.tables import feeds as feeds_table
from tocsin_scheduler.polls import Poller

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
Respond = Callable[[Request], bytes]


def rss(*dates: datetime, extra: str = "", root: str = "") -> bytes:
    """Write a feed with an entry for each date."""
    items = "".join(
        f"<item><guid>{at.isoformat()}</guid><title>News of {at}</title><description>It is.</description>"
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for at in dates
    )
    link = "<link>https://wire.example.com/</link>"
    return f"<rss version='2.0' {root}><channel><title>The Wire</title>{link}{extra}{items}</channel></rss>".encode()


HOURLY = rss(*(NOW - hour * HOUR for hour in range(24)))
NOT_MODIFIED = answer(b"", status="304 Not Modified")


def ok(body: bytes = HOURLY, *headers: str) -> bytes:
    return answer(body, "Content-Type: application/rss+xml; charset=utf-8", *headers)


def conditional(*headers: str, body: bytes = HOURLY, etag: str = '"v1"') -> Respond:
    """A server as it should be: 304 to whoever knows its validator."""
    lines = (f"ETag: {etag}", *headers)

    def respond(request: Request) -> bytes:
        if request.headers.get("if-none-match") == etag:
            return answer(b"", *lines, status="304 Not Modified")
        return ok(body, *lines)

    return respond


class CountingParser(Parser):
    """The parser, counting what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.parsed = 0

    def parse(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem:
        self.parsed += 1
        return super().parse(body, content_type, url)

    def parse_at_once(self, body: bytes, content_type: str, url: str) -> ParsedFeed | Problem | None:
        found = super().parse_at_once(body, content_type, url)
        self.parsed += found is not None
        return found


@dataclass(slots=True)
class Desk:
    """A poller with its feeds, a server that they are on, and the time."""

    database: Database
    wakeups: Wakeups
    publisher: Publisher
    parser: CountingParser
    now: datetime = NOW
    respond: Respond = field(default_factory=conditional)
    _fetcher: Fetcher | None = None
    _poller: Poller | None = None

    @property
    def requests(self) -> list[Request]:
        return self.publisher.requests

    def address(self, path: str = "feed") -> str:
        return f"http://127.0.0.1:{self.publisher.port}/{path}"

    def subscribe(self, *paths: str, host: str | None = None, every: timedelta | None = None) -> None:
        """Put feeds on the watchlist, as if they were all on one host, or each on its own."""
        sources = [FeedSource(self.address(path), every=every) for path in paths]
        with self.database.write() as connection:
            sync_feeds(connection, sources, self.now, lambda _: self.now, lambda url: host or host_key(url))

    async def open(self) -> None:
        self._fetcher = Fetcher("https://tocsin.example", allowed=[LOOPBACK], clock=lambda: self.now)
        await self._fetcher.__aenter__()
        self._poller = Poller(
            self.database, self._fetcher, self.parser, self.wakeups, SHORTEST, clock=lambda _: self.now
        )

    async def close(self) -> None:
        assert self._poller is not None
        assert self._fetcher is not None
        await self._poller.finish(30)
        await self._fetcher.__aexit__(None, None, None)

    async def restart(self) -> None:
        await self.close()
        await self.open()

    async def tick(self, at: datetime | None = None) -> int:
        """Let the poller look for what is due, and wait for what comes of it."""
        assert self._poller is not None
        self.now = at or self.now
        started = await self._poller.tick()
        await self._poller.settle(30)
        return started

    async def poll(self, at: datetime | None = None) -> Feed:
        """Poll the one feed, at the latest when it is due."""
        assert await self.tick(at or max(self.now, self.feed().next_check_at)) == 1
        return self.feed()

    def feeds(self) -> list[Feed]:
        with self.database.read() as connection:
            return sorted(list_feeds(connection), key=lambda feed: feed.url)

    def feed(self) -> Feed:
        [feed] = self.feeds()
        return feed

    def wait(self) -> timedelta:
        return self.feed().next_check_at - self.now

    def stored(self) -> int:
        with self.database.read() as connection:
            return progress(connection).articles


Visit = Callable[[Callable[[Desk], Awaitable[None]]], None]


@pytest.fixture
def wakeups(valkey: redis.Redis) -> Wakeups:
    return Wakeups(valkey, b"a secret of at least thirty-two bytes")


@pytest.fixture
def visit(sqlite: Database, wakeups: Wakeups) -> Visit:
    """Run what happens at a desk."""

    @asynccontextmanager
    async def desk() -> AsyncIterator[Desk]:
        async def respond(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(found.respond(publisher.requests[-1]))
            await writer.drain()

        with CountingParser() as parser:
            async with publishing(respond) as publisher:
                found = Desk(sqlite, wakeups, publisher, parser)
                await found.open()
                yield found
                await found.close()

    def run(happens: Callable[[Desk], Awaitable[None]]) -> None:
        async def all_of_it() -> None:
            async with desk() as found:
                await happens(found)

        asyncio.run(all_of_it())

    return run


@pytest.mark.parametrize(
    ("headers", "every", "least", "most"),
    [
        ((), None, DAY, 1.1 * DAY),
        (("Cache-Control: max-age=7200",), None, 2 * HOUR, 2.2 * HOUR),
        ((), HOUR, 0.9 * HOUR, 1.1 * HOUR),
    ],
    ids=["by itself", "publisher hints otherwise", "operator says otherwise"],
)
def test_06_a_feed_without_validators_is_asked_once_a_day_and_with_none_made_up(
    visit: Visit, headers: tuple[str, ...], every: timedelta | None, least: timedelta, most: timedelta
) -> None:
    week = rss(*(NOW - hour * HOUR for hour in range(0, 24 * 7, 2)))

    async def happens(desk: Desk) -> None:
        desk.respond = lambda _: ok(week, *headers)
        desk.subscribe("feed", every=every)
        for _ in range(3):
            await desk.poll()
            assert least <= desk.wait() <= most
        assert all(
            request.headers.keys().isdisjoint({"if-none-match", "if-modified-since"}) for request in desk.requests
        )

    visit(happens)


def test_09_a_not_modified_costs_no_parse_no_article_and_no_job(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe("feed")
        first = await desk.poll()
        waiting = desk.wakeups.waiting(CLASSIFY)
        second = await desk.poll()
        assert (desk.parser.parsed, desk.stored(), desk.wakeups.waiting(CLASSIFY)) == (1, 24, waiting)
        assert second == replace(
            first,
            checked_at=desk.now,
            succeeded_at=desk.now,
            asked_at=desk.now,
            next_check_at=second.next_check_at,
            interval=second.interval,
        )

    visit(happens)


def test_10_a_body_that_did_not_change_costs_no_parse_no_article_and_no_job(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.respond = lambda _: ok(HOURLY, f'ETag: "{len(desk.requests)}"')
        desk.subscribe("feed")
        await desk.poll()
        waiting = desk.wakeups.waiting(CLASSIFY)
        again = await desk.poll()
        assert (desk.parser.parsed, desk.stored(), desk.wakeups.waiting(CLASSIFY)) == (1, 24, waiting)
        assert (again.etag, again.failures) == ('"2"', 0)

    visit(happens)


def test_12_a_server_that_says_not_modified_for_ever_is_found_out_within_days_by_one_whole_request_a_day(
    visit: Visit,
) -> None:
    def respond(request: Request) -> bytes:
        if "if-none-match" in request.headers:
            return NOT_MODIFIED
        return ok(rss(*(desks[0].now - hour * HOUR for hour in range(24))), 'ETag: "for ever"')

    desks: list[Desk] = []

    async def happens(desk: Desk) -> None:
        desks.append(desk)
        desk.respond = respond
        desk.subscribe("feed")
        await desk.poll()
        while not desk.feed().polling.distrusts_304:
            await desk.poll()
            assert desk.now < NOW + 8 * DAY
        whole = [request for request in desk.requests[1:] if "if-none-match" not in request.headers]
        assert len(whole) <= (desk.now - NOW) / DAY + 1
        assert desk.stored() > 24
        await desk.poll()
        assert "if-none-match" not in desk.requests[-1].headers

    visit(happens)


def test_13_after_a_restart_validators_are_known_and_nothing_is_asked_before_its_time(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe("a", "b", "c")
        assert await desk.tick() == 3
        due = [feed.next_check_at for feed in desk.feeds()]
        for _ in range(3):
            await desk.restart()
            desk.subscribe("a", "b", "c")  # as each start does
            assert await desk.tick(desk.now + MINUTE) == 0
        assert [feed.next_check_at for feed in desk.feeds()] == due
        assert await desk.tick(max(due)) == 3
        assert [request.headers.get("if-none-match") for request in desk.requests[3:]] == ['"v1"'] * 3

    visit(happens)


@pytest.mark.parametrize(
    ("headers", "least", "most"),
    [
        (("Cache-Control: max-age=7200",), 2 * HOUR, 2.2 * HOUR),
        (("Cache-Control: max-age=31536000",), DAY, 1.1 * DAY),
        (("Cache-Control: no-store",), 0.9 * HOUR, 1.1 * HOUR),
    ],
    ids=["14 max-age is waited for", "15 a huge one is capped at a day", "18 no-store is no reason to wait or to fail"],
)
def test_14_15_18_freshness_is_waited_for_up_to_a_day(
    visit: Visit, headers: tuple[str, ...], least: timedelta, most: timedelta
) -> None:
    async def happens(desk: Desk) -> None:
        desk.respond = conditional(*headers)
        desk.subscribe("feed")
        await desk.poll()
        assert least <= desk.wait() <= most
        assert await desk.tick(desk.now + least - MINUTE) == 0
        await desk.poll()
        assert desk.requests[-1].headers["if-none-match"] == '"v1"'

    visit(happens)


def test_16_the_freshness_of_a_not_modified_is_waited_for_too(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe("feed")
        await desk.poll()
        assert desk.wait() < 1.2 * HOUR
        desk.respond = lambda _: answer(b"", "Cache-Control: max-age=10800", status="304 Not Modified")
        await desk.poll()
        assert 3 * HOUR <= desk.wait() <= 3.3 * HOUR
        assert await desk.tick(desk.now + 3 * HOUR - MINUTE) == 0

    visit(happens)


SY = "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'"


@pytest.mark.parametrize(
    ("extra", "least", "most"),
    [
        ("<ttl>180</ttl>", 3 * HOUR, 3.3 * HOUR),
        ("<ttl>99999999</ttl>", 0.9 * HOUR, 1.1 * DAY),
        ("<ttl>often</ttl>", 0.9 * HOUR, 1.1 * HOUR),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", DAY, 1.1 * DAY),
        (
            "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>8</sy:updateFrequency>",
            3 * HOUR,
            3.3 * HOUR,
        ),
        ("<sy:updatePeriod>always</sy:updatePeriod>", 0.9 * HOUR, 1.1 * HOUR),
        ("<sy:updatePeriod>dayly</sy:updatePeriod>", 0.9 * HOUR, 1.1 * DAY),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0.1</sy:updateFrequency>",
            0.9 * HOUR,
            1.1 * DAY,
        ),
        ("<sy:updatePeriod/><sy:updateFrequency/>", 0.9 * HOUR, 1.1 * HOUR),
    ],
    ids=[
        "19 ttl",
        "19 an absurd ttl",
        "19 no number",
        "20 daily",
        "20 eight times a day",
        "20 always",
        "20 dayly",
        "20 a tenth",
        "20 nothing",
    ],
)
def test_19_20_what_the_document_wishes_is_a_floor_and_nonsense_is_borne(
    visit: Visit, extra: str, least: timedelta, most: timedelta
) -> None:
    async def happens(desk: Desk) -> None:
        desk.respond = conditional(body=rss(*(NOW - hour * HOUR for hour in range(24)), extra=extra, root=SY))
        desk.subscribe("feed")
        for _ in range(2):  # the wish is remembered when a 304 brings no document
            feed = await desk.poll()
            assert feed.failures == 0
            assert least <= desk.wait() <= most

    visit(happens)


def test_21_no_poll_falls_into_hours_or_days_that_the_publisher_wants_skipped(visit: Visit) -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(0, 24, 2))
    extra = f"<skipHours>{hours}</skipHours><skipDays><day>Saturday</day><day>Sunday</day></skipDays>"
    body = rss(*(NOW - hour * HOUR for hour in range(24)), extra=extra)
    asked: list[datetime] = []

    async def happens(desk: Desk) -> None:
        desk.respond = conditional(body=body)
        desk.subscribe("feed")
        desk.now = NOW + 3 * DAY  # a Friday
        await desk.poll()
        while desk.now < NOW + 6.5 * DAY:
            await desk.poll()
            asked.append(desk.now)
        assert {at.hour % 2 for at in asked} == {1}
        assert {at.isoweekday() for at in asked} == {5, 1, 2}

    visit(happens)


FEEDS = [f"feed{number:02}" for number in range(30)]


@pytest.mark.parametrize(
    ("refusal", "until"),
    [
        (answer(b"", "Retry-After: 3600", status="429 Too Many Requests"), NOW + HOUR),
        (
            answer(b"", "Retry-After: Tue, 10 Mar 2026 13:30:00 GMT", status="429 Too Many Requests"),
            NOW + 1.5 * HOUR,
        ),
        (answer(b"", "Retry-After: 3600", status="503 Service Unavailable"), NOW + HOUR),
        (answer(b"", "Retry-After: 317100", status="429 Too Many Requests"), NOW + DAY),
        (
            answer(b"", "x-ratelimit-remaining: 0", "x-ratelimit-reset: 3600", status="403 Forbidden"),
            NOW + HOUR,
        ),
        (ok(HOURLY, 'ETag: "v1"', "x-ratelimit-remaining: 0", "x-ratelimit-reset: 3600"), NOW + HOUR),
    ],
    ids=[
        "22 429 in seconds",
        "23 429 with a date",
        "24 503",
        "25 three days and a half are a day",
        "29 403 with a reset",
        "29 a limit used up with a good answer",
    ],
)
def test_22_23_24_25_29_a_wish_to_be_left_alone_holds_all_feeds_of_the_host_and_then_they_come_spread(
    visit: Visit, refusal: bytes, until: datetime
) -> None:
    async def happens(desk: Desk) -> None:
        desk.respond = lambda _: refusal
        desk.subscribe(*FEEDS, host="example.com")
        assert await desk.tick() == 1
        assert await desk.tick(NOW + MINUTE) == 0
        assert await desk.tick(until - timedelta(seconds=1)) == 0
        assert len(desk.requests) == 1
        due = sorted(feed.next_check_at for feed in desk.feeds())
        assert due[0] >= until
        assert due[-1] - due[0] > 10 * MINUTE
        assert len(set(due)) == len(FEEDS)

    visit(happens)


@pytest.mark.parametrize("wish", ["Retry-After: -60", "Retry-After: soon", "Retry-After:"])
def test_26_a_wish_that_means_nothing_leaves_it_to_the_backoff(visit: Visit, wish: str) -> None:
    async def happens(desk: Desk) -> None:
        desk.respond = lambda _: answer(b"", wish, status="503 Service Unavailable")
        desk.subscribe("feed")
        feed = await desk.poll()
        assert feed.failures == 1
        assert 1.8 * SHORTEST <= desk.wait() <= 2.2 * SHORTEST

    visit(happens)


def test_27_too_many_requests_without_a_time_doubles_the_wait_and_spreads_it_over_an_hour(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe(*FEEDS)
        await desk.tick()
        desk.respond = lambda _: answer(b"", status="429 Too Many Requests")
        await desk.tick(NOW + 2 * HOUR)
        waits = [feed.next_check_at - desk.now for feed in desk.feeds()]
        usual = [feed.interval or HOUR for feed in desk.feeds()]
        assert all(1.8 * each <= wait <= 2.2 * each + HOUR for wait, each in zip(waits, usual, strict=True))
        assert max(waits) - min(waits) > 30 * MINUTE

    visit(happens)


def test_28_a_hold_is_for_the_whole_public_domain_but_on_a_private_host_for_the_feed_alone(visit: Visit) -> None:
    refusal = answer(b"", "Retry-After: 3600", status="429 Too Many Requests")

    async def happens(desk: Desk) -> None:
        desk.respond = lambda request: refusal if request.path == "/a" else ok(HOURLY, 'ETag: "v1"')
        desk.subscribe("a", "b")  # loopback: hosts of their own
        assert await desk.tick() == 2
        assert [feed.failures for feed in desk.feeds()] == [1, 0]
        assert desk.feeds()[1].next_check_at < NOW + 1.2 * HOUR

    assert host_key("https://a.tumblr.com/rss") == host_key("https://b.tumblr.com/rss") == "tumblr.com"
    visit(happens)


def test_30_a_permanent_redirect_changes_the_address_only_after_days_of_proof_and_a_temporary_one_never(
    visit: Visit,
) -> None:
    async def happens(desk: Desk) -> None:
        redirect = ["302 Found"]

        def respond(request: Request) -> bytes:
            if request.path == "/feed":
                return answer(b"", f"Location: {desk.address('new')}", status=redirect[0])
            return conditional()(request)

        desk.respond = respond
        desk.subscribe("feed", every=8 * HOUR)
        for _ in range(12):
            feed = await desk.poll()
        assert (feed.polling.fetch_url, feed.polling.moved) == (None, None)
        redirect[0] = "301 Moved Permanently"
        started = desk.now
        while (feed := await desk.poll()).polling.fetch_url is None:
            assert desk.now < started + 5 * DAY
        assert desk.now >= started + 2 * DAY
        assert (feed.polling.fetch_url, feed.url) == (desk.address("new"), desk.address("feed"))
        asked = len(desk.requests)
        await desk.poll()
        assert [request.path for request in desk.requests[asked:]] == ["/new"]

    visit(happens)


def test_34_a_feed_ends_with_a_second_410_a_day_later_and_not_before(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe("feed")
        await desk.poll()
        desk.respond = lambda _: answer(b"", status="410 Gone")
        first = await desk.poll()
        gone_at = desk.now
        assert (first.stopped_at, first.problem_kind) == (None, ProblemKind.GONE)
        while (feed := await desk.poll()).stopped_at is None:
            assert desk.now < gone_at + 3 * DAY
        assert desk.now - gone_at >= DAY
        assert feed.problem
        assert await desk.tick(desk.now + 90 * DAY) == 0

    visit(happens)


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Internal Server Error", None])
def test_35_a_feed_that_fails_is_asked_less_and_less_and_keeps_its_state(visit: Visit, status: str | None) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe("feed")
        await desk.poll()
        if status is None:  # nobody answers at all
            with desk.database.write() as connection:
                connection.execute(sa.update(feeds_table).values(url="http://127.0.0.1:9/", host="http://127.0.0.1:9/"))
        else:
            desk.respond = lambda _: answer(b"", status=status)
        for failures, least in ((1, 1.7 * HOUR), (2, 3.4 * HOUR), (3, 6.8 * HOUR)):
            feed = await desk.poll()
            assert (feed.failures, feed.active, feed.stopped_at, feed.etag) == (failures, True, None, '"v1"')
            assert least <= desk.wait() <= 1.3 * least

    visit(happens)


def test_35_a_feed_that_fails_for_months_is_asked_at_least_monthly_and_comes_back_by_itself(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe("feed")
        await desk.poll()
        desk.respond = lambda _: answer(b"", status="404 Not Found")
        waits = []
        for _ in range(36):
            await desk.poll()
            waits.append(desk.wait())
        assert 0.9 * DAY <= waits[29] <= 1.1 * DAY
        assert 27 * DAY <= waits[35] <= 33 * DAY
        desk.respond = conditional()
        feed = await desk.poll()
        assert (feed.failures, feed.problem, feed.problem_kind) == (0, None, None)
        assert desk.wait() <= 1.1 * DAY

    visit(happens)


def test_43_a_host_gets_one_request_at_a_time_however_many_of_its_feeds_are_due(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe(*(f"feed{number:03}" for number in range(100)), host="example.com")
        for turn in range(20):
            assert await desk.tick(NOW + turn * SPACING) == 1
            assert await desk.tick(NOW + turn * SPACING + SPACING / 2) == 0
        due = sorted(feed.next_check_at for feed in desk.feeds() if feed.checked_at is None)
        assert all(later - sooner >= SPACING for sooner, later in pairwise(due))

    visit(happens)


def test_43_feeds_that_are_polled_together_do_not_stay_together(visit: Visit) -> None:
    async def happens(desk: Desk) -> None:
        desk.subscribe(*FEEDS)
        assert await desk.tick() == len(FEEDS)
        due = sorted(feed.next_check_at for feed in desk.feeds())
        assert 0.85 * HOUR <= due[0] - desk.now <= due[-1] - desk.now <= 1.1 * HOUR
        assert due[-1] - due[0] > 8 * MINUTE

    visit(happens)
