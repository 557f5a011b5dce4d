"""Which links out of a feed are kept: absolute http and https addresses that are safe to show. No fetching."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

_LONGEST: Final = 2000
# What most links look like: nothing to join, quote or refuse.
_PLAIN: Final = re.compile(
    r"https?://[A-Za-z0-9][A-Za-z0-9.-]*+(?::[1-9][0-9]{0,3}|:[1-5][0-9]{4})?(?:/[A-Za-z0-9._~!$&()*+,;=:@/-]*+)(?:\?[A-Za-z0-9._~!$&()*+,;=:@/?-]++)?(?:#[A-Za-z0-9._~!$&()*+,;=:@/?-]++)?"
)
_FORBIDDEN: Final = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\"'<>\\^`{|}]")
_ESCAPES: Final = str.maketrans({c: f"%{ord(c):02X}" for c in "\"'<>\\^`{|} "})
_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml")
_MOST_HTML: Final = 256 * 1024


def clean_link(link: str, base: str) -> str:
    """Make ``link`` absolute against ``base`` and check it; "" unless it is plain http or https.

    Refused are control characters (also percent-encoded line ends), user names and passwords, and more than 2,000
    characters. Quotes, blanks and brackets are percent-encoded.
    """
    text = link.strip()
    if not text or len(text) > _LONGEST:
        return ""
    if _PLAIN.fullmatch(text) and "/." not in text:
        return text
    try:
        absolute = urljoin(base, text.translate(_ESCAPES))
        parts = urlsplit(absolute)
        has_user = "@" in parts.netloc
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not host or has_user or "%" in parts.netloc:
        return ""
    if len(absolute) > _LONGEST or _FORBIDDEN.search(absolute) or re.search(r"%0[ad]", absolute, re.IGNORECASE):
        return ""
    return absolute


def joined(base: str, link: str) -> str:
    """Make ``link`` absolute against ``base`` without checking it; as it is where it is no address at all."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def feeds_of_page(html: str, base: str) -> tuple[str, ...]:
    """List the feeds that a web page names in its ``<link rel=alternate>``, at most three."""
    found: list[str] = []
    for node in LexborHTMLParser(html[:_MOST_HTML]).css("link[rel~=alternate][href]"):
        kind = (node.attributes.get("type") or "").strip().lower()
        link = clean_link(node.attributes.get("href") or "", base) if kind in _FEED_TYPES else ""
        if link and link not in found:
            found.append(link)
    return tuple(found[:3])
