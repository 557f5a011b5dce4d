"""Whatever a server says, a poll ends in an outcome: heads, addresses and bodies of any bytes."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from feed_publisher import FEED, Outcome, answer, feed, fetcher, publishing
from tocsin.feeds.addresses import literal_address
from tocsin.feeds.answers import Answer, poll_outcome
from tocsin.feeds.caching import LONGEST_WAIT
from tocsin.feeds.heads import Head, read_head
from tocsin.feeds.hops import next_address
from tocsin.feeds.hosts import host_key
from tocsin.feeds.inflate import BadCodingError, TooBigError, decoded
from tocsin.feeds.limits import Limits
from tocsin.models.feeds import Fetched, NotModified, Problem

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
HOME = URL("https://news.example/feed")
NAMES = (
    "age", "cache-control", "cf-mitigated", "content-encoding", "content-type", "date", "etag", "expires",
    "last-modified", "link", "ratelimit", "ratelimit-remaining", "ratelimit-reset", "retry-after",
    "x-ratelimit-remaining", "x-ratelimit-reset",
)  # fmt: skip
TELLING = (
    "0",
    "1",
    "-1",
    "3600",
    "9" * 30,
    "1e9",
    "max-age=60",
    "r=0;t=5",
    "gzip",
    "br",
    "Tue, 10 Mar 2026 13:00:00 GMT",
)
latin = st.text(st.characters(max_codepoint=255), max_size=40)
values = st.one_of(st.sampled_from(TELLING), latin)


@given(
    status=st.sampled_from([200, 204, 226, 304, 403, 404, 410, 429, 500, 503, 799]),
    fields=st.dictionaries(st.sampled_from(NAMES), values, max_size=6),
    is_conditional=st.booleans(),
    is_same_host=st.booleans(),
)
def test_any_head_comes_to_an_outcome_whose_wishes_are_within_a_day(
    status: int, fields: dict[str, str], is_conditional: bool, is_same_host: bool
) -> None:
    head = Head(status, "", fields)
    given_answer = Answer(HOME, head, FEED, is_conditional=is_conditional, is_same_host=is_same_host)
    outcome = poll_outcome(given_answer, Limits(), NOW)
    if isinstance(outcome, Problem):
        wish = outcome.retry_at
        assert is_same_host or not outcome.holds_host
    else:
        wish = outcome.host_wait_until
        assert outcome.max_age is None or 0 <= outcome.max_age <= LONGEST_WAIT.total_seconds()
        for kept in (outcome.etag, outcome.last_modified):
            assert kept is None or not set(kept) & set("\r\n\x00")
    assert wish is None or timedelta() <= wish - NOW <= LONGEST_WAIT


@given(lines=st.lists(st.binary(max_size=60), max_size=20))
@example(lines=[b"HTTP/1.1 100 Continue\r\n"])
@example(lines=[b"HTTP/1.1 100\r\n", b"\r\n"] * 5)
def test_any_lines_make_a_head_of_names_in_lower_case(lines: list[bytes]) -> None:
    head = read_head(200, lines, Limits())
    assert head is not None
    assert all(name == name.lower() for name in head.fields)


@given(location=latin)
@example(location="http://[")
@example(location="https://xn--\xff/")
@example(location="http://a:99999/")
def test_any_location_is_a_web_address_or_a_problem(location: str) -> None:
    target = next_address(HOME, HOME, location)
    assert isinstance(target, Problem) or (target.scheme in {"http", "https"} and target.raw_host)


@given(url=st.text(max_size=60))
def test_any_text_has_a_host_key(url: str) -> None:
    assert isinstance(host_key(url), str)
    literal_address(url)


@given(body=st.binary(max_size=200), coding=st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br", ""]))
def test_any_body_is_decoded_or_refused(body: bytes, coding: str) -> None:
    with suppress(BadCodingError, TooBigError):
        assert len(decoded(body, coding, 1_000)) <= 1_000


def damaged(whole: bytes, luck: random.Random) -> bytes:
    """Change, drop, double or insert some bytes."""
    answer_bytes = bytearray(whole)
    for _ in range(luck.randint(1, 6)):
        at = luck.randrange(len(answer_bytes))
        match luck.randrange(4):
            case 0:
                answer_bytes[at] = luck.randrange(256)
            case 1:
                del answer_bytes[at : at + luck.randint(1, 20)]
            case 2:
                answer_bytes[at:at] = answer_bytes[at : at + 40]
            case _:
                answer_bytes[at:at] = luck.randbytes(luck.randint(1, 8))
        if not answer_bytes:
            break
    return bytes(answer_bytes) or b"\n"


@pytest.mark.parametrize("seed", range(3))
def test_damaged_answers_end_in_outcomes_and_leave_the_fetcher_well(seed: int) -> None:
    luck = random.Random(seed)
    wholes = [
        answer(FEED, 'ETag: "1"', "Cache-Control: max-age=60", "Content-Type: text/xml"),
        answer(b"", 'ETag: "1"', status="304 Not Modified"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3c\r\n" + FEED + b"\r\n0\r\n\r\n",
    ]

    async def polls() -> tuple[list[Outcome], Outcome]:
        answers = {f"a{number}": damaged(luck.choice(wholes), luck) for number in range(60)}
        limits = Limits(seconds=1.0)
        async with (
            publishing(answer(), **answers) as publisher,
            publishing(answer()) as other,
            fetcher(limits) as fetching,
        ):
            base = publisher.url.removesuffix("feed")
            known = [feed(base + path, etag='"1"') for path in answers]
            outcomes = await asyncio.gather(*(fetching.fetch(each) for each in known))
            return outcomes, await fetching.fetch(feed(other.url))

    outcomes, last = asyncio.run(polls())
    assert all(isinstance(outcome, Fetched | NotModified | Problem) for outcome in outcomes)
    assert isinstance(last, Fetched)
