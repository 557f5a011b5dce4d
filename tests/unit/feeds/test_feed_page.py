"""Which feeds a page may have, as the page says it or as is usual."""

from __future__ import annotations

import pytest

from tocsin.feeds.page_feeds import (
    Candidate,
    Origin,
    candidates_of,
    is_of_comments,
    news_sitemaps,
    robots_address,
    usual_addresses,
)

PAGE = "https://www.gazette.example/world/index.html"
HOST = "https://www.gazette.example"


def candidates(html: str, url: str = PAGE) -> list[Candidate]:
    return list(candidates_of(html.encode(), url))


def urls(html: str) -> list[str]:
    return [candidate.url for candidate in candidates(html)]


@pytest.mark.parametrize(
    "kind",
    [
        "application/rss+xml",
        "application/atom+xml",
        "APPLICATION/RSS+XML; charset=utf-8",
        "application/rdf+xml",
        "application/feed+json",
    ],
)
def test_an_alternate_of_a_feeds_type_is_named(kind: str) -> None:
    found = candidates(f'<link rel="alternate" type="{kind}" href="/rss.xml" title=" All\n news ">')
    assert found == [Candidate(f"{HOST}/rss.xml", "All news", Origin.NAMED)]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/2">',
        '<link rel="stylesheet" type="application/rss+xml" href="/a.css">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="feed:x">',
        '<link rel="alternate" type="application/rss+xml" href="">',
    ],
)
def test_other_alternates_are_no_feeds(link: str) -> None:
    assert candidates(link) == []


def test_a_feed_named_twice_is_one_and_comments_come_last() -> None:
    html = "".join(
        f'<link rel="alternate" type="application/rss+xml" href="{href}">'
        for href in ("/comments/feed/", "/feed/", "/feed/", "https://feeds.example.org/gazette")
    )
    assert urls(html) == [f"{HOST}/feed/", "https://feeds.example.org/gazette", f"{HOST}/comments/feed/"]


def test_links_count_from_the_base_that_the_page_names() -> None:
    html = '<base href="/sub/"><link rel="alternate" type="application/rss+xml" href="rss.xml">'
    assert urls(html) == [f"{HOST}/sub/rss.xml"]


def test_links_that_look_like_feeds_count_where_the_page_names_none() -> None:
    html = (
        '<a href="/rss/world.html">no</a><a href="/feedback">no</a><a href="/wp/feed/">All</a>'
        '<a href="?feed=rss2">q</a>'
        '<a href="https://feeds.example.org/x">f</a><a href="/a/rss.xml#top">x</a><a href="/atom">y</a>'
    )
    assert candidates(html) == [
        Candidate(f"{HOST}/wp/feed/", "All", Origin.LINKED),
        Candidate(f"{PAGE}?feed=rss2", "q", Origin.LINKED),
        Candidate("https://feeds.example.org/x", "f", Origin.LINKED),
        Candidate(f"{HOST}/a/rss.xml", "x", Origin.LINKED),
        Candidate(f"{HOST}/atom", "y", Origin.LINKED),
    ]


def test_a_page_gives_no_more_than_twenty() -> None:
    html = "".join(f'<link rel="alternate" type="application/rss+xml" href="/{n}">' for n in range(50))
    assert len(candidates(html)) == 20


@pytest.mark.parametrize(
    ("url", "is_one"),
    [("/comments/feed/", True), ("/comments", True), ("/?feed=comments-rss2", True), ("/commentisfree/rss", False)],
)
def test_feeds_of_comments_are_known_by_their_addresses(url: str, is_one: bool) -> None:
    assert is_of_comments(HOST + url) is is_one


@pytest.mark.parametrize("html", ["", "\x00\xff", "<" * 100_000, "<base href='http://['>", "{}"])
def test_rubbish_is_no_candidate_and_no_error(html: str) -> None:
    assert candidates(html) == []


def test_usual_addresses_are_tried_below_a_folder_and_on_the_host() -> None:
    assert [one.url for one in usual_addresses(f"{HOST}/blog/?x=1")][::7] == [f"{HOST}/blog/feed", f"{HOST}/feed"]
    assert [one.url for one in usual_addresses(f"{HOST}/a.html")][:2] == [f"{HOST}/feed", f"{HOST}/rss"]


def test_robots_names_sitemaps_of_news() -> None:
    robots = (
        b"User-agent: *\nSITEMAP: https://www.gazette.example/news.xml\nSitemap: /sitemap.xml\nsitemap:/s/News-1.xml\n"
    )
    assert robots_address(PAGE) == f"{HOST}/robots.txt"
    assert [one.url for one in news_sitemaps(robots, f"{HOST}/robots.txt")] == [
        f"{HOST}/news.xml",
        f"{HOST}/s/News-1.xml",
    ]
