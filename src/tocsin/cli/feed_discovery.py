"""`tocsin feeds discover`: the feeds of a page."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.config import load_settings

if TYPE_CHECKING:
    from tocsin.feeds.discover import Discovery, FoundFeed

NOTHING_FOUND = 1


def discover_feeds(
    url: Annotated[str, typer.Argument(help="The address of a page, such as a newspaper's front page.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Find the feeds of a page: those that it names or links to, at usual addresses, and news sitemaps.

    Each is read before it is listed. Ends with 1 if there is none.

    Example: tocsin feeds discover https://www.example.org
    """
    from tocsin.cli.asking import address, ask, complain_of
    from tocsin.cli.output import print_json
    from tocsin.feeds.discover import discover
    from tocsin.models.feeds import Problem

    page = address(url)
    found = ask(load_settings(), lambda fetcher, parse: discover(fetcher, page, parse))
    if isinstance(found, Problem):
        complain_of(found, url)
        raise typer.Exit(NOTHING_FOUND)
    if as_json:
        print_json(asdict(found))
    else:
        print_found(found)
    if not found.feeds:
        raise typer.Exit(NOTHING_FOUND)


def print_found(found: Discovery) -> None:
    """Print what was found for people: a block of lines a feed."""
    from tocsin.rendering.clean import one_line

    for feed in found.feeds:
        typer.echo(one_line(feed.url))
        typer.echo(f"  {one_line(feed.title) or '(no title)'}{' (comments)' if feed.of_comments else ''}")
        typer.echo(f"  {_particulars(feed)}")
        for other in feed.same_as:
            typer.echo(f"  the same as {one_line(other)}")
    if not found.feeds:
        for _, reason in found.rejected:
            typer.echo(one_line(reason), err=True)
        typer.echo(f"No feed found at {found.url}; look for an RSS link in a browser, or ask the publisher", err=True)


def _particulars(feed: FoundFeed) -> str:
    from tocsin.cli.output import short_time
    from tocsin.rendering.clean import one_line

    newest = f"newest {short_time(feed.newest_at)}" if feed.newest_at else "without dates"
    entries = f"{feed.entries:,} {'entry' if feed.entries == 1 else 'entries'}"
    parts = [feed.format, feed.language or "", entries, newest, feed.origin.value]
    return ", ".join(one_line(part) for part in parts if part)
