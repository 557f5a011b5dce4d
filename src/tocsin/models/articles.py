"""An article: an entry that we stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.models.ids import ArticleId, DevelopmentId, FeedId, StoryId


class PageState(StrEnum):
    """What became of reading an article's own page."""

    WANTED = "wanted"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article's own page, where its feed asks for ``full_text``.

    ``problem`` says in words why it was not read, or not yet. ``starts_at`` is where its words begin in the article's
    text, 0 where they hold all that the feed gives; None where there are none.
    """

    state: PageState
    read_at: datetime | None = None
    problem: str | None = None
    starts_at: int | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article with what its feed says of it.

    ``text`` is what the feed gives, with the text of the article's own page behind it where that was read (see
    `joined`).
    ``published_at`` never lies after ``first_seen_at``. ``revision`` counts the texts seen under this entry, from 1.
    ``backlog`` marks what was already old when its feed was first read, and did not change since: it is matched and
    shown, but neither alerted nor digested. ``quiet`` marks a revision that came when the feed changed most of its
    entries at once: matches that it adds are not told either. ``home`` is the feed's home region. ``outlet`` names who
    published it, the same for all feeds of one house; None until it is classified. ``updated_at`` is when its latest
    revision came.
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
    page: ArticlePage | None = None
    quiet: bool = False
    development_id: DevelopmentId | None = None
    outlet: str | None = None
    updated_at: datetime | None = None


def joined(teaser: str, page_text: str | None) -> tuple[str, int | None]:
    r"""Join what the feed gives with what the page says; gives also where the page's words begin, None without any.

    A teaser that stands in the page, as most do, is not told twice; the dots at its end, where it was cut, do not
    count.

    >>> joined("Troops broke the siege [...]", "Troops broke the\nsiege. Lorries came.")
    ('Troops broke the\nsiege. Lorries came.', 0)
    >>> joined("Siege over.", "Lorries came."), joined("Siege over.", None)
    (('Siege over.\nLorries came.', 12), ('Siege over.', None))
    """
    if not page_text:
        return teaser, None
    opening = " ".join(teaser.split()).rstrip(" .…[]()")
    if opening in " ".join(page_text.split()):
        return page_text, 0
    return f"{teaser}\n{page_text}", len(teaser) + 1


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
