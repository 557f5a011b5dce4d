"""What the policy is asked, what it must know, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.models.alerts import Decision, Rule
from tocsin.models.ids import DevelopmentId, FeedId, StoryId, WatchId
from tocsin.models.stories import Join


@dataclass(frozen=True, slots=True)
class Candidate:
    """A new match, with what is known of its article and where that was placed.

    ``story`` and ``development`` are those in force: merged ones are resolved. ``number`` is the development's in its
    story, ``opened_at`` when the development was opened, ``news`` what it brings in words ("new place: Palmyra").
    ``outlet`` is the house that published it, as in `tocsin.models.stories.Item`. The times are aware UTC; the other
    fields are those of `tocsin.models.articles.Article`.
    """

    watch: WatchId
    feed_id: FeedId
    outlet: str
    story: StoryId
    development: DevelopmentId
    number: int
    opened_at: datetime
    join: Join
    published_at: datetime
    first_seen_at: datetime
    revision: int = 1
    backlog: bool = False
    quiet: bool = False
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """An alert of a story for one watch and channel that was told, or that waits in a bundle and will be.

    ``at`` is when that was decided, not when the message left. ``due_at`` is given while it waits.
    """

    development: DevelopmentId
    at: datetime
    due_at: datetime | None = None


class Source(StrEnum):
    """What a flood may come from."""

    FEED = "feed"
    WATCH = "watch"


@dataclass(frozen=True, slots=True)
class Flood:
    """A feed or a watch that brings far more matches than it ever does.

    ``text`` tells the operator what, since when and what to do. While it lasts, alerts are bundled by the hour.
    """

    source: Source
    name: str
    began_at: datetime
    found: int
    usual: float
    text: str


class Measure(StrEnum):
    """What a watch's rhythm counts."""

    STORIES = "stories"
    """Stories new to the watch."""
    REPORTS = "reports"
    """Reports: each outlet counts once a story, however often it tells it."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How thick a watch comes: what was ``found`` in the last ``window``, and how much is ``usual`` at that time.

    ``chance`` is the probability of so much or more if nothing is out of the ordinary, ``outlets`` counts the outlets
    in the window. ``begins`` says that it is so much that a burst begins.
    """

    measure: Measure
    window: timedelta
    found: int
    usual: float
    outlets: int
    chance: float
    begins: bool = False


@dataclass(frozen=True, slots=True)
class Burst:
    """A time in which a watch comes thicker than its own rhythm.

    ``called_at`` is when it last asked to be told: when it began, and each time it had grown to a multiple since. The
    other fields are the `Pulse` of that moment.
    """

    began_at: datetime
    called_at: datetime
    measure: Measure
    window: timedelta
    found: int
    usual: float
    outlets: int


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger knows that bears on one candidate and one channel; `tocsin.alerts.Book` gives it.

    - ``told``: the alerts of the candidate's story for its watch and this channel, told or waiting, the earliest first;
      those of stories and developments that were merged since count with the ones that they are now.
    - ``outlets_at``: when each outlet of the story first had it (the article's ``first_seen_at``), the earliest first.
    - ``watch_sent``, ``channel_sent``: when the messages of this watch to this channel, and all messages to this
      channel, were entered: those of the last period of their limits at least, in any order. A bundle is one message
      of its channel, and one of each watch in it.
    - ``waiting_from``: the earliest ``due_at`` of all alerts that wait for this channel.
    - ``muted_at``: when the reader behind the channel muted the story.
    - ``flood``: one of the candidate's feed or watch that lasts.
    - ``burst``, ``pulse``: the watch's, for ``when: burst``; ``burst_told_at``: when this channel was last told of a
      burst of this watch.
    """

    told: tuple[Told, ...] = ()
    outlets_at: tuple[datetime, ...] = ()
    watch_sent: tuple[datetime, ...] = ()
    channel_sent: tuple[datetime, ...] = ()
    waiting_from: datetime | None = None
    muted_at: datetime | None = None
    flood: Flood | None = None
    burst: Burst | None = None
    pulse: Pulse | None = None
    burst_told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a candidate on one channel, by which rule, and the reason in words.

    ``due_at`` is given with `Decision.BUNDLE`: when it may leave at the earliest.
    """

    decision: Decision
    rule: Rule
    reason: str
    due_at: datetime | None = None
