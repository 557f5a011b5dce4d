"""A feed and the stages of one poll: `Feed` -> `Fetched` | `NotModified` | `Problem` -> `ParsedFeed`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.models.ids import FeedId


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its state, as stored.

    ``etag`` and ``last_modified`` are kept byte for byte as the server sent them (RFC 9110 8.8). ``body_hash`` is the
    SHA-256 of the last body that was parsed. ``problem`` is None while the feed is well, else words for a person.
    ``failures`` counts polls failed in a row.
    """

    id: FeedId
    url: str
    title: str
    language: str | None
    home: str | None
    tags: tuple[str, ...]
    active: bool
    added_at: datetime
    next_check_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    changed_at: datetime | None = None
    failures: int = 0
    problem: str | None = None


class ProblemKind(StrEnum):
    """What went wrong with a poll; decides how soon the next one comes."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TOO_BIG = "too-big"
    HTTP = "http"
    RATE_LIMITED = "rate-limited"
    GONE = "gone"
    NOT_A_FEED = "not-a-feed"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Problem:
    """A poll that failed: ``message`` names the cause and the remedy; ``retry_at`` is the server's own wish, if it
    said one.
    """

    kind: ProblemKind
    message: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server answered 304; new validators, where it sent any (RFC 9110 15.4.5). ``max_age`` is in seconds."""

    etag: str | None
    last_modified: str | None
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, decoded from its transfer coding but not from its charset. ``url`` is where it came from after
    redirects.
    """

    url: str
    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None
    max_age: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed, cleaned: plain text only, bounded, ``url`` http(s) or empty.

    ``key`` identifies it within its feed. ``text`` is the longest text the feed gives, paragraphs separated by one
    newline. ``published_at`` is None where the feed says none or nonsense; ``published_raw`` is what it said.
    ``content_hash`` covers title and text.
    """

    key: str
    url: str
    title: str
    text: str
    author: str | None
    language: str | None
    published_at: datetime | None
    published_raw: str | None
    content_hash: str


@dataclass(frozen=True, slots=True)
class ParsedFeed:
    """A feed document as read: entries in document order, keys unique.

    ``note`` tells of faults that did not stop us, in words. ``is_complete`` is False for a document that was cut off:
    its entries count, but its validators and hash must not be kept, or the rest would never be asked for.
    """

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    note: str | None = None
    is_complete: bool = True
