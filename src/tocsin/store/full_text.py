"""The articles' own pages: which are wanted and due, who reads one now, and what became of it.

A wanted page is leased by its `page_due_at`, its host by `hosts.page_after`: so one page a host is read at a time,
whoever reads, and a reader that dies holds up neither for longer than the lease. The count of attempts tells a lease
from the next one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from tocsin.models.articles import PageState
from tocsin.models.ids import ArticleId
from tocsin.store.columns import UtcDateTime
from tocsin.store.tables import articles, hosts
from tocsin.store.upsert import insert

PAGE_REST = timedelta(hours=1)
"""So long a page that was read is left alone, whatever its feed changes."""


@dataclass(frozen=True, slots=True)
class WantedPage:
    """A page under lease: the article's address, title and ``teaser`` (what its feed gives), and the key of its host.

    ``attempts`` counts this one, too.
    """

    article_id: ArticleId
    url: str
    title: str
    teaser: str
    host: str
    attempts: int


def due_pages(connection: sa.Connection, now: datetime, *, limit: int) -> list[ArticleId]:
    """Find pages to be read, one for each host that may be asked now; those that wait longest come first."""
    query = (
        sa.select(sa.func.min(articles.c.id).label("id"))
        .outerjoin(hosts, hosts.c.key == articles.c.page_host)
        .where(articles.c.page_state == PageState.WANTED.value, articles.c.page_due_at <= now, _is_free(now))
        .group_by(articles.c.page_host)
        .order_by(sa.func.min(articles.c.page_due_at), "id")
        .limit(limit)
    )
    return [ArticleId(row.id) for row in connection.execute(query)]


def claim_page(
    connection: sa.Connection,
    article_id: ArticleId,
    now: datetime,
    *,
    lease_for: timedelta,
    host_of: Callable[[str], str],
) -> WantedPage | None:
    """Lease a page and its host; None where it is not due, is no longer wanted, or its host may not be asked now."""
    due = sa.and_(
        articles.c.id == article_id, articles.c.page_state == PageState.WANTED.value, articles.c.page_due_at <= now
    )
    url = connection.execute(sa.select(articles.c.url).where(due)).scalar_one_or_none()
    if url is None:
        return None
    host, until = host_of(url), now + lease_for
    if not _take_host(connection, host, now, until):
        return None
    # The host is told again: the feed may have changed the article's address.
    values = {"page_due_at": until, "page_attempts": articles.c.page_attempts + 1, "page_host": host}
    told = (articles.c.title, articles.c.text, articles.c.page_attempts)
    row = connection.execute(sa.update(articles).where(due).values(values).returning(*told)).one_or_none()
    if row is None:  # another reader was faster, and is through with the host already
        release_host(connection, host, now)
        return None
    return WantedPage(article_id, url, row.title, row.text, host, row.page_attempts)


def _take_host(connection: sa.Connection, host: str, now: datetime, until: datetime) -> bool:
    """Take a host for one page, unless another page is being read there or the host wants to be left alone."""
    taken = (
        insert(connection, hosts)
        .values(key=host, page_after=until)
        .on_conflict_do_update(index_elements=[hosts.c.key], set_={"page_after": until}, where=_is_free(now))
        .returning(hosts.c.key)
    )
    return connection.execute(taken).one_or_none() is not None


def _is_free(now: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.or_(hosts.c.page_after.is_(None), hosts.c.page_after <= now),
        sa.or_(hosts.c.wait_until.is_(None), hosts.c.wait_until <= now),
    )


def release_host(connection: sa.Connection, host: str, page_after: datetime) -> None:
    """Let the next page of a host be read from ``page_after`` on."""
    connection.execute(sa.update(hosts).where(hosts.c.key == host).values(page_after=page_after))


def settle_read(connection: sa.Connection, page: WantedPage, text: str, now: datetime) -> bool:
    """Store a page's text as the article's next revision, which waits to be classified; False if the lease was
    lost.
    """
    return _settle(
        connection,
        page,
        {
            "page_state": PageState.READ.value,
            "page_text": text,
            "page_read_at": now,
            "page_due_at": None,
            "page_problem": None,
            "revision": articles.c.revision + 1,
            "updated_at": now,
            "enqueued_at": now,
            "classified_at": None,
            "quarantined_at": None,
            "attempts": 0,
        },
    )


def settle_failed(connection: sa.Connection, page: WantedPage, problem: str) -> bool:
    """Give a page up, with the reason in words; what was read of it before stays. False if the lease was lost."""
    return _settle(
        connection, page, {"page_state": PageState.FAILED.value, "page_problem": problem, "page_due_at": None}
    )


def settle_later(connection: sa.Connection, page: WantedPage, problem: str, due_at: datetime) -> bool:
    """Put a page off; False if the lease was lost."""
    return _settle(connection, page, {"page_problem": problem, "page_due_at": due_at})


def _settle(connection: sa.Connection, page: WantedPage, values: Mapping[str, object]) -> bool:
    ours = sa.and_(
        articles.c.id == page.article_id,
        articles.c.page_state == PageState.WANTED.value,
        articles.c.page_attempts == page.attempts,
    )
    return connection.execute(sa.update(articles).where(ours).values(**values)).rowcount == 1


def wanted_again(url: str, title: str, now: datetime) -> dict[str, sa.ColumnElement[object]]:
    """Give what becomes of an article's page when its feed changes the entry: read again under another address or
    headline, or after it failed; an hour later if it was read within the last.

    Words that come and go in the teaser alone are no reason to ask; the page's text stays until there is another.
    """
    settled = articles.c.page_state.in_([PageState.READ.value, PageState.FAILED.value])
    differs = sa.or_(articles.c.url != url, articles.c.title != title, articles.c.page_state == PageState.FAILED.value)
    again = sa.and_(settled, differs)
    rested = sa.or_(articles.c.page_read_at.is_(None), articles.c.page_read_at <= now - PAGE_REST)
    due_at = sa.case((rested, sa.literal(now, UtcDateTime)), else_=sa.literal(now + PAGE_REST, UtcDateTime))
    return {
        "page_state": sa.case((again, PageState.WANTED.value), else_=articles.c.page_state),
        "page_attempts": sa.case((again, 0), else_=articles.c.page_attempts),
        "page_due_at": sa.case((again, due_at), else_=articles.c.page_due_at),
    }
