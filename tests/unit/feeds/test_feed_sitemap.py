from __future__ import annotations

from datetime import UTC, datetime

from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind

URL = "https://paper.example/news.xml"
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">"""
NEWS = """<url><image:image><image:loc>https://paper.example/p.jpg</image:loc><image:title>A picture</image:title>
</image:image><loc>https://paper.example/{0}</loc><lastmod>2024-05-06</lastmod><news:news><news:publication>
<news:name>The Paper</news:name><news:language>{1}</news:language></news:publication>
<news:publication_date>2024-05-0{0}T08:00:00+02:00</news:publication_date><news:title>Story {0} &amp; more</news:title>
<news:keywords>Aleppo, aid</news:keywords></news:news></url>"""
PAGE = "<url><loc>https://paper.example/about</loc></url>"


def test_a_news_sitemap_is_a_feed() -> None:
    found = parse_feed((HEAD + NEWS.format(1, "en") + PAGE + NEWS.format(2, "zh-cn") + "</urlset>").encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert (found.title, found.format, found.note) == ("The Paper", "news sitemap", None)
    first, second = found.entries
    assert (first.key, first.url) == ("https://paper.example/1", "https://paper.example/1")
    assert (first.title, first.text) == ("Story 1 & more", "Aleppo, aid")
    assert (first.language, second.language) == ("en", "zh")
    assert first.published_at == datetime(2024, 5, 1, 6, 0, tzinfo=UTC)


def test_a_sitemap_without_news_is_no_feed() -> None:
    found = parse_feed((HEAD + PAGE + "</urlset>").encode(), "", URL)
    assert isinstance(found, Problem)
    assert found.kind is ProblemKind.NOT_A_FEED
    assert "is a sitemap without news" in found.message


def test_a_cut_off_sitemap_keeps_its_complete_entries() -> None:
    found = parse_feed((HEAD + NEWS.format(1, "en") + NEWS.format(2, "en")[:300]).encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert [entry.key for entry in found.entries] == ["https://paper.example/1"]
    assert not found.is_complete
    assert found.note == "not well-formed XML (unclosed token); its first 1 entries are read"


def test_a_sitemap_with_stray_ampersands_is_read_whole() -> None:
    found = parse_feed((HEAD + NEWS.format(1, "en").replace("&amp;", "&") + "</urlset>").encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert found.entries[0].title == "Story 1 & more"
    assert found.is_complete


def test_of_too_many_stories_the_newest_are_kept() -> None:
    stories = "".join(NEWS.format(1, "en").replace("example/1", f"example/{number}") for number in range(600))
    found = parse_feed((HEAD + stories + "</urlset>").encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert len(found.entries) == 500


def test_a_sitemap_without_end_is_read_up_to_a_bound() -> None:
    found = parse_feed((HEAD + NEWS.format(1, "en") + PAGE * 60_000 + "</urlset>").encode(), "", URL)
    assert isinstance(found, ParsedFeed)
    assert "more than 50000 addresses" in (found.note or "")
