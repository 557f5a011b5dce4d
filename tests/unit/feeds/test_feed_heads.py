from __future__ import annotations

import pytest
from yarl import URL

from tocsin.feeds.heads import Head, read_head
from tocsin.feeds.limits import Limits
from tocsin.feeds.link_header import hub_of
from tocsin.models.feeds import Hub

URL_OF_FEED = URL("https://news.example/rss")


def head(*lines: bytes, status: int = 200) -> Head | None:
    return read_head(status, [line + b"\r\n" for line in lines], Limits())


def test_names_are_lower_case_and_values_are_bare() -> None:
    assert head(b"HTTP/1.1 200 All well", b"ETag: \t\xe4 ", b"X-Empty:", b"") == Head(
        200, "All well", {"etag": "\xe4", "x-empty": ""}
    )


def test_the_first_of_two_counts_but_lists_are_joined() -> None:
    found = head(b"HTTP/2 200", b"ETag: 1", b"ETag: 2", b"Link: <a>", b"Link: <b>", b"")
    assert found == Head(200, "", {"etag": "1", "link": "<a>, <b>"})


def test_interim_answers_and_trailers_are_no_part_of_it() -> None:
    found = head(b"HTTP/1.1 103 Early Hints", b"ETag: no", b"", b"HTTP/1.1 200 OK", b"ETag: yes", b"", b"Age: 1")
    assert found == Head(200, "OK", {"etag": "yes"})


def test_a_field_that_is_named_like_a_status_line_hides_nothing() -> None:
    assert head(b"HTTP/1.1 200 OK", b"ETag: 1", b"HTTP/1.1 200: x", b"") == Head(
        200, "OK", {"etag": "1", "http/1.1 200": "x"}
    )


def test_an_answer_without_lines_has_an_empty_head() -> None:
    assert head() == Head(200, "", {})


def test_too_many_lines_or_too_long_ones_make_no_head() -> None:
    assert head(b"HTTP/1.1 200 OK", *([b"A: b"] * 200)) is None
    assert head(b"HTTP/1.1 200 OK", b"A: " + b"b" * 20_000) is None


@pytest.mark.parametrize(
    ("link", "hub"),
    [
        ("<https://hub.example/>; rel=hub", Hub("https://hub.example/", "https://news.example/rss")),
        (
            '</hub>; rel="hub", <https://a.example/f>; rel="self"',
            Hub("https://news.example/hub", "https://a.example/f"),
        ),
        ('<https://h.example/>; title="a, b"; rel="alternate HUB"', Hub("https://h.example/", str(URL_OF_FEED))),
        (
            "<https://1.example/>; rel=hub, <https://2.example/>; rel=hub",
            Hub("https://1.example/", "https://news.example/rss"),
        ),
        ("<https://a.example/f>; rel=self", None),
        ("<javascript:alert(1)>; rel=hub", None),
        ("<http://[>; rel=hub", None),
        ("<https://x.example/>; rel=hubs", None),
        ("<" * 50_000, None),
    ],
)
def test_a_hub_is_found_in_link_fields(link: str, hub: Hub | None) -> None:
    assert hub_of(link, URL_OF_FEED) == hub
