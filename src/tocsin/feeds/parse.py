"""Turn a feed's bytes into a `ParsedFeed`, or into a `Problem` that a publisher could act on; never raises.

The order: charset, what kind of document, repairs, tripwires, then feedparser on what is left, then cleaning. Pure and
picklable: a caller may run it in a process of its own, with a deadline. No HTTP, no SQL, no clock.
"""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import Any, Final

import feedparser

from tocsin.feeds import survey
from tocsin.feeds.charset import to_utf8
from tocsin.feeds.dates import published_at
from tocsin.feeds.entries import entry_of, primary_language, title_of
from tocsin.feeds.faults import problem, shown
from tocsin.feeds.keys import with_unique_keys
from tocsin.feeds.links import feeds_of_page
from tocsin.feeds.repair import Head, UnclosedDeclarationError, head, repaired
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind

MOST_ENTRIES: Final = 500
_LONGEST_BODY: Final = 20_000_000
_LONGEST_JUNK: Final = 100_000

_FEED_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_FEED_START: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:rss|feed|RDF)[\s>]")
_DATE: Final = re.compile(rb"<(?:[\w.-]{1,60}:)?(?:pubDate|published|updated|date)[^<>]{0,200}>\s*([^<>]{1,100})<")
# What feedparser was seen to raise, or could, on documents that are not what they seem. Not wider: a job's
# time limit must get through.
_FEEDPARSER_FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed | Problem:
    """Read RSS, Atom or RDF from ``body``; ``content_type`` is the header as it came, ``url`` the base of links.

    At most the 500 newest entries are read. A document that ends early keeps its complete entries and gets a note.
    """
    if not body.strip():
        return _problem(ProblemKind.MALFORMED, url, "sent an empty body; the publisher's server has a fault")
    if len(body) > _LONGEST_BODY:
        return _problem(ProblemKind.TOO_BIG, url, f"sent more than {_LONGEST_BODY // 1_000_000} MB")
    decoded = to_utf8(body, content_type)
    if decoded.body.lstrip()[:1] in {b"{", b"["}:
        return _problem(ProblemKind.NOT_A_FEED, url, _json_words(decoded.body))
    try:
        top = _feed_head(decoded.body)
    except UnclosedDeclarationError as error:
        return _problem(ProblemKind.MALFORMED, url, f"is not readable as XML: {error}; tell the publisher")
    if top.root not in _FEED_ROOTS:
        return _problem(ProblemKind.NOT_A_FEED, url, _other_words(decoded.body, top, url))
    return _read(decoded.body[top.start :], url, decoded.note)


def _problem(kind: ProblemKind, url: str, words: str) -> Problem:
    return problem(kind, f"{shown(url)} {words}")


def _feed_head(document: bytes) -> Head:
    """Find the feed's first element; a few lines of a server's own chatter before it are passed over."""
    top = head(document)
    if not top.is_html and top.root not in _FEED_ROOTS:
        late = _FEED_START.search(document, 0, _LONGEST_JUNK)
        if late:
            return replace(head(document[late.start() :]), start=late.start())
    return top


def _json_words(document: bytes) -> str:
    if b"jsonfeed.org" in document[:2000]:
        return "is a JSON Feed, which this version does not read; look for the publisher's RSS or Atom address"
    return "sent JSON, not a feed; check the address in the watchlist"


def _other_words(document: bytes, top: Head, url: str) -> str:
    """Say what the document is, if it is no feed, and where the feed may be."""
    if not top.is_html:
        kinds = {"": "is neither XML nor a feed", "opml": "is a list of feeds (OPML), not a feed"}
        kinds |= dict.fromkeys(("urlset", "sitemapindex"), "is a sitemap, not a feed")
        what = kinds.get(top.root, f"is XML, but neither RSS nor Atom (its root is <{top.root[:40]}>)")
        return f"{what}; check the address in the watchlist"
    named = feeds_of_page(document.decode("utf-8", "replace"), url)
    if named:
        return f"is a web page, not a feed; the page names {' and '.join(named)}: put that into the watchlist"
    return "is a web page, not a feed; look for the feed's address on the publisher's site"


def _read(document: bytes, url: str, note: str | None) -> ParsedFeed | Problem:
    notes = [note] if note else []
    is_complete = True
    danger = survey.danger(document)
    if danger:
        return _problem(ProblemKind.MALFORMED, url, f"is not read, because {danger}; tell the publisher")
    document = repaired(document)
    found = survey.survey(document)
    if found.is_cut_off:
        if not found.entries:
            words = "ends before its first complete entry; Tocsin tries again by itself"
            return _problem(ProblemKind.MALFORMED, url, words)
        notes.append(f"the document is cut off: only its first {len(found.entries)} entries are complete")
        document = survey.closed(document, found)
        is_complete = False
    elif found.fault:
        notes.append(f"not well-formed XML ({found.fault}); read as far as it makes sense")
    if len(found.entries) > MOST_ENTRIES:
        notes.append(f"only the newest {MOST_ENTRIES} of {len(found.entries)} entries are read")
        document = survey.cut(document, found, MOST_ENTRIES, from_end=_is_oldest_first(document, found))
    parsed = _bounded(document, url, notes)
    return parsed if is_complete or isinstance(parsed, Problem) else replace(parsed, is_complete=False)


def _bounded(document: bytes, url: str, notes: list[str]) -> ParsedFeed | Problem:
    """Look once more at what is left after cutting and closing, and read it unless it is too much."""
    excess = survey.too_much(document, survey.survey(document))
    if excess:
        return _problem(ProblemKind.MALFORMED, url, f"is not read, because {excess}; tell the publisher")
    return _parsed(document, url, notes)


def _is_oldest_first(document: bytes, found: survey.Survey) -> bool:
    first, last = (_date_of(document[start:end]) for start, end in (found.entries[0], found.entries[-1]))
    return first is not None and last is not None and first < last


def _date_of(entry: bytes) -> Any:
    date = _DATE.search(entry)
    raw = date[1].decode("utf-8", "replace") if date else ""
    return published_at(raw, feedparser.datetimes._parse_date(raw))  # noqa: SLF001 - feedparser shows no other way


def _parsed(document: bytes, url: str, notes: list[str]) -> ParsedFeed | Problem:
    """Let feedparser read; links are resolved and HTML is cleaned by us, so it does neither."""
    try:
        found = feedparser.parse(
            BytesIO(document),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        language = primary_language(found.feed.get("language"))
        entries = [entry_of(each, url, language) for each in found.entries[:MOST_ENTRIES]]
        title = title_of(found.feed)
    except _FEEDPARSER_FAULTS as error:
        words = f"cannot be read ({type(error).__name__} in the feed parser); tell the publisher"
        return _problem(ProblemKind.MALFORMED, url, words)
    return ParsedFeed(title, language, with_unique_keys(entries), "; ".join(notes) or None)
