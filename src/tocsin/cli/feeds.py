"""`tocsin feeds`: the feeds and their health."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from tocsin.config import load_settings
from tocsin.models.feeds import Feed

feeds_app = typer.Typer(help="Look after the feeds.", no_args_is_help=True)


@feeds_app.callback()
def _feeds() -> None:
    """Keep `list` a command of its own: Typer would make an only command the whole."""


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

    database = open_store(load_settings())
    with database.read() as connection:
        found = feeds.list_feeds(connection)
    database.close()
    if as_json:
        print_json([asdict(feed) for feed in found])
    else:
        _print_table(found)
    if any(feed.failures for feed in found):
        raise typer.Exit(1)


def _print_table(found: list[Feed]) -> None:
    from rich.table import Table
    from rich.text import Text

    from tocsin.cli.output import console, short_time
    from tocsin.rendering.clean import one_line

    table = Table(box=None, pad_edge=False)
    for heading in ("Feed", "State", "Last success", "Next check", "Address"):
        table.add_column(heading, overflow="fold")
    for feed in found:
        cells = (feed.title, state_of(feed), short_time(feed.succeeded_at), short_time(feed.next_check_at), feed.url)
        # Text, since a title may hold what Rich takes for markup.
        table.add_row(*(Text(one_line(cell)) for cell in cells))
    console().print(table if found else "No feeds yet: they are taken from the watchlist when the scheduler runs.")


def state_of(feed: Feed) -> str:
    """Say in words how a feed is."""
    if feed.failures:
        return f"failing ({feed.failures}): {feed.problem}"
    if feed.succeeded_at is None:
        return "not read yet"
    return f"read, but: {feed.problem}" if feed.problem else "well"
