"""The demo's feed server, asked over loopback."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPConnection, HTTPMessage
from urllib.parse import urlsplit

import feedparser
import pytest

from tocsin.demo.outlets import load_outlets
from tocsin.demo.server import DemoFeeds, render_site
from tocsin.errors import PortTakenError

NOW = datetime(2017, 9, 5, 15, 30, 12, 345678, UTC)
Visit = Callable[[DemoFeeds], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes


async def get(url: str, **headers: str) -> Answer:
    """Ask by the standard library alone, which neither checks nor adds anything."""

    def ask() -> Answer:
        place = urlsplit(url)
        with closing(HTTPConnection(place.netloc, timeout=10)) as connection:
            connection.request("GET", place.path or "/", headers=headers)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())

    return await asyncio.to_thread(ask)


def with_site(visit: Visit) -> None:
    """Run ``visit`` while the server is up."""

    async def main() -> None:
        async with DemoFeeds(NOW) as site:
            await visit(site)

    asyncio.run(main())


def test_every_feed_but_the_dead_one_is_served_and_can_be_read() -> None:
    async def visit(site: DemoFeeds) -> None:
        *living, dead = site.feed_urls
        for url, outlet in zip(living, load_outlets(), strict=True):
            answer = await get(url)
            assert (answer.status, answer.headers.get_content_charset()) == (200, outlet.encoding)
            feed = feedparser.parse(answer.body, response_headers={"content-type": answer.headers["Content-Type"]})
            assert len(feed.entries) == len(outlet.articles)
        assert (await get(dead)).status == 500

    with_site(visit)


@pytest.mark.parametrize(("header", "value"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")])
def test_a_conditional_get_answers_304(header: str, value: str) -> None:
    async def visit(site: DemoFeeds) -> None:
        validator = (await get(site.feed_urls[0])).headers[header]
        again = await get(site.feed_urls[0], **{value: validator})
        assert (again.status, again.body) == (304, b"")
        assert again.headers[header] == validator

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
    async def visit(site: DemoFeeds) -> None:
        assert (await get(site.feed_urls[0], **headers)).status == 200

    with_site(visit)


def test_every_link_of_every_feed_leads_to_its_article() -> None:
    async def visit(site: DemoFeeds) -> None:
        for url in site.feed_urls[:-1]:
            entries = feedparser.parse((await get(url)).body).entries
            page = await get(entries[0].link)
            assert page.status == 200
            assert b'name="viewport"' in page.body
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
    async def visit(site: DemoFeeds) -> None:
        answer = await get(f"{site.base_url}/nowhere")
        assert (answer.status, answer.body) == (404, b"/nowhere: no such page; the list of outlets is at /\n")

    with_site(visit)


def test_a_taken_port_is_named() -> None:
    async def visit(site: DemoFeeds) -> None:
        port = int(site.base_url.rpartition(":")[2])
        with pytest.raises(PortTakenError, match=f"127.0.0.1:{port} .*choose another port"):
            async with DemoFeeds(NOW, port=port):
                pass
        assert (await get(site.feed_urls[0])).status == 200

    with_site(visit)
