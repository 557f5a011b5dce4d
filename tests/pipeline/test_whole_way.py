"""From feed to alert and digest: sample feeds over HTTP, a real queue, both databases, a real mail server."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import partial
from ipaddress import ip_network
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import pytest
import redis
import sqlalchemy as sa
from ruamel.yaml import YAML

from story_judgement import ExpectedStories, judged_developments, judged_stories, load_expected
from tocsin.bootstrap import WatchlistDesk, mail_opener
from tocsin.config import Settings, load_settings
from tocsin.delivery import Letterhead
from tocsin.delivery.feedback import feedback_links
from tocsin.demo.alerts import WatchAlerts, alerts_of
from tocsin.demo.mailbox import DemoMailbox
from tocsin.demo.server import DemoFeeds
from tocsin.demo.watchlist import demo_watchlist
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.parser import Parser
from tocsin.models.alerts import Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.feeds import Feed
from tocsin.models.ids import WatchId
from tocsin.queueing import CLASSIFY, DELIVER, Handler, QueueWorker, Wakeups
from tocsin.rendering.templates import Templates
from tocsin.store import tables
from tocsin.store.database import Database
from tocsin.store.deliveries import count_deliveries, list_deliveries
from tocsin.store.feeds import list_feeds
from tocsin.store.matches import latest_matches
from tocsin.store.progress import Progress, progress
from tocsin.store.subscribers import active_subscribers
from tocsin_scheduler.main import Ticks
from tocsin_scheduler.polls import Poller
from tocsin_scheduler.windows import close_window_now
from tocsin_worker.bells import Bells
from tocsin_worker.classify import Classifier
from tocsin_worker.deliver import Mailer
from tocsin_worker.messages import Composer
from tocsin_worker.posts import PostOffice

SECRET = b"s" * 32
LEAST_PRECISION, LEAST_RECALL = 0.8, 0.8
INTERVAL = timedelta(seconds=1)
EXPECTED = Path(__file__).with_name("expected_matches.yaml")
EXPECTED_STORIES = Path(__file__).with_name("expected_stories.yaml")
DOMAIN = "demo.example"
BASE_URL = "http://127.0.0.1:8080"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What there is at the end of the way."""

    polled: int
    progress: Progress
    matched: dict[str, list[str]]
    deliveries: dict[DeliveryState, int]
    kinds: Counter[str]
    feeds: list[Feed]
    mails: list[EmailMessage]
    stories: dict[str, tuple[int, int]]
    alerts: WatchAlerts


class Outside:
    """The world outside the house: publishers and a mail server, in a thread of their own."""

    def __init__(self, now: datetime, mail: Path) -> None:
        self.site = DemoFeeds(now)
        self.mailbox = DemoMailbox(mail)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self.do(self.site.__aenter__())
        self.do(self.mailbox.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.do(self.mailbox.__aexit__(kind, error, trace))
        self.do(self.site.__aexit__(kind, error, trace))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


@dataclass(slots=True)
class House:
    """All parts of the house in one process, to be moved by hand."""

    settings: Settings
    database: Database
    valkey: redis.Redis
    desk: WatchlistDesk
    outside: Outside

    @property
    def wakeups(self) -> Wakeups:
        return Wakeups(self.valkey, SECRET)

    def follow_watchlist(self) -> None:
        Ticks(self.database, self.wakeups, self.desk, INTERVAL, DOMAIN, b"s" * 32).sync()

    def poll_all(self) -> int:
        """Poll all feeds, as if the time of each had come."""
        with self.database.write() as connection:
            connection.execute(sa.update(tables.feeds).values(next_check_at=datetime(2000, 1, 1, tzinfo=UTC)))
        return self.outside.do(self._poll_all())

    async def _poll_all(self) -> int:
        async with Fetcher("a test", allowed=[ip_network("127.0.0.0/8")]) as fetcher:
            with Parser() as parser:
                poller = Poller(self.database, fetcher, parser, self.wakeups, INTERVAL)
                polled = await poller.tick()
                await poller.finish(30)
                return polled

    def classify(self) -> None:
        self._work(CLASSIFY, Classifier(self.database, self.wakeups, self.desk.desk, Bells(DOMAIN)).run)

    def deliver(self) -> None:
        links = partial(feedback_links, base_url=BASE_URL, secret=SECRET)
        composer = Composer(
            Templates(), lambda: self.desk.watchlist, Letterhead(f"t@{DOMAIN}"), None, BASE_URL, links, SECRET
        )
        office = PostOffice(mail_opener(self.settings), {}, lambda: self.desk.watchlist, lambda: datetime.now(UTC))
        with closing(office):
            self._work(DELIVER, Mailer(self.database, composer.compose, office.open).run)

    def _work(self, function: str, handler: Handler) -> None:
        QueueWorker(self.valkey, SECRET, function, handler, lambda: None).run_waiting()

    def send_digests(self) -> None:
        with self.database.read() as connection:
            subscribers = active_subscribers(connection)
        for stored in subscribers:
            self.wakeups.send(DELIVER, close_window_now(self.database, stored, DOMAIN))
        self.deliver()

    def stories(self) -> dict[str, tuple[int, int]]:
        """The story and the development of each article, by its slug."""
        where = (tables.articles.c.story_id, tables.articles.c.development_id)
        with self.database.read() as connection:
            rows = connection.execute(sa.select(tables.articles.c.url, *where))
            return {row.url.rpartition("/")[2]: (row.story_id, row.development_id) for row in rows}

    def matched(self) -> dict[str, list[str]]:
        """The slugs of the articles that each watch matched."""
        with self.database.read() as connection:
            return {
                watch.id: sorted(
                    match.article.url.rpartition("/")[2]
                    for match in latest_matches(connection, WatchId(watch.id), limit=1000)
                )
                for watch in self.desk.watchlist.watches
            }


@contextmanager
def opened(database: Database, valkey: redis.Redis, home: Path) -> Iterator[House]:
    now = datetime.now(UTC)
    with Outside(now, home / "mail") as outside:
        (home / "watchlist.yaml").write_text(demo_watchlist(outside.site.base_url, digest_at=now), encoding="utf-8")
        variables = {"TOCSIN_HOME": str(home), "TOCSIN_WATCHLIST": str(home / "watchlist.yaml")}
        settings = load_settings(variables | {"SMTP_URL": outside.mailbox.url})
        yield House(settings, database, valkey, WatchlistDesk(settings, database), outside)


def go_all_the_way(house: House) -> Outcome:
    house.follow_watchlist()
    polled = house.poll_all()
    house.classify()
    house.deliver()
    house.send_digests()
    with house.database.read() as connection:
        return Outcome(
            polled=polled,
            progress=progress(connection),
            matched=house.matched(),
            deliveries=count_deliveries(connection),
            kinds=Counter(delivery.kind.value for delivery in list_deliveries(connection, limit=100)),
            feeds=list_feeds(connection),
            mails=[mail.message for mail in house.outside.mailbox.mails],
            stories=house.stories(),
            alerts=alerts_of(connection, WatchId("islamic-state")),
        )


@pytest.fixture(scope="module")
def expected() -> dict[str, list[str]]:
    loaded: dict[str, list[str] | None] = YAML(typ="safe", pure=True).load(EXPECTED)
    return {watch: sorted(slugs or []) for watch, slugs in loaded.items()}


@pytest.fixture(scope="module")
def expected_stories() -> ExpectedStories:
    return load_expected(EXPECTED_STORIES)


def test_the_sample_feeds_bring_what_a_careful_reader_expects(
    database: Database,
    valkey: redis.Redis,
    tmp_path: Path,
    expected: dict[str, list[str]],
    expected_stories: ExpectedStories,
) -> None:
    with opened(database, valkey, tmp_path) as house:
        outcome = go_all_the_way(house)

    assert outcome.polled == 9
    assert outcome.matched == expected
    alerts = len(outcome.alerts.told)
    total = sum(map(len, expected.values()))
    assert outcome.progress == Progress(
        feeds_asked=9, articles=74, classified=74, matches=total, sent=alerts + 2, pending=0
    )
    assert outcome.kinds == {"alert": alerts, "digest": 2}
    assert outcome.deliveries == dict.fromkeys(DeliveryState, 0) | {DeliveryState.SENT: alerts + 2}
    assert [feed.title for feed in outcome.feeds if feed.failures] == ["Example Gazette"]
    _check_stories(outcome, expected_stories)
    _check_alerts(outcome.alerts, len(expected["islamic-state"]))
    _check_mails(outcome, alerts)


def _check_stories(outcome: Outcome, expected: ExpectedStories) -> None:
    assert set(expected.stories) <= set(outcome.stories)
    stories = judged_stories({slug: story for slug, (story, _) in outcome.stories.items()}, expected)
    developments = judged_developments(outcome.stories, expected)
    for found in (stories, developments):
        assert found.precision >= LEAST_PRECISION, found.wrong
        assert found.recall >= LEAST_RECALL, found.missed


def _check_alerts(alerts: WatchAlerts, matches: int) -> None:
    """One alert a story and development, and a reason for every match that did not ring."""
    told = [(one.alert.story_id, one.alert.development_id) for one in alerts.told]
    assert len(set(told)) == len(told) < matches
    assert alerts.matches == matches
    assert set(alerts.untold) <= {Rule.TOLD, Rule.SAME_ARTICLE}
    assert max(len(one.also) for one in alerts.told) >= 6


def _check_mails(outcome: Outcome, alerts: int) -> None:
    mails = outcome.mails
    ids = [mail["Message-ID"] for mail in mails]
    assert len(set(ids)) == len(ids)
    assert Counter(mail["To"] for mail in mails) == {
        "desk@example.org": alerts,
        "zoe@example.org": 1,
        "omar@example.org": 1,
    }
    [digest] = [mail for mail in mails if mail["To"] == "zoe@example.org"]
    text, html = digest.get_body(("plain",)), digest.get_body(("html",))
    assert text is not None
    assert html is not None
    told = {slug for watch in ("islamic-state", "syria") for slug in outcome.matched[watch]}
    stories = len({outcome.stories[slug][0] for slug in told})
    assert f"{stories} stories, {len(told)} articles on 2 watches" in text.get_content()
    assert "Also in 6 outlets:" in text.get_content()
    assert "Example Gazette has never answered" in " ".join(text.get_content().split())
    assert "<mark" in html.get_content()


def test_polling_again_brings_nothing_twice(database: Database, valkey: redis.Redis, tmp_path: Path) -> None:
    with opened(database, valkey, tmp_path) as house:
        house.follow_watchlist()
        states: list[Progress] = []
        for _ in range(2):
            assert house.poll_all() == 9
            house.classify()
            with database.read() as connection:
                states.append(progress(connection))
    assert states[0].articles == 74
    assert states[1] == states[0]
