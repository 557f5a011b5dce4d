"""The job `read`: the articles' own pages, one a host at a time, under the site's robots.txt.

What is read becomes the article's next revision, which is classified anew. A page that a reader died over comes due
again with its lease.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
import structlog

from tocsin.errors import QueueError
from tocsin.feeds.limits import Limits
from tocsin.feeds.next_check import check_after_hold
from tocsin.feeds.pages.extractor import Extractor
from tocsin.feeds.pages.outcome import LARGEST, Got, Outcome, PutOff, Refused, failed, judged, not_a_page
from tocsin.feeds.pages.politeness import MAX_ATTEMPTS, again_at, page_host, spacing
from tocsin.feeds.pages.robots import Robots, origin_of
from tocsin.models.feeds import Problem
from tocsin.models.ids import ArticleId
from tocsin.queueing import CLASSIFY, Wakeups
from tocsin.store import full_text
from tocsin.store.database import Database, database_now
from tocsin.store.full_text import WantedPage
from tocsin.store.hosts import hold_host
from tocsin_worker.gets import Gets
from tocsin_worker.robots_shelf import RobotsShelf

LEASE_FOR: Final = timedelta(minutes=2)
"""Longer than one page may take with its robots.txt and the wait for the extractor."""

BUDGET_SECONDS: Final = 60.0
"""A job begins no page after this time; the sweeper sends the rest again."""

AT_ONCE: Final = 4
"""Pages of different hosts that are read at a time."""

LIMITS: Final = Limits(seconds=20.0, wire=LARGEST, inflated=LARGEST)
ACCEPT: Final = "text/html, application/xhtml+xml"

_NEVER_FINISHED: Final = Refused(f"given up: begun {MAX_ATTEMPTS} times and never finished; see the log of the reader")
_TOO_MUCH: Final = "taking its HTML apart needs more time or memory than a page may have"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reader:
    """Runs the job. ``host_of`` and ``spacing`` decide which pages have to wait for each other, and how long;
    a process that ``stops`` begins no further page.
    """

    database: Database
    wakeups: Wakeups
    fetcher: Gets
    robots: RobotsShelf
    extractor: Extractor
    host_of: Callable[[str], str] = page_host
    spacing: Callable[[str, timedelta], timedelta] = spacing
    limits: Limits = LIMITS
    budget_seconds: float = BUDGET_SECONDS
    stops: Callable[[], bool] = lambda: False

    async def run(self, ids: Sequence[int]) -> None:
        """Read those of the articles' pages that are due and whose hosts may be asked.

        Raises:
            StoreError: The database failed; what was leased comes due again with its lease.

        """
        ends_at = time.monotonic() + self.budget_seconds
        room = asyncio.Semaphore(AT_ONCE)

        async def turn(article_id: int) -> None:
            async with room:
                if time.monotonic() < ends_at and not self.stops():
                    await self.read_one(ArticleId(article_id))

        # All come to their end, whatever one of them meets.
        ends = await asyncio.gather(*map(turn, ids), return_exceptions=True)
        for error in ends:
            if error is not None:
                raise error

    async def read_one(self, article_id: ArticleId) -> bool:
        """Lease one page, read it and settle it; False if there was nothing to do."""
        page = await asyncio.to_thread(self._claim, article_id)
        if page is None:
            return False
        rules = await self._permit(page.url) if page.attempts <= MAX_ATTEMPTS else _NEVER_FINISHED
        outcome = await self._read(page) if isinstance(rules, Robots) else rules
        peace = self.spacing(page.host, rules.crawl_delay if isinstance(rules, Robots) else timedelta())
        await asyncio.to_thread(self._settle, page, outcome, peace)
        if isinstance(outcome, Got):
            await asyncio.to_thread(self._wake, page.article_id)
        return True

    def _claim(self, article_id: ArticleId) -> WantedPage | None:
        with self.database.write() as connection:
            now = database_now(connection)
            return full_text.claim_page(connection, article_id, now, lease_for=LEASE_FOR, host_of=self.host_of)

    async def _permit(self, url: str) -> Robots | Refused | PutOff:
        """Give the rules by which a page may be asked for, or say why it may not."""
        rules = await self.robots.rules(url)
        if isinstance(rules, str):
            return PutOff(rules)
        return rules if rules.allows(url) else Refused(f"the robots.txt of {origin_of(url)} asks not to read this page")

    async def _read(self, page: WantedPage) -> Outcome:
        answer = await self.fetcher.get(page.url, accept=ACCEPT, limits=self.limits)
        if isinstance(answer, Problem):
            return failed(answer)
        if fault := not_a_page(answer):
            return fault
        if answer.url != page.url and not isinstance(rules := await self._permit(answer.url), Robots):
            return rules  # where redirects led to has rules of its own
        try:
            text = await self.extractor.text(answer, page.title)
        except OSError as error:
            return PutOff(f"{error}; this machine may be out of memory")
        return Refused(_TOO_MUCH) if text is None else judged(text, page.teaser)

    def _settle(self, page: WantedPage, outcome: Outcome, peace: timedelta) -> None:
        """Note what became of a page, and when its host may be asked for the next one."""
        with self.database.write() as connection:
            now = database_now(connection)
            full_text.release_host(connection, page.host, now + peace)
            settled = _settled(connection, page, outcome, now)
        if not settled:
            _log.warning("lease lost; the page is read again", article=page.article_id, url=page.url)
        elif isinstance(outcome, Got):
            _log.info("page read", article=page.article_id, url=page.url, characters=len(outcome.text))
        else:
            _log.warning("page not read", article=page.article_id, url=page.url, problem=outcome.problem)

    def _wake(self, article_id: ArticleId) -> None:
        try:
            self.wakeups.send(CLASSIFY, [article_id])
        except QueueError as error:
            _log.warning("not enqueued; the sweeper sends it again", article=article_id, reason=str(error))


def _settled(connection: sa.Connection, page: WantedPage, outcome: Outcome, now: datetime) -> bool:
    if isinstance(outcome, Got):
        return full_text.settle_read(connection, page, outcome.text, now)
    if isinstance(outcome, Refused):
        return full_text.settle_failed(connection, page, outcome.problem)
    if outcome.holds_host and outcome.wish:
        hold_host(connection, page.host, outcome.wish, outcome.problem, check_after_hold)
    due_at = again_at(page.attempts, now, outcome.wish)
    if due_at is None:
        problem = f"given up after {page.attempts} attempts; the last one: {outcome.problem}"
        return full_text.settle_failed(connection, page, problem)
    return full_text.settle_later(connection, page, outcome.problem, due_at)
