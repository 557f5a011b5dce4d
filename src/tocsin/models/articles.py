"""An article: an entry that we stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.models.ids import ArticleId, FeedId, StoryId


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article with what its feed says of it.

    ``published_at`` never lies after ``first_seen_at``. ``revision`` counts the texts seen under this entry, from 1.
    ``backlog`` marks what was already old when its feed was first read: it is matched and shown, but neither alerted
    nor digested. ``home`` is the feed's home region.
    """

    id: ArticleId
    feed_id: FeedId
    feed_title: str
    url: str
    title: str
    text: str
    author: str | None
    language: str | None
    home: str | None
    published_at: datetime
    first_seen_at: datetime
    revision: int
    backlog: bool
    story_id: StoryId | None
    classified_at: datetime | None


@dataclass(frozen=True, slots=True)
class Document:
    """What a verdict depends on: the two text fields, the language (BCP 47 primary subtag, None = unknown), the home
    region, and, for queries that ask for them, the article's address, its feed's title and its feed's tags.
    """

    title: str
    text: str
    language: str | None = None
    home: str | None = None
    url: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()


def document_of(article: Article, language: str | None, tags: tuple[str, ...]) -> Document:
    """Return what a verdict on a stored article depends on; ``tags`` are its feed's."""
    return Document(
        title=article.title,
        text=article.text,
        language=language,
        home=article.home,
        url=article.url,
        source=article.feed_title,
        tags=tags,
    )
