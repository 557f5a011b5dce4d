"""What a site's robots.txt allows us (RFC 9309). Pure: nothing is asked for or kept here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from protego import Protego

from tocsin.feeds.fetch import Page
from tocsin.models.feeds import Problem

AGENT: Final = "Tocsin"
"""The product token that a robots.txt may name, the one that our User-Agent begins with."""

LONGEST: Final = 500 * 1024
"""So many bytes are read; the standard asks for no fewer (RFC 9309 2.5)."""

LONGEST_DELAY: Final = timedelta(seconds=60)
"""A longer Crawl-delay is taken for this: the line is not in the standard, and some write it to keep robots out."""


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one origin; ``rules`` None where there are none."""

    rules: Protego | None = None

    def allows(self, url: str) -> bool:
        """Tell whether a page may be asked for."""
        return self.rules is None or self.rules.can_fetch(url, AGENT)

    @property
    def crawl_delay(self) -> timedelta:
        """The time that the site wants between two requests, at most `LONGEST_DELAY`; none by default."""
        seconds = None if self.rules is None else self.rules.crawl_delay(AGENT)
        return min(timedelta(seconds=min(seconds or 0.0, 1e6)), LONGEST_DELAY)


def origin_of(url: str) -> str:
    """Give the scheme, host and port that an address begins with.

    >>> origin_of("https://wire.example:8443/news/1?from=feed")
    'https://wire.example:8443'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def read_robots(answer: Page | Problem) -> Robots | str:
    """Read the answer to a request for robots.txt; words where it does not tell, and nothing may be asked for yet.

    A site that has none (4xx) allows all (RFC 9309 2.3.1.3); one that cannot be reached, or fails, nothing for the time
    being (2.3.1.4).
    """
    if isinstance(answer, Problem):
        return f"its robots.txt cannot be read ({answer.message})"
    if answer.status == HTTPStatus.OK:
        return Robots(Protego.parse(answer.body[:LONGEST].decode("utf-8-sig", "replace")))
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Robots()
    return f"its robots.txt cannot be read (HTTP {answer.status})"
