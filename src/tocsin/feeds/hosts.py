"""Which host a feed is polled under: the unit that publishers count requests by. Pure.

Sub-domains of one registrable domain count as one host; feeds on private hosts count by themselves.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from tld import get_tld


def host_key(url: str) -> str:
    """Give the key of the host that a feed at ``url`` is polled under.

    The registrable domain by the ICANN part of the Public Suffix List (so that all blogs of one provider share a key),
    a public address as it is; on a loopback or private host, and where there is no public suffix, the whole address of
    the feed, since such a host serves whom it knows.

    >>> host_key("https://news.example.co.uk/rss"), host_key("https://a.tumblr.com/rss"), host_key("http://192.0.2.1/")
    ('example.co.uk', 'tumblr.com', 'http://192.0.2.1/')
    """
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        address = ip_address(host)
    except ValueError:
        found = get_tld(url, as_object=True, fail_silently=True, search_private=False)
        fld = getattr(found, "fld", None)
        return fld or url
    return str(address) if address.is_global else url
