"""A small house full of the sample news, filled through the store's own functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from records import NOW, claimed, poll_ended, poll_failed
from story_filling import place
from tocsin.models.alerts import Decision, Rule
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.digests import Window
from tocsin.models.feeds import Entry, Feed
from tocsin.models.ids import ArticleId, DeliveryId, DigestId, MatchId, PlaceId, WatchId
from tocsin.models.receipts import Clause, Mention, Receipt, RegionEvidence, Rejection, Span, TermHit, TextField
from tocsin.models.watchlist import ChannelKind, Watch, Watchlist
from tocsin.store.alerts import NewAlert, enter_alerts
from tocsin.store.articles import NewArticle, begin_classifying, insert_articles
from tocsin.store.database import Database
from tocsin.store.deliveries import (
    NewDelivery,
    claim_delivery,
    enter_deliveries,
    settle_deferred,
    settle_failed,
    settle_sent,
)
from tocsin.store.digests import close_window
from tocsin.store.feeds import list_feeds, sync_feeds
from tocsin.store.matches import get_match, save_matches, withdraw_matches
from tocsin.store.placements import Placed
from tocsin.store.processes import Heartbeat, beat
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscribers import active_subscribers
from tocsin.store.tables import digest_items
from web_samples import EURO, GROUP, SAMPLES, SOURCES, TOKEN, Sample, sample_subscribers, sample_watchlist

HOUR = timedelta(hours=1)
LEASE = "a lease"

PLACES = {
    "Deir el-Zour": (PlaceId("geonames:170794"), "Deir ez-Zor"),
    "دير الزور": (PlaceId("geonames:170794"), "Deir ez-Zor"),
    "Idlib": (PlaceId("geonames:169389"), "Idlib"),
}


@dataclass(frozen=True, slots=True)
class Filled:
    """What `fill` put into the database, by the names of this module."""

    watchlist: Watchlist
    articles: dict[str, ArticleId]
    matches: dict[tuple[str, WatchId], MatchId]
    digest: DigestId


def fill(database: Database) -> Filled:
    """Fill an empty database with everything that pages show."""
    with database.write() as connection:
        first = {source.url: NOW + HOUR if "new." in source.url else NOW - HOUR for source in SOURCES}
        sync_feeds(connection, SOURCES, NOW - 90 * HOUR, first.__getitem__, str)
        sync_subscribers(connection, sample_subscribers(), NOW - 24 * HOUR)
        articles = {sample.key: _add_article(connection, sample)[0] for sample in SAMPLES}
        matches: dict[tuple[str, WatchId], MatchId] = {}
        for sample in SAMPLES:
            matches |= _add_matches(connection, sample, articles[sample.key])
        withdraw_matches(connection, [(articles["arabic"], [GROUP.id])], NOW - HOUR)
        _poll_feeds(connection)
        digest = _close_digests(connection, list(matches.values()))
        _deliver(connection, digest, matches["relief", GROUP.id])
        beat(connection, Heartbeat("scheduler", NOW - timedelta(seconds=5), "0123456789ab", None))
    return Filled(sample_watchlist(), articles, matches, digest)


def add_matches(connection: sa.Connection, number: int) -> list[MatchId]:
    """Add many matches of the watch on the euro, a minute apart, the oldest first; needs the feeds of `fill`."""
    samples = [
        Sample(f"euro-{i}", SOURCES[0].url, f"Inflation report {i}", "inflation", "en", (number - i) / 60, (EURO,))
        for i in range(number)
    ]
    found = []
    for sample in samples:
        found += list(add_sample(connection, sample)[2].values())
    return found


def add_sample(
    connection: sa.Connection, sample: Sample, **placing: Any
) -> tuple[ArticleId, Placed, dict[tuple[str, WatchId], MatchId]]:
    """Add an article with its matches, placed as `story_filling.place` is told; needs the feeds of `fill`."""
    article, placed = _add_article(connection, sample, **placing)
    return article, placed, _add_matches(connection, sample, article)


def spans(sample: Sample, word: str) -> Iterator[Span]:
    for field, text in ((TextField.TITLE, sample.title), (TextField.TEXT, sample.text)):
        start = text.find(word)
        while start >= 0:
            yield Span(field, start, start + len(word), word)
            start = text.find(word, start + len(word))


def _feed(connection: sa.Connection, url: str) -> Feed:
    return next(feed for feed in list_feeds(connection) if feed.url == url)


def _add_article(connection: sa.Connection, sample: Sample, **placing: Any) -> tuple[ArticleId, Placed]:
    seen_at = NOW - sample.hours * HOUR
    entry = Entry(
        key=sample.key,
        url=sample.url,
        title=sample.title,
        text=sample.text,
        author="A. Writer" if sample.key == "relief" else None,
        language=sample.language,
        published_at=seen_at,
        published_raw=None,
        content_hash=sha256(sample.title.encode("utf-8", "replace")).hexdigest(),
    )
    new = NewArticle(entry, sample.language, seen_at, backlog=sample.key == "rates")
    [article_id] = insert_articles(connection, _feed(connection, sample.outlet).id, [new], seen_at)
    [article] = begin_classifying(connection, [article_id])
    return article_id, place(connection, article, seen_at, **placing)


def _add_matches(connection: sa.Connection, sample: Sample, article: ArticleId) -> dict[tuple[str, WatchId], MatchId]:
    receipts = [(article, _receipt(sample, watch)) for watch in sample.watches]
    new = save_matches(connection, receipts, NOW - sample.hours * HOUR)
    return {(sample.key, match.watch): match.id for match in new}


def _receipt(sample: Sample, watch: Watch) -> Receipt:
    terms = [(Clause.KEYWORDS, term) for term in watch.keywords] + [(Clause.NAMES, term) for term in watch.names]
    hits = tuple(TermHit(clause, term, span) for clause, term in terms for span in spans(sample, term))
    mentions = tuple(
        Mention(place, name, "SY", span) for word, (place, name) in PLACES.items() for span in spans(sample, word)
    )
    regions = tuple(
        RegionEvidence(region, PlaceId("SY"), 6.0, 1.0, mentions, "Syria 6.0 of 6.0, title and lead; the strongest")
        for region in watch.regions
    )
    rejections = tuple(
        Rejection(Clause.KEYWORDS, "IS", span, "the verb: not in capitals") for span in spans(sample, "is opening")
    )
    return Receipt(
        watch=watch.id,
        watch_version="0123456789ab",
        matched=True,
        reason=_reason(watch, hits),
        hits=hits,
        regions=regions,
        rejections=rejections if watch is GROUP else (),
    )


def _reason(watch: Watch, hits: Sequence[TermHit]) -> str:
    return f"{watch.title} is named in the article" if hits else f"The article is about {watch.title}"


def _poll_feeds(connection: sa.Connection) -> None:
    for feed in claimed(connection):
        if "gazette" in feed.url:
            _fail(connection, feed)
            continue
        note = "one entry had a broken date; the time of reading was taken" if "port" in feed.url else None
        read_at = NOW - 10 * timedelta(minutes=1)
        poll_ended(
            connection,
            feed,
            checked_at=read_at,
            succeeded_at=read_at,
            changed_at=read_at,
            next_check_at=NOW + timedelta(minutes=20),
            body_hash="0" * 64,
            problem=note,
        )


def _fail(connection: sa.Connection, feed: Feed) -> None:
    words = "the server answers 500 (Internal Server Error); nothing to do but wait, or ask the outlet"
    poll_failed(connection, feed, words, at=NOW - 2 * HOUR, next_check_at=NOW - HOUR)
    [again] = claimed(connection, limit=1)
    poll_failed(connection, again, words, at=NOW - HOUR, next_check_at=NOW + HOUR)


def _close_digests(connection: sa.Connection, matches: Sequence[MatchId]) -> DigestId:
    zoe, omar = active_subscribers(connection)
    # All of them: some are of watches that she had when they were found.
    rows = [{"subscriber_id": zoe.id, "match_id": match_id} for match_id in matches]
    connection.execute(sa.insert(digest_items), rows)
    window = _window(zoe.closed_until, NOW)
    digest = close_window(connection, zoe, window, token=TOKEN, coverage=None, now=NOW)
    close_window(
        connection, omar, _window(omar.closed_until, NOW), token="omars-unguessable-name", coverage=None, now=NOW
    )
    assert digest is not None
    return digest


def _window(start: datetime, end: datetime) -> Window:
    return Window(start, end, date(2026, 3, 10), "13:00")


def _deliver(connection: sa.Connection, digest: DigestId, match: MatchId) -> None:
    mail = ChannelKind.MAIL
    new = (
        NewDelivery("d1", DeliveryKind.DIGEST, mail, "zoe@example.org", "<1@example.org>", digest_id=digest),
        NewDelivery("a1", DeliveryKind.ALERT, mail, "desk@example.org", "<2@example.org>", name="desk"),
        NewDelivery("a2", DeliveryKind.ALERT, mail, "night@example.org", "<3@example.org>", name="night"),
        NewDelivery("a3", DeliveryKind.ALERT, ChannelKind.APPRISE, "DESK_CHAT", "<4@example.org>", name="chat"),
    )
    _, *alerts = enter_deliveries(connection, new, NOW - HOUR)
    enter_alerts(connection, _alerts(connection, match, alerts), NOW - HOUR)
    sent, refused, deferred, _ = (
        claim_delivery(connection, entered, NOW, lease=LEASE, lease_for=HOUR) for entered in _ids(connection)
    )
    assert sent is not None
    assert refused is not None
    assert deferred is not None
    settle_sent(connection, sent, NOW)
    settle_failed(connection, refused, "550 5.1.1 <desk@example.org>: no such <b>user</b>")
    settle_deferred(connection, deferred, "451 try again later, night@example.org", NOW + HOUR)


def _alerts(connection: sa.Connection, match_id: MatchId, told: Sequence[DeliveryId]) -> list[NewAlert]:
    match = get_match(connection, match_id)
    assert match is not None
    assert match.article.story_id is not None
    assert match.article.development_id is not None
    one = NewAlert(
        match.id,
        match.watch,
        "",
        match.article.story_id,
        match.article.development_id,
        Decision.RING,
        Rule.NEW_STORY,
        "the first report of a new story",
    )
    return [
        replace(one, channel=name, delivery_id=delivery)
        for name, delivery in zip(("desk", "night", "chat"), told, strict=True)
    ]


def _ids(connection: sa.Connection) -> list[DeliveryId]:
    return [DeliveryId(row.id) for row in connection.execute(sa.text("SELECT id FROM deliveries ORDER BY id"))]
