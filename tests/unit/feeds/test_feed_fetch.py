from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feed_publisher import FEED, NOW, Outcome, Publisher, Request, answer, feed, fetch, fetched, fetcher, publishing
from tocsin import __version__
from tocsin.models.feeds import Fetched, Hub, NotModified, Problem, ProblemKind


def requests_of(default: bytes, etag: str | None, last_modified: str | None, **answers: bytes) -> list[Request]:
    async def poll() -> list[Request]:
        async with publishing(default, **answers) as publisher:
            await fetch(publisher, etag=etag, last_modified=last_modified)
            return publisher.requests

    return asyncio.run(poll())


def moved_to(other: Publisher) -> bytes:
    return answer(b"", f"Location: {other.url}", status="302 Found")


def test_a_feed_is_fetched_with_its_validators_and_freshness() -> None:
    async def poll() -> tuple[Outcome, Publisher]:
        headers = ('ETag: W/"abc-1"', "Last-Modified: Tue, 05 Sep 2017 12:00:00 GMT", "Cache-Control: max-age=7200")
        async with publishing(answer(FEED, *headers, "Content-Type: application/rss+xml")) as publisher:
            return await fetch(publisher), publisher

    outcome, publisher = asyncio.run(poll())
    assert outcome == Fetched(
        url=publisher.url,
        body=FEED,
        content_type="application/rss+xml",
        etag='W/"abc-1"',
        last_modified="Tue, 05 Sep 2017 12:00:00 GMT",
        max_age=7200,
    )


def test_the_request_is_honest_and_carries_nothing_else() -> None:
    [request] = requests_of(answer(FEED, "Set-Cookie: a=b"), None, None)
    assert request.headers.pop("host").startswith("127.0.0.1:")
    assert request.headers.pop("accept").startswith("application/rss+xml, application/atom+xml")
    assert request.headers == {
        "user-agent": f"Tocsin/{__version__} (+https://tocsin.example)",
        "accept-encoding": "gzip, br, zstd, deflate",
    }


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc-1"', "no-quotes", '"abc-gzip"', "'odd\t\"one"])
def test_an_etag_goes_back_byte_for_byte(etag: str) -> None:
    [request] = requests_of(answer(), etag, None)
    assert request.headers["if-none-match"] == etag
    assert "if-modified-since" not in request.headers


def test_a_last_modified_that_is_no_date_goes_back_byte_for_byte() -> None:
    [request] = requests_of(answer(), None, "2017-09-05 noon")
    assert request.headers["if-modified-since"] == "2017-09-05 noon"
    assert "if-none-match" not in request.headers


def test_a_cookie_is_never_sent_back() -> None:
    async def poll_twice() -> list[Request]:
        async with publishing(answer(FEED, "Set-Cookie: a=b; Path=/")) as publisher, fetcher() as fetching:
            await fetching.fetch(feed(publisher.url))
            await fetching.fetch(feed(publisher.url))
            return publisher.requests

    first, second = asyncio.run(poll_twice())
    assert first == second


@pytest.mark.parametrize("etag", ["x" * 1025, '"a\x01b"'])
def test_a_validator_that_is_too_long_or_has_controls_is_not_kept(etag: str) -> None:
    outcome = fetched(answer(FEED, f"ETag: {etag}"))
    assert not isinstance(outcome, Fetched) or outcome.etag is None


def test_not_modified_renews_validators_and_freshness() -> None:
    async def poll() -> Outcome:
        not_modified = answer(b"", 'ETag: "2"', "Cache-Control: public, max-age=60", status="304 Not Modified")
        async with publishing(not_modified) as publisher:
            return await fetch(publisher, etag='"1"')

    assert asyncio.run(poll()) == NotModified(etag='"2"', last_modified=None, max_age=60)


def test_not_modified_to_an_unconditional_request_is_a_fault() -> None:
    outcome = fetched(answer(b"", status="304 Not Modified"))
    assert isinstance(outcome, Problem)
    assert outcome.kind is ProblemKind.HTTP
    assert "unconditional" in outcome.message


def test_a_redirect_within_the_origin_keeps_the_validators() -> None:
    moved = answer(b"", "Location: /new", status="301 Moved Permanently")
    first, second = requests_of(moved, '"1"', None, new=answer())
    assert (first.path, second.path) == ("/feed", "/new")
    assert second.headers["if-none-match"] == '"1"'


def test_a_redirect_to_another_origin_neither_gets_validators_nor_gives_any() -> None:
    async def poll() -> tuple[Outcome, Publisher]:
        async with publishing(answer(FEED, 'ETag: "theirs"')) as other, publishing(moved_to(other)) as publisher:
            return await fetch(publisher, etag='"ours"', last_modified="yesterday"), other

    outcome, other = asyncio.run(poll())
    [request] = other.requests
    assert not {"if-none-match", "if-modified-since"} & request.headers.keys()
    assert isinstance(outcome, Fetched)
    assert (outcome.url, outcome.etag) == (other.url, None)


def test_a_password_goes_to_its_own_origin_only_and_is_not_shown() -> None:
    async def poll() -> tuple[Publisher, Publisher, Outcome]:
        not_found = answer(b"", status="404 Not Found")
        async with publishing(not_found) as other, publishing(moved_to(other)) as publisher, fetcher() as fetching:
            outcome = await fetching.fetch(feed(publisher.url.replace("//", "//me:secret@")))
            return publisher, other, outcome

    publisher, other, outcome = asyncio.run(poll())
    assert publisher.requests[0].headers["authorization"].startswith("Basic ")
    assert "authorization" not in other.requests[0].headers
    assert isinstance(outcome, Problem)
    assert "secret" not in outcome.message


def test_a_user_that_a_redirect_names_is_not_sent_nor_shown() -> None:
    async def poll() -> tuple[Outcome, Publisher]:
        async with publishing(answer()) as other:
            target = other.url.replace("//", "//me:secret@")
            async with publishing(answer(b"", f"Location: {target}", status="302 Found")) as publisher:
                return await fetch(publisher), other

    outcome, other = asyncio.run(poll())
    assert "authorization" not in other.requests[0].headers
    assert isinstance(outcome, Fetched)
    assert outcome.url == other.url


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
@pytest.mark.parametrize(
    ("wish", "wait"),
    [
        ("3600", timedelta(hours=1)),
        ("Tue, 10 Mar 2026 13:00:00 GMT", timedelta(hours=1)),
        ("999999999999", timedelta(hours=24)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(hours=24)),
        ("Mon, 09 Mar 2026 13:00:00 GMT", timedelta()),
    ],
)
def test_retry_after_is_heard_and_clamped(status: str, wish: str, wait: timedelta) -> None:
    outcome = fetched(answer(b"", f"Retry-After: {wish}", status=status))
    assert isinstance(outcome, Problem)
    assert (outcome.kind, outcome.retry_at) == (ProblemKind.RATE_LIMITED, NOW + wait)


@pytest.mark.parametrize("wish", ["-5", "soon", ""])
def test_a_retry_after_that_means_nothing_is_ignored(wish: str) -> None:
    outcome = fetched(answer(b"", f"Retry-After: {wish}", status="429 Too Many Requests"))
    assert isinstance(outcome, Problem)
    assert (outcome.kind, outcome.retry_at) == (ProblemKind.RATE_LIMITED, None)


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("404 Nope", ProblemKind.HTTP, "HTTP 404 Not Found at {url}: the feed has moved or is gone; check the address"),
        ("410 Gone", ProblemKind.GONE, "HTTP 410 Gone at {url}: the publisher ended this feed"),
        ("403 Forbidden", ProblemKind.HTTP, "HTTP 403 Forbidden at {url}: the publisher does not let us read it"),
        ("500 Oops", ProblemKind.HTTP, "HTTP 500 Internal Server Error at {url}: the publisher's server has a fault"),
        ("503 Busy", ProblemKind.HTTP, "HTTP 503 Service Unavailable at {url}: the publisher's server has a fault"),
        ("799 Odd", ProblemKind.HTTP, "HTTP 799 Odd at {url}: "),
        # Sent as the bytes FF FE, which are no UTF-8.
        ("799 \xff\xfe", ProblemKind.HTTP, "HTTP 799 \ufffd\ufffd at {url}: "),
        ("204 No Content", ProblemKind.HTTP, "HTTP 204 No Content at {url}: no feed was sent"),
    ],
)
def test_other_statuses_are_told_with_a_remedy(status: str, kind: ProblemKind, words: str) -> None:
    async def poll() -> tuple[Outcome, str]:
        async with publishing(answer(b"", status=status)) as publisher:
            return await fetch(publisher), publisher.url

    outcome, url = asyncio.run(poll())
    assert isinstance(outcome, Problem)
    assert outcome.kind is kind
    assert outcome.message.startswith(words.format(url=url))


def test_at_most_two_requests_are_open_at_one_host() -> None:
    async def poll() -> int:
        open_now, most = 0, 0
        all_asked = asyncio.Event()

        async def slowly(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal open_now, most
            open_now += 1
            most = max(most, open_now)
            if open_now == 2:
                all_asked.set()
            await all_asked.wait()
            open_now -= 1
            writer.write(answer())

        async with publishing(slowly) as publisher, fetcher() as fetching:
            await asyncio.gather(*(fetching.fetch(feed(publisher.url)) for _ in range(6)))
        return most

    assert asyncio.run(poll()) == 2


def test_a_wish_of_the_host_that_a_redirect_leads_to_does_not_hold_the_feeds_own_host() -> None:
    async def poll(*answers: bytes) -> list[Outcome]:
        found = []
        for each in answers:
            async with publishing(each) as other, publishing(moved_to(other)) as publisher:
                found.append(await fetch(publisher))
        return found

    used_up = ("X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 60")
    busy, fine = asyncio.run(
        poll(answer(b"", "Retry-After: 60", status="429 Too Many Requests"), answer(FEED, *used_up))
    )
    assert isinstance(busy, Problem)
    assert (busy.retry_at, busy.holds_host) == (NOW + timedelta(minutes=1), False)
    assert isinstance(fine, Fetched)
    assert fine.host_wait_until is None


def test_a_feed_with_a_password_does_not_move_since_the_password_would_be_lost() -> None:
    async def poll() -> Outcome:
        moved = answer(b"", "Location: /new", status="301 Moved Permanently")
        async with publishing(moved, new=answer()) as publisher, fetcher() as fetching:
            return await fetching.fetch(feed(publisher.url.replace("//", "//me:secret@")))

    outcome = asyncio.run(poll())
    assert isinstance(outcome, Fetched)
    assert (outcome.url.endswith("/new"), outcome.moved_to) == (True, None)


def test_a_hub_that_link_fields_name_is_told() -> None:
    links = ('Link: <https://hub.example/>; rel="hub"', 'Link: <https://news.example/feed>; rel="self"')
    outcome = fetched(answer(FEED, *links))
    assert isinstance(outcome, Fetched)
    assert outcome.hub == Hub("https://hub.example/", "https://news.example/feed")


def test_an_interim_answer_is_not_taken_for_the_answer() -> None:
    hints = b'HTTP/1.1 103 Early Hints\r\nETag: "early"\r\n\r\n'
    outcome = fetched(hints + answer(FEED, 'ETag: "late"'))
    assert isinstance(outcome, Fetched)
    assert outcome.etag == '"late"'


def test_a_body_in_chunks_is_put_together_and_its_trailer_ignored() -> None:
    chunks = b"3\r\n<rs\r\n%x\r\n" % (len(FEED) - 3) + FEED[3:] + b'\r\n0\r\nETag: "late"\r\n\r\n'
    outcome = fetched(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: ETag\r\n\r\n" + chunks)
    assert isinstance(outcome, Fetched)
    assert (outcome.body, outcome.etag) == (FEED, None)
