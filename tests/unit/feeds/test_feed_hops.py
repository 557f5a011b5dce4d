from __future__ import annotations

import pytest
from yarl import URL

from tocsin.feeds.hops import first_address, next_address
from tocsin.models.feeds import Problem, ProblemKind

START = URL("https://me:secret@news.example/feeds/rss?x=1")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("atom", "https://me:secret@news.example/feeds/atom"),
        ("/atom#new", "https://me:secret@news.example/atom"),
        ("//other.example/atom", "https://other.example/atom"),
        ("http://news.example/atom", "http://news.example/atom"),
        ("https://you:known@other.example/", "https://other.example/"),
        ("HTTPS://Other.Example/Feed", "https://other.example/Feed"),
        ("/a b", "https://me:secret@news.example/a%20b"),
        ("/é".encode().decode("latin-1"), "https://me:secret@news.example/%C3%A9"),
        ("/é", "https://me:secret@news.example/%C3%A9"),
        ("https://zürich.example/".encode().decode("latin-1"), "https://xn--zrich-kva.example/"),
    ],
)
def test_a_redirect_leads_where_a_browser_would_go_and_takes_no_password_abroad(location: str, target: str) -> None:
    assert str(next_address(START, START, location)) == target


@pytest.mark.parametrize(
    "location", ["", "ftp://a.example/", "javascript:alert(1)", "http://", "http://[", "http:///x"]
)
def test_a_redirect_to_nowhere_is_refused(location: str) -> None:
    found = next_address(START, START, location)
    assert isinstance(found, Problem)
    assert found.kind is ProblemKind.REFUSED
    assert "secret" not in found.message


@pytest.mark.parametrize("url", ["http://a..b/", "http://.example/", f"http://{'a' * 64}.example/", "http://a_b!c/"])
def test_a_host_that_cannot_be_asked_for_is_told(url: str) -> None:
    found = first_address(url)
    assert isinstance(found, Problem)
    assert found.kind in {ProblemKind.UNREACHABLE, ProblemKind.REFUSED}


@pytest.mark.parametrize(
    "url", ["http://localhost/feed", "http://wire_1.example./", "http://127.1/", "http://[::1]:8080/", "http://xn--a/"]
)
def test_every_host_that_may_exist_can_be_asked(url: str) -> None:
    assert isinstance(first_address(url), URL)
