"""A reader is killed in the middle of a page: the page is read later, and not before its lease is over."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from eventually import eventually
from feed_publisher import Publisher, answer, publishing
from records import NOW, add_feed, entry
from tocsin.bootstrap import WatchlistDesk
from tocsin.config import load_settings, secret_of
from tocsin.feeds.pages.politeness import page_host
from tocsin.models.articles import Article, PageState
from tocsin.models.ids import ArticleId
from tocsin.queueing import Wakeups
from tocsin.store import articles
from tocsin.store.articles import NewArticle
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.migrate import upgrade
from tocsin.store.tables import articles as article_rows
from tocsin.store.tables import hosts
from tocsin_scheduler.sweeps import sweep_pages
from valkey_server import Valkey

WATCHLIST = """\
version: 1
feeds: [https://wire.example/rss]
watches: {siege: {keywords: [siege]}}
"""
STORY = "Troops entered the town on Tuesday, the government said, and the first lorries came in at noon. " * 2


class Site:
    """A publisher in a thread of its own; its page hangs until it is ``let_go``."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._go = asyncio.Event()
        self._up = publishing(answer(b"", status="404 Not Found"))
        self.publisher: Publisher

    async def _page(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._go.wait()
        html = f"<html><body><article><p>{STORY}</p></article></body></html>"
        writer.write(answer(html.encode(), "Content-Type: text/html"))
        await writer.drain()

    async def _start(self) -> None:
        self.publisher = await self._up.__aenter__()
        self.publisher.answers["/1"] = self._page

    def let_go(self) -> None:
        self._loop.call_soon_threadsafe(self._go.set)

    def asked(self) -> int:
        return [request.path for request in self.publisher.requests].count("/1")

    @classmethod
    @contextmanager
    def running(cls) -> Iterator[Site]:
        site = cls()
        site._thread.start()
        asyncio.run_coroutine_threadsafe(site._start(), site._loop).result(30)
        try:
            yield site
        finally:
            site.let_go()
            asyncio.run_coroutine_threadsafe(site._up.__aexit__(None, None, None), site._loop).result(30)
            site._loop.call_soon_threadsafe(site._loop.stop)
            site._thread.join()
            site._loop.close()


def environment(home: Path) -> dict[str, str]:
    return dict(os.environ) | {
        "TOCSIN_HOME": str(home),
        "TOCSIN_WATCHLIST": str(home / "watchlist.yaml"),
        "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TOCSIN_LOG_FORMAT": "json",
    }


@contextmanager
def reader(home: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (home / "log").open("ab") as log:
        command = [sys.executable, "-m", "tocsin", "worker", "read"]
        process = subprocess.Popen(command, env=environment(home), stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def get(database: Database, article_id: ArticleId) -> Article:
    with database.read() as connection:
        found = articles.get_article(connection, article_id)
    assert found is not None
    return found


def is_read(database: Database, article_id: ArticleId) -> bool:
    page = get(database, article_id).page
    return page is not None and page.state is PageState.READ


def handed_out(database: Database, wakeups: Wakeups) -> bool:
    """Do what the scheduler does every few seconds."""
    sweep_pages(database, wakeups)
    return True


def store(database: Database, url: str) -> ArticleId:
    one = replace(entry("1"), url=url)
    new = NewArticle(one, language="en", published_at=NOW, backlog=False, page_host=page_host(url))
    with database.write() as connection:
        return articles.insert_articles(connection, add_feed(connection).id, [new], database_now(connection))[0]


@pytest.mark.timeout(120)
def test_a_page_whose_reader_was_killed_is_read_once_its_lease_is_over(tmp_path: Path) -> None:
    (tmp_path / "watchlist.yaml").write_text(WATCHLIST)
    settings = load_settings(environment(tmp_path))
    database = open_database(settings.database_url.get_secret_value())
    upgrade(database)
    WatchlistDesk(settings, database).accept()
    with Valkey(tmp_path) as valkey, Site.running() as site:
        wakeups = Wakeups(valkey.client(), secret_of(settings))
        one = store(database, f"http://127.0.0.1:{site.publisher.port}/1")
        with reader(tmp_path) as process:
            eventually(lambda: handed_out(database, wakeups) and site.asked() == 1)
            process.kill()
        site.let_go()
        # The lease holds: nobody hands the page out, and a reader that is sent it all the same leaves it alone.
        assert sweep_pages(database, wakeups) == 0
        with database.write() as connection:
            connection.execute(sa.update(article_rows).values(page_due_at=NOW))
            connection.execute(sa.update(hosts).values(page_after=NOW))
        valkey.client().flushall()
        with reader(tmp_path):
            eventually(lambda: handed_out(database, wakeups) and is_read(database, one))
        assert (site.asked(), get(database, one).revision) == (2, 2)
    database.close()
