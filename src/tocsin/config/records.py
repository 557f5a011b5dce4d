"""From a checked file to the frozen records of `tocsin.models.watchlist`, defaults filled in.

No checks here: what comes in is right.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from tocsin.config.addresses import same_feed
from tocsin.config.feed_lists import FeedLists
from tocsin.config.feed_shape import FeedShape
from tocsin.config.opml import ListedFeed
from tocsin.config.references import ALL_WATCHES
from tocsin.config.shape import (
    AlertShape,
    BoxShape,
    ChannelShape,
    DefaultsShape,
    FileShape,
    WatchShape,
)
from tocsin.config.subscriber_shape import DigestShape, SelfServiceShape, SubscriberShape
from tocsin.config.values import distinct, iso_weekdays
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import (
    RETENTION,
    About,
    AlertRule,
    AlertWhen,
    Channel,
    ChannelKind,
    DigestSchedule,
    FeedSource,
    OwnRegion,
    QuietPolicy,
    SelfService,
    Subscriber,
    Watch,
    Watchlist,
    WatchTests,
)


def watchlist_of(file: FileShape, source: str, path: Path, lists: FeedLists) -> Watchlist:
    """Build the watchlist that the rest of the house sees."""
    watch_ids = tuple(WatchId(watch) for watch in file.watches)
    files = tuple(lists.texts.items())
    return Watchlist(
        path=path,
        source=source,
        version=_version(source, files),
        languages=distinct(file.defaults.languages),
        feeds=_feeds(file, lists),
        watches=tuple(_watch(WatchId(watch), shape) for watch, shape in file.watches.items()),
        channels=tuple(_channel(name, shape, _zone_of(shape, file)) for name, shape in file.channels.items()),
        subscribers=tuple(_subscriber(shape, file.defaults, watch_ids) for shape in file.subscribers),
        regions=tuple(_own_region(region, shape) for region, shape in file.regions.items()),
        retention=file.defaults.retention or RETENTION,
        operator=distinct(file.operator),
        files=files,
        self_service=_self_service(file.self_service, watch_ids),
        timezone=file.defaults.timezone,
        mail_language=file.defaults.mail_language,
    )


def _version(source: str, files: tuple[tuple[str, str], ...]) -> str:
    """Name the contents of all files; without lists it is the watchlist's own hash."""
    content = hashlib.sha256(source.encode())
    for part in (part for file in files for part in file):
        content.update(b"\0" + part.encode())
    return content.hexdigest()[:12]


def _feeds(file: FileShape, lists: FeedLists) -> tuple[FeedSource, ...]:
    """Give every feed once: the watchlist's own entry wins over those of lists, an earlier list over a later one; the
    tags of all of them are joined.
    """
    sources = [_feed(shape, file.defaults) for shape in file.feeds if shape.url]
    for shape in file.feeds:
        if shape.opml:
            general = _feed(shape, file.defaults)
            sources += [_listed(general, listed) for listed in lists.feeds[shape.opml].feeds]
    feeds: dict[str, FeedSource] = {}
    for source in sources:
        key = same_feed(source.url)
        first = feeds.get(key)
        feeds[key] = source if first is None else replace(first, tags=distinct((*first.tags, *source.tags)))
    return tuple(feeds.values())


def _feed(shape: FeedShape, defaults: DefaultsShape) -> FeedSource:
    backlog = defaults.backlog if shape.backlog is None else shape.backlog
    return FeedSource(
        url=shape.url,
        title=shape.title or None,
        language=shape.language or None,
        home=shape.home or None,
        tags=distinct(shape.tags),
        every=shape.every,
        full_text=shape.full_text,
        backlog=backlog or timedelta(),
        retention=shape.retention or defaults.retention or RETENTION,
    )


def _listed(general: FeedSource, listed: ListedFeed) -> FeedSource:
    tags = distinct((*general.tags, *listed.tags))
    language = general.language or listed.language or None
    return replace(general, url=listed.url, title=listed.title or None, language=language, tags=tags)


def _own_region(region: str, shape: tuple[str, ...] | BoxShape) -> OwnRegion:
    if isinstance(shape, BoxShape):
        return OwnRegion(region, box=shape.box)
    return OwnRegion(region, places=distinct(shape))


def _watch(watch: WatchId, shape: WatchShape) -> Watch:
    return Watch(
        id=watch,
        title=shape.title or watch.replace("-", " ").capitalize(),
        keywords=distinct(shape.keywords),
        names=distinct(shape.names),
        query=shape.query,
        regions=distinct(shape.regions),
        about=About(shape.about),
        none=distinct(shape.none),
        alert=_alert_rule(shape.alert),
        tests=WatchTests(match=shape.tests.match, ignore=shape.tests.ignore),
    )


def _alert_rule(shape: AlertShape) -> AlertRule:
    return AlertRule(to=distinct(shape.to), when=AlertWhen(shape.when), at_most=shape.at_most, outlets=shape.outlets)


def _channel(name: str, shape: ChannelShape, timezone: str) -> Channel:
    ways = ((ChannelKind.MAIL, shape.mail), (ChannelKind.APPRISE, shape.apprise), (ChannelKind.WEBHOOK, shape.webhook))
    kind, target = next((kind, target) for kind, target in ways if target)
    return Channel(
        name,
        kind,
        target,
        timezone=timezone,
        quiet_hours=shape.quiet_hours,
        at_most=shape.at_most,
        secret=shape.secret or None,
    )


def _zone_of(channel: ChannelShape, file: FileShape) -> str:
    """Give a channel's zone: its own, else that of the subscriber who reads the same mailbox, else the defaults'."""
    mailbox = channel.mail.casefold()
    readers = (reader.timezone for reader in file.subscribers if mailbox and reader.email.casefold() == mailbox)
    return channel.timezone or next(readers, "") or file.defaults.timezone


def _subscriber(shape: SubscriberShape, defaults: DefaultsShape, watch_ids: tuple[WatchId, ...]) -> Subscriber:
    return Subscriber(
        email=shape.email,
        timezone=shape.timezone or defaults.timezone,
        watches=_wanted(shape.watches, watch_ids),
        digest=_schedule(shape.digest),
        language=shape.language or defaults.mail_language,
    )


def _self_service(shape: SelfServiceShape, watch_ids: tuple[WatchId, ...]) -> SelfService:
    return SelfService(is_open=shape.open, domains=distinct(shape.domains), watches=_wanted(shape.watches, watch_ids))


def _wanted(named: tuple[str, ...], watch_ids: tuple[WatchId, ...]) -> tuple[WatchId, ...]:
    return watch_ids if ALL_WATCHES in named else tuple(watch for watch in watch_ids if watch in named)


def _schedule(shape: DigestShape) -> DigestSchedule:
    quiet = QuietPolicy(shape.quiet)
    if shape.cron:
        return DigestSchedule(days=(), at=(), quiet=quiet, cron=shape.cron)
    return DigestSchedule(days=iso_weekdays(shape.days), at=tuple(sorted(set(shape.at))), quiet=quiet)
