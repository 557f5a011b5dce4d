"""`tocsin feeds import` and `tocsin feeds export`: lists of feeds as other programs read and write them (OPML)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from tocsin.config import FeedList, ListedFeed, beside, load_settings
from tocsin.errors import Fault, WatchlistError
from tocsin.models.watchlist import FeedSource, Watchlist

BAD_INPUT = 2


def import_feeds(
    file: Annotated[Path, typer.Argument(help="An OPML file, as other feed readers export it.")],
    *,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag for all of them; may be repeated.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be added, and write nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Copy the feeds of an OPML file into the watchlist; folders become tags, feeds that it has are passed over.

    To keep a long list in a file of its own, name it in the watchlist instead: `- opml: FILE`. Ends with 2 if the file
    cannot be read or the watchlist has faults.

    Example: tocsin feeds import subscriptions.opml --tag imported --dry-run
    """
    from tocsin.cli.output import print_json
    from tocsin.cli.watchlist_edit import add_feeds, current_watchlist, new_feeds

    settings = load_settings()
    listed = _listed(file)
    feeds = [_source(feed, tag or ()) for feed in listed.feeds]
    fresh = new_feeds(current_watchlist(settings.watchlist), feeds)
    if fresh:
        add_feeds(settings.watchlist, fresh, dry_run=dry_run)
    known = len(feeds) - len(fresh)
    if as_json:
        added = [{"url": feed.url, "title": feed.title, "tags": feed.tags} for feed in fresh]
        left_out = [{"line": line, "reason": reason} for line, reason in listed.warnings]
        print_json({"added": added, "known": known, "left_out": left_out, "written": bool(fresh) and not dry_run})
        return
    for line, reason in listed.warnings:
        typer.echo(f"{file}:{line}:1: warning: {reason}", err=True)
    for feed in fresh:
        typer.echo(_line(feed))
    done = "would be added" if dry_run else "added"
    typer.echo(f"{len(fresh):,} {done} to {settings.watchlist}, {known:,} there before.")


def export_feeds(
    file: Annotated[Path | None, typer.Argument(help="Where to write it; standard output by default.")] = None,
) -> None:
    """Write the watchlist's feeds as OPML 2.0, for other feed readers; tags become nested folders.

    Feeds of the lists that the watchlist names are among them. Ends with 2 if the file cannot be written.

    Example: tocsin feeds export feeds.opml
    """
    from tocsin.cli.watchlist_edit import current_watchlist
    from tocsin.config import opml_of

    watchlist = current_watchlist(load_settings().watchlist)
    if file is not None:
        _refuse_own(file, watchlist)
    text = opml_of(watchlist.feeds, datetime.now(UTC))
    if file is None:
        sys.stdout.buffer.write(text.encode())
        return
    try:
        file.write_bytes(text.encode())
    except OSError as error:
        typer.echo(f"{file}: cannot be written ({error.strerror}); check the folder and its permissions", err=True)
        raise typer.Exit(BAD_INPUT) from error
    typer.echo(f"Wrote {len(watchlist.feeds)} feeds to {file}.")


def _refuse_own(file: Path, watchlist: Watchlist) -> None:
    """Never write over the watchlist or a list that it is made of."""
    own = [watchlist.path, *(beside(watchlist.path, name) for name, _ in watchlist.files)]
    if file.resolve() in {path.resolve() for path in own}:
        typer.echo(f"{file}: the watchlist is made of this file; choose another name", err=True)
        raise typer.Exit(BAD_INPUT)


def _listed(file: Path) -> FeedList:
    """Read the list; raise `WatchlistError` with its fault."""
    from tocsin.config import FileFault, OpmlFault, list_from

    try:
        return list_from(file)
    except OpmlFault as error:
        raise WatchlistError((Fault(str(file), error.line, error.column, str(error)),)) from error
    except FileFault as error:
        raise WatchlistError((Fault(str(file), 0, 0, str(error)),)) from error


def _source(listed: ListedFeed, tags: Sequence[str]) -> FeedSource:
    tags = tuple(dict.fromkeys((*tags, *listed.tags)))
    return FeedSource(listed.url, listed.title or None, listed.language or None, tags=tags)


def _line(feed: FeedSource) -> str:
    from tocsin.rendering.clean import one_line

    tags = f"[{', '.join(feed.tags)}]" if feed.tags else ""
    return "  ".join(one_line(part) for part in (feed.url, feed.title, tags) if part)
