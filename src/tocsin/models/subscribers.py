"""Subscribers as the database knows them, beyond what the watchlist says: whose they are, and in which state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.models.ids import SignupId, SubscriberId, WatchId
from tocsin.models.watchlist import Subscriber


class Owner(StrEnum):
    """Who says what a subscriber gets, and when: one of them, never both.

    What holds for any owner: whoever gets the mail can pause it and end it.
    """

    WATCHLIST = "watchlist"
    """The operator, in the file."""
    READER = "reader"
    """The reader, on the web; the operator may help by ``tocsin subscribers``."""


class SubscriberState(StrEnum):
    """Whether a subscriber gets digests."""

    ACTIVE = "active"
    PAUSED = "paused"
    """By the reader, for a while; what matches meanwhile comes with the first digest after it."""
    SUPPRESSED = "suppressed"
    """By their mail server: it says that there is no such address. Kept like a pause, until somebody resumes it."""
    UNSUBSCRIBED = "unsubscribed"
    """By the reader, for good: nothing is kept for them, and no watchlist brings them back."""
    REMOVED = "removed"
    """By the operator, who took them out of the watchlist; putting them in again brings them back."""

    @property
    def is_owed(self) -> bool:
        """Whether matches are kept for the subscriber's next digest."""
        return self in {SubscriberState.ACTIVE, SubscriberState.PAUSED, SubscriberState.SUPPRESSED}


@dataclass(frozen=True, slots=True)
class StoredSubscriber:
    """A subscriber with their state.

    ``state_since`` and ``because`` say since when it is so, and why, in words ("" for none). ``paused_until``
    is when a pause ends by itself, None for not before it is ended. ``all_watches`` says that a reader wants every
    watch that is open to readers, those added later too. ``link_epoch`` is part of every link that was mailed: a
    higher one makes all former links void. ``closed_until`` is where the open window starts; slots count after
    ``slots_from``, when they joined or came back, or their schedule or zone was changed: a change closes no window by a
    slot that was over already. ``away_state`` and ``away_since`` are how they were away in the open window (paused or
    suppressed), for their next digest to say, and since when. All times are aware UTC.
    """

    id: SubscriberId
    subscriber: Subscriber
    joined_at: datetime
    closed_until: datetime
    slots_from: datetime
    state_since: datetime
    owner: Owner = Owner.WATCHLIST
    state: SubscriberState = SubscriberState.ACTIVE
    because: str = ""
    paused_until: datetime | None = None
    all_watches: bool = False
    link_epoch: int = 0
    away_state: SubscriberState | None = None
    away_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Signup:
    """What somebody asked for on the web, for an address that may not be theirs: nothing holds before it is confirmed
    by a link that only the address gets.
    """

    id: SignupId
    wanted: Subscriber
    all_watches: bool
    requested_at: datetime
    confirmed_at: datetime | None = None


class Joined(StrEnum):
    """What a confirmed sign-up did."""

    NEW = "new"
    CAME_BACK = "came back"
    """The subscription was ended, or its address was held to be dead; a paused one stays paused."""
    WAS_THERE = "was there"
    """Nothing was changed: the subscription runs, with the settings it has."""
    BY_WATCHLIST = "by the watchlist"
    """The watchlist names the address: its settings hold, whatever was asked for; an ended subscription runs again."""
    NOTHING_OPEN = "nothing open"
    """Nothing was started: none of the watches is open to readers any more."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmed sign-up led to; ``stored`` is the subscription now, None where it was deleted since, or where
    there never was one.
    """

    what: Joined
    stored: StoredSubscriber | None


class ConflictKind(StrEnum):
    """Why an entry of the watchlist does not hold."""

    READER = "reader"
    """The reader subscribed on the web, or by ``tocsin subscribers``, and sets it there."""
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Conflict:
    """An address that the watchlist names as a subscriber, and why its entry does not hold, with what to do about it in
    words.
    """

    email: str
    kind: ConflictKind
    words: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.email}: {self.words}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class Synced:
    """What taking over the watchlist's subscribers changed, by address: who came, who went, and which watches readers
    lost, since they were closed to readers or taken out.
    """

    joined: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    lost: tuple[tuple[str, tuple[WatchId, ...]], ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class SubscriptionLinks:
    """The links in a mail by which its reader changes or ends it. ``mailto`` is an address for those who end it by a
    mail, "" where no mailbox is read.
    """

    settings: str
    unsubscribe: str
    mailto: str = ""
