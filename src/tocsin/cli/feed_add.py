"""`tocsin feeds add`: a feed into the watchlist's file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.config import load_settings
from tocsin.models.watchlist import FeedSource

if TYPE_CHECKING:
    from tocsin.feeds.discover import Discovery

NOT_ADDED = 1


def add_feed(
    url: Annotated[str, typer.Argument(help="The address of a feed, or of a page that has one.")],
    *,
    title: Annotated[str, typer.Option("--title", help="What it is called; its own title by default.")] = "",
    language: Annotated[str, typer.Option("--language", help="The language of its articles, such as ar.")] = "",
    home: Annotated[str, typer.Option("--home", help="Where its stories happen when they do not say.")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A word to group it by; may be repeated.")] = None,
    full_text: Annotated[bool, typer.Option("--full-text", help="Read the page of each article too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Add a feed to the watchlist, whose comments and form stay as they are.

    The feed is read first. Of a page, its only feed is added; where there are several, they are listed to choose from.
    A running Tocsin takes it up within seconds. Ends with 1 if nothing was added, 2 if the watchlist has faults.

    Example: tocsin feeds add https://www.example.org --tag local
    """
    from tocsin.cli.asking import address, ask, complain_of
    from tocsin.cli.output import print_json
    from tocsin.cli.watchlist_edit import add_feeds, current_watchlist, new_feeds
    from tocsin.feeds.discover import discover
    from tocsin.models.feeds import Problem

    page, settings = address(url), load_settings()
    watchlist = current_watchlist(settings.watchlist)
    particulars = FeedSource(page, title or None, language or None, home or None, tuple(tag or ()), full_text=full_text)
    _refuse_known(new_feeds(watchlist, [particulars]), page)
    add_feeds(settings.watchlist, [particulars], dry_run=True)  # before anybody is asked
    found = ask(settings, lambda fetcher, parse: discover(fetcher, page, parse))
    if isinstance(found, Problem):
        complain_of(found, url)
        raise typer.Exit(NOT_ADDED)
    feed = _chosen(found, particulars, as_json=as_json)
    _refuse_known(new_feeds(watchlist, [feed]), feed.url)
    add_feeds(settings.watchlist, [feed])
    if as_json:
        print_json({"added": feed.url, "watchlist": str(settings.watchlist)})
    else:
        typer.echo(f"Added {feed.url} to {settings.watchlist}.")


def _refuse_known(fresh: Sequence[FeedSource], url: str) -> None:
    if not fresh:
        typer.echo(f"{url} is on the watchlist already", err=True)
        raise typer.Exit(NOT_ADDED)


def _chosen(found: Discovery, particulars: FeedSource, *, as_json: bool) -> FeedSource:
    """Give the one feed that was found; where there are none or several, say so and end."""
    from tocsin.cli.feed_discovery import print_found
    from tocsin.cli.output import print_json

    feeds = [feed for feed in found.feeds if not feed.of_comments] or list(found.feeds)
    if len(feeds) == 1:
        return replace(particulars, url=feeds[0].url)
    if as_json:
        print_json(asdict(found))
    else:
        print_found(found)
    if feeds:
        typer.echo(f"{len(feeds)} feeds: choose one, and run `tocsin feeds add` with its address", err=True)
    raise typer.Exit(NOT_ADDED)
