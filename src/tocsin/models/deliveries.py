"""A delivery: one message to one address, the row of the ledger, and the outcomes of an attempt to send it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tocsin.models.ids import DeliveryId, DigestId, NoticeId, SignupId
from tocsin.models.watchlist import ChannelKind


class DeliveryKind(StrEnum):
    """What the message is: one alert or several, a digest, a word to the operator, or the question whether somebody
    wants digests.
    """

    ALERT = "alert"
    DIGEST = "digest"
    NOTICE = "notice"
    CONFIRMATION = "confirmation"


class DeliveryState(StrEnum):
    """Where the message stands; all but ``pending`` are final.

    ``failed`` is for the operator to mend; ``dropped`` had nothing left to tell when its turn came, which is no fault.
    """

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the ledger.

    ``key`` is unique and says what it is for, so that the same message is never entered twice. ``message_id`` is
    fixed when the row is inserted (RFC 5322 3.6.4) and the same in every attempt. ``attempts`` counts claims, and so
    crashes too. ``lease`` is the claim's fencing token. ``name`` is the channel's in the watchlist, None for digests.
    """

    id: DeliveryId
    key: str
    kind: DeliveryKind
    channel: ChannelKind
    target: str
    message_id: str
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime
    name: str | None = None
    digest_id: DigestId | None = None
    notice_id: NoticeId | None = None
    signup_id: SignupId | None = None
    lease: str | None = None
    sent_at: datetime | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """The way that messages of one channel take, one after another; what holds one up holds up none of another lane.

    ``name`` is the channel's in the watchlist, None for mail to readers: digests have one lane, and ``confirms`` is
    another, for confirmation mails, since somebody waits for these.
    """

    kind: ChannelKind
    name: str | None = None
    confirms: bool = False

    def __str__(self) -> str:
        return self.name or ("confirmations" if self.confirms else "digests")


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has taken the message over; ``response`` is what it said."""

    response: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not now (SMTP 4xx, HTTP 5xx, connection fault): try again later. ``message`` is for the operator.

    ``after`` is how long the other side asks to be left in peace. ``only_this`` says that it lies with this message, so
    that others of the same channel may go meanwhile.
    """

    message: str
    after: timedelta | None = None
    only_this: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """Never (SMTP 5xx, HTTP 4xx): do not try again. ``message`` is for the operator.

    ``address_fault`` says that it lies with the mail address, which nothing will ever reach (RFC 3463, X.1.1 and such).
    """

    message: str
    address_fault: bool = False


Outcome = Sent | Deferred | Refused
