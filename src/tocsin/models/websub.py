"""WebSub as a subscriber knows it (W3C Recommendation of 23 January 2018): a feed's subscription at a hub, and what the
hub sends.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tocsin.models.ids import FeedId, HubSubscriptionId


class HubMode(StrEnum):
    """What is asked of a hub: ``hub.mode`` (section 5.1)."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """A feed's subscription at a hub, as stored.

    ``root`` and the unguessable ``token`` make the callback that the hub was told, ``secret`` is what it signs with.
    ``mode`` is what we want of the hub; ``awaiting`` tells that it was asked and did not verify it yet. ``due_at`` is
    when it is asked next. ``leased_until`` is None until the hub confirmed. ``failures`` counts requests in a row that
    led to nothing; ``problem`` says why, in words.
    """

    id: HubSubscriptionId
    feed_id: FeedId
    hub: str
    topic: str
    root: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    mode: HubMode
    awaiting: bool
    due_at: datetime
    asked_at: datetime | None = None
    leased_until: datetime | None = None
    failures: int = 0
    problem: str | None = None

    @property
    def callback(self) -> str:
        """Give the address at which the hub reaches us."""
        return self.root + self.token


@dataclass(frozen=True, slots=True)
class Ping:
    """What a hub sent, until it is taken in; ``body`` is a feed document, whole or with its new entries alone."""

    subscription: HubSubscription
    received_at: datetime
    content_type: str
    body: bytes
