"""`tocsin feeds`: the feeds and their health."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from tocsin.config import load_settings
from tocsin.models.feeds import Feed

feeds_app = typer.Typer(help="Look after the feeds.", no_args_is_help=True)


@feeds_app.command("list")
def list_feeds(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """List the feeds of the watchlist with their state; exit code 1 when any of them fails.

    Example: tocsin feeds list --json
    """
    from tocsin.bootstrap import open_store
    from tocsin.cli.output import print_json
    from tocsin.store import feeds
    from tocsin.store.database import database_now

    database = open_store(load_settings())
    with database.read() as connection:
        now, found = database_now(connection), feeds.list_feeds(connection)
    database.close()
    if as_json:
        print_json([asdict(feed) for feed in found])
    else:
        _print_table(found, now)
    if any(feed.failures for feed in found):
        raise typer.Exit(1)


def _print_table(found: list[Feed], now: datetime) -> None:
    from rich.table import Table
    from rich.text import Text

    from tocsin.cli.output import console, short_time
    from tocsin.rendering.clean import one_line

    table = Table(box=None, pad_edge=False)
    for heading in ("Feed", "State", "Last success", "Next check", "Address"):
        table.add_column(heading, overflow="fold")
    for feed in found:
        cells = (
            feed.title,
            state_of(feed, now),
            short_time(feed.succeeded_at),
            short_time(None if feed.stopped_at else feed.next_check_at),
            feed.url,
        )
        # Text, since a title may hold what Rich takes for markup.
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    console().print(table if found else "No feeds yet: they are taken from the watchlist when the scheduler runs.")


def state_of(feed: Feed, now: datetime) -> str:
    """Say in words how a feed is, and why."""
    from tocsin.feeds.health import health_of
    from tocsin.rendering.feed_words import reason_words, state_words

    health = health_of(feed, now)
    words, reason = state_words(feed, health), reason_words(feed, health)
    return f"{words}: {reason}" if reason else words
