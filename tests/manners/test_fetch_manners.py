"""How a good feed client asks: one test a manner, by its number in docs/manners.md, against a publisher on loopback."""

from __future__ import annotations

import asyncio
import gzip
import os
import resource
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import brotli
import pytest
import trustme

from feed_publisher import (
    FEED,
    LOOPBACK,
    NOW,
    Outcome,
    Publisher,
    Request,
    answer,
    feed,
    fetch,
    fetched,
    fetcher,
    problem,
    publishing,
)
from manners_farm import Listener, guest, listening, silent_port, tls_for
from tocsin import __version__
from tocsin.feeds.fetch import Fetcher
from tocsin.feeds.hosts import host_key
from tocsin.feeds.limits import Limits
from tocsin.feeds.moves import after_problem, settled
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Fetched, Moved, NotModified, Polling, Problem, ProblemKind

HOUR = timedelta(hours=1)
DATED = "Tue, 05 Sep 2017 12:00:00 GMT"


def body(outcome: Outcome) -> Fetched:
    assert isinstance(outcome, Fetched), outcome
    return outcome


def asked(default: bytes, etag: str | None = None, last_modified: str | None = None) -> Request:
    """Poll a publisher with these validators and give its one request."""

    async def poll() -> list[Request]:
        async with publishing(default) as publisher:
            await fetch(publisher, etag=etag, last_modified=last_modified)
            return publisher.requests

    [request] = asyncio.run(poll())
    return request


def again(*headers: str, status: str, etag: str = '"1"') -> Outcome:
    """Poll a publisher with a validator and give what came of it."""

    async def poll() -> Outcome:
        async with publishing(answer(b"", *headers, status=status)) as publisher:
            return await fetch(publisher, etag=etag)

    return asyncio.run(poll())


def echoed(*headers: str) -> Request:
    """Poll a publisher twice, the second time with what the first answer brought, and give the second request."""

    async def poll() -> list[Request]:
        async with publishing(answer(FEED, *headers)) as publisher:
            first = body(await fetch(publisher))
            await fetch(publisher, etag=first.etag, last_modified=first.last_modified)
            return publisher.requests

    return asyncio.run(poll())[1]


def test_01_validators_are_sent_back_byte_for_byte() -> None:
    headers = echoed('ETag: "5f2b-61c"', f"Last-Modified: {DATED}").headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"5f2b-61c"', DATED)


def test_02_a_weak_etag_keeps_its_mark_and_quotes() -> None:
    assert echoed('ETag: W/"abc-1"').headers["if-none-match"] == 'W/"abc-1"'


def test_03_an_etag_without_quotes_stays_without() -> None:
    assert echoed("ETag: abc-1").headers["if-none-match"] == "abc-1"


@pytest.mark.parametrize("date", ["2017-09-05 noon", "Tue, 5 Sep 17 12:00 CEST", "1504612800"])
def test_04_a_last_modified_that_is_no_http_date_is_not_touched(date: str) -> None:
    assert echoed(f"Last-Modified: {date}").headers["if-modified-since"] == date


def test_05_last_modified_alone_is_sent_alone() -> None:
    headers = echoed(f"Last-Modified: {DATED}").headers
    assert headers["if-modified-since"] == DATED
    assert not {"if-none-match", "a-im"} & headers.keys()


def test_07_an_etag_that_is_gone_is_forgotten() -> None:
    async def poll() -> Outcome:
        async with publishing(answer(FEED, f"Last-Modified: {DATED}")) as publisher:
            return await fetch(publisher, etag='"old"')

    found = body(asyncio.run(poll()))
    assert (found.etag, found.last_modified) == (None, DATED)


def test_08_not_modified_may_bring_new_validators() -> None:
    found = again('ETag: "2"', f"Last-Modified: {DATED}", status="304 Not Modified")
    assert found == NotModified(etag='"2"', last_modified=DATED)


def test_11_an_etag_of_another_coding_does_not_hide_the_other_validator() -> None:
    headers = echoed('ETag: "abc-gzip"', f"Last-Modified: {DATED}").headers
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"abc-gzip"', DATED)


def test_12_a_server_caught_in_a_false_not_modified_gets_no_validators_and_no_cache_buster() -> None:
    async def poll() -> list[Request]:
        async with publishing(answer()) as publisher, fetcher() as fetching:
            known = feed(publisher.url, etag='"1"', last_modified=DATED)
            await fetching.fetch(replace(known, polling=Polling(distrusts_304=True)))
            doubted = Polling(read_at=NOW - 8 * 24 * HOUR)
            await fetching.fetch(replace(known, polling=doubted, succeeded_at=NOW - HOUR))
            return publisher.requests

    for request in asyncio.run(poll()):
        assert request.path == "/feed"
        assert not {"if-none-match", "if-modified-since", "cache-control", "pragma"} & request.headers.keys()


def test_16_freshness_is_read_from_a_not_modified_too() -> None:
    found = again("Cache-Control: max-age=7200", status="304 Not Modified")
    assert found == NotModified(None, None, max_age=7200)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        (("Expires: Tue, 10 Mar 2026 13:00:00 GMT", "Age: 600"), 3000),
        (("Expires: Tue, 10 Mar 2026 13:00:00 GMT", "Date: Tue, 10 Mar 2026 12:30:00 GMT"), 1800),
        (("Cache-Control: max-age=600", "Age: 100"), 500),
        (("Expires: 0",), None),
        (("Expires: Mon, 09 Mar 2026 13:00:00 GMT",), None),
    ],
)
def test_17_expires_counts_less_age_and_a_past_one_does_not(headers: tuple[str, ...], seconds: int | None) -> None:
    assert body(fetched(answer(FEED, *headers))).max_age == seconds
    assert again(*headers, status="304 Not Modified") == NotModified(None, None, max_age=seconds)


def test_18_no_store_is_no_reason_to_ask_without_validators() -> None:
    headers = ('ETag: "1"', "Cache-Control: no-store, no-cache, max-age=0", "Pragma: no-cache")
    assert echoed(*headers).headers["if-none-match"] == '"1"'


def test_22_retry_after_in_seconds_holds_the_whole_host() -> None:
    found = problem(fetched(answer(b"", "Retry-After: 3600", status="429 Too Many Requests")))
    assert (found.kind, found.retry_at, found.holds_host) == (ProblemKind.RATE_LIMITED, NOW + HOUR, True)


def test_23_retry_after_as_a_date_holds_as_well() -> None:
    wish = "Retry-After: Tue, 10 Mar 2026 13:00:00 GMT"
    found = problem(fetched(answer(b"", wish, status="429 Too Many Requests")))
    assert (found.retry_at, found.holds_host) == (NOW + HOUR, True)


@pytest.mark.parametrize("status", ["503 Service Unavailable", "403 Forbidden"])
def test_24_retry_after_counts_on_503_and_403_too(status: str) -> None:
    found = problem(fetched(answer(b"", "Retry-After: 3600", status=status)))
    assert (found.kind, found.retry_at, found.holds_host) == (ProblemKind.RATE_LIMITED, NOW + HOUR, True)


def test_25_a_wish_for_days_is_capped_and_the_cap_is_told() -> None:
    found = problem(fetched(answer(b"", "Retry-After: 317100", status="429 Too Many Requests")))
    assert found.retry_at == NOW + 24 * HOUR
    assert "but Tocsin heeds 24 hours at most" in found.message


@pytest.mark.parametrize("wish", ["-5", "soon", "", "12 hours"])
def test_26_a_wish_that_means_nothing_is_ignored(wish: str) -> None:
    limited = problem(fetched(answer(b"", f"Retry-After: {wish}", status="429 Too Many Requests")))
    assert (limited.kind, limited.retry_at, limited.holds_host) == (ProblemKind.RATE_LIMITED, None, False)
    busy = problem(fetched(answer(b"", f"Retry-After: {wish}", status="503 Service Unavailable")))
    assert (busy.kind, busy.retry_at, busy.holds_host) == (ProblemKind.HTTP, None, False)


def test_28_subdomains_share_a_key_and_hosts_of_ones_own_do_not() -> None:
    assert host_key("https://a.tumblr.com/rss") == host_key("https://b.tumblr.com/rss")
    assert host_key("http://127.0.0.1:1200/a") != host_key("http://127.0.0.1:1200/b")


@pytest.mark.parametrize("reset", ["60", str(int((NOW + HOUR / 60).timestamp()))])
def test_29_a_rate_limit_that_is_used_up_makes_the_host_wait(reset: str) -> None:
    used_up = ("X-RateLimit-Remaining: 0", f"X-RateLimit-Reset: {reset}")
    assert body(fetched(answer(FEED, *used_up))).host_wait_until == NOW + HOUR / 60
    unchanged = again(*used_up, status="304 Not Modified")
    assert unchanged == NotModified(None, None, host_wait_until=NOW + HOUR / 60)
    refused = problem(fetched(answer(b"", *used_up, status="403 Forbidden")))
    assert (refused.kind, refused.retry_at, refused.holds_host) == (
        ProblemKind.RATE_LIMITED,
        NOW + HOUR / 60,
        True,
    )
    lost = problem(fetched(answer(b"", *used_up, status="404 Not Found")))
    assert (lost.kind, lost.retry_at, lost.holds_host) == (ProblemKind.HTTP, NOW + HOUR / 60, True)


@pytest.mark.parametrize(
    ("first", "second", "is_permanent"),
    [
        ("301 Moved Permanently", "308 Permanent Redirect", True),
        ("302 Found", "301 Moved Permanently", False),
        ("301 Moved Permanently", "307 Temporary Redirect", False),
    ],
)
def test_30_permanent_redirects_are_followed_and_counted_and_others_only_followed(
    first: str, second: str, is_permanent: bool
) -> None:
    async def poll() -> tuple[Fetched, str]:
        hops = {"hop": answer(b"", "Location: /new", status=second), "new": answer()}
        async with publishing(answer(b"", "Location: /hop", status=first), **hops) as publisher:
            return body(await fetch(publisher)), publisher.url.replace("/feed", "/new")

    found, target = asyncio.run(poll())
    assert (found.url, found.moved_to) == (target, target if is_permanent else None)
    polling = settled(Polling(document_id="x"), found, None, NOW)
    assert polling.moved == (Moved(target, NOW, 1) if is_permanent else None)
    assert polling.fetch_url is None


def test_30_a_proven_redirect_is_asked_at_its_new_address() -> None:
    async def poll() -> list[Request]:
        async with publishing(answer(), new=answer()) as publisher, fetcher() as fetching:
            new = publisher.url.replace("/feed", "/new")
            await fetching.fetch(replace(feed(publisher.url), polling=Polling(fetch_url=new)))
            return publisher.requests

    assert [request.path for request in asyncio.run(poll())] == ["/new"]


@pytest.mark.parametrize("target", ["/feed", "/x/{count}"], ids=["redirect_loop", "redirect_growing"])
def test_31_a_chain_of_redirects_ends_after_five_hops_in_one_wave(target: str) -> None:
    async def poll() -> tuple[Outcome, int]:
        count = 0

        async def on(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal count
            count += 1
            writer.write(answer(b"", f"Location: {target.format(count=count)}", status="302 Found"))

        async with publishing(on) as publisher:
            return await fetch(publisher), count

    outcome, requests = asyncio.run(poll())
    assert "redirects more than 5 times" in problem(outcome).message
    assert requests == 6


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://[::1]/", "http://0x7f000001/", "file:///etc/hostname", "gopher://a/"]
)
def test_32_a_redirect_into_the_house_or_out_of_http_is_refused(target: str) -> None:
    async def poll() -> Outcome:
        # The first address is allowed alone, as a public one would be; what it leads to is not.
        async with publishing(answer(b"", f"Location: {target}", status="302 Found")) as publisher:
            here = [LOOPBACK] if "7f00" not in target else []
            address = publisher.url if here else target
            async with Fetcher(None, allowed=here) as fetching:
                return await fetching.fetch(feed(address))

    assert problem(asyncio.run(poll())).kind is ProblemKind.REFUSED


def test_33_validators_are_for_the_origin_that_gave_them() -> None:
    async def poll() -> tuple[Outcome, Publisher]:
        async with publishing(answer(FEED, 'ETag: "theirs"')) as other:
            moved = answer(b"", f"Location: {other.url}", status="301 Moved Permanently")
            async with publishing(moved) as publisher:
                return await fetch(publisher, etag='"ours"', last_modified=DATED), other

    outcome, other = asyncio.run(poll())
    assert not {"if-none-match", "if-modified-since", "a-im", "referer"} & other.requests[0].headers.keys()
    assert body(outcome).etag is None


def test_34_a_feed_ends_with_a_second_410_a_day_after_the_first() -> None:
    gone = problem(fetched(answer(b"", status="410 Gone")))
    assert gone.kind is ProblemKind.GONE
    polling, stops = after_problem(Polling(), gone, NOW)
    assert (polling, stops) == (Polling(gone_since=NOW), False)
    assert after_problem(polling, gone, NOW + 24 * HOUR) == (polling, True)


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Internal Server Error"])
def test_35_a_fault_of_the_server_is_told_and_ends_nothing(status: str) -> None:
    found = problem(fetched(answer(b"", status=status)))
    assert found.kind is ProblemKind.HTTP
    assert after_problem(Polling(), found, NOW) == (Polling(), False)


@pytest.mark.parametrize("status", ["403 Forbidden", "503 Service Unavailable"])
def test_36_a_challenge_for_people_is_called_blocked_and_not_tricked(status: str) -> None:
    async def poll() -> tuple[Outcome, list[Request]]:
        async with publishing(answer(b"", "cf-mitigated: challenge", status=status)) as publisher:
            return await fetch(publisher), publisher.requests

    outcome, requests = asyncio.run(poll())
    assert problem(outcome).kind is ProblemKind.BLOCKED
    assert [request.headers["user-agent"].split("/")[0] for request in requests] == ["Tocsin"]


def test_36_a_challenge_that_asks_for_patience_gets_patience() -> None:
    challenge = answer(b"", "cf-mitigated: challenge", "Retry-After: 3600", status="429 Too Many Requests")
    found = problem(fetched(challenge))
    assert (found.kind, found.retry_at) == (ProblemKind.RATE_LIMITED, NOW + HOUR)


@pytest.mark.parametrize(
    ("contact", "subscribers", "words"),
    [
        ("https://tocsin.example", 0, " (+https://tocsin.example)"),
        ("https://tocsin.example", 1, " (+https://tocsin.example; 1 subscriber)"),
        ("https://tocsin.example", 42, " (+https://tocsin.example; 42 subscribers)"),
        (None, 42, " (42 subscribers)"),
        (None, 0, ""),
    ],
)
def test_37_the_user_agent_tells_who_asks_for_how_many(contact: str | None, subscribers: int, words: str) -> None:
    async def poll() -> Request:
        async with publishing(answer()) as publisher, Fetcher(contact, allowed=[LOOPBACK]) as fetching:
            fetching.subscribers = subscribers
            await fetching.fetch(feed(publisher.url))
            return publisher.requests[0]

    assert asyncio.run(poll()).headers["user-agent"] == f"Tocsin/{__version__}{words}"


def test_37_no_cookie_goes_back_and_nothing_else_is_told() -> None:
    async def poll() -> list[Request]:
        async with publishing(answer(FEED, "Set-Cookie: a=b; Path=/")) as publisher, fetcher() as fetching:
            await fetching.fetch(feed(publisher.url))
            await fetching.fetch(feed(publisher.url))
            return publisher.requests

    for request in asyncio.run(poll()):
        assert request.path == "/feed"
        assert request.headers.keys() == {"host", "user-agent", "accept", "accept-encoding"}


@pytest.mark.parametrize(
    ("coding", "coded"),
    [
        ("gzip", gzip.compress(FEED, mtime=0)),
        ("deflate", zlib.compress(FEED)),
        ("br", brotli.compress(FEED)),
        ("zstd", bytes.fromhex("28b52ffd203c") + (60 * 8 + 1).to_bytes(3, "little") + FEED),
    ],
    ids=["gzip", "deflate", "br", "zstd"],
)
def test_38_every_coding_that_is_asked_for_is_undone(coding: str, coded: bytes) -> None:
    assert coding in asked(answer()).headers["accept-encoding"].split(", ")
    assert body(fetched(answer(coded, f"Content-Encoding: {coding}"))).body == FEED


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_38_a_bomb_stops_at_the_cap_and_memory_stays_flat(coding: str) -> None:
    zeros = bytes(60_000_000)
    bomb = gzip.compress(zeros, 1, mtime=0) if coding == "gzip" else brotli.compress(zeros, quality=1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = problem(fetched(answer(bomb, f"Content-Encoding: {coding}")))
    assert found.kind is ProblemKind.TOO_BIG
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000


def test_38_a_damaged_body_brings_nothing() -> None:
    found = problem(fetched(answer(b"\x1f\x8bnonsense", 'ETag: "1"', "Content-Encoding: gzip")))
    assert found.kind is ProblemKind.MALFORMED


async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    gone = asyncio.ensure_future(reader.read())
    while not gone.done():
        writer.write(b"x")
        await writer.drain()
        await asyncio.wait({gone}, timeout=0.01)


@pytest.mark.parametrize("begin", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=["body", "head"])
def test_39_a_slow_answer_ends_at_the_deadline_and_frees_its_place(begin: bytes) -> None:
    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(begin)
        await drip(reader, writer)

    async def poll() -> tuple[Outcome, Outcome]:
        limits = Limits(seconds=0.2, connections=1)
        async with publishing(slow) as tar, publishing(answer()) as quick, fetcher(limits) as fetching:
            return await fetching.fetch(feed(tar.url)), await fetching.fetch(feed(quick.url))

    late, next_one = asyncio.run(poll())
    assert problem(late).kind is ProblemKind.TIMEOUT
    assert body(next_one).body == FEED


def test_39_a_big_body_stops_at_the_cap() -> None:
    found = problem(fetched(answer(bytes(200_000)), Limits(wire=100_000)))
    assert found.kind is ProblemKind.TOO_BIG


@pytest.mark.parametrize(
    "broken",
    [
        answer(FEED, 'ETag: "1"', length=len(FEED) + 10),
        b'HTTP/1.1 200 OK\r\nETag: "1"\r\nTransfer-Encoding: chunked\r\n\r\n3c\r\n' + FEED,
        answer(gzip.compress(FEED, mtime=0)[:-4], 'ETag: "1"', "Content-Encoding: gzip"),
    ],
    ids=["bad length", "no last chunk", "half a gzip"],
)
def test_40_of_a_broken_body_nothing_is_kept(broken: bytes) -> None:
    assert problem(fetched(broken)).kind in {ProblemKind.UNREACHABLE, ProblemKind.MALFORMED}


def test_41_a_web_page_is_no_feed_and_its_feed_is_named() -> None:
    page = b"<!doctype html><link rel=alternate type=application/rss+xml href=/rss><p>Hello"
    found = body(fetched(answer(page, "Content-Type: text/html")))
    told = parse_feed(found.body, found.content_type, "https://news.example/")
    assert isinstance(told, Problem)
    assert told.kind is ProblemKind.NOT_A_FEED
    assert "https://news.example/rss" in told.message


def test_42_a_server_may_send_what_is_new_alone() -> None:
    async def poll() -> tuple[Outcome, Request]:
        delta = answer(FEED, 'ETag: "2"', "IM: feed", status="226 IM Used")
        async with publishing(delta) as publisher:
            return await fetch(publisher, etag='"1"'), publisher.requests[0]

    outcome, request = asyncio.run(poll())
    assert request.headers["a-im"] == "feed"
    assert (body(outcome).is_delta, body(outcome).etag) == (True, '"2"')
    assert "a-im" not in asked(answer()).headers


def test_42_a_delta_that_nobody_asked_for_is_none() -> None:
    assert problem(fetched(answer(FEED, status="226 IM Used"))).kind is ProblemKind.HTTP


def test_43_a_host_gets_few_requests_at_a_time_and_not_at_once() -> None:
    async def poll() -> tuple[int, list[float]]:
        open_now, most, begun = 0, 0, []

        async def count(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal open_now, most
            begun.append(asyncio.get_running_loop().time())
            open_now += 1
            most = max(most, open_now)
            await asyncio.sleep(0.1)
            open_now -= 1
            writer.write(answer())

        async with publishing(count) as publisher, guest("127.0.0.1", limits=Limits(spacing=0.08)) as fetching:
            urls = [f"http://{name}.example.com:{publisher.port}/feed" for name in "abcdef"]
            await asyncio.gather(*(fetching.fetch(feed(url)) for url in urls))
        return most, begun

    most, begun = asyncio.run(poll())
    assert most <= 2
    # Six requests have five spacings between them; without any, two at a time would take half as long.
    assert begun[-1] - begun[0] >= 0.3


def test_44_a_connection_is_used_again() -> None:
    async def poll() -> tuple[Listener, int]:
        async with listening(Listener()) as listener, guest() as fetching:
            for _ in range(5):
                await fetching.fetch(feed(f"http://127.0.0.1:{listener.port}/feed"))
            return listener, len(listener.heads)

    listener, requests = asyncio.run(poll())
    assert (listener.connections, requests) == (1, 5)


def test_44_a_feed_is_read_over_ipv6() -> None:
    async def poll() -> Outcome:
        async with listening(Listener(), host="::1") as listener, guest() as fetching:
            return await fetching.fetch(feed(f"http://[::1]:{listener.port}/feed"))

    assert body(asyncio.run(poll())).body == FEED


def test_44_a_dead_ipv6_address_does_not_hold_up_the_ipv4_one() -> None:
    async def poll() -> Outcome:
        with silent_port("::1") as port:
            async with (
                listening(Listener(), port=port),
                guest("::1", "127.0.0.1", limits=Limits(seconds=2.0)) as fetching,
            ):
                return await fetching.fetch(feed(f"http://wire.example:{port}/feed"))

    assert body(asyncio.run(poll())).body == FEED


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    with authority.cert_pem.tempfile() as path:
        monkeypatch.setenv("SSL_CERT_FILE", path)
        monkeypatch.setenv("SSL_CERT_DIR", os.path.dirname(path) + "/none")  # noqa: PTH120 - a folder that is not there
        yield authority


def test_44_http2_is_spoken_over_tls_and_one_connection_serves_many(trusted: trustme.CA) -> None:
    async def poll() -> tuple[list[Outcome], Listener]:
        tls = tls_for(trusted, "wire.example", "h2", "http/1.1")
        async with listening(Listener(), tls=tls, http2=True) as listener, guest("127.0.0.1") as fetching:
            url = f"https://wire.example:{listener.port}/feed"
            return [await fetching.fetch(feed(url, etag='"h2"')) for _ in range(2)], listener

    outcomes, listener = asyncio.run(poll())
    assert [(body(each).body, body(each).etag) for each in outcomes] == [(FEED, '"h2"')] * 2
    assert listener.connections == 1
    assert [b'if-none-match: "h2"' in head for head in listener.heads] == [True, True]


@pytest.mark.parametrize("case", ["another name", "an unknown authority"])
def test_44_a_certificate_that_is_not_valid_is_refused(trusted: trustme.CA, case: str) -> None:
    async def poll() -> tuple[Outcome, Listener]:
        signer, name = (trusted, "other.example") if case == "another name" else (trustme.CA(), "wire.example")
        async with listening(Listener(), tls=tls_for(signer, name)) as listener, guest("127.0.0.1") as fetching:
            return await fetching.fetch(feed(f"https://wire.example:{listener.port}/feed")), listener

    outcome, listener = asyncio.run(poll())
    assert "its TLS certificate or handshake is not valid" in problem(outcome).message
    assert listener.heads == []
