"""`tocsin feeds health`: which feeds need a person, why, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tocsin.config import load_settings

if TYPE_CHECKING:
    from tocsin.models.feeds import Feed
    from tocsin.models.health import FeedHealth, HealthState, Volume
    from tocsin.store.database import Database

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Told:
    feed: Feed
    health: FeedHealth
    volume: Volume
    hub: str


def feed_health(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Tell of the feeds that are well, too.")] = False,
) -> None:
    """Tell which feeds need a look, the worst first, with the reason and the remedy.

    Exit code 1 when a feed is in trouble: stopped, blocked, not a feed, failing or silent.

    Example: tocsin feeds health --json
    """
    from tocsin.bootstrap import hub_callbacks, open_store
    from tocsin.cli.output import print_json

    settings = load_settings()
    database = open_store(settings)
    counts, told = _read(database, settings.base_url, everything=everything)
    hubs = _hubs(database, hub_callbacks(settings))
    database.close()
    if as_json:
        print_json([_plain(one) for one in told])
    else:
        _print(counts, hubs, told)
    if any(number for state, number in counts.items() if state.is_trouble):
        raise typer.Exit(1)


def _hubs(database: Database, root: str | None) -> str:
    from tocsin.rendering.hub_words import summary as summary_of_hubs
    from tocsin.store.database import database_now
    from tocsin.store.feed_hubs import count_hub_feeds

    with database.read() as connection:
        return summary_of_hubs(*count_hub_feeds(connection, database_now(connection)), root)


def _read(database: Database, base_url: str, *, everything: bool) -> tuple[Mapping[HealthState, int], list[_Told]]:
    from tocsin.models.health import HealthState
    from tocsin.store.database import database_now
    from tocsin.store.feed_health import count_states

    quiet = {HealthState.WELL, HealthState.NEW}
    states = list(HealthState) if everything else [state for state in HealthState if state not in quiet]
    with database.read() as connection:
        now = database_now(connection)
        counts = count_states(connection, now)
        return counts, list(_told(connection, now, states, base_url))


def _told(connection: Any, now: datetime, states: Sequence[HealthState], base_url: str) -> Iterator[_Told]:
    from tocsin.feeds.health import health_of
    from tocsin.rendering.hub_words import hub_words
    from tocsin.store.feed_health import feeds_by_state, held_hosts, volumes_of
    from tocsin.store.hub_subscriptions import wanted_subscriptions

    held = held_hosts(connection, now)
    for offset in range(0, 10**9, AT_ONCE):
        feeds = feeds_by_state(connection, now, states, limit=AT_ONCE, offset=offset)
        volumes = volumes_of(connection, feeds, now)
        subscriptions = wanted_subscriptions(connection, [feed.id for feed in feeds])
        for feed in feeds:
            volume = volumes[feed.id]
            hub = hub_words(feed, subscriptions.get(feed.id), base_url, now)
            yield _Told(feed, health_of(feed, now, volume, held.get(feed.host)), volume, hub)
        if len(feeds) < AT_ONCE:
            return


def _plain(told: _Told) -> dict[str, object]:
    from tocsin.rendering.feed_words import reason_words, rhythm_words, state_words

    feed, health = told.feed, told.health
    return {
        "id": feed.id,
        "title": feed.title,
        "url": feed.url,
        "state": health.state.value,
        "words": state_words(feed, health),
        "reason": reason_words(feed, health),
        "rhythm": rhythm_words(health),
        "hub": told.hub,
        "since": health.since,
        "until": health.until,
        "succeeded_at": feed.succeeded_at,
        "next_check_at": None if feed.stopped_at else feed.next_check_at,
        "failures": feed.failures,
        "per_day": health.per_day,
        "has_fallen": health.has_fallen,
        "days": told.volume.days,
    }


def _print(counts: Mapping[HealthState, int], hubs: str, told: Sequence[_Told]) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from tocsin.cli.output import console

    out = console()
    out.print(summary(counts), markup=False)
    if hubs:
        out.print(hubs, markup=False)
    for one in told:
        # Text, since a title may hold what Rich takes for markup.
        head, *details = map(Text, _lines(one))
        head.stylize("bold" if one.health.state.is_trouble else "")
        out.print()
        out.print(head)
        for line in details:
            # What is padded is cut where nothing wraps: in a pipe a line is as long as it is.
            out.print(Padding(line, (0, 0, 0, 4), expand=False) if out.is_terminal else Text("    ") + line)


def _lines(told: _Told) -> Iterator[str]:
    from tocsin.cli.output import short_time
    from tocsin.models.health import HealthState
    from tocsin.rendering.clean import one_line
    from tocsin.rendering.feed_words import feed_title, reason_words, rhythm_words, state_words
    from tocsin.rendering.words import count

    feed, health = told.feed, told.health
    yield f"{feed_title(feed)}: {state_words(feed, health)}"
    if reason := reason_words(feed, health):
        yield one_line(reason)
    read = f"last read {short_time(feed.succeeded_at)}" if feed.succeeded_at else "never read"
    if health.since and health.state is HealthState.SILENT:
        read += f", nothing new since {short_time(health.since)}"
    brought = f"{count('article', told.volume.week)} in 7 days"
    yield "; ".join(filter(None, (read, brought, rhythm_words(health))))
    if told.hub:
        yield one_line(told.hub)
    yield one_line(feed.url)


def summary(counts: Mapping[HealthState, int]) -> str:
    """Say in a line how many feeds are well, and in which states the others are.

    >>> from tocsin.models.health import HealthState
    >>> summary({HealthState.SILENT: 1, HealthState.NEW: 2, HealthState.REMARK: 3, HealthState.WELL: 8})
    '11 of 14 feeds well; 1 silent, 2 not read yet'
    """
    from tocsin.rendering.feed_words import state_name
    from tocsin.rendering.words import count

    total = sum(counts.values())
    if not total:
        return "No feeds yet: they are taken from the watchlist when the scheduler runs."
    others = {state_name(state).lower(): number for state, number in counts.items() if not state.is_well and number}
    well = f"{total - sum(others.values()):,} of {count('feed', total)} well"
    return "; ".join([well, ", ".join(f"{number:,} {name}" for name, number in others.items())]).removesuffix("; ")
