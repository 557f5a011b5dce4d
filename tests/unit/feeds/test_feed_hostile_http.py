"""The hostile servers of the set, by their ids: what each does, and what a poll of it must come to."""

from __future__ import annotations

import asyncio
import gzip
import resource
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest

from feed_publisher import (
    FEED,
    LOOPBACK,
    NOW,
    Names,
    Outcome,
    Publisher,
    answer,
    feed,
    fetch,
    fetched,
    fetcher,
    hang,
    problem,
    publishing,
    slow_body,
    slow_header,
)
from manners_farm import guest
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.limits import Limits
from tocsin.feeds.moves import settled
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Fetched, ParsedFeed, Polling, ProblemKind

GIGABYTE = 10**9
IMPATIENT = Limits(seconds=0.2)


def flat(poll: Callable[[], Outcome], megabytes: int) -> Outcome:
    """Poll, and see that the process never grew by more."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = poll()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < megabytes * 1000
    return outcome


def zeros_in_gzip(size: int) -> bytes:
    """Write a gzip file of so many zeros, by repeating the block that stands for ten million of them."""
    squeezer = zlib.compressobj(wbits=31)
    piece = bytes(10_000_000)
    first, block = (squeezer.compress(piece) + squeezer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return first + block * (size // len(piece) - 1) + squeezer.flush()


def zeros_in_brotli(size: int) -> bytes:
    squeezer = brotli.Compressor(quality=1)
    piece = bytes(10_000_000)
    pieces: list[bytes] = [squeezer.process(piece) for _ in range(size // len(piece))]
    return b"".join(pieces) + bytes(squeezer.finish())


def test_gzip_bomb_1gb_stops_at_the_cap() -> None:
    bomb = answer(zeros_in_gzip(GIGABYTE), "Content-Encoding: gzip")
    found = problem(flat(lambda: fetched(bomb), 90))
    assert found.kind is ProblemKind.TOO_BIG
    assert "more than 20 MB after decompression" in found.message


@pytest.mark.parametrize("named", ["gzip", "gzip, gzip"])
def test_gzip_nested_is_refused_or_capped(named: str) -> None:
    bomb = answer(gzip.compress(zeros_in_gzip(GIGABYTE // 10), mtime=0), f"Content-Encoding: {named}")
    found = problem(flat(lambda: fetched(bomb), 90))
    assert found.kind is (ProblemKind.TOO_BIG if named == "gzip, gzip" else ProblemKind.MALFORMED)


def test_a_bomb_in_the_transfer_coding_is_capped_too() -> None:
    bomb = zeros_in_gzip(GIGABYTE // 10)
    chunk = b"%x\r\n" % len(bomb) + bomb + b"\r\n0\r\n\r\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n"
    found = problem(flat(lambda: fetched(head + chunk), 90))
    assert found.kind in {ProblemKind.TOO_BIG, ProblemKind.HTTP}


def test_br_bomb_stops_at_the_cap() -> None:
    bomb = answer(zeros_in_brotli(GIGABYTE // 10), "Content-Encoding: br")
    assert problem(flat(lambda: fetched(bomb), 90)).kind is ProblemKind.TOO_BIG


@pytest.mark.parametrize("server", [slow_body, slow_header, hang], ids=["slow_drip", "slow_header", "hang_connect"])
def test_slow_servers_end_at_the_deadline_and_others_are_on_time(server: Callable[..., object]) -> None:
    async def poll() -> tuple[Outcome, Outcome, bool]:
        assert callable(server)
        async with publishing(server) as slow, publishing(answer()) as quick, fetcher(IMPATIENT) as fetching:  # type: ignore[arg-type]
            late = asyncio.create_task(fetching.fetch(feed(slow.url)))
            await asyncio.sleep(0)
            on_time = await fetching.fetch(feed(quick.url))
            still_waits = not late.done()
            return await late, on_time, still_waits

    late, on_time, still_waits = asyncio.run(poll())
    assert problem(late).kind is ProblemKind.TIMEOUT
    assert isinstance(on_time, Fetched)
    assert still_waits


def test_redirect_private_is_refused_before_a_connection() -> None:
    target = "http://169.254.169.254/latest/meta-data/"
    found = problem(fetched(answer(b"", f"Location: {target}", status="302 Found")))
    assert found.kind is ProblemKind.REFUSED
    assert "leads to 169.254.169.254" in found.message


def test_redirect_cross_auth_keeps_the_password_at_home() -> None:
    async def poll() -> tuple[Publisher, Publisher]:
        async with publishing(answer()) as other:
            moved = answer(b"", f"Location: {other.url}", status="302 Found")
            async with publishing(moved) as publisher, fetcher() as fetching:
                await fetching.fetch(feed(publisher.url.replace("//", "//me:secret@")))
                return publisher, other

    publisher, other = asyncio.run(poll())
    assert "authorization" in publisher.requests[0].headers
    assert "authorization" not in other.requests[0].headers


def test_redirect_301_hijack_changes_nothing_by_one_answer() -> None:
    async def poll() -> tuple[Fetched, str]:
        async with publishing(answer()) as other:
            moved = answer(b"", f"Location: {other.url}", status="301 Moved Permanently")
            async with publishing(moved) as publisher:
                outcome = await fetch(publisher)
                assert isinstance(outcome, Fetched)
                return outcome, other.url

    outcome, target = asyncio.run(poll())
    casino = ParsedFeed("t", None, (), document_id="https://casino.example/")
    own = Polling(document_id="https://news.example/")
    assert outcome.moved_to == target
    assert settled(own, outcome, casino, NOW) == replace(own, read_at=NOW)
    assert settled(own, outcome, None, NOW + timedelta(days=9)).fetch_url is None


def test_dns_rebind_gains_nothing() -> None:
    async def poll() -> tuple[Outcome, Outcome, int]:
        names = Names("127.0.0.1", "10.0.0.1")
        async with publishing(answer()) as publisher, Fetcher(None, allowed=[LOOPBACK], lookup=names) as fetching:
            url = f"http://rebind.example:{publisher.port}/feed"
            return await fetching.fetch(feed(url)), await fetching.fetch(feed(url)), len(publisher.requests)

    first, second, requests = asyncio.run(poll())
    assert isinstance(first, Fetched)
    assert (problem(second).kind, requests) == (ProblemKind.REFUSED, 1)


def test_dns_rebind_among_several_addresses_reaches_the_permitted_one_alone() -> None:
    async def poll(*addresses: str) -> Outcome:
        async with publishing(answer()) as publisher, guest(*addresses) as fetching:
            return await fetching.fetch(feed(f"http://rebind.example:{publisher.port}/feed"))

    assert isinstance(asyncio.run(poll("10.0.0.1", "127.0.0.1")), Fetched)
    assert problem(asyncio.run(poll("10.0.0.1", "192.168.0.1"))).kind is ProblemKind.REFUSED


def test_content_length_lie_is_capped_by_what_comes() -> None:
    short = fetched(answer(bytes(10_000_000), length=10))
    assert isinstance(short, Fetched)
    assert len(short.body) == 10
    found = problem(flat(lambda: fetched(answer(b"short", length=10 * GIGABYTE)), 20))
    assert found.kind is ProblemKind.TOO_BIG


@pytest.mark.parametrize("size", [b"FFFFFFFFFFFFFFFF", b"FFFFFFFFFFFFFFFFFF", b"-1", b"xyz"])
def test_chunk_huge_is_an_error(size: bytes) -> None:
    found = problem(fetched(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + b"\r\nx"))
    assert found.kind in {ProblemKind.HTTP, ProblemKind.UNREACHABLE, ProblemKind.TOO_BIG}


@pytest.mark.parametrize(
    "headers",
    [[f"X-{number}: x" for number in range(100_000)], ["X-Long: " + "x" * 10_000_000]],
    ids=["100,000 headers", "one of 10 MB"],
)
def test_headers_100k_are_an_error_and_memory_stays_flat(headers: list[str]) -> None:
    flood = answer(FEED, *headers)
    found = problem(flat(lambda: fetched(flood), 60))
    assert found.kind in {ProblemKind.HTTP, ProblemKind.UNREACHABLE}


@pytest.mark.parametrize("line", [b"HTTP/9.9 -1 ???", b"HTTP/1.1 99999 OK", b"HTTP/", b"220 mail ESMTP", b""])
def test_status_garbage_is_an_error(line: bytes) -> None:
    found = problem(fetched(line + b"\r\n\r\n"))
    assert found.kind in {ProblemKind.HTTP, ProblemKind.UNREACHABLE}


@pytest.mark.parametrize("etag", ["x\rX-Evil: 1", '"' + "e" * 1025 + '"', '"a\x00b"'])
def test_etag_inject_is_not_kept(etag: str) -> None:
    outcome = fetched(answer(FEED, f"ETag: {etag}"))
    assert not isinstance(outcome, Fetched) or outcome.etag is None or outcome.etag == "x"


def test_etag_inject_of_a_megabyte_is_an_error_or_not_kept() -> None:
    outcome = fetched(answer(FEED, f"ETag: {'e' * 1_000_000}"))
    assert problem(outcome).kind in {ProblemKind.HTTP, ProblemKind.UNREACHABLE}


def test_etag_inject_from_an_older_store_is_not_sent() -> None:
    async def poll() -> Publisher:
        async with publishing(answer()) as publisher:
            await fetch(publisher, etag="x\r\nX-Evil: 1", last_modified="y\nX-Evil: 2")
            return publisher

    headers = asyncio.run(poll()).requests[0].headers
    assert not {"x-evil", "if-none-match", "if-modified-since"} & headers.keys()


@pytest.mark.parametrize(
    ("wish", "wait"),
    [
        ("999999999999", timedelta(hours=24)),
        ("-1", None),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
    ],
)
def test_retry_after_huge_is_clamped(wish: str, wait: timedelta | None) -> None:
    found = problem(fetched(answer(b"", f"Retry-After: {wish}", status="429 Too Many Requests")))
    assert found.retry_at == (None if wait is None else NOW + wait)


def test_flap_404_200_comes_back() -> None:
    async def poll() -> list[Outcome]:
        turn = 0

        async def flap(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal turn
            writer.write(answer(FEED, status=["200 OK", "404 Not Found", "500 Oops"][turn % 3]))
            turn += 1

        async with publishing(flap) as publisher, fetcher() as fetching:
            return [await fetching.fetch(feed(publisher.url)) for _ in range(6)]

    outcomes = asyncio.run(poll())
    assert [isinstance(outcome, Fetched) for outcome in outcomes] == [True, False, False] * 2


def test_http_200_empty_then_full_are_both_read() -> None:
    items = b"".join(b"<item><guid>%d</guid><title>t</title></item>" % number for number in range(50))
    bodies = [b"<rss version='2.0'><channel><title>t</title>" + each + b"</channel></rss>" for each in (b"", items)]
    counts = []
    for body in bodies:
        outcome = fetched(answer(body))
        assert isinstance(outcome, Fetched)
        parsed = parse_feed(outcome.body, outcome.content_type, outcome.url)
        assert isinstance(parsed, ParsedFeed)
        counts.append(len(parsed.entries))
    assert counts == [0, 50]


def test_cookie_flood_keeps_none() -> None:
    async def poll() -> Publisher:
        cookies = [f"Set-Cookie: c{number}=1; Path=/" for number in range(150)]
        async with publishing(answer(FEED, *cookies)) as publisher, fetcher() as fetching:
            await fetching.fetch(feed(publisher.url))
            await fetching.fetch(feed(publisher.url))
            return publisher

    assert all("cookie" not in request.headers for request in asyncio.run(poll()).requests)


def test_cookie_flood_of_a_thousand_is_an_error() -> None:
    flood = answer(FEED, *(f"Set-Cookie: c{number}=1" for number in range(1_000)))
    assert problem(fetched(flood)).kind is ProblemKind.HTTP


def test_keepalive_desync_does_not_poison_the_next_feed() -> None:
    async def poll() -> list[Outcome]:
        evil = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nbad"
        lying = answer(FEED, length=len(FEED)).replace(b"Connection: close\r\n", b"") + evil

        async def stay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(lying)
            while await reader.read(65_536):
                writer.write(lying)

        async with publishing(stay) as publisher, fetcher() as fetching:
            return [await fetching.fetch(feed(publisher.url)) for _ in range(3)]

    outcomes = asyncio.run(poll())
    assert [outcome.body for outcome in outcomes if isinstance(outcome, Fetched)] == [FEED] * 3
