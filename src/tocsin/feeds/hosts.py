"""Which host a feed is polled under: the unit that publishers count requests by. Pure.

Sub-domains of one registrable domain count as one host; feeds on private hosts count by themselves.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from tld import get_tld

from tocsin.feeds.addresses import literal_address


def host_key(url: str) -> str:
    """Give the key of the host that a feed at ``url`` is polled under.

    The registrable domain by the ICANN part of the Public Suffix List (so that all blogs of one provider share a key),
    a public address as it is; on a loopback or private host, and where there is no public suffix, the whole address of
    the feed, since such a host serves whom it knows.

    >>> host_key("https://news.example.co.uk/rss"), host_key("https://a.tumblr.com/rss"), host_key("http://127.1/")
    ('example.co.uk', 'tumblr.com', 'http://127.1/')
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return url
    return key_of(host, url)


def key_of(host: str, url: str) -> str:
    """Give the key of a ``host`` in lower case that was read from ``url`` already; see `host_key`."""
    return _public_key(host.rstrip(".")) or url


def is_private_key(key: str) -> bool:
    """Say whether a key stands for a single feed: its host takes as many requests as it likes."""
    return ":/" in key


@lru_cache(maxsize=65_536)
def _public_key(host: str) -> str | None:
    """Find the key that all feeds of a public host share. Cached: feeds come back, and the list is long."""
    address = literal_address(host)
    if address is not None:
        return str(address) if address.is_global else None
    found = get_tld(f"http://{host}/", as_object=True, fail_silently=True, search_private=False)
    return getattr(found, "fld", None) or None
