from __future__ import annotations

import asyncio
import gzip
import zlib

import pytest

from feed_publisher import (
    FEED,
    Names,
    Outcome,
    answer,
    feed,
    fetched,
    fetcher,
    hang,
    problem,
    publishing,
    slow_body,
    slow_header,
)
from tocsin.feeds.fetch import Fetcher, Limits
from tocsin.models.feeds import Fetched, ProblemKind

SMALL = Limits(wire=100_000, inflated=200_000)
IMPATIENT = Limits(seconds=0.3)


async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<rss>")
    await writer.drain()
    writer.transport.abort()


async def huge(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        writer.write(b"x" * 65536)
        await writer.drain()


@pytest.mark.parametrize("writing", [slow_body, slow_header, hang])
def test_the_deadline_holds_for_the_whole_poll(writing: object) -> None:
    assert callable(writing)
    found = problem(fetched(writing, IMPATIENT))
    assert found.kind is ProblemKind.TIMEOUT
    assert "did not finish its answer within 0.3 s" in found.message


def test_the_deadline_holds_for_all_redirects_together() -> None:
    async def slowly_on(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.12)
        writer.write(answer(b"", "Location: /feed", status="302 Found"))

    assert problem(fetched(slowly_on, IMPATIENT)).kind is ProblemKind.TIMEOUT


def test_a_redirect_is_followed_although_its_own_body_is_broken() -> None:
    broken = answer(b"gone", "Location: /new", status="301 Moved Permanently", length=400)
    outcome = fetched(broken, new=answer())
    assert isinstance(outcome, Fetched)
    assert outcome.body == FEED


def test_a_feed_that_gets_no_turn_at_a_busy_host_is_told_so() -> None:
    async def poll() -> list[Outcome]:
        limits = Limits(seconds=0.5, seconds_in_line=0.1)
        async with publishing(hang) as publisher, fetcher(limits) as fetching:
            return await asyncio.gather(*(fetching.fetch(feed(publisher.url)) for _ in range(3)))

    *busy, last = map(problem, asyncio.run(poll()))
    assert {each.kind for each in busy} == {ProblemKind.TIMEOUT}
    assert "had no turn in 0.1 s" in last.message


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)),
        ("x-gzip", gzip.compress(FEED[:20], mtime=0) + gzip.compress(FEED[20:], mtime=0)),
        ("deflate", zlib.compress(FEED)),
        ("deflate", zlib.compress(FEED)[2:-4]),
        ("gzip", gzip.compress(FEED, mtime=0) + b"trailing junk"),
        ("identity", FEED),
        ("gzip, gzip", gzip.compress(gzip.compress(FEED, mtime=0), mtime=0)),
    ],
)
def test_a_coded_body_is_decoded(coding: str, body: bytes) -> None:
    outcome = fetched(answer(body, f"Content-Encoding: {coding}"))
    assert isinstance(outcome, Fetched)
    assert outcome.body == FEED


@pytest.mark.parametrize(
    ("coding", "body", "words"),
    [
        ("gzip", b"not gzip at all", "damaged"),
        ("gzip", gzip.compress(FEED, mtime=0)[:-12], "cut off"),
        ("gzip", b"", "cut off"),
        ("gzip", gzip.compress(gzip.compress(FEED, mtime=0), mtime=0), "a gzip file within the transfer"),
        ("compress", b"xx", "only gzip, br, zstd, deflate were asked for"),
        ("gzip, gzip, gzip, gzip", b"xx", "coded 4 times over"),
        ("identity", gzip.compress(FEED, mtime=0), "a gzip file within the transfer"),
    ],
)
def test_a_coding_that_cannot_be_undone_is_told(coding: str, body: bytes, words: str) -> None:
    found = problem(fetched(answer(body, f"Content-Encoding: {coding}")))
    assert found.kind is ProblemKind.MALFORMED
    assert words in found.message


def test_a_gzip_bomb_stops_at_the_cap() -> None:
    bomb = gzip.compress(bytes(50_000_000), mtime=0)
    found = problem(fetched(answer(bomb, "Content-Encoding: gzip"), SMALL))
    assert found.kind is ProblemKind.TOO_BIG
    assert "0.2 MB after decompression" in found.message


@pytest.mark.parametrize("writing", [huge, answer(b"short", length=10**10)])
def test_a_body_over_the_cap_is_not_read_to_its_end(writing: object) -> None:
    assert callable(writing) or isinstance(writing, bytes)
    found = problem(fetched(writing, SMALL))
    assert found.kind is ProblemKind.TOO_BIG
    assert "0.1 MB over the wire" in found.message


def test_more_bytes_than_announced_do_not_reach_the_next_feed() -> None:
    async def poll() -> list[Outcome]:
        lying = answer(FEED + b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad", length=len(FEED))
        lying = lying.replace(b"Connection: close\r\n", b"")
        async with publishing(lying) as publisher, fetcher() as fetching:
            return [await fetching.fetch(feed(publisher.url)) for _ in range(2)]

    assert [outcome.body for outcome in asyncio.run(poll()) if isinstance(outcome, Fetched)] == [FEED, FEED]


def test_a_body_shorter_than_announced_is_not_taken() -> None:
    found = problem(fetched(answer(FEED, length=len(FEED) + 10)))
    assert found.kind is ProblemKind.UNREACHABLE
    assert "broke off in the middle of the body" in found.message


def test_a_connection_that_is_reset_is_told() -> None:
    assert problem(fetched(reset)).kind is ProblemKind.UNREACHABLE


@pytest.mark.parametrize(
    "writing",
    [
        b"HTTP/9.9 -1 ???\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\nx",
        answer(FEED, "X-Long: " + "x" * 100_000),
        answer(FEED, *(f"X-{number}: x" for number in range(10_000))),
    ],
)
def test_an_answer_that_is_not_proper_http_is_told(writing: bytes) -> None:
    found = problem(fetched(writing))
    assert found.kind in {ProblemKind.HTTP, ProblemKind.UNREACHABLE}
    assert "127.0.0.1" in found.message


def test_a_closed_port_is_told() -> None:
    async def poll() -> Outcome:
        async with publishing(answer()) as publisher:
            port = publisher.port
        async with fetcher() as fetching:
            return await fetching.fetch(feed(f"http://127.0.0.1:{port}/feed"))

    found = problem(asyncio.run(poll()))
    assert found.kind is ProblemKind.UNREACHABLE
    assert "no connection" in found.message


def test_a_name_that_does_not_resolve_is_told() -> None:
    async def poll() -> Outcome:
        async with Fetcher("x", lookup=Names()) as fetching:
            return await fetching.fetch(feed("http://nowhere.example/feed"))

    found = problem(asyncio.run(poll()))
    assert found.kind is ProblemKind.UNREACHABLE
    assert "the name nowhere.example does not resolve" in found.message


def test_a_server_that_speaks_no_tls_is_told() -> None:
    async def poll() -> Outcome:
        async def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"220 mail.example ESMTP\r\n")
            writer.close()

        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        async with server, fetcher() as fetching:
            return await fetching.fetch(feed(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/feed"))

    found = problem(asyncio.run(poll()))
    assert found.kind is ProblemKind.UNREACHABLE
    assert "TLS" in found.message
