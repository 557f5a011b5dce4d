"""Who published an article: one name for all feeds of one house. Pure."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from tld import get_tld

from tocsin.feeds.addresses import literal_address

_FORWARDERS = frozenset({"feedburner.com", "feedproxy.google.com", "news.google.com", "t.co", "bit.ly"})
"""Hosts whose links lead to articles of others: they tell nothing of who published one."""


def outlet_of(url: str, feed_url: str, feed_title: str) -> str:
    """Name the outlet of an article with the link ``url`` in a feed.

    The registrable domain of the link, else of the feed's address, by the whole Public Suffix List (so that each blog
    of a provider is an outlet of its own); else, as for private hosts, which may serve several, the feed's title; else
    its address.

    >>> outlet_of("https://www.example.co.uk/a", "https://rss.example.com/all", "All")
    'example.co.uk'
    >>> outlet_of("http://feeds.feedburner.com/~r/a/b", "https://rss.example.com/all", "All")
    'example.com'
    >>> outlet_of("", "http://localhost:8000/feed", "The Example")
    'The Example'
    """
    return _domain(url) or _domain(feed_url) or feed_title.strip() or feed_url


def _domain(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return _registrable(host.rstrip("."))


@lru_cache(maxsize=65_536)
def _registrable(host: str) -> str | None:
    """Give the part of a host in lower case that its owner registered; None if it is an address or a private name."""
    if "." not in host or literal_address(host) is not None:
        return None
    found = get_tld(f"http://{host}/", as_object=True, fail_silently=True, search_private=True)
    # Where no rule of the list fits, its rule "*" does: https://github.com/publicsuffix/list/wiki/Format
    domain: str = getattr(found, "fld", None) or ".".join(host.split(".")[-2:])
    return None if domain in _FORWARDERS or host in _FORWARDERS else domain
