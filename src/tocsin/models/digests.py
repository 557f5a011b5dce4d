"""A digest: one closed window of one subscriber."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from tocsin.models.ids import DigestId, SubscriberId
from tocsin.models.subscribers import SubscriberState


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time [start_at, end_at), closed by the slot ``HH:MM`` of a local date in the subscriber's
    zone.
    """

    start_at: datetime
    end_at: datetime
    local_date: date
    slot: str


@dataclass(frozen=True, slots=True)
class Absence:
    """A time in which a subscriber got no digests, paused or suppressed, and which the next one covers too."""

    state: SubscriberState
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """A stored digest. ``token`` is its unguessable name on the web; ``timezone`` the zone at the time it closed.

    ``coverage`` is what `tocsin.digests` found out about the feeds at that time, as JSON, for the web to say the same
    as the mail; None for one that is not closed yet. ``absence`` is for the digest after a pause to say why it is long.
    ``closed_with`` is how many matches it was to tell when its window closed; ``given_back`` how many of them went back
    to what is owed, since it did not arrive.
    """

    id: DigestId
    subscriber_id: SubscriberId
    email: str
    timezone: str
    token: str
    window: Window
    created_at: datetime
    coverage: object = None
    absence: Absence | None = None
    closed_with: int = 0
    given_back: int = 0
