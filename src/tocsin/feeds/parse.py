"""Turn a feed's bytes into a `ParsedFeed`, or into a `Problem` that a publisher could act on; never raises.

The lanes: JSON Feed, news sitemaps and, for what is XML and a feed, the fast lane; what that trips over is repaired,
closed and cut and tried again, and what still is in doubt goes to feedparser, the judge. Pure and picklable: no HTTP,
no SQL, no clock. `tocsin.feeds.parser` runs the judge in a process of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from tocsin.feeds import fast_lane, json_feed, sitemap, survey
from tocsin.feeds.charset import to_utf8
from tocsin.feeds.dates import date_of
from tocsin.feeds.entries import parsed_feed
from tocsin.feeds.faults import problem, shown
from tocsin.feeds.links import feeds_of_page
from tocsin.feeds.raw import MOST_ENTRIES, RawFeed
from tocsin.feeds.repair import Head, UnclosedDeclarationError, head, repaired
from tocsin.models.feeds import ParsedFeed, Problem, ProblemKind

_LONGEST_BODY: Final = 20_000_000
_LONGEST_JUNK: Final = 100_000

_FEED_ROOTS: Final = frozenset({"rss", "feed", "rdf", "channel"})
_FEED_START: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:rss|feed|RDF)[\s>]")
_DATE: Final = re.compile(rb"<(?:[\w.-]{1,60}:)?(?:pubDate|published|updated|date)[^<>]{0,200}>\s*([^<>]{1,100})<")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A document that only the judge can read: bounded, in UTF-8, with the notes that were made of it."""

    document: bytes
    url: str
    notes: tuple[str, ...]
    is_complete: bool


def parse_feed(body: bytes, content_type: str, url: str) -> ParsedFeed | Problem:
    """Read RSS, Atom, RDF, JSON Feed or a news sitemap; ``content_type`` is the header as it came, ``url`` the base.

    At most the 500 newest entries are read. A document that ends early keeps its complete entries and gets a note.
    """
    found = examine(body, content_type, url)
    return judged(found) if isinstance(found, Doubt) else found


def parse_fast(body: bytes, content_type: str, url: str) -> ParsedFeed | Problem | None:
    """Read what the fast lane can read at first sight; None if the document needs repair, or the judge."""
    opened = _opened(body, content_type, url)
    if isinstance(opened, Problem):
        return opened
    raw = fast_lane.read(opened.document, url) if opened.root in _FEED_ROOTS else None
    return parsed_feed(raw, url, opened.notes) if raw else None


def examine(body: bytes, content_type: str, url: str) -> ParsedFeed | Problem | Doubt:
    """Read a document in all lanes but the judge's."""
    opened = _opened(body, content_type, url)
    if isinstance(opened, Problem):
        return opened
    if opened.root == "json":
        return _read_json(opened, url)
    if opened.root == "urlset":
        return _read_sitemap(opened, url)
    raw = fast_lane.read(opened.document, url)
    return parsed_feed(raw, url, opened.notes) if raw else _looked_at_again(opened, url)


def judged(doubt: Doubt) -> ParsedFeed | Problem:
    """Let the judge read what the other lanes could not; it may take long, and memory without end."""
    from tocsin.feeds.judge import FAULTS, judge  # takes long to load, and is seldom needed

    try:
        raw = judge(doubt.document, doubt.url)
    except FAULTS as error:
        words = f"cannot be read ({type(error).__name__} in the feed parser); tell the publisher"
        return _problem(ProblemKind.MALFORMED, doubt.url, words)
    return replace(parsed_feed(raw, doubt.url, list(doubt.notes)), is_complete=doubt.is_complete)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A document in UTF-8 from its first element on; ``root`` is that element's name, or "json"."""

    document: bytes
    root: str
    notes: list[str]


def _problem(kind: ProblemKind, url: str, words: str) -> Problem:
    return problem(kind, f"{shown(url)} {words}")


def _opened(body: bytes, content_type: str, url: str) -> _Opened | Problem:
    """Decode a body and find out what it is; what is no feed is a problem."""
    if not body.strip():
        return _problem(ProblemKind.MALFORMED, url, "sent an empty body; the publisher's server has a fault")
    if len(body) > _LONGEST_BODY:
        return _problem(ProblemKind.TOO_BIG, url, f"sent more than {_LONGEST_BODY // 1_000_000} MB")
    decoded = to_utf8(body, content_type)
    notes = [decoded.note] if decoded.note else []
    if decoded.body.lstrip()[:1] in {b"{", b"["}:
        return _Opened(decoded.body, "json", notes)
    try:
        top = _feed_head(decoded.body)
    except UnclosedDeclarationError as error:
        return _problem(ProblemKind.MALFORMED, url, f"is not readable as XML: {error}; tell the publisher")
    if top.root not in _FEED_ROOTS and top.root != "urlset":
        return _problem(ProblemKind.NOT_A_FEED, url, _other_words(decoded.body, top, url))
    return _Opened(decoded.body[top.start :], top.root, notes)


def _feed_head(document: bytes) -> Head:
    """Find the feed's first element; a few lines of a server's own chatter before it are passed over."""
    top = head(document)
    if not top.is_html and top.root not in _FEED_ROOTS:
        late = _FEED_START.search(document, 0, _LONGEST_JUNK)
        if late:
            return replace(head(document[late.start() :]), start=late.start())
    return top


def _other_words(document: bytes, top: Head, url: str) -> str:
    """Say what the document is, if it is no feed, and where the feed may be."""
    if not top.is_html:
        kinds = {
            "": "is neither XML nor a feed",
            "opml": "is a list of feeds (OPML), not a feed",
            "sitemapindex": "is a list of sitemaps, not a feed; a news sitemap in it would be read",
        }
        what = kinds.get(top.root, f"is XML, but neither RSS nor Atom (its root is <{top.root[:40]}>)")
        return f"{what}; check the address in the watchlist"
    named = feeds_of_page(document.decode("utf-8", "replace"), url)
    if named:
        return f"is a web page, not a feed; the page names {' and '.join(named)}: put that into the watchlist"
    return "is a web page, not a feed; look for the feed's address on the publisher's site"


def _read_json(opened: _Opened, url: str) -> ParsedFeed | Problem:
    raw = json_feed.read(opened.document)
    if isinstance(raw, str):
        return _problem(ProblemKind.NOT_A_FEED, url, raw)
    return _newest(raw, url, opened.notes)


def _read_sitemap(opened: _Opened, url: str) -> ParsedFeed | Problem:
    raw, fault = sitemap.read(opened.document)
    if fault:
        raw, fault = sitemap.read(repaired(opened.document))
    if not raw.entries:
        words = "is a sitemap without news, not a feed; look for the publisher's feed or news sitemap"
        return _problem(ProblemKind.NOT_A_FEED, url, words)
    notes = [*opened.notes, f"not well-formed XML ({fault}); its first {len(raw.entries)} entries are read"]
    return replace(_newest(raw, url, notes if fault else opened.notes), is_complete=not fault)


def _newest(raw: RawFeed, url: str, notes: list[str]) -> ParsedFeed:
    entries = raw.entries
    if len(entries) <= MOST_ENTRIES:
        return parsed_feed(raw, url, notes)
    first, last = date_of(entries[0].date), date_of(entries[-1].date)
    is_oldest_first = first is not None and last is not None and first < last
    raw.entries = entries[-MOST_ENTRIES:] if is_oldest_first else entries[:MOST_ENTRIES]
    return parsed_feed(raw, url, [*notes, _flood_note(len(entries))])


def _flood_note(count: int) -> str:
    return f"only the newest {MOST_ENTRIES} of {count} entries are read"


def _looked_at_again(opened: _Opened, url: str) -> ParsedFeed | Problem | Doubt:
    """Repair, close and cut a document that the fast lane tripped over, and let it try again."""
    notes, document = list(opened.notes), opened.document
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
    elif found.fault:
        notes.append(f"not well-formed XML ({found.fault}); read as far as it makes sense")
        document = document[: found.junk_at]
    if len(found.entries) > MOST_ENTRIES:
        notes.append(_flood_note(len(found.entries)))
        document = survey.cut(document, found, MOST_ENTRIES, from_end=_is_oldest_first(document, found))
    return _bounded(Doubt(document, url, tuple(notes), is_complete=not found.is_cut_off))


def _bounded(doubt: Doubt) -> ParsedFeed | Problem | Doubt:
    """Look once more at what is left after cutting and closing, unless it is too much."""
    excess = survey.too_much(doubt.document, survey.survey(doubt.document))
    if excess:
        return _problem(ProblemKind.MALFORMED, doubt.url, f"is not read, because {excess}; tell the publisher")
    raw = fast_lane.read(doubt.document, doubt.url)
    if raw is None:
        return doubt
    return replace(parsed_feed(raw, doubt.url, list(doubt.notes)), is_complete=doubt.is_complete)


def _is_oldest_first(document: bytes, found: survey.Survey) -> bool:
    spans = (found.entries[0], found.entries[-1])
    dates = [_DATE.search(document[start:end]) for start, end in spans]
    first, last = (date_of(date[1].decode("utf-8", "replace")) if date else None for date in dates)
    return first is not None and last is not None and first < last
