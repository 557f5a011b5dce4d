"""The canonical address of an article: what counts to tell whether two links lead to the same one."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

_TRACKING = re.compile(
    r"(?:utm_\w*|at_\w+|mc_[ce]id|[fgy]clid|fbclid|gclid|msclkid|dclid|igshid|xtor|ref|src|cmp|cmpid|ocid|ns_\w+|"
    r"wt_\w+|source|medium|campaign|partner|feed|rss|output|amp)\Z",
    re.IGNORECASE,
)
_LONGEST = 2_000


def canonical(url: str) -> str:
    """Return an address without scheme, "www.", port, fragment, tracking parameters and closing slash.

    "" for none, and for a mere home page: some feeds give it as the link of everything.

    >>> canonical("HTTPS://www.News.example/a/1/?utm_source=rss&id=7#top")
    'news.example/a/1?id=7'
    """
    try:
        parts = urlsplit(url.strip()[:_LONGEST])
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    if not host:
        return ""
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query) if not _TRACKING.match(pair[0])))
    path = parts.path.rstrip("/")
    if not path and not query:
        return ""
    return f"{host}{path}?{query}" if query else f"{host}{path}"
