"""Articles: taking in new and changed entries, and finding those that still have to be classified."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.articles import Article, ArticlePage, PageState, joined
from tocsin.models.feeds import Entry
from tocsin.models.identity import short_hash
from tocsin.models.ids import ArticleId, DevelopmentId, FeedId, StoryId
from tocsin.store.bulk import insert_many
from tocsin.store.columns import AnyRow
from tocsin.store.full_text import wanted_again
from tocsin.store.tables import articles, feeds

MAX_ATTEMPTS = 5
"""How often an article may be begun and not finished (a crash, a lost worker) before it is put aside for the operator
to see.
"""


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An entry about to be stored: language as declared, ``published_at`` clamped, ``backlog`` decided.

    ``page_host`` is the key of the host of the article's own page (see `tocsin.feeds.hosts`) where that is to be read.
    """

    entry: Entry
    language: str | None
    published_at: datetime
    backlog: bool
    page_host: str | None = None


@dataclass(frozen=True, slots=True)
class Classified:
    """What the classifier found out of one revision of an article, beside its matches."""

    article: Article
    language: str | None
    story_id: StoryId
    development_id: DevelopmentId
    outlet: str | None = None


def insert_articles(
    connection: sa.Connection, feed_id: FeedId, new: Sequence[NewArticle], now: datetime
) -> list[ArticleId]:
    """Store new entries of a feed; they wait to be classified. Gives their ids, in their order."""
    rows = [_row(feed_id, article, now) for article in new]
    return [ArticleId(number) for number in insert_many(connection, articles, rows)]


def _row(feed_id: FeedId, new: NewArticle, now: datetime) -> dict[str, object]:
    entry = new.entry
    return {
        "feed_id": feed_id,
        "entry_key": entry.key,
        "url": entry.url,
        "url_hash": short_hash(entry.url),
        "title": entry.title,
        "text": entry.text,
        "author": entry.author,
        "language": new.language,
        "published_at": new.published_at,
        "published_raw": entry.published_raw,
        "first_seen_at": now,
        "updated_at": now,
        "content_hash": entry.content_hash,
        "revision": 1,
        "backlog": new.backlog,
        "enqueued_at": now,
        "page_state": PageState.WANTED.value if new.page_host else None,
        "page_due_at": now if new.page_host else None,
        "page_host": new.page_host,
    }


def update_article(
    connection: sa.Connection, feed_id: FeedId, entry: Entry, now: datetime, *, is_quiet: bool = False
) -> ArticleId:
    """Store the new text of a known entry as its next revision; it waits to be classified again.

    What it matches only now is news, even of an article that was backlog. What a quiet revision matches is not told,
    unless the article, or its page, was still to be classified before: then it is news still.
    """
    awaits_page = sa.func.coalesce(articles.c.page_state, "") == PageState.WANTED.value
    was_told = sa.or_(articles.c.quiet, sa.and_(articles.c.classified_at.is_not(None), sa.not_(awaits_page)))
    change = sa.update(articles).where(articles.c.feed_id == feed_id, articles.c.entry_key == entry.key)
    values: dict[str, object] = {
        "url": entry.url,
        "url_hash": short_hash(entry.url),
        "title": entry.title,
        "text": entry.text,
        "author": entry.author,
        "language": entry.language,
        "content_hash": entry.content_hash,
        "quiet": was_told if is_quiet else False,
        "backlog": articles.c.backlog if is_quiet else sa.and_(articles.c.backlog, articles.c.classified_at.is_(None)),
        "updated_at": now,
        "enqueued_at": now,
        "classified_at": None,
        "quarantined_at": None,
        "attempts": 0,
        **wanted_again(entry.url, entry.title, now),
    }
    result = connection.execute(change.values(revision=articles.c.revision + 1, **values).returning(articles.c.id))
    return ArticleId(result.scalar_one())


def begin_classifying(connection: sa.Connection, ids: Sequence[ArticleId]) -> list[Article]:
    """Load those of the articles that still have to be classified, and count the attempt, so that crashes are seen."""
    waiting = sa.and_(articles.c.id.in_(ids), articles.c.classified_at.is_(None), articles.c.quarantined_at.is_(None))
    connection.execute(sa.update(articles).where(waiting).values(attempts=articles.c.attempts + 1))
    return _load(connection, waiting)


def give_attempt_back(connection: sa.Connection, ids: Sequence[ArticleId]) -> None:
    """Take back the attempt that `begin_classifying` counted: it was not the article that ended it."""
    begun = sa.and_(articles.c.id.in_(ids), articles.c.attempts > 0)
    connection.execute(sa.update(articles).where(begun).values(attempts=articles.c.attempts - 1, enqueued_at=None))


def lock_unclassified(connection: sa.Connection, seen: Sequence[Article]) -> set[ArticleId]:
    """Lock those of the articles whose revision is still the one seen and that nobody has classified meanwhile.

    The rest needs nothing from us: another worker was faster, or a new revision waits for its own turn.
    """
    revisions = {article.id: article.revision for article in seen}
    query = (
        sa.select(articles.c.id, articles.c.revision)
        .where(articles.c.id.in_(list(revisions)), articles.c.classified_at.is_(None))
        .order_by(articles.c.id)
        .with_for_update()
    )
    return {row.id for row in connection.execute(query) if row.revision == revisions[row.id]}


def mark_classified(connection: sa.Connection, classified: Sequence[Classified], now: datetime) -> None:
    """Mark articles that were locked before as classified, with what was found out of them."""
    change = (
        sa.update(articles)
        .where(articles.c.id == sa.bindparam("article"))
        .values(
            language=sa.bindparam("found_language"),
            story_id=sa.bindparam("story"),
            development_id=sa.bindparam("development"),
            outlet=sa.bindparam("found_outlet"),
            classified_at=now,
            attempts=0,
            quarantined_at=None,
        )
    )
    rows = [
        {
            "article": found.article.id,
            "found_language": found.language,
            "story": found.story_id,
            "development": found.development_id,
            "found_outlet": found.outlet,
        }
        for found in classified
    ]
    if rows:
        connection.execute(change, rows)


def unclassified(connection: sa.Connection, *, enqueued_before: datetime, limit: int) -> list[tuple[ArticleId, int]]:
    """Find articles that nobody has classified although they were enqueued before that time: their ids and attempts
    so far.
    """
    query = (
        sa.select(articles.c.id, articles.c.attempts)
        .where(articles.c.classified_at.is_(None), articles.c.quarantined_at.is_(None))
        .where(sa.or_(articles.c.enqueued_at.is_(None), articles.c.enqueued_at < enqueued_before))
        .order_by(articles.c.id)
        .limit(limit)
    )
    return [(ArticleId(row.id), row.attempts) for row in connection.execute(query)]


def mark_enqueued(connection: sa.Connection, ids: Sequence[ArticleId], now: datetime) -> None:
    """Remember that these were handed to the queue just now."""
    connection.execute(sa.update(articles).where(articles.c.id.in_(ids)).values(enqueued_at=now))


def quarantine_hopeless(connection: sa.Connection, now: datetime) -> list[ArticleId]:
    """Put aside the articles that were begun too often and never finished; gives their ids."""
    hopeless = sa.and_(
        articles.c.attempts >= MAX_ATTEMPTS, articles.c.classified_at.is_(None), articles.c.quarantined_at.is_(None)
    )
    result = connection.execute(sa.update(articles).where(hopeless).values(quarantined_at=now).returning(articles.c.id))
    return [ArticleId(row.id) for row in result]


def quarantined(connection: sa.Connection, limit: int = 100) -> list[Article]:
    """Give the articles that were put aside, the latest first."""
    return _load(connection, articles.c.quarantined_at.is_not(None))[-limit:][::-1]


def get_article(connection: sa.Connection, article_id: ArticleId) -> Article | None:
    """Load one article, or None."""
    return next(iter(_load(connection, articles.c.id == article_id)), None)


def get_articles(connection: sa.Connection, ids: Collection[ArticleId]) -> list[Article]:
    """Load articles, in the order of their ids; those that are not there are left out."""
    return _load(connection, articles.c.id.in_(set(ids))) if ids else []


def latest_articles(connection: sa.Connection, limit: int) -> list[Article]:
    """Give the articles that were stored last, in the order in which they came."""
    newest = sa.select(articles.c.id).order_by(articles.c.id.desc()).limit(limit)
    return _load(connection, articles.c.id.in_(newest))


def count_articles(connection: sa.Connection, since: datetime) -> int:
    """Count the articles first seen since that time."""
    query = sa.select(sa.func.count()).select_from(articles).where(articles.c.first_seen_at >= since)
    return connection.execute(query).scalar_one()


ARTICLE_COLUMNS = (
    articles.c.id.label("article_id"),
    articles.c.feed_id,
    feeds.c.title.label("feed_title"),
    articles.c.url,
    articles.c.title,
    articles.c.text,
    articles.c.author,
    sa.func.coalesce(articles.c.language, feeds.c.language).label("language"),
    feeds.c.home,
    articles.c.published_at,
    articles.c.first_seen_at,
    articles.c.revision,
    articles.c.backlog,
    articles.c.quiet,
    articles.c.story_id,
    articles.c.development_id,
    articles.c.outlet,
    articles.c.updated_at,
    articles.c.classified_at,
    articles.c.page_text,
    articles.c.page_state,
    articles.c.page_read_at,
    articles.c.page_problem,
)


def article_of(row: AnyRow) -> Article:
    """Make the record of a row that has ARTICLE_COLUMNS; its text is the feed's with that of its page."""
    columns = dict(row._mapping)  # noqa: SLF001 -- SQLAlchemy's public name for a row's columns
    values = {column.name: columns[column.name] for column in ARTICLE_COLUMNS}
    state, read_at, problem = (values.pop(f"page_{name}") for name in ("state", "read_at", "problem"))
    values["text"], starts_at = joined(values["text"], values.pop("page_text"))
    page = ArticlePage(PageState(state), read_at, problem, starts_at) if state else None
    return Article(id=values.pop("article_id"), page=page, **values)


def _load(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Article]:
    query = sa.select(*ARTICLE_COLUMNS).join(feeds, feeds.c.id == articles.c.feed_id).where(condition)
    rows: Iterable[AnyRow] = connection.execute(query.order_by(articles.c.id))
    return [article_of(row) for row in rows]
