"""From a checked file to the frozen records of `tocsin.models.watchlist`, defaults filled in.

No checks here: what comes in is right.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tocsin.config.references import ALL_WATCHES
from tocsin.config.shape import BoxShape, ChannelShape, DigestShape, FeedShape, FileShape, SubscriberShape, WatchShape
from tocsin.config.values import distinct, iso_weekdays
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import (
    About,
    Channel,
    ChannelKind,
    DigestSchedule,
    FeedSource,
    OwnRegion,
    QuietPolicy,
    Subscriber,
    Watch,
    Watchlist,
    WatchTests,
)


def watchlist_of(file: FileShape, source: str, path: Path) -> Watchlist:
    """Build the watchlist that the rest of the house sees."""
    watch_ids = tuple(WatchId(watch) for watch in file.watches)
    return Watchlist(
        path=path,
        source=source,
        version=hashlib.sha256(source.encode()).hexdigest()[:12],
        languages=distinct(file.defaults.languages),
        feeds=tuple(map(_feed, file.feeds)),
        watches=tuple(_watch(WatchId(watch), shape) for watch, shape in file.watches.items()),
        channels=tuple(_channel(name, shape) for name, shape in file.channels.items()),
        subscribers=tuple(_subscriber(shape, file.defaults.timezone, watch_ids) for shape in file.subscribers),
        regions=tuple(_own_region(region, shape) for region, shape in file.regions.items()),
    )


def _feed(shape: FeedShape) -> FeedSource:
    return FeedSource(
        url=shape.url,
        title=shape.title or None,
        language=shape.language or None,
        home=shape.home or None,
        tags=distinct(shape.tags),
    )


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
        alert_to=distinct(shape.alert.to),
        tests=WatchTests(match=shape.tests.match, ignore=shape.tests.ignore),
    )


def _channel(name: str, shape: ChannelShape) -> Channel:
    if shape.mail:
        return Channel(name, ChannelKind.MAIL, shape.mail)
    return Channel(name, ChannelKind.APPRISE, shape.apprise)


def _subscriber(shape: SubscriberShape, timezone: str, watch_ids: tuple[WatchId, ...]) -> Subscriber:
    wanted = watch_ids if ALL_WATCHES in shape.watches else tuple(w for w in watch_ids if w in shape.watches)
    return Subscriber(
        email=shape.email,
        timezone=shape.timezone or timezone,
        watches=wanted,
        digest=_schedule(shape.digest),
    )


def _schedule(shape: DigestShape) -> DigestSchedule:
    return DigestSchedule(
        days=iso_weekdays(shape.days),
        at=tuple(sorted(set(shape.at))),
        quiet=QuietPolicy(shape.quiet),
    )
