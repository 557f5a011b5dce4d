"""Pages beside feeds: robots.txt, articles and the pages that feeds are looked for on."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta

import pytest

from feed_publisher import NOW, Publisher, Writing, answer, feed, fetcher, publishing
from tocsin.feeds.fetch import Fetcher, Limits, Page
from tocsin.models.feeds import Problem, ProblemKind

HTML = b"<!doctype html><title>t</title>"


def got(
    default: bytes | Writing, limits: Limits | None = None, **answers: bytes | Writing
) -> tuple[Page | Problem, str]:
    """Get a page once; gives also the address that was asked."""

    async def get() -> tuple[Page | Problem, str]:
        async with publishing(default, **answers) as publisher, fetcher() as fetching:
            return await fetching.get(publisher.url, accept="text/html", limits=limits), publisher.url

    return asyncio.run(get())


def test_a_page_comes_decoded_with_its_type_and_final_address() -> None:
    coded = answer(gzip.compress(HTML, mtime=0), "Content-Encoding: gzip", "Content-Type: text/html; charset=utf-8")
    page, url = got(answer(b"", "Location: /new", status="302 Found"), new=coded)
    assert page == Page(url.replace("/feed", "/new"), 200, HTML, "text/html; charset=utf-8")


@pytest.mark.parametrize("status", [404, 403, 410, 500, 503, 204])
def test_another_status_is_a_page_without_a_body(status: int) -> None:
    page, url = got(answer(b"nothing here", status=f"{status} Told"))
    assert page == Page(url, status, b"", "")


def test_a_page_is_asked_for_without_validators_and_as_what_it_is() -> None:
    async def get() -> Publisher:
        async with publishing(answer(HTML)) as publisher, fetcher() as fetching:
            fetching.subscribers = 3
            await fetching.get(publisher.url, accept="text/html")
            return publisher

    headers = asyncio.run(get()).requests[0].headers
    assert headers["accept"] == "text/html"
    assert headers["user-agent"].endswith("; 3 subscribers)")
    assert headers.keys() == {"host", "user-agent", "accept", "accept-encoding"}


def test_limits_of_its_own_hold_for_a_page() -> None:
    limits = Limits(wire=1_000, inflated=1_000, hops=0)
    page, _ = got(answer(bytes(2_000)), limits)
    assert isinstance(page, Problem)
    assert page.kind is ProblemKind.TOO_BIG
    page, _ = got(answer(gzip.compress(bytes(2_000), mtime=0), "Content-Encoding: gzip"), limits)
    assert isinstance(page, Problem)
    assert "after decompression" in page.message
    page, _ = got(answer(b"", "Location: /new", status="302 Found"), limits)
    assert isinstance(page, Problem)
    assert "redirects more than 0 times" in page.message


def test_the_next_feed_has_the_usual_limits_again() -> None:
    async def polls() -> object:
        async with publishing(answer(bytes(2_000))) as publisher, fetcher() as fetching:
            await fetching.get(publisher.url, accept="text/html", limits=Limits(wire=1_000))
            return await fetching.fetch(feed(publisher.url))

    assert not isinstance(asyncio.run(polls()), Problem)


@pytest.mark.parametrize(
    ("headers", "status", "kind", "wait"),
    [
        (["Retry-After: 60"], "429 Too Many Requests", ProblemKind.RATE_LIMITED, timedelta(minutes=1)),
        (["Retry-After: 60"], "503 Service Unavailable", ProblemKind.RATE_LIMITED, timedelta(minutes=1)),
        ([], "429 Too Many Requests", ProblemKind.RATE_LIMITED, None),
        (["CF-Mitigated: challenge"], "403 Forbidden", ProblemKind.BLOCKED, None),
    ],
)
def test_a_host_that_wants_peace_or_a_person_is_a_problem(
    headers: list[str], status: str, kind: ProblemKind, wait: timedelta | None
) -> None:
    page, _ = got(answer(b"", *headers, status=status))
    assert isinstance(page, Problem)
    assert (page.kind, page.retry_at) == (kind, None if wait is None else NOW + wait)


@pytest.mark.parametrize("url", ["", "feed", "file:///etc/hostname", "http://169.254.169.254/", "http://[::1]/"])
def test_a_page_inside_the_house_or_nowhere_is_refused(url: str) -> None:
    async def get() -> Page | Problem:
        async with Fetcher(None) as fetching:
            return await fetching.get(url, accept="text/html")

    page = asyncio.run(get())
    assert isinstance(page, Problem)
    assert page.kind is ProblemKind.REFUSED


def test_a_password_stays_with_its_origin_over_a_redirect() -> None:
    async def get() -> Publisher:
        moved = answer(b"", "Location: /new", status="302 Found")
        async with publishing(moved, new=answer(HTML)) as publisher, fetcher() as fetching:
            page = await fetching.get(publisher.url.replace("//", "//me:secret@"), accept="text/html")
            assert isinstance(page, Page)
            assert "secret" not in page.url
            return publisher

    assert ["authorization" in request.headers for request in asyncio.run(get()).requests] == [True, True]


def test_a_request_that_is_given_up_leaves_the_fetcher_well() -> None:
    async def get() -> Page | Problem:
        asked = asyncio.Event()

        async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            asked.set()
            await reader.read()

        async with publishing(hang, new=answer(HTML)) as publisher, fetcher(Limits(connections=1)) as fetching:
            waiting = asyncio.create_task(fetching.get(publisher.url, accept="text/html"))
            await asked.wait()
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            return await fetching.get(publisher.url.replace("/feed", "/new"), accept="text/html")

    assert isinstance(asyncio.run(get()), Page)


def test_a_fetcher_may_end_while_a_request_is_under_way() -> None:
    async def get() -> asyncio.Task[Page | Problem]:
        asked = asyncio.Event()

        async def hang(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            asked.set()
            await reader.read()

        async with publishing(hang) as publisher:
            async with fetcher() as fetching:
                waiting = asyncio.create_task(fetching.get(publisher.url, accept="text/html"))
                await asked.wait()
            await asyncio.gather(waiting, return_exceptions=True)
        return waiting

    assert asyncio.run(get()).cancelled()


def test_a_fetcher_outside_of_its_block_says_so() -> None:
    with pytest.raises(RuntimeError, match="outside of its 'async with' block"):
        asyncio.run(fetcher().get("http://127.0.0.1/", accept="text/html"))
