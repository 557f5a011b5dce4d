"""The demo's feed server, asked over loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import feedparser
import pytest

from tocsin.demo.outlets import load_outlets
from tocsin.demo.server import DemoFeeds, render_site
from tocsin.errors import PortTakenError

NOW = datetime(2017, 9, 5, 15, 30, 12, 345678, UTC)
Visit = Callable[[DemoFeeds, aiohttp.ClientSession], Awaitable[None]]


def with_site(visit: Visit) -> None:
    """Run ``visit`` while the server is up."""

    async def main() -> None:
        async with DemoFeeds(NOW) as site, aiohttp.ClientSession() as client:
            await visit(site, client)

    asyncio.run(main())


def test_every_feed_but_the_dead_one_is_served_and_can_be_read() -> None:
    async def visit(site: DemoFeeds, client: aiohttp.ClientSession) -> None:
        *living, dead = site.feed_urls
        for url, outlet in zip(living, load_outlets(), strict=True):
            async with client.get(url) as response:
                body = await response.read()
                assert response.status == 200
                assert response.charset == outlet.encoding
            feed = feedparser.parse(body, response_headers={"content-type": response.headers["Content-Type"]})
            assert len(feed.entries) == len(outlet.articles)
        async with client.get(dead) as response:
            assert response.status == 500

    with_site(visit)


@pytest.mark.parametrize(("header", "value"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
def test_a_conditional_get_answers_304(header: str, value: str) -> None:
    async def visit(site: DemoFeeds, client: aiohttp.ClientSession) -> None:
        async with client.get(site.feed_urls[0]) as response:
            validator = response.headers[header]
        async with client.get(site.feed_urls[0], headers={value: validator}) as response:
            assert (response.status, await response.read()) == (304, b"")
            assert response.headers[header] == validator

    with_site(visit)


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"another"'},
        {"If-Modified-Since": format_datetime(NOW - timedelta(days=2), usegmt=True)},
        {"If-None-Match": '"another"', "If-Modified-Since": format_datetime(NOW, usegmt=True)},
    ],
    ids=["another tag", "an older date", "another tag, though the date would do"],
)
def test_a_stale_copy_is_answered_in_full(headers: dict[str, str]) -> None:
    async def visit(site: DemoFeeds, client: aiohttp.ClientSession) -> None:
        async with client.get(site.feed_urls[0], headers=headers) as response:
            assert response.status == 200

    with_site(visit)


def test_every_link_of_every_feed_leads_to_its_article() -> None:
    async def visit(site: DemoFeeds, client: aiohttp.ClientSession) -> None:
        for url in site.feed_urls[:-1]:
            async with client.get(url) as response:
                entries = feedparser.parse(await response.read()).entries
            async with client.get(entries[0].link) as response:
                page = await response.text()
            assert response.status == 200
            assert 'name="viewport"' in page
            assert {entry.link.removeprefix(site.base_url) for entry in entries} <= render_site(
                load_outlets(), base_url=site.base_url, now=NOW
            ).keys()

    with_site(visit)


def test_an_arabic_page_runs_from_right_to_left() -> None:
    page = render_site(load_outlets(), base_url="http://127.0.0.1:1", now=NOW)["/seventh-oasis/suq-halab"]
    assert '<html lang="ar" dir="rtl">' in page.body.decode()
    assert '<time dir="ltr" datetime="2017-09-05T06:45:12+00:00">2017-09-05 06:45 UTC</time>' in page.body.decode()


def test_a_title_is_escaped_in_its_page() -> None:
    page = render_site(load_outlets(), base_url="http://127.0.0.1:1", now=NOW)["/meridian-post/linen-on-the-catwalk"]
    assert "<h1>Linen comes back to the catwalk in Paris, creases &amp; all</h1>" in page.body.decode()


def test_the_front_pages_list_outlets_and_articles() -> None:
    outlets = load_outlets()
    pages = render_site(outlets, base_url="http://127.0.0.1:1", now=NOW)
    for outlet in outlets:
        assert f'href="/{outlet.slug}/"' in pages["/"].body.decode()
        assert pages[f"/{outlet.slug}/"].body.decode().count("<li>") == len(outlet.articles)


def test_an_unknown_path_is_not_found() -> None:
    async def visit(site: DemoFeeds, client: aiohttp.ClientSession) -> None:
        async with client.get(f"{site.base_url}/nowhere") as response:
            assert response.status == 404
            assert await response.text() == "/nowhere: no such page; the list of outlets is at /\n"

    with_site(visit)


def test_a_taken_port_is_named() -> None:
    async def visit(site: DemoFeeds, client: aiohttp.ClientSession) -> None:
        port = int(site.base_url.rpartition(":")[2])
        with pytest.raises(PortTakenError, match=f"127.0.0.1:{port} .*choose another port"):
            async with DemoFeeds(NOW, port=port):
                pass
        assert not client.closed

    with_site(visit)
