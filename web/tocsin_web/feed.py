"""The page ``/feeds/{id}``: one feed, how it is asked, what it brought, and what its publisher says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup, escape
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tocsin.feeds.health import health_of, moved_to
from tocsin.models.articles import Article
from tocsin.models.feeds import Feed
from tocsin.models.health import FeedHealth, Volume
from tocsin.models.ids import ArticleId
from tocsin.rendering.clean import one_line
from tocsin.rendering.feed_words import feed_title, reason_words, rhythm_words, state_words
from tocsin.rendering.hub_words import hub_words
from tocsin.rendering.links import safe_link
from tocsin.rendering.story import shown_title
from tocsin.rendering.times import local_day, rough_length
from tocsin.rendering.words import count, listed
from tocsin.store.feed_health import get_feed, held_hosts, latest_of_feed, volumes_of
from tocsin.store.hub_subscriptions import wanted_subscriptions
from tocsin.text.language import is_right_to_left
from tocsin_web.answers import Site
from tocsin_web.feeds import news_at
from tocsin_web.parameters import feed_id
from tocsin_web.times import ZONE, Clock

LATEST = 12
_LIMIT = 200
_WORDS_LIMIT = 400
_WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")

Fact = tuple[str, str | Markup]
"""A name and what is known under it."""


@dataclass(frozen=True, slots=True)
class DayBar:
    """A day of the chart: ``percent`` in relation to the highest bar, ``words`` what is told when it is pointed at."""

    number: int
    percent: int
    words: str


@dataclass(frozen=True, slots=True)
class Headline:
    """An article in the list; ``direction`` is that of its title."""

    id: ArticleId
    title: str
    direction: str
    language: str
    published_at: datetime
    is_backlog: bool


@dataclass(frozen=True, slots=True)
class FeedView:
    """A feed as its page shows it."""

    title: str
    url: str
    shown_url: str
    listed: bool
    state: str
    words: str
    reason: str
    rhythm: str
    volume: Volume
    bars: tuple[DayBar, ...]
    asked: tuple[Fact, ...]
    publisher: tuple[Fact, ...]
    watchlist: tuple[Fact, ...]
    headlines: tuple[Headline, ...]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """The endpoint of a feed's page."""

    site: Site

    def feed(self, request: Request) -> Response:
        """Show a feed, also one that has left the watchlist."""
        wanted, clock = feed_id(request), Clock(self.site.house.now())
        with self.site.house.database.read() as connection:
            feed = get_feed(connection, wanted)
            if feed is None:
                raise HTTPException(404, f"There is no feed {wanted}.")
            volume = volumes_of(connection, [feed], clock.now)[feed.id]
            until = held_hosts(connection, clock.now).get(feed.host)
            articles = latest_of_feed(connection, feed.id, limit=LATEST)
            subscription = wanted_subscriptions(connection, [feed.id]).get(feed.id)
        health = health_of(feed, clock.now, volume, until)
        hub = hub_words(feed, subscription, self.site.house.base_url, clock.now)
        view = feed_view(feed, health, volume, clock, tuple(map(_headline, articles)), hub=hub)
        return self.site.page("web/feed.html", clock=clock, view=view)


def feed_view(
    feed: Feed, health: FeedHealth, volume: Volume, clock: Clock, headlines: tuple[Headline, ...] = (), *, hub: str = ""
) -> FeedView:
    """Turn a feed and what is known of it into what is shown; ``hub`` says how its hub does."""
    return FeedView(
        title=feed_title(feed),
        url=safe_link(feed.url),
        shown_url=one_line(feed.url, _LIMIT),
        listed=feed.active,
        state=health.state.value,
        words=state_words(feed, health),
        reason=reason_words(feed, health),
        rhythm=rhythm_words(health),
        volume=volume,
        bars=_bars(volume, clock.now),
        asked=tuple(_asked(feed, health, clock)),
        publisher=tuple(_publisher(feed, clock, hub)),
        watchlist=tuple(_watchlist(feed)),
        headlines=headlines,
    )


def _bars(volume: Volume, now: datetime) -> tuple[DayBar, ...]:
    highest = max(volume.days, default=0)
    last = len(volume.days) - 1
    return tuple(
        DayBar(
            number,
            max(4, round(100 * number / highest)) if number else 0,
            f"{local_day(now - timedelta(days=last - index), ZONE)}: {count('article', number)}",
        )
        for index, number in enumerate(volume.days)
    )


def _asked(feed: Feed, health: FeedHealth, clock: Clock) -> Iterator[Fact]:
    yield "Last read", _moment(feed.succeeded_at, clock)
    if feed.failures:
        yield "Last try", _moment(feed.checked_at, clock)
    yield "Last new article", _moment(news_at(feed), clock)
    if feed.stopped_at:
        yield "Next check", "none: it is no longer asked"
    elif feed.active:
        yield "Next check", _moment(health.until or feed.next_check_at, clock)
    yield "Asked at", one_line(moved_to(feed) or feed.url, _LIMIT)
    if feed.polling.moved:
        yield "Moving", _moving(feed, clock)
    if feed.polling.distrusts_304:
        yield "In full", "its server says “not modified” of a feed that has changed, so it is asked without conditions"
    if feed.pushed_until and feed.pushed_until > clock.now:
        yield "Told at once", Markup("its hub tells of news by itself until {}").format(clock.moment(feed.pushed_until))


def _moving(feed: Feed, clock: Clock) -> Markup:
    moved = feed.polling.moved
    assert moved is not None  # noqa: S101 -- asked before, for the type checker
    return Markup("leads to {} since {}; that address is taken over when it has proven to last").format(
        one_line(moved.to, _LIMIT), clock.moment(moved.since)
    )


def _moment(at: datetime | None, clock: Clock) -> str | Markup:
    return Markup("{} ({})").format(clock.moment(at), clock.ago(at)) if at else "never"


def _publisher(feed: Feed, clock: Clock, hub: str) -> Iterator[Fact]:
    polling, hints = feed.polling, feed.polling.hints
    if polling.format:
        yield "Format", one_line(polling.format, _LIMIT)
    if polling.rhythm and polling.rhythm.entries:
        yield "Document", _document(feed)
    if hints.ttl:
        yield "Asks to wait", f"{rough_length(hints.ttl)} between two polls (ttl)"
    if hints.update_every:
        yield "Updates", f"every {rough_length(hints.update_every)} (sy:updatePeriod)"
    if hints.skip_hours:
        yield "Silent hours", f"{listed([f'{hour}:00' for hour in hints.skip_hours])} UTC (skipHours)"
    if hints.skip_days:
        yield "Silent days", f"{listed([_WEEKDAYS[day - 1] for day in hints.skip_days])} (skipDays)"
    if polling.hub:
        yield "Hub", one_line(hub or polling.hub.hub, _WORDS_LIMIT)
    if polling.gone_since:
        yield (
            "Gone",
            Markup("since {} (HTTP 410); asked once more before it is believed").format(
                clock.moment(polling.gone_since)
            ),
        )
    answers = [name for name, value in (("ETag", feed.etag), ("Last-Modified", feed.last_modified)) if value]
    if feed.succeeded_at:
        yield "Tells changes by", listed(answers) or "nothing: every poll takes the whole document"


def _document(feed: Feed) -> str:
    rhythm = feed.polling.rhythm
    assert rhythm is not None  # noqa: S101 -- asked before, for the type checker
    reach = f", reaching back {rough_length(rhythm.window)}" if rhythm.window else ""
    return f"{count('article', rhythm.entries)}{reach}"


def _watchlist(feed: Feed) -> Iterator[Fact]:
    if feed.every:
        yield "Interval", f"every {rough_length(feed.every)}"
    if feed.full_text:
        yield "Full text", "read from the articles' own pages"
    if feed.backlog:
        yield "Backlog", f"articles up to {rough_length(feed.backlog)} older than the subscription count as news"
    yield "Kept for", rough_length(feed.retention)
    if feed.language:
        yield "Language", one_line(feed.language, _LIMIT)
    if feed.home:
        yield "Home", one_line(feed.home, _LIMIT)
    if feed.tags:
        tags = [Markup("<bdi>{}</bdi>").format(one_line(tag, _LIMIT)) for tag in feed.tags]
        yield "Tags", Markup(", ").join(map(escape, tags))


def _headline(article: Article) -> Headline:
    title = shown_title(article)
    return Headline(
        id=article.id,
        title=title,
        direction="rtl" if is_right_to_left(title) else "ltr",
        language=article.language or "",
        published_at=article.published_at,
        is_backlog=article.backlog,
    )
