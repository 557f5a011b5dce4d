"""A house full of digests that wait to be sent: made-up news that real watches match, for as many readers as wanted.

Used by benchmarks/bench_digests.py in full, and by the chaos test of the mailer in small. Everything is entered by the
store's own functions but for the windows, which are closed in bulk.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import accumulate, islice

import sqlalchemy as sa

from records import entry
from story_filling import place
from tocsin.config import Settings, parse_watchlist
from tocsin.matching import Matcher, compile_watchlist
from tocsin.models.articles import document_of
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.feeds import Feed
from tocsin.models.ids import ArticleId, DeliveryId, DigestId
from tocsin.models.stories import Join
from tocsin.models.watchlist import ChannelKind, Watchlist
from tocsin.regions import PlaceKind, load_gazetteer
from tocsin.store import tables
from tocsin.store.articles import NewArticle, begin_classifying, insert_articles
from tocsin.store.columns import AnyRow
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import NewDelivery, enter_deliveries
from tocsin.store.feeds import list_feeds, sync_feeds
from tocsin.store.matches import save_matches
from tocsin.store.placements import Placed
from tocsin.stories.frequencies import rarities

WATCHES, OF_EACH_READER, STORIES = 12, 3, 5
"""A reader has three of twelve watches, each with five stories: 15 a digest."""

SIZES = (1, 1, 2, 4, 9)
"""Articles of the stories of a watch."""

OUTLETS, DOMAINS = 60, 100
LARGEST = 0.4
"""The share of one domain; the others have alike."""

_SUBSCRIBERS = tables.subscribers
_TOPICS = ("ferry", "harvest", "election", "earthquake", "strike", "budget", "vaccine", "railway", "drought", "wheat",
           "pipeline", "hospital")  # fmt: skip
_WORDS_OF_AN_ARTICLE = 110


def watchlist_text() -> str:
    """Give a watchlist with feeds and watches, half of them with regions, and nobody who reads them."""
    lines = ["version: 1", "feeds:"]
    lines += [f"  - {{url: https://outlet{number}.example/rss, title: Outlet {number}}}" for number in range(OUTLETS)]
    lines += ["watches:"]
    for number, topic in enumerate(_TOPICS):
        regions = ", regions: [Syria, Germany, France]" if number % 2 else ""
        lines += [f"  {topic}: {{title: The {topic} desk, keywords: [{topic}, {topic} talks]{regions}}}"]
    return "\n".join(lines) + "\n"


class DigestFilling:
    """Fills a migrated database; the same for the same seed."""

    def __init__(self, settings: Settings, database: Database, *, seed: int = 7) -> None:
        self._database = database
        self._random = random.Random(seed)
        gazetteer = load_gazetteer()
        self.watchlist: Watchlist = parse_watchlist(
            settings.watchlist.read_text(), settings.watchlist, check_region=gazetteer.check
        )
        self._matcher: Matcher = compile_watchlist(self.watchlist, gazetteer)
        words = rarities("en")
        self._words = list(words)
        self._shares = list(accumulate(2.718**-rare for rare in words.values()))
        cities = (city.name for city in gazetteer.places(PlaceKind.CITY) if city.country in {"SY", "DE", "FR"})
        self._cities = list(islice(cities, 60))

    def tell(self) -> None:
        """Enter the news."""
        with self._database.write() as connection:
            now = database_now(connection)
            sync_feeds(connection, self.watchlist.feeds, now - timedelta(days=30), lambda _: now, str)
            for number, watch in enumerate(self.watchlist.watches):
                self._tell(connection, number, watch.keywords[0], now)

    def close_windows(self, readers: int) -> list[DeliveryId]:
        """Enter so many new readers, and close a window of each; gives the digests to be delivered."""
        with self._database.write() as connection:
            now = database_now(connection)
            return _close(connection, self._enter_readers(connection, readers, now), now)

    def _tell(self, connection: sa.Connection, number: int, topic: str, now: datetime) -> None:
        """Enter the stories of a watch, each told by outlets that copy from each other."""
        feeds = list_feeds(connection)
        for turn, size in enumerate(SIZES):
            city = self._random.choice(self._cities)
            names = [self._word().capitalize() + self._word() for _ in range(4)]
            body = self._prose(topic, city, names)
            placed: Placed | None = None
            for outlet, feed in enumerate(self._random.sample(feeds, size)):
                title = f"{names[0]} {self._prose(topic, city, names[:1], 7)}"
                at = now - timedelta(minutes=60 * turn + 5 * outlet + number + 1)
                text = f"{body} {self._prose(topic, city, names, 20 + 10 * outlet)}"
                placed = self._enter(connection, feed, (title, text), at, placed)

    def _enter(
        self, connection: sa.Connection, feed: Feed, said: tuple[str, str], at: datetime, placed: Placed | None
    ) -> Placed:
        key = secrets.token_hex(8)
        new = replace(entry(key, *said), url=f"https://{feed.host or 'outlet.example'}/{key}")
        [article_id] = insert_articles(connection, feed.id, [NewArticle(new, "en", at, backlog=False)], at)
        [article] = begin_classifying(connection, [ArticleId(article_id)])
        receipts = self._matcher.match(document_of(article, "en", ()))
        save_matches(connection, [(article.id, receipt) for receipt in receipts], at)
        join = Join.OPENED if placed is None else Join.NEAR_COPY
        return place(connection, article, at, into=placed, join=join)

    def _prose(self, topic: str, city: str, names: Sequence[str], length: int = _WORDS_OF_AN_ARTICLE) -> str:
        words = self._random.choices(self._words, cum_weights=self._shares, k=length)
        for word in (topic, city, *names):
            words[self._random.randrange(len(words))] = word
        return " ".join((topic.capitalize(), *words, "in", city)) + "."

    def _word(self) -> str:
        return "".join(self._random.choices("bdfgklmnprstvz", k=2)) + self._random.choice("aeiou")

    def _enter_readers(self, connection: sa.Connection, number: int, now: datetime) -> Sequence[AnyRow]:
        joined_at = now - timedelta(days=1)
        last: int = connection.execute(sa.select(sa.func.coalesce(sa.func.max(_SUBSCRIBERS.c.id), 0))).scalar_one()
        moments = ("state_since", "joined_at", "closed_until", "slots_from")
        same: dict[str, object] = {
            "owner": "reader",
            "language": "en",
            "days": [1, 2, 3, 4, 5, 6, 7],
            "at": ["07:30"],
            "quiet": "skip",
        }
        same |= {"state": "active"} | dict.fromkeys(moments, joined_at)
        rows = [{"id": one, **self._reader(one), **same} for one in range(last + 1, last + 1 + number)]
        connection.execute(sa.insert(_SUBSCRIBERS), rows)
        return connection.execute(sa.select(_SUBSCRIBERS).where(_SUBSCRIBERS.c.id > last)).all()

    def _reader(self, number: int) -> dict[str, object]:
        large = self._random.random() < LARGEST
        domain = "large.example" if large else f"mail{self._random.randrange(1, DOMAINS)}.example"
        return {
            "email": f"reader{number}@{domain}",
            "timezone": self._random.choice(("Europe/Berlin", "America/New_York", "Asia/Beirut")),
            "watches": [watch.id for watch in self._random.sample(self.watchlist.watches, OF_EACH_READER)],
        }


def _close(connection: sa.Connection, readers: Sequence[AnyRow], now: datetime) -> list[DeliveryId]:
    """Close a window of each reader, with all matches of their watches."""
    matches: dict[str, list[int]] = {}
    for row in connection.execute(sa.select(tables.matches.c.id, tables.matches.c.watch)):
        matches.setdefault(row.watch, []).append(row.id)
    window = {"local_date": now.date(), "slot": "07:30", "start_at": now - timedelta(days=1), "end_at": now}
    coverage = {"checked": OUTLETS, "total": OUTLETS, "unseen": [], "more_unseen": 0}
    rows = [
        {
            "id": reader.id,
            "subscriber_id": reader.id,
            "timezone": reader.timezone,
            "token": secrets.token_urlsafe(32),
            "coverage": coverage,
            "created_at": now,
            **window,
        }
        for reader in readers
    ]
    connection.execute(sa.insert(tables.digests), rows)
    items = [
        {"subscriber_id": reader.id, "match_id": match, "digest_id": reader.id}
        for reader in readers
        for watch in reader.watches
        for match in matches.get(watch, ())
    ]
    connection.execute(sa.insert(tables.digest_items), items)
    new = [
        NewDelivery(
            key=f"digest:{reader.id}",
            kind=DeliveryKind.DIGEST,
            channel=ChannelKind.MAIL,
            target=reader.email,
            message_id=f"<{reader.id}.{secrets.token_hex(8)}@tocsin.example>",
            digest_id=DigestId(reader.id),
        )
        for reader in readers
    ]
    entered: list[DeliveryId] = []
    for start in range(0, len(new), 1000):
        entered += enter_deliveries(connection, new[start : start + 1000], now)
    return entered
