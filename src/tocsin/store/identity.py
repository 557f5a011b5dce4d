"""What the store knows of the entries that a feed showed before, articles and pruned ones, by key, link and words; and
what becomes of their keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from tocsin.models.feeds import Entry
from tocsin.models.identity import KnownArticle, PrunedEntry, short_content_hash, short_hash
from tocsin.models.ids import ArticleId, FeedId
from tocsin.store.tables import articles, pruned_entries


def _any_of(column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    return column.in_(sa.bindparam(name, expanding=True))


# Built once: each poll that brings something asks these.
_HASHES = sa.select(articles.c.entry_key, articles.c.content_hash).where(
    articles.c.feed_id == sa.bindparam("feed"), _any_of(articles.c.entry_key, "keys")
)
_ARTICLES = (
    sa.select(
        articles.c.id,
        articles.c.entry_key.label("key"),
        articles.c.url,
        articles.c.title,
        articles.c.content_hash,
        articles.c.published_at,
        articles.c.published_raw,
        articles.c.backlog,
    )
    .where(articles.c.feed_id == sa.bindparam("feed"))
    .order_by(articles.c.id)
)
_BY_KEY = _ARTICLES.where(_any_of(articles.c.entry_key, "keys"))
_AKIN = _ARTICLES.where(sa.or_(_any_of(articles.c.url_hash, "links"), _any_of(articles.c.content_hash, "words")))
_PRUNED = (
    sa.select(pruned_entries.c.key_hash, pruned_entries.c.url_hash, pruned_entries.c.content_hash)
    .where(pruned_entries.c.feed_id == sa.bindparam("feed"))
    .where(
        sa.or_(
            _any_of(pruned_entries.c.key_hash, "keys"),
            _any_of(pruned_entries.c.url_hash, "links"),
            _any_of(pruned_entries.c.content_hash, "words"),
        )
    )
)


_RENAMED = (
    sa.update(pruned_entries)
    .where(pruned_entries.c.feed_id == sa.bindparam("feed"), pruned_entries.c.key_hash == sa.bindparam("was"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("key_hash", "url_hash", "content_hash")})
)


def known_hashes(connection: sa.Connection, feed_id: FeedId, keys: Sequence[str]) -> dict[str, str]:
    """Give the content hashes of those entries of a feed that are stored, by entry key."""
    rows = connection.execute(_HASHES, {"feed": feed_id, "keys": keys})
    return {row.entry_key: row.content_hash for row in rows}


def articles_by_key(connection: sa.Connection, feed_id: FeedId, keys: Sequence[str]) -> dict[str, KnownArticle]:
    """Give the articles of a feed that are stored under these keys, by key."""
    rows = connection.execute(_BY_KEY, {"feed": feed_id, "keys": keys}) if keys else ()
    return {row.key: KnownArticle(**row._mapping) for row in rows}  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns


def akin_articles(connection: sa.Connection, feed_id: FeedId, entries: Sequence[Entry]) -> list[KnownArticle]:
    """Give the articles of a feed that have the link or the words of one of the entries, in the order they came."""
    links = [short_hash(entry.url) for entry in entries if entry.url]
    words = [entry.content_hash for entry in entries]
    rows = connection.execute(_AKIN, {"feed": feed_id, "links": links, "words": words})
    return [KnownArticle(**row._mapping) for row in rows]  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns


def akin_pruned(connection: sa.Connection, feed_id: FeedId, entries: Sequence[Entry]) -> list[PrunedEntry]:
    """Give what is left of those pruned articles of a feed that had the key, link or words of one of the entries."""
    asked = {
        "feed": feed_id,
        "keys": [short_hash(entry.key) for entry in entries],
        "links": [short_hash(entry.url) for entry in entries if entry.url],
        "words": [short_content_hash(entry.content_hash) for entry in entries],
    }
    return [PrunedEntry(row.key_hash, row.url_hash, row.content_hash) for row in connection.execute(_PRUNED, asked)]


def displace_articles(connection: sa.Connection, ids: Sequence[ArticleId]) -> None:
    """Take articles' keys away, since their feed gave them to others: each gets one that no entry bears."""
    if ids:
        nobodys = articles.c.entry_key + sa.literal("\n#") + sa.cast(articles.c.id, sa.Text)
        connection.execute(sa.update(articles).where(articles.c.id.in_(ids)).values(entry_key=nobodys))


def rename_articles(connection: sa.Connection, renamed: Sequence[tuple[ArticleId, Entry]]) -> None:
    """Give articles the keys and links that their feed knows them by now."""
    change = sa.update(articles).where(articles.c.id == sa.bindparam("article"))
    values: dict[str, object] = {name: sa.bindparam(f"new_{name}") for name in ("entry_key", "url", "url_hash")}
    rows = [
        {"article": one, "new_entry_key": entry.key, "new_url": entry.url, "new_url_hash": short_hash(entry.url)}
        for one, entry in renamed
    ]
    if rows:
        connection.execute(change.values(**values), rows)


def rename_pruned(
    connection: sa.Connection, feed_id: FeedId, renamed: Sequence[tuple[PrunedEntry, PrunedEntry]]
) -> None:
    """Let what is left of pruned articles look as their entries look now; each pair is what was stored, and what is."""
    rows = [
        {
            "feed": feed_id,
            "was": was.key_hash,
            "new_key_hash": now.key_hash,
            "new_url_hash": now.url_hash,
            "new_content_hash": now.content_hash,
        }
        for was, now in renamed
    ]
    if rows:
        connection.execute(_RENAMED, rows)
