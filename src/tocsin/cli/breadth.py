"""Warnings of `tocsin check`: watches that would match nearly everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tocsin.config import LocatedWatchlist, Settings, load_settings
from tocsin.errors import Fault, SettingsError, StoreError
from tocsin.matching import Matcher
from tocsin.matching.breadth import TOO_BROAD, asks_for_language_only, guessed_share, measured_shares
from tocsin.models.articles import Document, document_of
from tocsin.models.ids import WatchId

_ENOUGH = 200
"""Stored articles from which on a share says something."""

_LOOKED_AT = 1000


def broad_watches(located: LocatedWatchlist, matcher: Matcher, stored: Sequence[Document]) -> tuple[Fault, ...]:
    """Return a warning for each watch that matches too much, at its place in the file.

    ``stored`` are articles to try the watches on; where they are few, the terms are judged by their looks.
    """
    return tuple(sorted(_warnings(located, matcher, stored)))


def _warnings(located: LocatedWatchlist, matcher: Matcher, stored: Sequence[Document]) -> Iterator[Fault]:
    measured = measured_shares(matcher, stored) if len(stored) >= _ENOUGH else None
    watches = {watch.id: watch for watch in located.watchlist.watches}
    for watch in watches.values():
        share = guessed_share(watch, watches) if measured is None else measured.get(watch.id, 0.0)
        if asks_for_language_only(watch):
            yield _warning(
                located,
                watch.id,
                "matches all articles in a language, but for what it excludes; say what they must have",
            )
        elif share >= TOO_BROAD:
            basis = f"the last {len(stored):,} articles" if measured is not None else "all articles, by its terms"
            yield _warning(located, watch.id, f"matches about {share:.0%} of {basis}; make it narrower")


def _warning(located: LocatedWatchlist, watch: WatchId, message: str) -> Fault:
    place = located.position("watches", watch)
    return Fault(str(located.watchlist.path), place.line, place.column, f"the watch {watch!r} {message}")


def stored_documents() -> list[Document]:
    """Return the latest stored articles; none where there is no database that can be read.

    A check of the watchlist is not the place to complain of settings or the database; `tocsin doctor` is.
    """
    try:
        return _stored(load_settings())
    except (SettingsError, StoreError):
        return []


def _stored(settings: Settings) -> list[Document]:
    from tocsin.bootstrap import has_store, open_store
    from tocsin.store.articles import latest_articles
    from tocsin.store.feeds import list_feeds

    if not has_store(settings):
        return []
    database = open_store(settings)
    with database.read() as connection:
        articles = latest_articles(connection, _LOOKED_AT)
        tags = {feed.id: feed.tags for feed in list_feeds(connection, active_only=False)}
    database.close()
    return [document_of(article, article.language, tags.get(article.feed_id, ())) for article in articles]
