from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, add_feed, entry
from story_filling import place
from tocsin.models.articles import Article, ArticlePage, PageState
from tocsin.models.ids import ArticleId
from tocsin.store import articles, full_text, hosts, tables
from tocsin.store.articles import NewArticle
from tocsin.store.database import Database
from tocsin.store.full_text import PAGE_REST, WantedPage

LEASE = 2 * MINUTE
PAGE_TEXT = "Troops broke the siege. The first lorries came in at noon."


def host_of(url: str) -> str:
    return url.split("/")[2]


def store(database: Database, *urls: str, wanted: bool = True) -> list[ArticleId]:
    """Store articles whose pages are to be read, one an address."""
    new = [
        NewArticle(
            replace(entry(url), url=url),
            language="en",
            published_at=NOW,
            backlog=False,
            page_host=host_of(url) if wanted else None,
        )
        for url in urls
    ]
    with database.write() as connection:
        return articles.insert_articles(connection, add_feed(connection).id, new, NOW)


def due(database: Database, now: datetime = NOW) -> list[ArticleId]:
    with database.read() as connection:
        return full_text.due_pages(connection, now, limit=10)


def claim(database: Database, article_id: ArticleId, now: datetime = NOW) -> WantedPage | None:
    with database.write() as connection:
        return full_text.claim_page(connection, article_id, now, lease_for=LEASE, host_of=host_of)


def claimed(database: Database, article_id: ArticleId, now: datetime = NOW) -> WantedPage:
    page = claim(database, article_id, now)
    assert page is not None
    return page


def release(database: Database, page: WantedPage, page_after: datetime) -> None:
    with database.write() as connection:
        full_text.release_host(connection, page.host, page_after)


def get(database: Database, article_id: ArticleId) -> Article:
    with database.read() as connection:
        found = articles.get_article(connection, article_id)
    assert found is not None
    return found


def change(
    database: Database,
    article_id: ArticleId,
    now: datetime,
    *,
    title: str = "The siege is broken",
    text: str = "Troops broke the siege.",
    url: str = "https://wire.example/1",
) -> None:
    """Take in a changed entry of the article that was stored for the first address."""
    changed = replace(entry("https://wire.example/1", title, text), url=url)
    with database.write() as connection:
        articles.update_article(connection, get(database, article_id).feed_id, changed, now)


def test_pages_are_wanted_of_those_articles_that_name_a_host(database: Database) -> None:
    [plain] = store(database, "https://wire.example/a", wanted=False)
    [wanted] = store(database, "https://wire.example/b")
    assert [get(database, one).page for one in (plain, wanted)] == [None, ArticlePage(PageState.WANTED)]
    assert due(database) == [wanted]


def test_one_page_a_host_is_due_at_a_time(database: Database) -> None:
    one, _, other = store(database, "https://wire.example/1", "https://wire.example/2", "https://post.example/3")
    assert due(database) == [one, other]


def test_a_claim_gives_what_a_reader_needs_and_counts_the_attempt(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = WantedPage(
        one, "https://wire.example/1", "The siege is broken", "Troops broke the siege.", "wire.example", 1
    )
    assert claim(database, one) == page
    assert claim(database, one, NOW + LEASE) == replace(page, attempts=2)


def test_nobody_else_gets_a_page_or_another_of_its_host_while_it_is_read(database: Database) -> None:
    one, other, far = store(database, "https://wire.example/1", "https://wire.example/2", "https://post.example/3")
    page = claimed(database, one)
    assert [claim(database, article_id) for article_id in (one, other)] == [None, None]
    assert due(database) == [far]
    release(database, page, NOW + MINUTE)
    assert claim(database, other, NOW + MINUTE / 2) is None
    assert claimed(database, other, NOW + MINUTE).article_id == other


def test_readers_that_come_at_once_get_one_page_of_a_host(database: Database) -> None:
    ids = store(database, *(f"https://wire.example/{number}" for number in range(4)))
    ready = threading.Barrier(len(ids))
    got: list[WantedPage | None] = []

    def reader(article_id: ArticleId) -> None:
        ready.wait()
        got.append(claim(database, article_id))

    threads = [threading.Thread(target=reader, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([page for page in got if page]) == 1
    with database.read() as connection:
        attempts = connection.execute(sa.select(sa.func.sum(tables.articles.c.page_attempts))).scalar_one()
    assert attempts == 1


def test_readers_that_come_at_once_for_one_page_get_it_once(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    ready = threading.Barrier(4)
    got: list[WantedPage | None] = []

    def reader() -> None:
        ready.wait()
        got.append(claim(database, one))

    threads = [threading.Thread(target=reader) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [page.attempts for page in got if page] == [1]


def test_a_page_whose_reader_died_comes_due_with_its_lease_and_not_before(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    claimed(database, one)
    assert due(database, NOW + LEASE - timedelta(seconds=1)) == []
    assert due(database, NOW + LEASE) == [one]


def test_a_host_that_waits_is_left_alone(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = claimed(database, one)
    with database.write() as connection:
        full_text.settle_later(connection, page, "busy", NOW)
        full_text.release_host(connection, page.host, NOW)
        hosts.hold_host(connection, page.host, NOW + 10 * MINUTE, "wire.example answers 429", lambda *_: NOW)
    assert (due(database, NOW + 9 * MINUTE), claim(database, one, NOW + 9 * MINUTE)) == ([], None)
    assert due(database, NOW + 10 * MINUTE) == [one]


def test_a_page_that_was_read_is_the_next_revision_and_is_classified_anew(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    with database.write() as connection:
        [before] = articles.begin_classifying(connection, [one])
        place(connection, before, NOW)
    page = claimed(database, one)
    with database.write() as connection:
        assert full_text.settle_read(connection, page, PAGE_TEXT, NOW)
    article = get(database, one)
    assert (article.revision, article.classified_at) == (2, None)
    assert (article.text, article.page) == (PAGE_TEXT, ArticlePage(PageState.READ, NOW, None, 0))
    assert due(database, NOW + 10 * LEASE) == []
    with database.write() as connection:
        assert [found.id for found in articles.begin_classifying(connection, [one])] == [one]


def test_a_teaser_that_is_not_in_the_page_stands_before_it(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = claimed(database, one)
    with database.write() as connection:
        full_text.settle_read(connection, page, "Lorries came.", NOW)
    article = get(database, one)
    assert article.text == "Troops broke the siege.\nLorries came."
    assert article.page == ArticlePage(PageState.READ, NOW, None, len("Troops broke the siege.\n"))


def test_a_page_that_failed_keeps_the_teaser_and_says_why(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = claimed(database, one)
    with database.write() as connection:
        assert full_text.settle_failed(connection, page, "it is a film")
    article = get(database, one)
    assert (article.text, article.revision) == ("Troops broke the siege.", 1)
    assert article.page == ArticlePage(PageState.FAILED, None, "it is a film")


def test_a_page_that_was_put_off_comes_due_at_its_time(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = claimed(database, one)
    with database.write() as connection:
        assert full_text.settle_later(connection, page, "HTTP 503", NOW + 10 * MINUTE)
        full_text.release_host(connection, page.host, NOW)
    assert (due(database, NOW + 9 * MINUTE), due(database, NOW + 10 * MINUTE)) == ([], [one])
    assert get(database, one).page == ArticlePage(PageState.WANTED, None, "HTTP 503")


@pytest.mark.parametrize("settle", ["read", "failed", "later"])
def test_a_reader_whose_lease_was_lost_changes_nothing(database: Database, settle: str) -> None:
    [one] = store(database, "https://wire.example/1")
    slow = claimed(database, one)
    claimed(database, one, NOW + LEASE)
    with database.write() as connection:
        settled = {
            "read": lambda: full_text.settle_read(connection, slow, PAGE_TEXT, NOW),
            "failed": lambda: full_text.settle_failed(connection, slow, "no"),
            "later": lambda: full_text.settle_later(connection, slow, "no", NOW),
        }[settle]()
    assert not settled
    assert get(database, one).page == ArticlePage(PageState.WANTED)


def test_a_changed_teaser_keeps_the_text_of_the_page_and_asks_for_nothing(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = claimed(database, one)
    with database.write() as connection:
        full_text.settle_read(connection, page, "Lorries came.", NOW)
    change(database, one, NOW + 2 * PAGE_REST, text="Troops broke the ring.")
    assert get(database, one).text == "Troops broke the ring.\nLorries came."
    assert due(database, NOW + 3 * PAGE_REST) == []


def test_a_changed_headline_has_the_page_read_again_but_not_within_the_hour(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = claimed(database, one)
    with database.write() as connection:
        full_text.settle_read(connection, page, PAGE_TEXT, NOW)
        full_text.release_host(connection, page.host, NOW)
    change(database, one, NOW + MINUTE, title="The siege is not broken")
    assert get(database, one).text == PAGE_TEXT
    assert (due(database, NOW + PAGE_REST), due(database, NOW + MINUTE + PAGE_REST)) == ([], [one])
    again = claimed(database, one, NOW + MINUTE + PAGE_REST)
    assert (again.title, again.attempts) == ("The siege is not broken", 1)


def test_a_page_that_failed_gets_another_chance_when_its_feed_changes_the_entry(database: Database) -> None:
    [one] = store(database, "https://wire.example/1")
    page = claimed(database, one)
    with database.write() as connection:
        full_text.settle_failed(connection, page, "HTTP 404")
        full_text.release_host(connection, page.host, NOW)
    change(database, one, NOW + MINUTE, text="Troops broke the ring.")
    assert due(database, NOW + MINUTE) == [one]


def test_the_feed_of_an_article_without_a_page_never_makes_one_wanted(database: Database) -> None:
    [one] = store(database, "https://wire.example/1", wanted=False)
    change(database, one, NOW + MINUTE, title="The siege is not broken")
    assert get(database, one).page is None


def test_a_page_that_moved_to_another_host_waits_for_that_one(database: Database) -> None:
    one, other = store(database, "https://wire.example/1", "https://post.example/2")
    change(database, one, NOW, url="https://post.example/1")
    assert claimed(database, one).host == "post.example"
    assert claim(database, other) is None
