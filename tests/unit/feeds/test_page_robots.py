from __future__ import annotations

from datetime import timedelta

import pytest

from tocsin.feeds.fetch import Page
from tocsin.feeds.pages.robots import LONGEST, LONGEST_DELAY, Robots, read_robots
from tocsin.models.feeds import Problem, ProblemKind

STORY = "https://wire.example/news/1"


def robots(text: str | bytes, status: int = 200) -> Robots | str:
    body = text if isinstance(text, bytes) else text.encode()
    return read_robots(Page("https://wire.example/robots.txt", status, body, "text/plain"))


def rules(text: str | bytes) -> Robots:
    found = robots(text)
    assert isinstance(found, Robots)
    return found


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /news/", False),
        ("User-agent: *\nDisallow: /archive/", True),
        ("User-agent: *\nDisallow: /\nUser-agent: Tocsin\nAllow: /news/\nDisallow: /", True),
        ("User-agent: tocsin\nDisallow: /news/\nUser-agent: *\nAllow: /", False),
        ("User-agent: GPTBot\nDisallow: /", True),
        ("User-agent: *\nAllow: /news/1$\nDisallow: /news/", True),
        ("User-agent: *\nDisallow: /*/1", False),
        ("<html><body>No such page</body></html>", True),
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /news", False),
        (b"\xff\xfe\x00\x01", True),
    ],
)
def test_the_group_that_names_us_or_else_the_one_for_all_decides(text: str | bytes, allowed: bool) -> None:
    assert rules(text).allows(STORY) is allowed


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_site_without_a_robots_txt_allows_all(status: int) -> None:
    assert robots("User-agent: *\nDisallow: /", status) == Robots()


@pytest.mark.parametrize("status", [500, 503, 304, 204])
def test_nothing_may_be_asked_for_while_the_rules_cannot_be_read(status: int) -> None:
    assert robots("", status) == f"its robots.txt cannot be read (HTTP {status})"


def test_a_site_that_cannot_be_reached_allows_nothing_for_the_time_being() -> None:
    answer = Problem(ProblemKind.UNREACHABLE, "wire.example: connection refused")
    assert read_robots(answer) == "its robots.txt cannot be read (wire.example: connection refused)"


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("", 0.0),
        ("Crawl-delay: 10", 10.0),
        ("Crawl-delay: 0.5", 0.5),
        ("Crawl-delay: 86400", LONGEST_DELAY.total_seconds()),
        ("Crawl-delay: 1e300", LONGEST_DELAY.total_seconds()),
        ("Crawl-delay: inf", 0.0),
        ("Crawl-delay: -5", 0.0),
        ("Crawl-delay: soon", 0.0),
    ],
)
def test_a_crawl_delay_is_kept_within_bounds(line: str, seconds: float) -> None:
    assert rules(f"User-agent: *\n{line}\nDisallow: /archive").crawl_delay == timedelta(seconds=seconds)


def test_the_rest_of_an_endless_robots_txt_is_not_read() -> None:
    filling = "# a line of no meaning\n" * (LONGEST // 20)
    assert rules(f"User-agent: *\n{filling}Disallow: /news/").allows(STORY)


def test_wildcards_without_end_take_no_time() -> None:
    hostile = "User-agent: *\n" + f"Disallow: /{'*a' * 400}b\n" * 300
    assert rules(hostile).allows("https://wire.example/" + "a" * 2000)
