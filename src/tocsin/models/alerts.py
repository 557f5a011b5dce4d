"""Alerts: what was decided of one match and one channel, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.models.ids import AlertId, DeliveryId, DevelopmentId, MatchId, NoticeId, StoryId, WatchId


class Decision(StrEnum):
    """What became of an alert."""

    RING = "ring"
    """Told at once."""
    BUNDLE = "bundle"
    """Told later, in one message with others."""
    SUPPRESS = "suppress"
    """Not told by this channel; the digest has it, unless the reason says otherwise."""


class Rule(StrEnum):
    """The rule that decided."""

    NEW_STORY = "new story"
    DEVELOPMENT = "development"
    OUTLETS = "further outlets"
    BURST = "burst"
    TOLD = "story told"
    SAME_ARTICLE = "same article"
    NO_BURST = "no burst"
    AT_MOST = "at most"
    QUIET_HOURS = "quiet hours"
    CHANNEL_LIMIT = "channel limit"
    FLOOD = "flood"
    MUTED = "muted"
    BACKLOG = "backlog"
    EDITED = "edited"
    REMOVED = "removed"
    """The channel or the watch left the watchlist while the alert waited."""


@dataclass(frozen=True, slots=True)
class Alert:
    """A decision as stored: one a match and channel.

    ``reason`` says it in words. ``due_at`` is when a bundle may leave at the earliest; ``delivery_id`` the message that
    told it, None while it waits in a bundle and for ever if it was suppressed.
    """

    id: AlertId
    match_id: MatchId
    watch: WatchId
    channel: str
    story_id: StoryId
    development_id: DevelopmentId
    decision: Decision
    rule: Rule
    reason: str
    decided_at: datetime
    due_at: datetime | None = None
    delivery_id: DeliveryId | None = None


@dataclass(frozen=True, slots=True)
class FeedbackLinks:
    """Where a reader of an alert says "no more of this story" and "not relevant"; each shows a page that asks first."""

    mute_url: str
    dismiss_url: str


class NoticeKind(StrEnum):
    """What an operator is told of."""

    FLOODING_FEED = "flooding feed"
    FLOODING_WATCH = "flooding watch"
    CHANNEL_FAILS = "channel fails"
    MAIL_REFUSED = "mail refused"
    ZONE_GONE = "zone gone"
    TEMPLATE_FAILS = "template fails"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the operator should look at. ``key`` names what it is about; one at a time is open for it."""

    id: NoticeId
    key: str
    kind: NoticeKind
    text: str
    opened_at: datetime
    closed_at: datetime | None = None
