"""Adding feeds to the watchlist's file: checked before and after, written as a whole or not at all."""

from __future__ import annotations

import codecs
import contextlib
import os
import shutil
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from tocsin.config import parse_watchlist, watchlist_source, with_feeds
from tocsin.config.addresses import same_feed
from tocsin.config.yaml_reader import MAX_BYTES
from tocsin.errors import EditError, WatchlistError
from tocsin.models.watchlist import FeedSource, Watchlist


def new_feeds(watchlist: Watchlist, feeds: Sequence[FeedSource]) -> tuple[FeedSource, ...]:
    """Give the feeds that the watchlist does not have, each once."""
    known = {same_feed(feed.url) for feed in watchlist.feeds}
    fresh: dict[str, FeedSource] = {}
    for feed in feeds:
        key = same_feed(feed.url)
        if key not in known:
            fresh.setdefault(key, feed)
    return tuple(fresh.values())


def current_watchlist(path: Path) -> Watchlist:
    """Read and check the watchlist as it is.

    Raises:
        WatchlistError: It has faults; they have to be mended first.

    """
    return _checked(watchlist_source(path), path)


def add_feeds(path: Path, feeds: Sequence[FeedSource], *, dry_run: bool = False) -> Watchlist:
    """Add feeds, none of which the watchlist has, to its file, and give the watchlist as it is then.

    ``dry_run`` stops before writing.

    Raises:
        WatchlistError: The file has faults.
        EditError: It would have faults with the feeds, has a form that lines cannot be added to, or cannot be written.

    """
    source = watchlist_source(path)
    before = _checked(source, path)
    try:
        text = with_feeds(source, feeds)
    except ValueError as error:
        raise EditError(f"{path}: {error}") from error
    if len(text.encode()) > MAX_BYTES:
        reason = f"with {len(feeds):,} more feeds it would be larger than {MAX_BYTES:,} bytes"
        raise EditError(f"{path}: {reason}; keep them in a list and name it there: '- opml: FILE'")
    after = _checked_after(text, path)
    if not _only_added(before, after, feeds):
        raise EditError(f"{path}: its list of feeds has a form that this command cannot add to; add the lines by hand")
    if not dry_run:
        _replace(path, source, text)
    return after


def _checked(source: str, path: Path) -> Watchlist:
    from tocsin.matching import query_check
    from tocsin.regions import load_gazetteer

    check = load_gazetteer().check
    return parse_watchlist(source, path, check_region=check, check_queries=query_check(check))


def _checked_after(text: str, path: Path) -> Watchlist:
    """Check what would be written; its lines are in no file, so faults are told without them."""
    try:
        return _checked(text, path)
    except WatchlistError as error:
        reasons = "; ".join(dict.fromkeys(fault.message for fault in error.faults))
        raise EditError(f"{path}: not changed, since it would have a fault: {reasons}") from error


def _only_added(before: Watchlist, after: Watchlist, feeds: Collection[FeedSource]) -> bool:
    """Tell whether the new text says what the old one said, and the feeds."""
    had, has = ({feed.url: feed for feed in watchlist.feeds} for watchlist in (before, after))
    added = {url: feed for url, feed in has.items() if url not in had}
    wanted = {feed.url: (feed.title, feed.language, feed.home, feed.tags, feed.full_text) for feed in feeds}
    got = {url: (feed.title, feed.language, feed.home, feed.tags, feed.full_text) for url, feed in added.items()}
    rest = replace(after, source=before.source, version=before.version, feeds=before.feeds)
    return all(has.get(url) == feed for url, feed in had.items()) and got == wanted and rest == before


def _replace(path: Path, source: str, text: str) -> None:
    """Put a new file in the place of the old one, which a running Tocsin may be reading; links, owner, mode stay."""
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        mark = codecs.BOM_UTF8 if target.read_bytes().startswith(codecs.BOM_UTF8) else b""
        beside.touch(mode=0o600)
        beside.write_bytes(mark + text.encode())
        _belong_alike(beside, target)
        if watchlist_source(path) != source:
            raise EditError(f"{path}: somebody else changed it meanwhile; run the command again")
        beside.replace(target)
    except OSError as error:
        reason = f"cannot be written ({error.strerror}); check the folder and its permissions"
        raise EditError(f"{path}: {reason}") from error
    finally:
        beside.unlink(missing_ok=True)


def _belong_alike(file: Path, other: Path) -> None:
    """Give a file to whom another one belongs: after root's edit, the service's user must be able to read it still."""
    status = other.stat()
    for user, group in ((-1, status.st_gid), (status.st_uid, -1)):
        with contextlib.suppress(PermissionError):  # only root gives files away, and only members hand them to a group
            os.chown(file, user, group)
    shutil.copymode(other, file)
