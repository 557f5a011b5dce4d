from __future__ import annotations

import pytest

from tocsin.feeds.links import clean_link, feeds_of_page

BASE = "https://wire.example/feeds/main.xml"


@pytest.mark.parametrize(
    ("link", "clean"),
    [
        ("https://a.example/x?y=1&z=2#f", "https://a.example/x?y=1&z=2#f"),
        ("/news/1", "https://wire.example/news/1"),
        ("2", "https://wire.example/feeds/2"),
        ("//b.example/x", "https://b.example/x"),
        (" http://a.example/a b ", "http://a.example/a%20b"),
        ('https://a.example/"onx="1', "https://a.example/%22onx=%221"),
        ("https://a.example/süd", "https://a.example/süd"),
        ("http://[2606:4700::1111]/x", "http://[2606:4700::1111]/x"),
    ],
)
def test_a_link_is_made_absolute(link: str, clean: str) -> None:
    assert clean_link(link, BASE) == clean


@pytest.mark.parametrize(
    "link",
    [
        "",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/hostname",
        "ftp://a.example/",
        "mailto:a@example.org",
        "https://user:pass@a.example/",
        "https://a.example@b.example/",
        "https://a.example/%0d%0aSet-Cookie:x=1",
        "https://a.example/\u202efdp.exe",
        "https://a.example/\x00",
        "https://a.example:port/",
        "http://[::1",
        "http://",
        "https://a.example/" + "x" * 2000,
    ],
)
def test_a_link_that_is_not_safe_to_show_is_dropped(link: str) -> None:
    assert clean_link(link, BASE) == ""


def test_a_page_names_its_feeds_once() -> None:
    page = """<html><head><link rel="alternate" type="application/rss+xml" href="/rss">
    <link rel="Alternate" type="application/rss+xml" href="/rss"><link rel="stylesheet" href="/x.css">
    <link rel="alternate" type="application/atom+xml" href="https://b.example/atom">
    <link rel="alternate" type="application/rss+xml" href="javascript:x"></head></html>"""
    assert feeds_of_page(page, BASE) == ("https://wire.example/rss", "https://b.example/atom")
