"""A small house full of news for tests of pages: kind texts and hostile ones, in many scripts, through the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from records import NOW, watchlist
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.digests import Window
from tocsin.models.feeds import Entry, Feed, Fetched
from tocsin.models.ids import ArticleId, DeliveryId, DigestId, MatchId, PlaceId, WatchId
from tocsin.models.receipts import Clause, Mention, Receipt, RegionEvidence, Rejection, Span, TermHit, TextField
from tocsin.models.watchlist import ChannelKind, DigestSchedule, FeedSource, QuietPolicy, Subscriber, Watch, Watchlist
from tocsin.store.articles import Classified, NewArticle, begin_classifying, insert_articles, mark_classified
from tocsin.store.articles import open_stories as stories_of
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
from tocsin.store.feeds import claim_due_feeds, list_feeds, record_answer, record_problem, sync_feeds
from tocsin.store.matches import owe, save_matches, withdraw_matches
from tocsin.store.processes import Heartbeat, beat
from tocsin.store.subscribers import active_subscribers, sync_subscribers

HOUR = timedelta(hours=1)
LEASE = "a lease"

GROUP = Watch(WatchId("islamic-state"), "Islamic State", keywords=("Islamic State", "IS", "داعش"), names=("Daesh",))
SYRIA = Watch(WatchId("syria"), "Syria", regions=("Syria",))
PORTS = Watch(WatchId("ports"), "Ports <script>alert('watch')</script>", keywords=("港口", "alert", "harbour"))
EURO = Watch(WatchId("euro"), "The euro", keywords=("interest rate", "inflation"))
BERLIN = Watch(WatchId("berlin"), "Berlin", regions=("Berlin",))
REMOVED = Watch(WatchId("floods"), "Floods", keywords=("flood",))

TOKEN = "zoes-unguessable-name-of-2026-03-10"  # noqa: S105 -- of a digest that does not exist

PLACES = {
    "Deir el-Zour": (PlaceId("geonames:170794"), "Deir ez-Zor"),
    "دير الزور": (PlaceId("geonames:170794"), "Deir ez-Zor"),
    "Idlib": (PlaceId("geonames:169389"), "Idlib"),
}

WIRE = "https://wire.example/rss"
EVIL = "https://evil.example/rss"
PORT = "https://port.example/atom"
ARABIC = "https://arabic.example/rss"

SCRIPT_TITLE = "Harbour closed</h3><script>alert('title')</script>"
BIDI_TITLE = "Harbour \u202eexe.gnp\u2066 opens\u0000 again"
LONG_TITLE = "Harbour" + "x" * 493
ARABIC_TITLE = "سكان دير الزور يعودون بعد انسحاب داعش"
CHINESE_TITLE = "港口本周重新开放，货轮排队入港"


@dataclass(frozen=True, slots=True)
class Sample:
    """An article to be: ``hours`` is its age, ``watches`` those it meets."""

    key: str
    outlet: str
    title: str
    text: str
    language: str
    hours: float
    watches: tuple[Watch, ...]
    url: str = ""


SAMPLES = (
    Sample(
        "relief",
        WIRE,
        "Relief column reaches Deir el-Zour",
        "The ring that Islamic State had drawn around Deir el-Zour opened on Tuesday, and trucks with flour came in "
        "before dark. A spokesman for the governor said IS had left the hills above the airfield without a fight.\n"
        "For three years the town lived on what aircraft dropped. “We have counted every sack,” said a baker, who is "
        "opening again tomorrow.\nIn Idlib, two hundred kilometres to the west, the day passed quietly.",
        "en",
        2,
        (GROUP, SYRIA),
        "https://wire.example/relief?from=feed&lang=en",
    ),
    Sample(
        "arabic",
        ARABIC,
        ARABIC_TITLE,
        "عاد مئات من سكان دير الزور إلى بيوتهم اليوم، وقال شهود إن مقاتلي داعش غادروا الحي قبل الفجر دون قتال.",
        "ar",
        3,
        (GROUP, SYRIA),
        "https://arabic.example/1",
    ),
    Sample("chinese", PORT, CHINESE_TITLE, "港口当局表示，" * 30, "zh", 4, (PORTS,), "https://port.example/1"),
    Sample(
        "script",
        EVIL,
        SCRIPT_TITLE,
        "<img src=x onerror=alert('text')> The harbour is <b>closed</b>. <!-- --> {{ 7 * 7 }}",
        "en",
        5,
        (PORTS,),
        "javascript:alert('link')",
    ),
    Sample("bidi", EVIL, BIDI_TITLE, "A harbour\u202e desrever.", "en", 6, (PORTS,), 'https://evil.example/"><script>'),
    Sample("long", EVIL, LONG_TITLE, "harbour " * 3 + "y" * 2_000, "en", 7, (PORTS,), "https://evil.example/long"),
    Sample("bare", EVIL, "", "", "en", 8, (PORTS,)),
    Sample(
        "rates",
        WIRE,
        "Interest rate left alone",
        "The interest rate stays, the bank said.",
        "en",
        80,
        (EURO,),
        "https://wire.example/rates",
    ),
    Sample("flood", WIRE, "Flood recedes", "The flood recedes.", "en", 30, (REMOVED,), "https://wire.example/flood"),
    Sample("missed", WIRE, "Chess club wins", "The club won again.", "en", 9, (), "https://wire.example/chess"),
)

SOURCES = (
    FeedSource(WIRE, title="Example Wire", language="en"),
    FeedSource(ARABIC, title="صحيفة المثال", language="ar"),
    FeedSource(PORT, title="港口日报", language="zh"),
    FeedSource(EVIL, title="<script>alert('feed')</script> & Co"),
    FeedSource("https://gazette.example/feed.xml", title="Example Gazette"),
    FeedSource("https://new.example/a/rather/long/address/of/a/feed/that/nobody/has/read/yet.xml"),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """What `fill` put into the database, by the names of this module."""

    watchlist: Watchlist
    articles: dict[str, ArticleId]
    matches: dict[tuple[str, WatchId], MatchId]
    digest: DigestId


def sample_watchlist() -> Watchlist:
    return watchlist(watches=(GROUP, SYRIA, PORTS, EURO, BERLIN), subscribers=_subscribers())


def fill(database: Database) -> Filled:
    """Fill an empty database with everything that pages show."""
    with database.write() as connection:
        sync_feeds(connection, SOURCES, NOW - 90 * HOUR, lambda url: NOW - HOUR if "new." not in url else NOW + HOUR)
        sync_subscribers(connection, _subscribers(), NOW - 24 * HOUR)
        articles = {sample.key: _add_article(connection, sample) for sample in SAMPLES}
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
        found += list(_add_matches(connection, sample, _add_article(connection, sample)).values())
    return found


def spans(sample: Sample, word: str) -> Iterator[Span]:
    for field, text in ((TextField.TITLE, sample.title), (TextField.TEXT, sample.text)):
        start = text.find(word)
        while start >= 0:
            yield Span(field, start, start + len(word), word)
            start = text.find(word, start + len(word))


def _subscribers() -> tuple[Subscriber, ...]:
    schedule = DigestSchedule(days=(1, 2, 3, 4, 5), at=("13:00",), quiet=QuietPolicy.SHORT)
    return (
        Subscriber("zoe@example.org", "Europe/Berlin", (GROUP.id, SYRIA.id, PORTS.id, BERLIN.id), schedule),
        Subscriber("omar@example.org", "Asia/Beirut", (SYRIA.id,), schedule),
    )


def _feed(connection: sa.Connection, url: str) -> Feed:
    return next(feed for feed in list_feeds(connection) if feed.url == url)


def _add_article(connection: sa.Connection, sample: Sample) -> ArticleId:
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
    story = stories_of(connection, [article], seen_at)[article_id]
    mark_classified(connection, [Classified(article, sample.language, story)], seen_at)
    return article_id


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
    leased = claim_due_feeds(connection, NOW, lease=LEASE, lease_for=HOUR, limit=9)
    for feed in leased:
        if "gazette" in feed.url:
            _fail(connection, feed)
            continue
        note = "one entry had a broken date; the time of reading was taken" if "port" in feed.url else None
        record_answer(
            connection,
            feed,
            Fetched(feed.url, b"", "application/rss+xml", None, None),
            lease=LEASE,
            now=NOW - 10 * timedelta(minutes=1),
            next_check_at=NOW + timedelta(minutes=20),
            title=None,
            body_hash="0" * 64,
            note=note,
        )


def _fail(connection: sa.Connection, feed: Feed) -> None:
    words = "the server answers 500 (Internal Server Error); nothing to do but wait, or ask the outlet"
    record_problem(connection, feed.id, words, lease=LEASE, now=NOW - 2 * HOUR, next_check_at=NOW - HOUR)
    claim_due_feeds(connection, NOW, lease=LEASE, lease_for=HOUR, limit=1)
    record_problem(connection, feed.id, words, lease=LEASE, now=NOW - HOUR, next_check_at=NOW + HOUR)


def _close_digests(connection: sa.Connection, matches: Sequence[MatchId]) -> DigestId:
    zoe, omar = active_subscribers(connection)
    owe(connection, [(zoe.id, match) for match in matches])
    window = _window(zoe.closed_until, NOW)
    digest = close_window(connection, zoe, window, token=TOKEN, now=NOW)
    close_window(connection, omar, _window(omar.closed_until, NOW), token="omars-unguessable-name", now=NOW)
    assert digest is not None
    return digest


def _window(start: datetime, end: datetime) -> Window:
    return Window(start, end, date(2026, 3, 10), "13:00")


def _deliver(connection: sa.Connection, digest: DigestId, match: MatchId) -> None:
    mail = ChannelKind.MAIL
    new = (
        NewDelivery("d1", DeliveryKind.DIGEST, mail, "zoe@example.org", "<1@example.org>", digest_id=digest),
        NewDelivery("a1", DeliveryKind.ALERT, mail, "desk@example.org", "<2@example.org>", match_id=match),
        NewDelivery("a2", DeliveryKind.ALERT, mail, "night@example.org", "<3@example.org>", match_id=match),
        NewDelivery("a3", DeliveryKind.ALERT, ChannelKind.APPRISE, "DESK_CHAT", "<4@example.org>", match_id=match),
    )
    enter_deliveries(connection, new, NOW - HOUR)
    sent, refused, deferred, _ = (
        claim_delivery(connection, entered, NOW, lease=LEASE, lease_for=HOUR) for entered in _ids(connection)
    )
    assert sent is not None
    assert refused is not None
    assert deferred is not None
    settle_sent(connection, sent, NOW)
    settle_failed(connection, refused, "550 5.1.1 <desk@example.org>: no such <b>user</b>")
    settle_deferred(connection, deferred, "451 try again later, night@example.org", NOW + HOUR)


def _ids(connection: sa.Connection) -> list[DeliveryId]:
    return [DeliveryId(row.id) for row in connection.execute(sa.text("SELECT id FROM deliveries ORDER BY id"))]
