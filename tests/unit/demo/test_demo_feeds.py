"""The demo's feeds, read back with feedparser."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from tocsin.demo.feeds import render_feed
from tocsin.demo.outlets import Outlet, load_outlets

NOW = datetime(2017, 9, 5, 15, 30, tzinfo=UTC)
BASE = "http://127.0.0.1:8642"
OUTLETS = load_outlets()
each_outlet = pytest.mark.parametrize("outlet", OUTLETS, ids=lambda outlet: outlet.slug)


def read(outlet: Outlet) -> Any:
    return feedparser.parse(render_feed(outlet, base_url=BASE, now=NOW), sanitize_html=False)


def outlet_of(slug: str) -> Outlet:
    return next(outlet for outlet in OUTLETS if outlet.slug == slug)


@each_outlet
def test_a_feed_gives_back_its_titles_and_links(outlet: Outlet) -> None:
    feed = read(outlet)
    assert not feed.bozo
    assert feed.feed.title == outlet.title
    assert [(one.title, one.link) for one in feed.entries] == [
        (article.title, f"{BASE}/{outlet.slug}/{article.slug}") for article in outlet.articles
    ]


@each_outlet
def test_a_feed_gives_back_its_texts(outlet: Outlet) -> None:
    for entry, article in zip(read(outlet).entries, outlet.articles, strict=True):
        if "content" in entry:
            assert entry.content[0].value == "\n".join(f"<p>{one}</p>" for one in article.html_paragraphs)
            assert entry.summary == article.plain_paragraphs[0]
        else:
            assert entry.summary == "\n\n".join(article.plain_paragraphs)


@each_outlet
def test_a_feed_gives_back_its_times(outlet: Outlet) -> None:
    for entry, article in zip(read(outlet).entries, outlet.articles, strict=True):
        if "date" in article.omit:
            assert "published" not in entry
        else:
            # RSS 1.0 has dc:date, which feedparser calls updated.
            stamp = entry.get("published_parsed") or entry.updated_parsed
            assert datetime.fromtimestamp(calendar.timegm(stamp), UTC) == article.published_at(NOW)


@each_outlet
def test_a_feed_is_well_formed_and_declares_its_encoding(outlet: Outlet) -> None:
    document = render_feed(outlet, base_url=BASE, now=NOW)
    declaration = document.splitlines()[0].decode("ascii")
    assert f"encoding='{outlet.encoding}'" in declaration
    assert ET.fromstring(document.decode(outlet.encoding).partition("\n")[2]) is not None  # noqa: S314  # our own text


@each_outlet
def test_a_feed_is_the_same_for_the_same_time(outlet: Outlet) -> None:
    assert render_feed(outlet, base_url=BASE, now=NOW) == render_feed(outlet, base_url=BASE, now=NOW)


@each_outlet
def test_ids_do_not_depend_on_the_port(outlet: Outlet) -> None:
    moved = feedparser.parse(render_feed(outlet, base_url="http://127.0.0.1:1", now=NOW))
    ids = [one.get("id") for one in moved.entries]
    assert ids == [
        None if "guid" in article.omit else f"tag:{outlet.site},2017:{article.slug}" for article in outlet.articles
    ]


def test_an_arabic_feed_in_windows_1256_is_written_in_its_own_letters() -> None:
    outlet = outlet_of("blue-palm-post")
    assert outlet.title.encode("windows-1256") in render_feed(outlet, base_url=BASE, now=NOW)


def test_a_letter_that_the_encoding_lacks_becomes_a_character_reference() -> None:
    document = render_feed(outlet_of("morgenfelder-bote"), base_url=BASE, now=NOW)
    assert "&#8222;Islamischer Staat&#8220;".encode("iso-8859-1") in document


def test_one_entry_has_no_guid_and_one_no_date() -> None:
    entries = read(outlet_of("harbour-wire")).entries
    assert [one.link.rpartition("/")[2] for one in entries if "id" not in one] == ["central-bank-holds-rates"]
    assert [one.link.rpartition("/")[2] for one in entries if "published" not in one] == ["cup-final-goes-to-penalties"]


def test_one_entry_has_markup_inside_a_phrase_and_one_has_entities() -> None:
    contents = {one.link.rpartition("/")[2]: one.content[0].value for one in read(outlet_of("harbour-wire")).entries}
    assert "Islamic <b>State</b> fighters" in contents["coalition-says-convoy-struck"]
    assert "&ldquo;old&rdquo;" in contents["mosul-bridges"]
    assert "12\N{NO-BREAK SPACE}tonnes" in unescape(contents["mosul-bridges"])
