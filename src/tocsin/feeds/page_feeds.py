"""Which feeds a web page may have: those that it names, those that it links to, usual addresses, and news sitemaps.

Pure, on bytes and addresses. What is found are candidates: whether one is a feed shows when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tocsin.feeds.links import clean_link

MOST_CANDIDATES: Final = 20
"""Candidates that a page may give; each costs its host a request."""

_MOST_HTML: Final = 1_000_000
_LONGEST_TITLE: Final = 200
_TYPES: Final = frozenset(
    {
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/feed+json",
        "application/x.atom+xml",
        "application/x-atom+xml",
    }
)
# An address that says of itself to be a feed: .../feed, /rss.xml, /atom/, ?feed=rss2, feeds.example.org.
_LOOKS_LIKE_FEED: Final = re.compile(
    r"(^https?://(feeds?|rss)\.)|((^|[/._=-])(feeds?|rss2?|atom|rdf)([/._-]?(xml|json|rdf))?/?$)|([?&]feed=)",
    re.IGNORECASE,
)
_OF_COMMENTS: Final = re.compile(r"(^|[/_.=?-])comments?([/_.&?-]|$)", re.IGNORECASE)
_USUAL: Final = ("feed", "rss", "atom.xml", "feed.xml", "index.xml", "rss.xml", "feed.json")
_SITEMAP: Final = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_NEWS: Final = re.compile(r"news", re.IGNORECASE)


class Origin(StrEnum):
    """How a feed was found, the surest first."""

    ITSELF = "the address itself"
    NAMED = "named by the page"
    LINKED = "linked by the page"
    USUAL = "a usual address"
    ROBOTS = "named by robots.txt"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An address that may be a feed's; ``title`` is what the page calls it, or empty."""

    url: str
    title: str
    origin: Origin


def candidates_of(html: bytes, url: str) -> tuple[Candidate, ...]:
    """Give what a page at ``url`` names as its feeds, else what it links to that looks like feeds, each once.

    Feeds of comments come last.
    """
    tree = LexborHTMLParser(html[:_MOST_HTML].decode(errors="replace"))
    base = _base(tree, url)
    found = [*_named(tree, base)] or [*_linked(tree, base)]
    once: dict[str, Candidate] = {}
    for candidate in found:
        once.setdefault(candidate.url, candidate)
    ordered = sorted(once.values(), key=lambda candidate: is_of_comments(candidate.url))
    return tuple(ordered[:MOST_CANDIDATES])


def usual_addresses(url: str) -> tuple[Candidate, ...]:
    """Give the usual addresses of feeds on the host of ``url``, and below its folder where it is one."""
    folder = url.partition("?")[0].partition("#")[0]
    bases = [urljoin(url, "/")]
    if folder.endswith("/") and folder != bases[0]:
        bases.insert(0, folder)
    return tuple(Candidate(urljoin(base, name), "", Origin.USUAL) for base in bases for name in _USUAL)


def robots_address(url: str) -> str:
    """Give the address of the robots.txt that speaks for ``url`` (RFC 9309 2.3)."""
    return urljoin(url, "/robots.txt")


def news_sitemaps(robots: bytes, url: str) -> tuple[Candidate, ...]:
    """Give the sitemaps that a robots.txt names and whose addresses speak of news."""
    named = (clean_link(found[1], url) for found in _SITEMAP.finditer(robots.decode(errors="replace")))
    wanted = dict.fromkeys(link for link in named if link and _NEWS.search(urlsplit(link).path))
    return tuple(Candidate(link, "", Origin.ROBOTS) for link in wanted)[:MOST_CANDIDATES]


def is_of_comments(url: str) -> bool:
    """Tell whether an address looks like that of a feed of comments, which blogs name beside their own."""
    parts = urlsplit(url)
    return bool(_OF_COMMENTS.search(f"{parts.path}?{parts.query}"))


def _base(tree: LexborHTMLParser, url: str) -> str:
    """Give what links are relative to: ``<base href>`` where the page has one (HTML 4.2.3)."""
    node = tree.css_first("base[href]")
    return (clean_link(_attribute(node, "href"), url) if node else "") or url


def _named(tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    for node in tree.css("link[rel~=alternate i][href], link[rel~=feed i][href]"):
        kind = _attribute(node, "type").partition(";")[0].strip().lower()
        is_feed = kind in _TYPES or "feed" in _attribute(node, "rel").lower().split()
        # Any JSON may be named as an alternate: WordPress does so for its API.
        is_feed = is_feed or (kind == "application/json" and "feed" in _attribute(node, "href").lower())
        link = clean_link(_attribute(node, "href"), base) if is_feed else ""
        if link:
            yield Candidate(link, _one_line(_attribute(node, "title")), Origin.NAMED)


def _linked(tree: LexborHTMLParser, base: str) -> Iterator[Candidate]:
    for node in tree.css("a[href]"):
        link = clean_link(_attribute(node, "href"), base).partition("#")[0]
        if link and _LOOKS_LIKE_FEED.search(link):
            yield Candidate(link, _one_line(node.text()), Origin.LINKED)


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _one_line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_TITLE]
