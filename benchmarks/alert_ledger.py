"""The same made-up week through the real ledger: what classifier and scheduler do with alerts, on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from zlib import crc32

import sqlalchemy as sa
from alert_house import Outcome
from alert_week import DAY, HOUR, MINUTE, OUTLETS, START, WEEK, Post, Week

from tocsin.alerts import Verdict
from tocsin.models.alerts import Decision, Rule
from tocsin.models.ids import ArticleId, StoryId, WatchId
from tocsin.models.receipts import Receipt
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Subscriber, Watchlist
from tocsin.store import tables
from tocsin.store.database import Database, open_database
from tocsin.store.matches import save_matches
from tocsin.store.migrate import upgrade
from tocsin.store.mutes import mute_story
from tocsin.store.owed import owe
from tocsin.store.stories import stories_of
from tocsin.store.story_changes import merge_stories
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.vigil import Pulses, end_bursts, end_floods
from tocsin_scheduler.bundles import send_bundle
from tocsin_worker.bells import Bells

DOMAIN = "example.org"
TICK_MINUTES = 5


@dataclass(slots=True)
class Ledger:
    """Runs a week over a database in a folder."""

    week: Week
    folder: Path
    bells: Bells = field(default_factory=lambda: Bells(DOMAIN))
    pulses: Pulses = field(default_factory=Pulses)
    stories: dict[int, StoryId] = field(default_factory=dict)
    developments: dict[tuple[int, int], int] = field(default_factory=dict)
    found: dict[int, tuple[Post, WatchId]] = field(default_factory=dict)
    looked_at: datetime = START

    def run(self) -> Outcome:
        """Let the week pass, a minute at a time, and the days after it in which what waits leaves."""
        database = open_database(f"sqlite:///{self.folder / 'week.db'}")
        try:
            upgrade(database)
            self._prepare(database)
            batches = {at: list(posts) for at, posts in groupby(self.week.posts, key=lambda post: post.found_at)}
            now = START
            while now < START + WEEK + 2 * DAY:
                if now in batches or now.minute % TICK_MINUTES == 0:
                    with database.write() as connection:
                        self._pass(connection, now)
                        self._take(connection, batches.get(now, ()), now)
                now += MINUTE
            with database.read() as connection:
                return self._outcome(connection)
        finally:
            database.close()

    def _prepare(self, database: Database) -> None:
        with database.write() as connection:
            connection.execute(sa.insert(tables.feeds), [_feed(number) for number in range(1, OUTLETS + 1)])
            sync_subscribers(connection, [_reader(self.week)], START)
            hours = [
                {"watch": watch, "hour_at": hour.hour_at, "stories": hour.stories, "articles": hour.articles}
                for watch, of_watch in self.week.history.items()
                for hour in of_watch
            ]
            connection.execute(sa.insert(tables.watch_hours), hours)

    def _pass(self, connection: sa.Connection, now: datetime) -> None:
        since, self.looked_at = self.looked_at, now
        for at, kept, gone in self.week.merges:
            if since < at <= now:
                self._merge(connection, kept, gone)
        for at, story, name in self.week.mutes:
            if since < at <= now and story in self.stories:
                [target] = [one.target for one in self.week.channels if one.name == name]
                mute_story(connection, target, self._in_force(connection, story), now)
        if now.minute == 0:
            end_floods(connection, now)
            end_bursts(connection, self.pulses, now)
        for channel in self.week.channels:
            send_bundle(connection, channel, self._watchlist(), DOMAIN, now)

    def _in_force(self, connection: sa.Connection, story: int) -> StoryId:
        return stories_of(connection, [self.stories[story]])[self.stories[story]]

    def _merge(self, connection: sa.Connection, kept: int, gone: int) -> None:
        if kept in self.stories and gone in self.stories:
            both = {self._in_force(connection, story) for story in (kept, gone)}
            if len(both) > 1:
                merge_stories(connection, sorted(both))

    def _watchlist(self) -> Watchlist:
        week = self.week
        return Watchlist(Path("watchlist.yaml"), "", "0" * 12, (), (), week.watches, week.channels, ())

    def _take(self, connection: sa.Connection, posts: Sequence[Post], now: datetime) -> None:
        if not posts:
            return
        ids = [self._store(connection, post, now) for post in posts]
        receipts = [
            (article, Receipt(watch, "0" * 12, matched=True, reason="made up"))
            for article, post in zip(ids, posts, strict=True)
            for watch in post.watches
        ]
        new = save_matches(connection, receipts, now)
        by_id = dict(zip(ids, posts, strict=True))
        self.found |= {match.id: (by_id[match.article_id], match.watch) for match in new}
        owe(connection, [match.id for match in new if not by_id[match.article_id].backlog])
        self.bells.ring(connection, new, self._watchlist(), now)

    def _store(self, connection: sa.Connection, post: Post, now: datetime) -> ArticleId:
        story, development = self._place(connection, post, now)
        first_seen = post.published_at if post.revision > 1 else now
        row = _article(post, first_seen, now) | {"story_id": story, "development_id": development}
        added = sa.insert(tables.articles).values(**row).returning(tables.articles.c.id)
        article = ArticleId(connection.execute(added).scalar_one())
        placed: dict[str, object] = {
            "article_id": article,
            "join_kind": post.join.value,
            "score": 1.0,
            "evidence": [],
            "signature": b"",
        }
        connection.execute(sa.insert(tables.placements).values(**placed, placed_at=now))
        return article

    def _place(self, connection: sa.Connection, post: Post, now: datetime) -> tuple[StoryId, int]:
        number, part = post.happening
        if number not in self.stories:
            row = {"title": f"Story {number}", "opened_at": now, "latest_at": post.published_at}
            added = sa.insert(tables.stories).values(**row).returning(tables.stories.c.id)
            self.stories[number] = StoryId(connection.execute(added).scalar_one())
        story = self._in_force(connection, number)
        if post.happening not in self.developments:
            title = f"Story {number}, {part}"
            opened = {"story_id": story, "number": part, "title": title, "opened_at": now, "news": []}
            added = sa.insert(tables.developments).values(**opened).returning(tables.developments.c.id)
            self.developments[post.happening] = connection.execute(added).scalar_one()
        return story, self.developments[post.happening]

    def _outcome(self, connection: sa.Connection) -> Outcome:
        """Read what came of it."""
        outcome = Outcome()
        for row in connection.execute(sa.select(tables.alerts).order_by(tables.alerts.c.id)):
            verdict = Verdict(Decision(row.decision), Rule(row.rule), row.reason, row.due_at)
            outcome.verdicts.append((*self.found[row.match_id], row.channel, verdict))
        told = sa.func.count(tables.alerts.c.id)
        sent = sa.select(tables.deliveries.c.created_at, tables.deliveries.c.name, told).join(tables.alerts)
        for row in connection.execute(sent.group_by(tables.deliveries.c.id)):
            outcome.messages.append((row[0], row[1], row[2]))
        outcome.bursts = [(WatchId(row.watch), row.began_at) for row in connection.execute(sa.select(tables.bursts))]
        outcome.floods = [row.key for row in connection.execute(sa.select(tables.notices))]
        outcome.still_waiting = self._nowhere(connection)
        return outcome

    def _nowhere(self, connection: sa.Connection) -> int:
        """Count the matches that no message told, that no digest owes, and that are no backlog; and what waits."""
        alerts = tables.alerts
        waiting = sa.and_(alerts.c.decision == Decision.BUNDLE.value, alerts.c.delivery_id.is_(None))
        told = set(connection.scalars(sa.select(alerts.c.match_id).where(alerts.c.delivery_id.is_not(None))))
        owed = set(connection.scalars(sa.select(tables.digest_items.c.match_id)))
        nowhere = [id_ for id_, (post, _) in self.found.items() if not post.backlog and id_ not in told | owed]
        return len(nowhere) + len(connection.scalars(sa.select(alerts.c.id).where(waiting)).all())


def _feed(number: int) -> dict[str, object]:
    long_ago = START - 100 * DAY
    return {
        "id": number,
        "url": f"https://feed-{number}.example/rss",
        "title": f"Outlet {number}",
        "title_given": True,
        "tags": [],
        "active": True,
        "added_at": long_ago,
        "next_check_at": long_ago,
        "host": f"feed-{number}.example",
        "full_text": False,
        "backlog": 0 * HOUR,
        "retention": 90 * DAY,
        "polling": {},
    }


def _reader(week: Week) -> Subscriber:
    schedule = DigestSchedule(days=(1,), at=("07:30",), quiet=QuietPolicy.SKIP)
    return Subscriber("reader@example.org", "UTC", tuple(watch.id for watch in week.watches), schedule)


def _article(post: Post, first_seen: datetime, now: datetime) -> dict[str, object]:
    key = f"{post.happening}/{post.feed}/{now:%s}/{post.published_at:%s%f}/{post.join}"
    return {
        "feed_id": post.feed,
        "entry_key": key,
        "url": f"https://feed-{post.feed}.example/{key}",
        "url_hash": crc32(key.encode()),
        "content_hash": f"{crc32(key.encode()):064d}",
        "title": key,
        "text": "",
        "published_at": post.published_at,
        "first_seen_at": first_seen,
        "updated_at": now,
        "revision": post.revision,
        "backlog": post.backlog,
        "classified_at": now,
        "outlet": str(post.feed),
    }
