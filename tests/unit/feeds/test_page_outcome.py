from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.feeds.fetch import Page
from tocsin.feeds.pages.outcome import Got, PutOff, Refused, failed, judged, not_a_page
from tocsin.feeds.pages.politeness import MAX_ATTEMPTS, SPACING, again_at, page_host, spacing
from tocsin.models.feeds import Problem, ProblemKind

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
LONG = "The siege of the town is over, the army said on Tuesday. " * 3


def page(status: int = 200, content_type: str = "text/html; charset=utf-8", body: bytes = b"<p>") -> Page:
    return Page("https://wire.example/1", status, body, content_type)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("text/html", b""), ("TEXT/HTML;charset=x", b""), ("application/xhtml+xml", b""), ("", b" \n<!doctype html>")],
)
def test_pages_are_what_is_served_as_html(content_type: str, body: bytes) -> None:
    assert not_a_page(page(content_type=content_type, body=body)) is None


@pytest.mark.parametrize(
    ("content_type", "told"),
    [
        ("application/pdf", "application/pdf"),
        ("video/mp4", "video/mp4"),
        ("text/plain", "text/plain"),
        ("", "a file of no known type"),
        ("text/\x1b[31mred", "a file of no known type"),
    ],
)
def test_other_files_are_not_taken_apart(content_type: str, told: str) -> None:
    fault = not_a_page(page(content_type=content_type, body=b"%PDF"))
    assert fault == Refused(f"the address leads to {told}, not to a page in HTML")


@pytest.mark.parametrize("status", [401, 402, 403, 404, 410, 451])
def test_a_page_that_is_refused_or_gone_is_not_asked_for_again(status: int) -> None:
    assert isinstance(not_a_page(page(status)), Refused)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_a_site_in_trouble_is_asked_again(status: int) -> None:
    assert isinstance(not_a_page(page(status)), PutOff)


def test_the_words_name_the_status() -> None:
    told = [not_a_page(page(status)) for status in (404, 599)]
    assert told == [Refused("the site answers with HTTP 404 Not Found"), PutOff("the site answers with HTTP 599")]


@pytest.mark.parametrize("kind", list(ProblemKind), ids=str)
def test_what_may_pass_is_tried_again_and_what_will_not_is_given_up(kind: ProblemKind) -> None:
    passing = {ProblemKind.UNREACHABLE, ProblemKind.TIMEOUT, ProblemKind.HTTP, ProblemKind.RATE_LIMITED}
    wish = NOW + timedelta(hours=1)
    outcome = failed(Problem(kind, "words", wish, holds_host=True))
    given_up = Refused("the page is larger than 3 MB, which no article needs" if kind == "too-big" else "words")
    assert outcome == (PutOff("words", wish, holds_host=True) if kind in passing else given_up)


@pytest.mark.parametrize(
    ("text", "teaser", "outcome"),
    [
        (LONG, "A teaser.", Got(LONG)),
        ("Too short.", "", Refused("no article was found in the page (10 characters of text)")),
        ("", "A teaser.", Refused("no article was found in the page (0 characters of text)")),
        (LONG, LONG * 2, Refused("the page gives 171 characters of text, the feed 342; the feed's are kept")),
    ],
)
def test_a_page_counts_where_it_says_more_than_its_feed(text: str, teaser: str, outcome: Got | Refused) -> None:
    assert judged(text, teaser) == outcome


def test_the_waits_between_attempts_grow_until_the_page_is_given_up() -> None:
    waits = [again_at(attempt, NOW) for attempt in range(1, MAX_ATTEMPTS + 1)]
    assert [at and at - NOW for at in waits] == [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), None]


def test_a_page_is_not_asked_for_before_the_time_that_its_server_names() -> None:
    soon, late = NOW + timedelta(seconds=5), NOW + timedelta(days=1)
    assert [again_at(1, NOW, wish) for wish in (soon, late)] == [NOW + timedelta(minutes=10), late]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.wire.example.com/news/1?x=y", "example.com"),
        ("http://amp.example.co.uk:8080/1", "example.co.uk"),
        ("http://user:secret@127.0.0.1:81/news/1", "http://127.0.0.1:81/"),
        ("http://[::1]/news/1", "http://[::1]/"),
        ("javascript:alert(1)", ""),
        ("", ""),
        ("http://[broken/", ""),
    ],
)
def test_pages_wait_for_each_other_by_registrable_domain_or_private_server(url: str, host: str) -> None:
    assert page_host(url) == host


def test_a_crawl_delay_counts_where_it_is_longer_than_our_own() -> None:
    short, long = timedelta(seconds=1), timedelta(seconds=30)
    assert [spacing("example.com", delay) for delay in (short, long)] == [SPACING, long]
    assert spacing("http://127.0.0.1:81/", short) == short
