"""The reader against a real publisher on loopback, with a real database and queue."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
import redis
import sqlalchemy as sa

from feed_publisher import LOOPBACK, Publisher, Writing, answer, publishing
from records import NOW, add_feed, entry
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.limits import Limits
from tocsin.feeds.pages.extractor import Extractor
from tocsin.feeds.pages.politeness import MAX_ATTEMPTS, page_host
from tocsin.models.articles import Article, PageState
from tocsin.models.ids import ArticleId
from tocsin.queueing import CLASSIFY, QueueWorker, Wakeups
from tocsin.store import articles
from tocsin.store.articles import NewArticle
from tocsin.store.database import Database, database_now
from tocsin.store.tables import articles as article_rows
from tocsin.store.tables import hosts
from tocsin_worker.read import BUDGET_SECONDS, LIMITS, Reader
from tocsin_worker.robots_shelf import DAY, SOON, RobotsShelf

SECRET = b"s" * 32
SECOND = timedelta(seconds=1)
TEXT = (
    "Troops broke the siege of the town on Tuesday, the government said, and the first lorries came in at noon.\n"
    "For three years it had been encircled by fighters, and food was dropped from planes of the United Nations."
)
NO_ROBOTS = answer(b"", status="404 Not Found")
TEASER = "Troops broke the siege."


def story(text: str = TEXT) -> bytes:
    paragraphs = "".join(f"<p>{line}</p>" for line in text.splitlines())
    html = (
        f"<html><head><title>t</title></head><body><article><h1>The siege is broken</h1>{paragraphs}</article></body>"
    )
    return answer(html.encode(), "Content-Type: text/html; charset=utf-8")


def robots(text: str) -> bytes:
    return answer(text.encode(), "Content-Type: text/plain")


@dataclass(slots=True)
class Clock:
    seconds: float = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass(slots=True)
class Desk:
    """A reader with all that it works on, while its publisher is up."""

    reader: Reader
    database: Database
    publisher: Publisher
    clock: Clock

    def store(self, *paths: str) -> list[int]:
        """Store articles whose pages are at these paths."""
        new = [
            NewArticle(
                replace(entry(url), url=url), language="en", published_at=NOW, backlog=False, page_host=page_host(url)
            )
            for url in (self.url(path) for path in paths)
        ]
        with self.database.write() as connection:
            return [*articles.insert_articles(connection, add_feed(connection).id, new, database_now(connection))]

    def url(self, path: str) -> str:
        return path if ":" in path else f"http://127.0.0.1:{self.publisher.port}/{path}"

    async def read(self, *paths: str) -> list[Article]:
        """Store articles, have their pages read and give what became of them."""
        ids = self.store(*paths)
        await self.reader.run(ids)
        return [self.article(one) for one in ids]

    def article(self, number: int) -> Article:
        with self.database.read() as connection:
            found = articles.get_article(connection, ArticleId(number))
        assert found is not None
        return found

    def let_time_pass(self) -> None:
        """Make all leases, waits and spacings of pages old."""
        with self.database.write() as connection:
            connection.execute(sa.update(article_rows).values(page_due_at=NOW - SECOND))
            connection.execute(sa.update(hosts).values(page_after=None, wait_until=None))

    def host(self) -> sa.Row[tuple[object, ...]]:
        with self.database.read() as connection:
            return connection.execute(sa.select(hosts)).one()

    def now(self) -> datetime:
        with self.database.read() as connection:
            return database_now(connection)

    @property
    def asked(self) -> list[str]:
        return [request.path for request in self.publisher.requests]


Test = Callable[[Desk], Awaitable[None]]
Run = Callable[..., None]


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def extractor(runner: asyncio.Runner) -> Iterator[Extractor]:
    shared = Extractor()
    yield shared
    runner.run(shared.close())


@pytest.fixture
def run(sqlite: Database, valkey: redis.Redis, runner: asyncio.Runner, extractor: Extractor) -> Run:
    """Run a test with a publisher that answers by path; what else it is told is for the reader."""

    async def at_desk(test: Test, answers: dict[str, bytes | Writing], adapted: Callable[[Reader], Reader]) -> None:
        clock, wakeups = Clock(), Wakeups(valkey, SECRET)
        async with publishing(NO_ROBOTS) as publisher, Fetcher("https://tocsin.example", allowed=[LOOPBACK]) as fetcher:
            publisher.answers |= {f"/{path}": each for path, each in answers.items()}
            reader = Reader(sqlite, wakeups, fetcher, RobotsShelf(fetcher, clock), extractor)
            await test(Desk(adapted(reader), sqlite, publisher, clock))

    def start(
        test: Test,
        answers: dict[str, bytes | Writing],
        *,
        host_of: Callable[[str], str] = page_host,
        limits: Limits = LIMITS,
        budget_seconds: float = BUDGET_SECONDS,
        stops: bool = False,
    ) -> None:
        def adapted(reader: Reader) -> Reader:
            changed = replace(reader, host_of=host_of, limits=limits, budget_seconds=budget_seconds)
            return replace(changed, stops=lambda: stops)

        runner.run(at_desk(test, answers, adapted))

    return start


def problem_of(article: Article) -> str:
    assert article.page is not None
    assert article.page.problem is not None
    return article.page.problem


def state_of(article: Article) -> PageState:
    assert article.page is not None
    return article.page.state


def test_a_page_is_read_after_its_robots_txt_and_its_text_waits_to_be_classified(run: Run, valkey: redis.Redis) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("1")
        assert desk.asked == ["/robots.txt", "/1"]
        assert (article.text, article.revision, article.classified_at) == (TEXT, 2, None)
        assert article.page is not None
        assert (article.page.state, article.page.problem, article.page.starts_at) == (PageState.READ, None, 0)
        assert article.page.read_at is not None
        assert abs(article.page.read_at - desk.now()) < timedelta(minutes=1)
        woken: list[list[int]] = []
        QueueWorker(valkey, SECRET, CLASSIFY, woken.append, lambda: None).run_waiting()
        assert woken == [[article.id]]

    run(test, {"1": story()})


def test_the_reader_says_who_it_is(run: Run) -> None:
    async def test(desk: Desk) -> None:
        await desk.read("1")
        agents = [request.headers["user-agent"] for request in desk.publisher.requests]
        assert all(agent.startswith("Tocsin/") and "+https://tocsin.example" in agent for agent in agents)
        assert desk.publisher.requests[1].headers["accept"] == "text/html, application/xhtml+xml"

    run(test, {"1": story()})


def test_a_page_that_robots_txt_disallows_is_not_asked_for_at_all(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("private/1")
        assert desk.asked == ["/robots.txt"]
        assert (article.text, state_of(article)) == (TEASER, PageState.FAILED)
        assert (
            problem_of(article)
            == f"the robots.txt of http://127.0.0.1:{desk.publisher.port} asks not to read this page"
        )

    run(test, {"private/1": story(), "robots.txt": robots("User-agent: Tocsin\nDisallow: /private/")})


def test_nothing_is_asked_for_while_robots_txt_fails_and_the_page_comes_due_again(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("1")
        assert (desk.asked, state_of(article)) == (["/robots.txt"], PageState.WANTED)
        assert problem_of(article) == "its robots.txt cannot be read (HTTP 500)"
        desk.publisher.answers["/robots.txt"] = NO_ROBOTS
        desk.let_time_pass()
        desk.clock.seconds += SOON
        await desk.reader.run([article.id])
        assert desk.article(article.id).text == TEXT

    run(test, {"1": story(), "robots.txt": answer(b"", status="500 Oops")})


def test_robots_txt_is_asked_for_once_a_day(run: Run) -> None:
    async def test(desk: Desk) -> None:
        for path, later in (("1", 0.0), ("2", DAY - 1), ("3", 1.0)):
            desk.clock.seconds += later
            await desk.read(path)
        assert desk.asked == ["/robots.txt", "/1", "/2", "/robots.txt", "/3"]

    run(test, {"1": story(), "2": story(), "3": story()})


def test_a_public_host_has_five_seconds_of_peace_between_two_pages(run: Run) -> None:
    async def test(desk: Desk) -> None:
        read, waiting = sorted(await desk.read("1", "2"), key=state_of)
        assert (state_of(read), state_of(waiting), len(desk.asked)) == (PageState.READ, PageState.WANTED, 2)
        await desk.reader.run([waiting.id])
        assert state_of(desk.article(waiting.id)) is PageState.WANTED
        rest = desk.host().page_after - desk.now()
        assert 0 * SECOND < rest <= 5 * SECOND
        desk.let_time_pass()
        await desk.reader.run([waiting.id])
        assert state_of(desk.article(waiting.id)) is PageState.READ

    run(test, {"1": story(), "2": story()}, host_of=lambda _: "wire.example")


def test_a_site_that_asks_for_more_time_gets_it(run: Run) -> None:
    async def test(desk: Desk) -> None:
        await desk.read("1")
        rest = desk.host().page_after - desk.now()
        assert 30 * SECOND < rest <= 40 * SECOND

    run(test, {"1": story(), "robots.txt": robots("User-agent: *\nCrawl-delay: 40")})


def test_a_server_of_our_own_network_is_read_one_page_at_a_time_without_pause(run: Run) -> None:
    async def test(desk: Desk) -> None:
        first, second = await desk.read("1", "2")
        assert sorted([state_of(first), state_of(second)]) == [PageState.READ, PageState.WANTED]
        await desk.reader.run([first.id, second.id])
        assert [state_of(desk.article(one.id)) for one in (first, second)] == [PageState.READ] * 2

    run(test, {"1": story(), "2": story()})


def test_pages_of_different_hosts_do_not_wait_for_each_other(run: Run) -> None:
    both: list[str] = []
    together = asyncio.Event()

    async def slow(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        both.append("asked")
        if len(both) == 2:
            together.set()
        await asyncio.wait_for(together.wait(), 10)
        writer.write(story())

    async def test(desk: Desk) -> None:
        found = await desk.read("1", "2")
        assert [state_of(article) for article in found] == [PageState.READ] * 2

    run(test, {"1": slow, "2": slow}, host_of=lambda url: urlsplit(url).path)


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_server_that_asks_for_time_gets_it_for_its_pages_and_feeds(run: Run, status: str) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("1")
        wait = desk.host().wait_until - desk.now()
        assert 3500 * SECOND < wait <= 3600 * SECOND
        assert (state_of(article), article.text) == (PageState.WANTED, TEASER)
        with desk.database.read() as connection:
            due_at = connection.execute(sa.select(article_rows.c.page_due_at)).scalar_one()
        assert due_at == desk.host().wait_until

    run(test, {"1": answer(b"", "Retry-After: 3600", status=status)})


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (answer(b"", status="404 Not Found"), "the site answers with HTTP 404 Not Found"),
        (answer(b"%PDF-1.7", "Content-Type: application/pdf"), "leads to application/pdf, not to a page in HTML"),
        (answer(b"{}", "Content-Type: application/json"), "leads to application/json, not to a page in HTML"),
        (story("Subscribe."), "no article was found in the page"),
        (answer(b"", "Content-Type: text/html"), "no article was found in the page (0 characters of text)"),
        (answer(b"x" * 3_500_000, "Content-Type: text/html"), "the page is larger than 3 MB"),
        (answer(b"", "Location: http://10.0.0.1/", status="302 Found"), "10.0.0.1"),
        (answer(b"", "Location: file:///etc/passwd", status="302 Found"), "file:///etc/passwd"),
        (
            answer(b"<html><body><article>" + b"<div>" * 100_000, "Content-Type: text/html"),
            "no article was found in the page",
        ),
    ],
    ids=["missing", "pdf", "json", "stub", "empty", "huge", "private redirect", "file redirect", "hostile"],
)
def test_what_is_no_article_is_given_up_with_the_reason_and_the_next_page_is_read(
    run: Run, page: bytes, words: str
) -> None:
    async def test(desk: Desk) -> None:
        bad, good = await desk.read("bad", "good")
        assert (state_of(bad), bad.text, bad.revision) == (PageState.FAILED, TEASER, 1)
        assert words in problem_of(bad)
        assert state_of(good) is PageState.READ

    run(test, {"bad": page, "good": story()}, host_of=lambda url: urlsplit(url).path)


def test_a_page_that_says_less_than_its_feed_is_left_for_the_feed(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [one] = desk.store("1")
        with desk.database.write() as connection:
            connection.execute(sa.update(article_rows).values(text=TEXT * 2))
        await desk.reader.run([one])
        assert (desk.article(one).text, state_of(desk.article(one))) == (TEXT * 2, PageState.FAILED)
        assert problem_of(desk.article(one)).endswith("; the feed's are kept")

    run(test, {"1": story()})


def test_a_page_that_comes_too_slowly_is_tried_again(run: Run) -> None:
    async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
        for _ in range(200):
            writer.write(b"word ")
            await writer.drain()
            await asyncio.sleep(0.05)

    async def test(desk: Desk) -> None:
        slow, good = await desk.read("slow", "good")
        assert (state_of(slow), state_of(good)) == (PageState.WANTED, PageState.READ)
        assert "did not finish its answer within 0.3 s" in problem_of(slow)

    run(
        test,
        {"slow": drip, "good": story()},
        limits=replace(LIMITS, seconds=0.3),
        host_of=lambda url: urlsplit(url).path,
    )


def test_a_page_whose_text_no_child_could_extract_is_tried_again(run: Run) -> None:
    async def test(desk: Desk) -> None:
        # Too little memory to start in.
        extractor = Extractor(memory=1_000_000)
        desk.reader = replace(desk.reader, extractor=extractor)
        [found] = await desk.read("story")
        await extractor.close()
        assert state_of(found) is PageState.WANTED
        assert "did not start" in problem_of(found)

    run(test, {"story": story()})


def test_a_page_that_redirects_lead_to_is_held_to_the_rules_of_its_own_site(run: Run) -> None:
    async def test(desk: Desk) -> None:
        moved, forbidden = await desk.read("moved", "forbidden")
        assert (state_of(moved), moved.text) == (PageState.READ, TEXT)
        assert (state_of(forbidden), forbidden.text) == (PageState.FAILED, TEASER)
        assert "robots.txt" in problem_of(forbidden)

    found = "302 Found"
    answers = {
        "moved": answer(b"", "Location: /story", status=found),
        "forbidden": answer(b"", "Location: /private/story", status=found),
        "story": story(),
        "private/story": story(),
        "robots.txt": robots("User-agent: *\nDisallow: /private/"),
    }
    run(test, answers, host_of=lambda url: urlsplit(url).path)


def test_a_page_is_given_up_after_its_last_attempt_with_the_reason(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("1")
        for _ in range(MAX_ATTEMPTS - 1):
            assert state_of(desk.article(article.id)) is PageState.WANTED
            desk.let_time_pass()
            await desk.reader.run([article.id])
        assert state_of(desk.article(article.id)) is PageState.FAILED
        assert problem_of(desk.article(article.id)) == (
            "given up after 4 attempts; the last one: the site answers with HTTP 502 Bad Gateway"
        )
        assert desk.asked.count("/1") == MAX_ATTEMPTS

    run(test, {"1": answer(b"", status="502 Bad Gateway")})


def test_a_page_that_ends_its_reader_is_not_begun_for_ever(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [one] = desk.store("1")
        with desk.database.write() as connection:
            connection.execute(sa.update(article_rows).values(page_attempts=MAX_ATTEMPTS))
        await desk.reader.run([one])
        assert (desk.asked, state_of(desk.article(one))) == ([], PageState.FAILED)
        assert problem_of(desk.article(one)).startswith("given up: begun 4 times and never finished")

    run(test, {"1": story()})


def test_two_readers_with_the_same_pages_ask_for_each_once(run: Run) -> None:
    async def test(desk: Desk) -> None:
        ids = desk.store("1", "2", "3")
        await asyncio.gather(desk.reader.run(ids), desk.reader.run(ids))
        assert sorted(desk.asked)[:3] == ["/1", "/2", "/3"]
        assert [state_of(desk.article(one)) for one in ids] == [PageState.READ] * 3

    run(test, {path: story() for path in ("1", "2", "3")}, host_of=lambda url: urlsplit(url).path)


def test_a_job_whose_time_is_over_begins_no_further_page(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("1")
        assert (desk.asked, state_of(article)) == ([], PageState.WANTED)

    run(test, {"1": story()}, budget_seconds=0.0)


def test_a_process_that_stops_begins_no_further_page(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("1")
        assert (desk.asked, state_of(article)) == ([], PageState.WANTED)

    run(test, {"1": story()}, stops=True)


def test_ids_that_are_not_there_or_not_wanted_are_passed_over(run: Run) -> None:
    async def test(desk: Desk) -> None:
        [article] = await desk.read("1")
        await desk.reader.run([article.id, 999])
        assert desk.asked == ["/robots.txt", "/1"]

    run(test, {"1": story()})
