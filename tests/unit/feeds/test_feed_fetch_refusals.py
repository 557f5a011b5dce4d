from __future__ import annotations

import asyncio

import pytest

from feed_publisher import (
    LOOPBACK,
    Names,
    Outcome,
    answer,
    feed,
    fetch,
    fetched,
    fetcher,
    problem,
    publishing,
)
from tocsin.feeds.fetch import Fetcher
from tocsin.models.feeds import Fetched, ProblemKind


@pytest.mark.parametrize(
    "location",
    ["file:///etc/hostname", "ftp://127.0.0.1/x", "gopher://x", "", "http://[", "javascript:alert(1)"],
)
def test_a_redirect_to_another_scheme_is_refused(location: str) -> None:
    found = problem(fetched(answer(b"", f"Location: {location}", status="302 Found")))
    assert found.kind is ProblemKind.REFUSED
    assert "not an http or https address" in found.message


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "10.0.0.1", "[::1]", "2852039166", "0xa9fea9fe", "[::ffff:10.0.0.1]"]
)
def test_a_redirect_to_a_private_address_is_refused_with_the_remedy(host: str) -> None:
    found = problem(fetched(answer(b"", f"Location: http://{host}/latest/", status="302 Found")))
    assert found.kind is ProblemKind.REFUSED
    assert "TOCSIN_ALLOW_NETWORKS" in found.message


@pytest.mark.parametrize("host", ["a..b", ".example", "a" * 64 + ".example"])
def test_a_host_that_is_no_name_is_a_problem_in_words_at_first_and_after_a_redirect(host: str) -> None:
    async def poll() -> Outcome:
        async with fetcher() as fetching:
            return await fetching.fetch(feed(f"http://{host}/feed"))

    redirected = fetched(answer(b"", f"Location: http://{host}/feed", status="302 Found"))
    for outcome in (asyncio.run(poll()), redirected):
        found = problem(outcome)
        assert found.kind is ProblemKind.UNREACHABLE
        assert f"{host} is not a host's name" in found.message


def test_a_host_that_only_pretends_to_be_international_is_shown_as_it_stands() -> None:
    async def poll() -> Outcome:
        async with Fetcher(None, lookup=Names()) as fetching:
            return await fetching.fetch(feed("http://xn--a/feed"))

    assert "the name xn--a does not resolve" in problem(asyncio.run(poll())).message


@pytest.mark.parametrize("path", ["feed", "on"])
def test_redirects_end_after_five_hops(path: str) -> None:
    async def poll() -> tuple[Outcome, int]:
        async with publishing(answer(b"", f"Location: /{path}", status="302 Found")) as publisher:
            return await fetch(publisher), len(publisher.requests)

    outcome, requests = asyncio.run(poll())
    assert problem(outcome).kind is ProblemKind.HTTP
    assert "redirects more than 5 times" in problem(outcome).message
    assert requests == 6


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1"])
def test_every_way_to_write_an_address_is_refused_or_allowed_alike(host: str) -> None:
    async def poll(fetching: Fetcher, port: int) -> Outcome:
        async with fetching:
            return await fetching.fetch(feed(f"http://{host}:{port}/feed"))

    async def polls() -> tuple[Outcome, Outcome, int]:
        async with publishing(answer()) as publisher:
            refused = await poll(Fetcher("x"), publisher.port)
            return refused, await poll(fetcher(), publisher.port), len(publisher.requests)

    refused, allowed, requests = asyncio.run(polls())
    assert problem(refused).kind is ProblemKind.REFUSED
    assert isinstance(allowed, Fetched)
    assert requests == 1


def test_a_name_with_a_private_address_is_refused_before_any_connection() -> None:
    async def poll() -> tuple[Outcome, int]:
        async with publishing(answer()) as publisher, Fetcher("x", lookup=Names("127.0.0.1")) as fetching:
            outcome = await fetching.fetch(feed(f"http://inside.example:{publisher.port}/feed"))
            return outcome, len(publisher.requests)

    outcome, requests = asyncio.run(poll())
    assert (problem(outcome).kind, requests) == (ProblemKind.REFUSED, 0)


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    async def poll() -> tuple[Outcome, Names]:
        names = Names("127.0.0.1", "10.0.0.1")
        async with publishing(answer()) as publisher, Fetcher("x", allowed=[LOOPBACK], lookup=names) as fetching:
            return await fetching.fetch(feed(f"http://rebind.example:{publisher.port}/feed")), names

    outcome, names = asyncio.run(poll())
    assert isinstance(outcome, Fetched)
    assert names.answers == ["10.0.0.1"]


@pytest.mark.parametrize(
    "url", ["", "feed", "file:///etc/hostname", "ftp://a.example/", "http://", "http://[::1", "//x"]
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    async def poll() -> Outcome:
        async with fetcher() as fetching:
            return await fetching.fetch(feed(url))

    found = problem(asyncio.run(poll()))
    assert found.kind is ProblemKind.REFUSED
    assert "is not an http or https address" in found.message
