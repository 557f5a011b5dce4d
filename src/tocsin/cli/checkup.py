"""The checks of `tocsin doctor`: each looks at one thing and says how it is, and what to do if it is not well."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from zoneinfo import available_timezones

from tocsin.bootstrap import connect_redis, open_store
from tocsin.cli.feed_health import summary
from tocsin.cli.finding import Finding, State
from tocsin.cli.mail_checkup import addresses, bounces, mail_server, own_templates, signature
from tocsin.config import Settings, read_watchlist, secret_of
from tocsin.errors import TocsinError, WatchlistError
from tocsin.feeds.health import health_of
from tocsin.matching import query_check
from tocsin.models.deliveries import DeliveryState
from tocsin.models.health import HealthState
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import ChannelKind, Watchlist
from tocsin.queueing import CLASSIFY, DELIVER, READ, Wakeups
from tocsin.regions import load_gazetteer
from tocsin.rendering.feed_words import feed_title, reason_words, state_words
from tocsin.rendering.words import count
from tocsin.store.alerts import count_suppressed
from tocsin.store.articles import quarantined
from tocsin.store.bundles import waiting_bundles
from tocsin.store.database import Database, database_now
from tocsin.store.deliveries import count_deliveries, list_deliveries
from tocsin.store.feed_health import count_states, feeds_by_state
from tocsin.store.notices import open_notices
from tocsin.store.processes import Heartbeat, heartbeats
from tocsin.store.subscribers import list_subscribers

LAST_DAY = timedelta(days=1)
LITTLE_SPACE = 200 * 1024 * 1024
MANY_JOBS = 100
NAMED_FEEDS = 20
NAMED_SUBSCRIBERS = 20
SILENT_AFTER = timedelta(seconds=60)


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything in turn; what cannot be looked at, since another thing is broken, is left out."""
    yield from _guarded("secret", lambda: _secret(settings))
    watchlist = _read(settings)
    yield from _guarded("watchlist", lambda: _watchlist(watchlist))
    yield from _guarded("disk", lambda: _disk(settings))
    yield from _guarded("redis", lambda: _redis(settings))
    for what, look in (("mail", mail_server), ("bounces", bounces), ("dkim", signature), ("templates", own_templates)):
        yield from _guarded(what, partial(look, settings))
    yield from addresses(settings, watchlist if isinstance(watchlist, Watchlist) else None)
    yield from _guarded("time zones", _zones)
    if isinstance(watchlist, Watchlist):
        yield from _channels(watchlist)
    yield from _guarded("database", lambda: _database(settings))


def _guarded(what: str, check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check()
    except TocsinError as error:
        yield Finding(what, State.BROKEN, str(error))


def _secret(settings: Settings) -> Iterator[Finding]:
    secret_of(settings)
    place = "TOCSIN_SECRET" if settings.secret else str(settings.home / "secret")
    yield Finding("secret", State.WELL, f"in {place}")


def _read(settings: Settings) -> Watchlist | WatchlistError:
    check = load_gazetteer().check
    try:
        return read_watchlist(settings.watchlist, check_region=check, check_queries=query_check(check))
    except WatchlistError as error:
        return error


def _watchlist(found: Watchlist | WatchlistError) -> Iterator[Finding]:
    if isinstance(found, WatchlistError):
        raise found
    numbers = {"feed": len(found.feeds), "watch": len(found.watches), "subscriber": len(found.subscribers)}
    words = ", ".join(count(noun, number) for noun, number in numbers.items())
    yield Finding("watchlist", State.WELL, f"{found.path}: {words}")


def _disk(settings: Settings) -> Iterator[Finding]:
    try:
        # A home that is not there yet will be made on its parent's disk.
        place = next(folder for folder in (settings.home, *settings.home.parents) if folder.is_dir())
        free = shutil.disk_usage(place).free
    except OSError as error:
        words = f"cannot look at {settings.home} ({error.strerror}); set TOCSIN_HOME to a folder you own"
        yield Finding("disk", State.BROKEN, words)
        return
    words = f"{free // 2**20} MB free at {settings.home}"
    if free < LITTLE_SPACE:
        yield Finding("disk", State.LOOK, f"{words}; nothing can be stored when it is full: make room")
    else:
        yield Finding("disk", State.WELL, words)


def _redis(settings: Settings) -> Iterator[Finding]:
    wakeups = Wakeups(connect_redis(settings), secret_of(settings))
    place = "at REDIS_URL" if settings.redis_url else "embedded"
    yield Finding("redis", State.WELL, f"{place}, answers")
    for function in (CLASSIFY, DELIVER, READ):
        waiting = wakeups.waiting(function)
        if waiting > MANY_JOBS:
            yield Finding("queue", State.LOOK, f"{waiting} jobs wait for `tocsin worker {function}`; run more of them")


def _zones() -> Iterator[Finding]:
    yield Finding("time zones", State.WELL, f"{len(available_timezones())} known")


def _channels(watchlist: Watchlist) -> Iterator[Finding]:
    from tocsin.bootstrap import channel_addresses
    from tocsin.delivery import webhook_fault

    for channel in watchlist.channels:
        if channel.kind is ChannelKind.APPRISE and not channel_addresses().get(channel.target):
            words = f"{channel.name}: the variable {channel.target} is not set; its alerts wait until it is"
            yield Finding("channel", State.BROKEN, words)
        if channel.kind is ChannelKind.WEBHOOK:
            fault = webhook_fault(channel_addresses(), channel.target, channel.secret or "")
            if fault:
                yield Finding("channel", State.BROKEN, f"{channel.name}: {fault}; its alerts wait until then")


def _database(settings: Settings) -> Iterator[Finding]:
    database = open_store(settings)
    yield Finding("database", State.WELL, database.engine.url.render_as_string(hide_password=True))
    yield from _processes(database)
    yield from _feeds(database)
    yield from _ledger(database)
    yield from _alerts(database)
    yield from _subscribers(database)
    database.close()


def _processes(database: Database) -> Iterator[Finding]:
    with database.read() as connection:
        now = database_now(connection)
        seen = {beat.name: beat for beat in heartbeats(connection)}
    for name in ("scheduler", "classifier", "mailer", "reader", "web"):
        beat = seen.get(name)
        if beat is None or now - beat.seen_at > SILENT_AFTER:
            yield Finding(name, State.LOOK, f"does not run, {_since(beat)}: try `tocsin up`")
        elif beat.note:
            yield Finding(name, State.LOOK, f"works with the last good watchlist: {beat.note}")
        else:
            yield Finding(name, State.WELL, f"runs, with watchlist {beat.watchlist_version}")


def _since(beat: Heartbeat | None) -> str:
    return f"last seen {beat.seen_at:%Y-%m-%d %H:%M}Z" if beat else "never seen"


def _feeds(database: Database) -> Iterator[Finding]:
    trouble = [state for state in HealthState if state.is_trouble]
    with database.read() as connection:
        now = database_now(connection)
        counts = count_states(connection, now)
        found = feeds_by_state(connection, now, trouble, limit=NAMED_FEEDS)
    number = sum(counts[state] for state in trouble)
    yield Finding("feeds", State.WELL, summary(counts))
    for feed in found:
        health = health_of(feed, now)
        words = f"{feed_title(feed)}: {state_words(feed, health)}: {reason_words(feed, health)}"
        yield Finding("feed", State.LOOK, words)
    if number > len(found):
        yield Finding("feed", State.LOOK, f"{number - len(found):,} more; `tocsin feeds health` tells of all")


def _ledger(database: Database) -> Iterator[Finding]:
    with database.read() as connection:
        counts = count_deliveries(connection)
        failed = list_deliveries(connection, DeliveryState.FAILED, limit=5)
        aside = quarantined(connection, limit=5)
    words = ", ".join(f"{number} {state.value}" for state, number in counts.items())
    yield Finding("deliveries", State.WELL, words)
    for delivery in failed:
        yield Finding("delivery", State.LOOK, f"{delivery.key} to {delivery.target}: {delivery.problem}")
    for article in aside:
        words = (
            f"{article.id} was begun often and never finished; report it with `tocsin why {article.id} --json`, and "
            "have it tried again with `tocsin articles release`"
        )
        yield Finding("article", State.BROKEN, words)


def _alerts(database: Database) -> Iterator[Finding]:
    """Tell what waits in bundles, what was not told in the last day by which rule, and what the operator was told."""
    with database.read() as connection:
        now = database_now(connection)
        waiting = waiting_bundles(connection)
        suppressed = count_suppressed(connection, now - LAST_DAY)
        notices = open_notices(connection)
    for bundle in waiting:
        words = f"{count('alert', bundle.alerts)} for {bundle.channel}, from {bundle.due_at:%Y-%m-%d %H:%M}Z on"
        yield Finding("bundle", State.WELL, words)
    if suppressed:
        told = ", ".join(f"{number:,} {rule.value}" for rule, number in suppressed.items())
        yield Finding("not alerted", State.WELL, f"in the last day, each with its reason on its article's page: {told}")
    for notice in notices:
        words = f"{notice.kind.value} since {notice.opened_at:%Y-%m-%d %H:%M}Z: {notice.text}"
        yield Finding("notice", State.LOOK, words)


def _subscribers(database: Database) -> Iterator[Finding]:
    """Tell how many subscribers stand how, and whose addresses are refused."""
    with database.read() as connection:
        stored = list_subscribers(connection)
    counts = Counter(one.state for one in stored)
    words = ", ".join(f"{counts[state]:,} {state.value}" for state in SubscriberState if counts[state])
    yield Finding("subscribers", State.WELL, words or "nobody subscribes")
    refused = [one for one in stored if one.state is SubscriberState.SUPPRESSED]
    for one in refused[:NAMED_SUBSCRIBERS]:
        remedy = "`tocsin subscribers resume` once the address works"
        yield Finding("subscriber", State.LOOK, f"{one.subscriber.email} gets nothing: {one.because}; {remedy}")
    if len(refused) > NAMED_SUBSCRIBERS:
        more = len(refused) - NAMED_SUBSCRIBERS
        yield Finding("subscriber", State.LOOK, f"{more:,} more; `tocsin subscribers list` tells of all")
    empty = [
        one.subscriber.email for one in stored if one.state is SubscriberState.ACTIVE and not one.subscriber.watches
    ]
    if empty:
        words = "their watches were closed to readers; open one under `self_service`, or tell them"
        others = f" and {len(empty) - 1:,} more" if empty[1:] else ""
        yield Finding("subscriber", State.LOOK, f"{empty[0]}{others} can get nothing: {words}")
