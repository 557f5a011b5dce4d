"""Finding the feeds of a page, over HTTP on loopback."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from feed_publisher import answer, fetcher, publishing
from tocsin.feeds.discover import Discovery, discover
from tocsin.feeds.page_feeds import Origin
from tocsin.models.feeds import Problem, ProblemKind


def rss(title: str, *links: str) -> bytes:
    items = "".join(f"<item><title>{link}</title><link>https://g.example/{link}</link></item>" for link in links)
    return answer(f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>".encode())


def page(*links: str) -> bytes:
    named = "".join(f'<link rel="alternate" type="application/rss+xml" title="t" href="{link}">' for link in links)
    return answer(f"<html><head>{named}</head><body>News</body></html>".encode(), "Content-Type: text/html")


MISSING = answer(b"", status="404 Not Found")


@dataclass(frozen=True, slots=True)
class Found:
    outcome: Discovery | Problem
    asked: list[str]

    @property
    def feeds(self) -> dict[str, tuple[str, Origin]]:
        """Paths and titles of the feeds that were found."""
        assert isinstance(self.outcome, Discovery)
        return {feed.url.split("/", 3)[3]: (feed.title, feed.origin) for feed in self.outcome.feeds}


def found(start: str = "", **answers: bytes) -> Found:
    async def run() -> Found:
        async with publishing(MISSING, **answers) as publisher, fetcher() as fetching:
            outcome = await discover(fetching, f"http://127.0.0.1:{publisher.port}/{start}")
            return Found(outcome, [request.path for request in publisher.requests])

    return asyncio.run(run())


def test_the_feeds_that_a_page_names_are_read_and_no_others_are_asked_for() -> None:
    discovery = found("news", news=page("/a", "/gone"), a=rss("A", "1", "2"))
    assert discovery.feeds == {"a": ("A", Origin.NAMED)}
    assert discovery.asked == ["/news", "/a", "/gone"]
    assert isinstance(discovery.outcome, Discovery)
    [(rejected, reason)] = discovery.outcome.rejected
    assert rejected.endswith("/gone")
    assert reason.endswith("/gone answers HTTP 404")


def test_an_address_that_is_a_feed_is_found_as_itself() -> None:
    discovery = found("a", a=rss("A", "1"))
    assert (discovery.feeds, discovery.asked) == ({"a": ("A", Origin.ITSELF)}, ["/a"])


def test_two_formats_of_one_feed_are_one() -> None:
    discovery = found("news", news=page("/a", "/b", "/c"), a=rss("A", "1"), b=rss("A as Atom", "1"), c=rss("C", "2"))
    assert discovery.feeds == {"a": ("A", Origin.NAMED), "c": ("C", Origin.NAMED)}
    assert isinstance(discovery.outcome, Discovery)
    assert [len(feed.same_as) for feed in discovery.outcome.feeds] == [1, 0]


def test_usual_addresses_are_tried_where_the_page_names_none() -> None:
    discovery = found("news", news=page(), feed=rss("F", "1"))
    assert discovery.feeds == {"feed": ("F", Origin.USUAL)}
    assert discovery.asked[:3] == ["/news", "/robots.txt", "/feed"]


def test_news_sitemaps_of_robots_are_looked_at() -> None:
    robots = answer(b"Sitemap: /news-sitemap")
    answers = {"robots.txt": robots, "news-sitemap": rss("S", "1")}
    assert found("news", news=page(), **answers).feeds == {"news-sitemap": ("S", Origin.ROBOTS)}


def test_feeds_of_comments_alone_are_not_enough() -> None:
    discovery = found("news", news=page("/comments"), comments=rss("Comments", "1"), feed=rss("F", "2"))
    assert discovery.feeds == {"comments": ("Comments", Origin.NAMED), "feed": ("F", Origin.USUAL)}


def test_a_page_that_is_missing_is_a_problem_with_a_remedy() -> None:
    outcome = found("nowhere").outcome
    assert isinstance(outcome, Problem)
    assert outcome.kind is ProblemKind.HTTP
    assert outcome.message.endswith("/nowhere answers HTTP 404; check the address in a browser")


def test_private_addresses_are_refused_for_pages_too() -> None:
    async def run() -> Discovery | Problem:
        async with fetcher() as fetching:
            return await discover(fetching, "http://10.0.0.1/")

    outcome = asyncio.run(run())
    assert isinstance(outcome, Problem)
    assert outcome.kind is ProblemKind.REFUSED
