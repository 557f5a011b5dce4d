"""Looking at one feed: two requests, and what is odd about the answers."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feed_publisher import NOW, Publisher, Request, Writing, answer, fetcher, publishing
from tocsin.feeds.probe import Probe, probe, remarks
from tocsin.models.feeds import NotModified, Problem, ProblemKind

SHORTEST = timedelta(minutes=10)


def item(number: int, date: str = "Tue, 10 Mar 2026 {:02}:00:00 GMT", text: str = "Text") -> str:
    dated = f"<pubDate>{date.format(number)}</pubDate>" if date else ""
    link = f"<link>https://g.example/{number}</link>"
    return f"<item><title>{number}</title>{link}{dated}<description>{text}</description></item>"


def rss(*items: str) -> bytes:
    return f"<rss version='2.0'><channel><title>G</title>{''.join(items)}</channel></rss>".encode()


GOOD = rss(item(10), item(11))


class Conditional:
    """A server that answers 304 to whoever has its validator."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def of(self, publisher: Publisher) -> Writing:
        async def write(_reader: object, writer: asyncio.StreamWriter) -> None:
            request: Request = publisher.requests[-1]
            known = request.headers.get("if-none-match") == '"1"'
            writer.write(answer(b"", status="304 Not Modified") if known else answer(self.body, 'ETag: "1"'))
            await writer.drain()

        return write


def probed(server: bytes | Conditional) -> tuple[Probe | Problem, int]:
    async def run() -> tuple[Probe | Problem, int]:
        async with publishing(answer() if isinstance(server, Conditional) else server) as publisher:
            if isinstance(server, Conditional):
                publisher.default = server.of(publisher)
            async with fetcher() as fetching:
                outcome = await probe(fetching, publisher.url, NOW, shortest=SHORTEST, pause=0)
            return outcome, len(publisher.requests)

    return asyncio.run(run())


def odd(server: bytes | Conditional) -> list[str]:
    outcome, _ = probed(server)
    assert isinstance(outcome, Probe)
    return list(remarks(outcome, NOW))


def test_a_good_feed_is_seen_with_its_rhythm_and_nothing_odd() -> None:
    outcome, requests = probed(Conditional(GOOD))
    assert isinstance(outcome, Probe)
    assert requests == 2
    assert isinstance(outcome.again, NotModified)
    assert outcome.dates == (NOW - timedelta(hours=2), NOW - timedelta(hours=1))
    assert outcome.feed.interval is not None
    assert SHORTEST <= outcome.feed.interval <= timedelta(hours=1)
    assert remarks(outcome, NOW) == ()


def test_a_feed_without_validators_is_asked_once_and_told() -> None:
    outcome, requests = probed(answer(GOOD))
    assert requests == 1
    assert isinstance(outcome, Probe)
    assert remarks(outcome, NOW) == (
        "it sends neither ETag nor Last-Modified: every poll costs the whole feed, so it is asked less often",
    )


def test_a_server_whose_validators_do_nothing_is_told() -> None:
    assert odd(answer(GOOD, 'ETag: "1"')) == [
        "it sends validators but not 304 for an unchanged feed; tell the publisher"
    ]


@pytest.mark.parametrize(
    ("body", "remark"),
    [
        (rss(), "it has no entries"),
        (
            rss(item(10), item(11, "")),
            "1 of 2 entries have no usable date: the time they are first seen takes its place",
        ),
        (rss(item(10, text=""), item(11, text="")), "its entries are titles only; full_text: true reads their pages"),
        (
            rss(item(10, "Tue, 06 Jan 2026 {}:00:00 GMT")),
            "its newest entry is of 2026-01-06: it may have been given up",
        ),
    ],
    ids=["empty", "undated", "titles", "old"],
)
def test_what_is_odd_about_the_contents_is_told(body: bytes, remark: str) -> None:
    assert odd(Conditional(body)) == [remark]


@pytest.mark.parametrize(
    ("server", "kind"),
    [
        (answer(b"<html></html>"), ProblemKind.NOT_A_FEED),
        (answer(b"", status="500 No"), ProblemKind.HTTP),
        (answer(b"", status="304 Not Modified"), ProblemKind.HTTP),
    ],
    ids=["page", "error", "unasked"],
)
def test_what_cannot_be_read_is_a_problem(server: bytes, kind: ProblemKind) -> None:
    outcome, requests = probed(server)
    assert isinstance(outcome, Problem)
    assert (outcome.kind, requests) == (kind, 1)
