"""Articles placed as a classifier places them, without the rest of its work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zlib import crc32

import sqlalchemy as sa

from records import NOW, add_feed, entry
from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId
from tocsin.store.articles import (
    Classified,
    NewArticle,
    begin_classifying,
    get_article,
    insert_articles,
    mark_classified,
    update_article,
)
from tocsin.store.database import Database
from tocsin.store.placements import Placed, lock_stories
from tocsin_worker.newcomers import newcomer
from tocsin_worker.placing import place_articles
from tocsin_worker.shelf import StoryShelf

SANK = (
    "At least 40 people drowned when a wooden boat with migrants sank off Zuwara on Monday, the Libyan coastguard said."
    " Fishermen pulled 62 survivors from the water and took them to the harbour of Zuwara, west of Tripoli."
)
SANK_TOO = (
    "At least 40 people drowned when a wooden boat with migrants sank off Zuwara on Monday, the Libyan coastguard said."
    " Fishermen pulled 62 survivors from the water. Most of those rescued came from Sudan, an aid group added."
)
STRIKE = (
    "Ferry crews in Piraeus will walk out for 48 hours from Thursday over unpaid wages, their union said after talks "
    "with the Greek shipping ministry broke down. About 30 islands will be cut off from the mainland."
)


@dataclass
class PlacingHouse:
    """A database with feeds of several outlets, and one classifier's shelf."""

    database: Database
    shelf: StoryShelf = field(default_factory=StoryShelf)

    def store(
        self, outlet: str, title: str, text: str, *, key: str = "", at: datetime = NOW, url: str | None = None
    ) -> ArticleId:
        """Store an article that waits to be placed."""
        key = key or f"{outlet}-{title}"
        link = f"https://{outlet}.example/{crc32(key.encode())}" if url is None else url
        new = replace(entry(key, title=title, text=text), url=link)
        with self.database.write() as connection:
            feed = add_feed(connection, f"https://{outlet}.example/rss")
            fresh = NewArticle(new, language="en", published_at=at, backlog=False)
            return insert_articles(connection, feed.id, [fresh], max(at, NOW))[0]

    def change(self, article_id: ArticleId, title: str, text: str) -> None:
        """Let a feed change an article."""
        article = self.get(article_id)
        with self.database.write() as connection:
            key = connection.execute(
                sa.text("SELECT entry_key FROM articles WHERE id = :id"), {"id": article_id}
            ).scalar_one()
            changed = replace(entry(key, title=title, text=text), url=article.url)
            update_article(connection, article.feed_id, changed, NOW + timedelta(minutes=1))

    def place(self, *ids: ArticleId, shelf: StoryShelf | None = None) -> list[Placed]:
        """Place articles in one transaction; gives where each is."""
        shelf = shelf or self.shelf
        shelf.prepare(self.database, NOW)
        with shelf.on_trial(), self.database.write() as connection:
            placed = place(connection, shelf, ids)
        return [placed[one] for one in ids]

    def get(self, article_id: ArticleId) -> Article:
        with self.database.read() as connection:
            article = get_article(connection, article_id)
        assert article is not None
        return article

    def scalars(self, query: str) -> list[int]:
        with self.database.read() as connection:
            return list(connection.execute(sa.text(query)).scalars())


def place(connection: sa.Connection, shelf: StoryShelf, ids: Sequence[ArticleId]) -> dict[ArticleId, Placed]:
    """Place articles as the classifier does, within a transaction of its."""
    lock_stories(connection)
    waiting = begin_classifying(connection, ids)
    newcomers = [newcomer(article, article.language, "") for article in waiting]
    placed = place_articles(connection, shelf, newcomers, NOW)
    marked = [
        Classified(one.article, "en", where.story_id, where.development_id, one.outlet)
        for one in newcomers
        for where in [placed[one.article.id]]
    ]
    mark_classified(connection, marked, NOW)
    return placed
