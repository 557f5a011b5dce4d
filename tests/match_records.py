"""Matches for tests of what is shown: found by plain search, so that every span is right by construction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from tocsin.models.articles import Article
from tocsin.models.digests import Digest, Window
from tocsin.models.feeds import Feed
from tocsin.models.ids import (
    ArticleId,
    DevelopmentId,
    DigestId,
    FeedId,
    MatchId,
    PlaceId,
    StoryId,
    SubscriberId,
    WatchId,
)
from tocsin.models.matches import Match
from tocsin.models.receipts import Clause, FocusPlace, Mention, Receipt, RegionEvidence, Span, TermHit, TextField
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Watch

END = datetime(2017, 9, 6, 5, 30, tzinfo=UTC)
START = END - timedelta(days=1)
BASE_URL = "http://127.0.0.1:8080"

ISLAMIC_STATE = Watch(WatchId("islamic-state"), "Islamic State", ("Islamic State", "ISIS", "داعش"), ("Daesh",))
SYRIA = Watch(WatchId("syria"), "Syria", regions=("Syria",))
YEMEN = Watch(WatchId("yemen-ports"), "Yemen ports", ("Hudaydah",))
WEEKDAYS = DigestSchedule((1, 2, 3, 4, 5), ("07:30",), QuietPolicy.SHORT)

DEIR_IN_FOCUS = (
    FocusPlace(PlaceId("SY"), "Syria", "SY", "country", 0.97, 1.0, met=True, mentions=3),
    FocusPlace(PlaceId("IQ"), "Iraq", "IQ", "country", 0.12, 0.124, met=False, mentions=1),
    FocusPlace(PlaceId("SY-DY"), "Deir ez-Zor", "SY", "province", 1.0, 1.0, met=True, mentions=2),
    FocusPlace(PlaceId("geonames:170794"), "Deir ez-Zor", "SY", "city", 1.0, 1.0, met=True, mentions=2),
)

_PLACES = {
    "Deir el-Zour": (PlaceId("geonames:170794"), "Deir ez-Zor"),
    "دير الزور": (PlaceId("geonames:170794"), "Deir ez-Zor"),
    "Idlib": (PlaceId("geonames:169389"), "Idlib"),
    "Syria": (PlaceId("SY"), "Syria"),
}


def an_article(
    number: int,
    title: str = "Relief column reaches Deir el-Zour",
    text: str = "The ring that Islamic State held around Deir el-Zour has opened, residents said.",
    *,
    outlet: str = "Example Wire",
    language: str | None = "en",
    url: str | None = None,
    hours_ago: float = 2,
    story: int | None = None,
    development: int | None = None,
) -> Article:
    at = END - timedelta(hours=hours_ago)
    return Article(
        id=ArticleId(number),
        feed_id=FeedId(1),
        feed_title=outlet,
        url=f"https://wire.example/{number}" if url is None else url,
        title=title,
        text=text,
        author=None,
        language=language,
        home=None,
        published_at=at,
        first_seen_at=at,
        revision=1,
        backlog=False,
        story_id=None if story is None else StoryId(story),
        development_id=None if development is None else DevelopmentId(development),
        classified_at=at,
    )


def a_match(article: Article, watch: Watch, reason: str = "Because it is there.") -> Match:
    """Match by searching the terms of the watch, and places where it has regions."""
    hits = tuple(
        TermHit(Clause.KEYWORDS, term, span)
        for term in (*watch.keywords, *watch.names)
        for span in _spans(article, term)
    )
    mentions = tuple(
        Mention(place, name, "SY", span) for word, (place, name) in _PLACES.items() for span in _spans(article, word)
    )
    regions = tuple(
        RegionEvidence(region, PlaceId("SY"), 3.0, 1.0, mentions, "the strongest country") for region in watch.regions
    )
    return Match(
        id=MatchId(1000 * article.id + len(watch.id)),
        watch=watch.id,
        article=article,
        receipt=Receipt(watch.id, "0123456789ab", matched=True, reason=reason, hits=hits, regions=regions),
        matched_at=article.first_seen_at,
    )


def about_deir(match: Match) -> Match:
    """Give the match with what its article is about: Syria, and there the province and the city of Deir ez-Zor."""
    return replace(match, receipt=replace(match.receipt, focus=DEIR_IN_FOCUS))


def a_feed(number: int, title: str = "", **changes: object) -> Feed:
    """Make a feed that was read ten minutes before the digest; ``changes`` are fields of `Feed`."""
    fields: dict[str, object] = {
        "active": True,
        "added_at": START - timedelta(days=30),
        "next_check_at": END,
        "succeeded_at": END - timedelta(minutes=10),
        **changes,
    }
    title = title or f"Feed {number}"
    feed_id = FeedId(number)
    url = f"https://wire.example/rss/{number}"
    return Feed(feed_id, url, title, None, None, (), **fields)  # type: ignore[arg-type]  # fields are named by the test


def a_digest(start: datetime = START, timezone: str = "Europe/Berlin") -> Digest:
    window = Window(start, END, date(2017, 9, 6), "07:30")
    return Digest(DigestId(1), SubscriberId(1), "zoe@example.org", timezone, "t0ken", window, END)


def _spans(article: Article, word: str) -> Iterator[Span]:
    for field, text in ((TextField.TITLE, article.title), (TextField.TEXT, article.text)):
        start = text.find(word)
        while start >= 0:
            yield Span(field, start, start + len(word), word)
            start = text.find(word, start + len(word))
