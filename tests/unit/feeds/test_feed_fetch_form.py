from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from feed_publisher import answer, feed, fetcher, publishing
from tocsin.feeds.fetch import Page
from tocsin.feeds.limits import Limits
from tocsin.models.feeds import Problem, ProblemKind

FIELDS = {"hub.mode": "subscribe", "hub.topic": "https://wire.example/r?s=s&x=é"}
FORM = b"hub.mode=subscribe&hub.topic=https%3A%2F%2Fwire.example%2Fr%3Fs%3Ds%26x%3D%C3%A9"
ACCEPTED = answer(b"so be it", status="202 Accepted")


@dataclass(slots=True)
class Taker:
    """Reads the body of each request, as long as it says it is, and gives one answer after the other."""

    answers: list[bytes]
    forms: list[bytes] = field(default_factory=list)
    methods: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        fields = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
        self.methods.append(head.split(" ")[0])
        self.types.append(fields.get("content-type", ""))
        self.forms.append(await reader.readexactly(int(fields.get("content-length", "0"))))
        writer.write(self.answers.pop(0))
        await writer.drain()
        writer.close()


def post(*answers: bytes, path: str = "/hub") -> tuple[Page | Problem, Taker]:
    taker = Taker(list(answers))

    async def send() -> Page | Problem:
        server = await asyncio.start_server(taker.handle, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with server, fetcher(Limits(seconds=5)) as fetching:
            return await fetching.post_form(f"http://127.0.0.1:{port}{path}", FIELDS)

    return asyncio.run(send()), taker


def test_a_form_is_posted_in_utf_8_and_what_is_answered_comes_back() -> None:
    page, taker = post(ACCEPTED)
    assert isinstance(page, Page)
    assert (page.status, page.body) == (202, b"so be it")
    assert (taker.methods, taker.forms) == (["post"], [FORM])
    assert taker.types == ["application/x-www-form-urlencoded"]


def test_what_a_server_says_of_a_form_that_it_refuses_is_kept() -> None:
    page, _ = post(answer(b"no such topic", status="400 Bad Request"))
    assert isinstance(page, Page)
    assert (page.status, page.body) == (400, b"no such topic")


@pytest.mark.parametrize("status", ["307 Temporary Redirect", "308 Permanent Redirect"])
def test_a_form_is_sent_again_where_a_redirect_keeps_the_method(status: str) -> None:
    page, taker = post(answer(b"", "Location: /other", status=status), ACCEPTED)
    assert isinstance(page, Page)
    assert page.url.endswith("/other")
    assert (taker.methods, taker.forms) == (["post", "post"], [FORM, FORM])


@pytest.mark.parametrize("status", ["301 Moved Permanently", "302 Found", "303 See Other"])
def test_a_redirect_that_would_make_a_get_of_it_is_the_answer(status: str) -> None:
    page, taker = post(answer(b"", "Location: /other", status=status))
    assert isinstance(page, Page)
    assert page.status == int(status[:3])
    assert taker.methods == ["post"]


def test_a_redirect_to_a_private_address_is_refused() -> None:
    problem, taker = post(answer(b"", "Location: http://10.0.0.1/hub", status="307 Temporary Redirect"))
    assert isinstance(problem, Problem)
    assert problem.kind is ProblemKind.REFUSED
    assert len(taker.forms) == 1


def test_a_server_that_wants_to_be_left_alone_is_a_problem_with_a_time() -> None:
    problem, _ = post(answer(b"", "Retry-After: 600", status="429 Too Many Requests"))
    assert isinstance(problem, Problem)
    assert problem.retry_at is not None


def test_an_address_that_is_none_is_a_problem() -> None:
    async def send() -> Page | Problem:
        async with fetcher() as fetching:
            return await fetching.post_form("ftp://hub.example/", FIELDS)

    assert isinstance(asyncio.run(send()), Problem)


def test_a_connection_that_took_a_form_takes_a_poll_after_it() -> None:
    async def both() -> tuple[list[str], object]:
        async with publishing(answer()) as publisher, fetcher() as fetching:
            await fetching.post_form(publisher.url, FIELDS)
            outcome = await fetching.fetch(feed(publisher.url))
            return [request.headers.get("content-length", "") for request in publisher.requests], outcome

    lengths, outcome = asyncio.run(both())
    assert lengths == [str(len(FORM)), ""]
    assert not isinstance(outcome, Problem)
