"""How often a host is asked for pages, and how long a page that failed is left alone. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from tocsin.feeds.hosts import host_key, is_private_key
from tocsin.feeds.pages.robots import origin_of

SPACING: Final = timedelta(seconds=5)
"""At least so long a public host has peace between two pages."""

WAITS: Final = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""How long a page is left alone after its first, second ... failed attempt; the one after the last is final."""

MAX_ATTEMPTS: Final = len(WAITS) + 1


def page_host(url: str) -> str:
    """Give the key of the host that an article's page is asked of; "" for what is no address of a page.

    As for feeds, all hosts of one registrable domain count as one; a private host counts by itself.

    >>> page_host("https://www.wire.example.com/news/1"), page_host("http://10.0.0.8:81/news/1"), page_host("mailto:x")
    ('example.com', 'http://10.0.0.8:81/', '')
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    return host_key(f"{origin_of(url)}/")


def spacing(host: str, crawl_delay: timedelta) -> timedelta:
    """Give the time between two pages of a host; a private one, whose key is an address, serves whom it knows.

    >>> spacing("example.com", timedelta()), spacing("http://10.0.0.8:81/", timedelta())
    (datetime.timedelta(seconds=5), datetime.timedelta(0))
    """
    return max(timedelta() if is_private_key(host) else SPACING, crawl_delay)


def again_at(attempts: int, now: datetime, wish: datetime | None = None) -> datetime | None:
    """Decide when a page that failed for the ``attempts``-th time is asked for again, not before the server's
    ``wish``; None for never.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    at = now + WAITS[attempts - 1]
    return at if wish is None else max(at, wish)
