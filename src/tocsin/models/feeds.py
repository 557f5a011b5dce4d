"""A feed and the stages of one poll: `Feed` -> `Fetched` | `NotModified` | `Problem` -> `ParsedFeed`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.models.ids import FeedId


class ProblemKind(StrEnum):
    """What went wrong with a poll; decides how soon the next one comes."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    TOO_BIG = "too-big"
    HTTP = "http"
    BLOCKED = "blocked"
    RATE_LIMITED = "rate-limited"
    GONE = "gone"
    NOT_A_FEED = "not-a-feed"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class Hints:
    """What a document says about how often it changes.

    ``ttl`` is RSS's; ``update_every`` comes from sy:updatePeriod and sy:updateFrequency. ``skip_hours`` are hours of
    the day in UTC, ``skip_days`` ISO weekdays (1 = Monday) in UTC.
    """

    ttl: timedelta | None = None
    update_every: timedelta | None = None
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Hub:
    """A WebSub hub that a feed names, and the topic under which the hub knows the feed (W3C WebSub, section 4)."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A permanent redirect that is being proven: seen first at ``since``, and ``times`` in a row since then."""

    to: str
    since: datetime
    times: int


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a feed publishes, as seen so far.

    ``per_day`` is the smoothed rate of new entries; ``window`` the time between the oldest and the newest dated entry
    of the last document, None where it has fewer than two; ``entries`` its length. ``newest_at`` is the time of the
    latest new entry, by our clock; ``since`` the begin of the observation. ``gaps`` are the last times between polls
    that brought something new, the latest last, at most 50.
    """

    per_day: float
    window: timedelta | None
    entries: int
    newest_at: datetime | None
    since: datetime
    gaps: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True)
class Polling:
    """What polls have taught us about a feed; stored as JSON with it.

    ``fetch_url`` is where a proven permanent redirect leads; None while the feed is asked at its own address.
    ``read_at`` is when a whole body came last, whether or not it was new; ``distrusts_304`` tells that the server was
    caught answering "not modified" for a feed that had changed. ``gone_since`` is the time of the first 410 in a row.
    ``document_id`` is what the document calls itself (Atom's id, else its link). ``not_before`` is until when the
    publisher wants the feed left alone; kept for feeds that name a hub, whose next poll may be moved ahead.
    ``push_from`` is from when the hub may prove anew that it delivers, after a poll found news that it had not brought.
    """

    fetch_url: str | None = None
    moved: Moved | None = None
    gone_since: datetime | None = None
    read_at: datetime | None = None
    distrusts_304: bool = False
    document_id: str | None = None
    format: str | None = None
    hints: Hints = field(default_factory=Hints)
    hub: Hub | None = None
    rhythm: Rhythm | None = None
    not_before: datetime | None = None
    push_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed with its state, as stored.

    ``url`` is the address that the watchlist names, ``host`` the key of the host that it is polled under (see
    `tocsin.feeds.hosts`). ``every`` is the operator's own interval, None to follow the feed's rhythm; ``backlog`` is
    how much older than the subscription an article may be and still count as news; ``retention`` is how long articles
    are kept. ``etag`` and ``last_modified`` are kept byte for byte as the server sent them (RFC 9110 8.8).
    ``body_hash`` is the SHA-256 of the last body that was parsed. ``problem`` is None while the feed is well, else
    words for a person. ``failures`` counts polls failed in a row. ``interval`` is the time between two polls that the
    last good answer chose. ``matches`` counts the matches of the feed's articles in the last seven days. ``stopped_at``
    is set when the feed is no longer polled, since its publisher ended it; ``silent_since`` while it is out of its own
    rhythm; ``pushed_until`` is the end of the lease of a WebSub hub that is relied on to deliver the feed.
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
    host: str = ""
    every: timedelta | None = None
    full_text: bool = False
    backlog: timedelta = timedelta()
    retention: timedelta = timedelta(days=90)
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    asked_at: datetime | None = None
    checked_at: datetime | None = None
    succeeded_at: datetime | None = None
    changed_at: datetime | None = None
    failures: int = 0
    problem: str | None = None
    problem_kind: ProblemKind | None = None
    interval: timedelta | None = None
    matches: int = 0
    stopped_at: datetime | None = None
    silent_since: datetime | None = None
    pushed_until: datetime | None = None
    polling: Polling = field(default_factory=Polling)


@dataclass(frozen=True, slots=True)
class Problem:
    """A poll that failed: ``message`` names the cause and the remedy; ``retry_at`` is the server's own wish, if it
    said one. ``holds_host`` tells that the wish concerns every feed of the host.
    """

    kind: ProblemKind
    message: str
    retry_at: datetime | None = None
    holds_host: bool = False


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server answered 304; new validators, where it sent any (RFC 9110 15.4.5). ``max_age`` is in seconds.

    ``moved_to`` is the address at the end of a chain of nothing but permanent redirects. ``host_wait_until`` is set
    when the server says that it will take no more requests before then (its rate limit is used up).
    """

    etag: str | None
    last_modified: str | None
    max_age: int | None = None
    moved_to: str | None = None
    host_wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A body, decoded from its transfer coding but not from its charset. ``url`` is where it came from after
    redirects.

    ``is_delta`` marks a 226 answer, which holds new entries only (RFC 3229). ``hub`` is named by Link headers.
    ``moved_to`` and ``host_wait_until`` are as in `NotModified`.
    """

    url: str
    body: bytes
    content_type: str
    etag: str | None
    last_modified: str | None
    max_age: int | None = None
    moved_to: str | None = None
    host_wait_until: datetime | None = None
    is_delta: bool = False
    hub: Hub | None = None


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
    its entries count, but its validators and hash must not be kept, or the rest would never be asked for. ``format`` is
    its name for people: "RSS 2.0", "Atom 1.0", "JSON Feed 1.1", "news sitemap".
    """

    title: str
    language: str | None
    entries: tuple[Entry, ...]
    note: str | None = None
    is_complete: bool = True
    format: str = ""
    document_id: str | None = None
    hints: Hints = field(default_factory=Hints)
    hub: Hub | None = None
