"""Books that are kept beside a house of subscribers: what everybody must be told and was told, and which windows were
closed; and the steps by which things happen. Each is followed by a comparison with the database.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from records import entry, receipt, watchlist
from subscribed_house import DOMAIN, SECRET, SubscribedHouse
from tocsin.digests import next_slot
from tocsin.models.deliveries import Deferred, Outcome, Refused
from tocsin.models.ids import FeedId, MatchId, SignupId, SubscriberId, WatchId
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, SelfService, Subscriber, Watch
from tocsin.store import clocks
from tocsin.store.articles import NewArticle, insert_articles
from tocsin.store.columns import UtcDateTime
from tocsin.store.matches import save_matches
from tocsin.store.owed import owe
from tocsin.store.placements import lock_stories
from tocsin.store.retention import find_overdue, prune_articles, prune_digests
from tocsin.store.signups import confirm_signup, enter_signup
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_states import end_pauses, pause, resume, unsubscribe
from tocsin.store.subscribers import get_subscriber
from tocsin_scheduler.sweeps import sweep_deliveries
from tocsin_scheduler.windows import close_due_windows

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
RETENTION = 90 * DAY

NEWS, RAIN = WatchId("news"), WatchId("rain")
WATCHES = (NEWS, RAIN)
NAMED = ("ann@example.org", "bob@example.org")
"""Whom the watchlist may name."""
READERS = ("cem@example.net", "dot@example.net")
"""Who subscribe on the web."""
EVERYBODY = NAMED + READERS

OWED = ("active", "paused", "suppressed")
DAILY = (1, 2, 3, 4, 5, 6, 7)

SCHEDULES = (
    DigestSchedule(DAILY, ("07:30",), QuietPolicy.SHORT),
    DigestSchedule(DAILY, ("02:30", "18:00"), QuietPolicy.SKIP),
    DigestSchedule((1, 4), ("00:00",), QuietPolicy.WEEKLY),
    DigestSchedule((), (), QuietPolicy.SKIP, "0 6-22/4 * * 1-5"),
    DigestSchedule((), (), QuietPolicy.WEEKLY, "30 2 1,15 * *"),
)
ZONES = ("Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Pacific/Apia", "Europe/Atlantis")
# Evenings before clocks change somewhere.
STARTS = (
    datetime(2026, 10, 24, 16, tzinfo=UTC),
    datetime(2026, 10, 31, 20, tzinfo=UTC),
    datetime(2027, 3, 27, 16, tzinfo=UTC),
    datetime(2027, 4, 3, 6, tzinfo=UTC),
)

IN_FORCE = replace(
    watchlist(watches=tuple(Watch(id=one, title=one) for one in WATCHES)), self_service=SelfService(watches=WATCHES)
)

LATER = Deferred("451 4.3.0 later", only_this=True)
ANSWERS: dict[str, Outcome] = {
    "is put off": LATER,
    "is given up": LATER,
    "is paused and put off": LATER,
    "is too late and put off": LATER,
    "finds the server down": Deferred("421 4.3.2 closing"),
    "is refused": Refused("554 5.7.1 not wanted"),
    "has no address": Refused("550 5.1.1 no such user", address_fault=True),
}
MAILED = ("goes", "dies before", "dies after", "is too late", "is paused", *ANSWERS)
"""What may happen to a message; a server that is not asked otherwise takes it."""
DONE = {
    "has no address": ("dead",),
    "is paused": ("pause",),
    "is paused and put off": ("pause",),
    "is too late": ("leave",),
    "is too late and put off": ("leave",),
}
"""What else changes with it."""

CHANGES: dict[str, dict[str, tuple[str, ...]]] = {
    "watchlist": {
        "nobody": ("active",),
        "removed": ("active", "suppressed"),
        **dict.fromkeys(OWED, ("removed",)),
    },
    "confirm": dict.fromkeys(("nobody", "unsubscribed", "removed", "suppressed"), ("active",)),
    "pauses end": {"paused": ("active",)},
    "dead": dict.fromkeys(("active", "paused"), ("suppressed",)),
    "pause": {"active": ("paused",)},
    "resume": dict.fromkeys(("paused", "suppressed", "unsubscribed"), ("active",)),
    "leave": dict.fromkeys((*OWED, "unsubscribed", "removed"), ("unsubscribed", "nobody")),
}
"""Which states may follow which in a step that does this."""
OWN_DOING = {"pause", "resume", "leave"}

someone = st.sampled_from(EVERYBODY)
wanted_watches = st.sampled_from((WATCHES, (NEWS,), (RAIN,)))
wishes = st.builds(
    lambda zone, schedule, watches: Subscriber("", zone, watches, schedule),
    st.sampled_from(ZONES),
    st.sampled_from(SCHEDULES),
    wanted_watches,
)
spans = st.one_of(
    st.integers(1, 90).map(lambda number: number * MINUTE),
    st.integers(1, 30).map(lambda number: number * HOUR),
    st.integers(1, 12).map(lambda number: number * DAY),
)
backwards = st.one_of(
    st.integers(1, 180).map(lambda number: number * MINUTE), st.integers(1, 4).map(lambda number: number * DAY)
)
picked = st.integers(0, 1_000)


@dataclass(slots=True)
class Person:
    """What the machine knows of one address: its row as it was after the last step, and the news it must be told."""

    number: SubscriberId | None = None
    state: str = "nobody"
    watches: tuple[WatchId, ...] = ()
    open_from: str = ""
    owed: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Mailed:
    """A message that the server took: to whom, what it told, and what the ledger said of it last."""

    number: SubscriberId
    told: frozenset[int]
    state: str
    copies: int = 0
    kills: int = 0


class Books(RuleBasedStateMachine):
    """News have numbers of their own here, since the database may use the id of a match that was pruned again."""

    house: ClassVar[SubscribedHouse]

    def __init__(self) -> None:
        super().__init__()
        self.people = {email: Person() for email in EVERYBODY}
        self.named: dict[str, Subscriber] = {}
        self.news: dict[MatchId, int] = {}
        self.told_apart = 0
        self.withdrawn: set[int] = set()
        self.mails: dict[str, Mailed] = {}
        self.seen_digest = 0
        self.signups: list[SignupId] = []
        self.confirmed: set[SignupId] = set()
        self.waits: list[tuple[WatchId, datetime]] = []

    @property
    def now(self) -> datetime:
        return self.house.clock.now

    def _enter(self, watch: WatchId, at: datetime) -> None:
        """Let an article meet a watch; whoever is owed it by now must be told."""
        self.told_apart += 1
        title = f"News {self.told_apart} end"
        one = replace(entry(f"key{self.told_apart}", title=title), published_at=at)
        with self.house.database.write() as connection:
            lock_stories(connection)
            new = NewArticle(one, language="en", published_at=at, backlog=False)
            [article_id] = insert_articles(connection, FeedId(1), [new], at)
            connection.execute(sa.text("UPDATE articles SET classified_at = first_seen_at"))
            [match] = save_matches(connection, [(article_id, receipt(watch, "News"))], at)
            owe(connection, [match.id])
        self.news[match.id] = self.told_apart
        for person in self.people.values():
            if person.state in OWED and watch in person.watches:
                person.owed.add(self.told_apart)
        self._look()

    def _sync(self) -> None:
        restarted = {person.number for person in self.people.values() if person.state == "removed"}
        with self.house.database.write() as connection:
            named = [self.named[email] for email in sorted(self.named)]
            service = IN_FORCE.self_service
            sync_subscribers(connection, named, self.now, self_service=service, secret=SECRET)
        self._look("watchlist", restarted=restarted)

    def _confirm(self, signup: SignupId) -> None:
        gone = {one.number for one in self.people.values() if one.state in {"unsubscribed", "removed"}}
        with self.house.database.write() as connection:
            confirm_signup(connection, signup, self.now, watchlist=IN_FORCE, secret=SECRET)
        if signup in self.confirmed:
            self._look()
        else:
            self._look("confirm", restarted=gone)
        self.confirmed.add(signup)

    def _pause(self, who: str, span: timedelta | None) -> None:
        number = self.people[who].number
        if number is not None:
            with self.house.database.write() as connection:
                pause(connection, number, self.now, None if span is None else self.now + span)

    def _unsubscribe(self, who: str) -> None:
        number = self.people[who].number
        if number is not None:
            with self.house.database.write() as connection:
                unsubscribe(connection, number, self.now, because="by one click")

    def _resume(self, who: str) -> None:
        person = self.people[who]
        if person.number is not None:
            with self.house.database.write() as connection:
                resume(connection, person.number, self.now)
            back = {person.number} if person.state == "unsubscribed" else set()
            self._look("resume", who=[who], restarted=back)

    def _any_in(self, *states: str) -> bool:
        return any(person.state in states for person in self.people.values())

    def _tick(self) -> None:
        with self.house.database.write() as connection:
            end_pauses(connection, self.now)
        ahead = {person.number for person in self.people.values() if self._is_ahead(person)}
        self.house.queue.send("deliver", [*close_due_windows(self.house.database, DOMAIN)])
        self._look("pauses end", restarted=ahead)

    def _wait_for_a_slot(self, which: int) -> None:
        active = [person.number for person in self.people.values() if person.state == "active"]
        with self.house.database.read() as connection:
            stored = get_subscriber(connection, active[which % len(active)] or SubscriberId(0))
        assert stored is not None
        wanted = stored.subscriber
        slots_from = max(self.now, stored.closed_until, stored.slots_from)
        self.house.clock.now = next_slot(wanted.digest, wanted.timezone, slots_from)
        self._tick()

    def _sweep(self) -> None:
        sweep_deliveries(self.house.database, self.house.queue)  # type: ignore[arg-type]  # takes ids like the real one

    def _prune(self) -> None:
        with self.house.database.write() as connection:
            lock_stories(connection)
            found = find_overdue(connection, self.now, seen_before=self.now, after=None, look_at=500)
            prune_articles(connection, found.overdue)
            prune_digests(connection, self.now, retention=RETENTION, limit=500)
        self._forget_pruned()

    def _work(self, *changes: str, who: Collection[str] = ()) -> None:
        """Let the mailer work, and note what the server took."""
        dies = self.house.server.dies_after
        self.house.work()
        for delivery in self.house.server.took:
            assert delivery.digest_id is not None
            told = self.house.told.pop(delivery.message_id)
            mail = self.mails.get(delivery.message_id)
            if mail is None:
                [(number,)] = self.house.rows("SELECT subscriber_id FROM digests WHERE id = ?", delivery.digest_id)
                mail = self.mails[delivery.message_id] = Mailed(number, frozenset(), "pending")
            mail.told = frozenset(self.news[match_id] for match_id in told)
            mail.copies += 1
            mail.kills += dies
            assert mail.copies <= 1 + mail.kills, f"sent {mail.copies} times: {delivery.message_id}"
        self.house.server.took.clear()
        self._look(*changes, who=who)

    def _look(self, *changes: str, who: Collection[str] = (), restarted: Collection[SubscriberId | None] = ()) -> None:
        """Compare the books with the database after a step that may have changed states so, those of a person by their
        own doing only for ``who``; the windows of those ``restarted`` may begin anew.
        """
        rows = self.house.rows("SELECT email, id, state, watches, closed_until FROM subscribers")
        found = {row[0]: row[1:] for row in rows}
        new = self._new_windows()
        for email, person in self.people.items():
            number, state, watches, closed_until = found.get(email, (None, "nobody", "[]", ""))
            after = {person.state}.union(
                *(CHANGES[one].get(person.state, ()) for one in changes if one not in OWN_DOING or email in who)
            )
            assert state in after, f"{email} was {person.state} and is {state}"
            self._check_windows(person, new.pop(person.number, []))
            if number == person.number and number not in restarted:
                assert closed_until == person.open_from, f"a gap: {person.open_from} to {closed_until}"
            person.number, person.state, person.open_from = number, state, closed_until
            person.watches = tuple(json.loads(watches))
            if state not in OWED:
                person.owed.clear()
        assert not new, f"windows of nobody: {new}"
        self._check_ledger()

    def _new_windows(self) -> dict[SubscriberId | None, list[tuple[str, str]]]:
        rows = self.house.rows(
            "SELECT id, subscriber_id, start_at, end_at FROM digests WHERE id > ? ORDER BY id", self.seen_digest
        )
        found: dict[SubscriberId | None, list[tuple[str, str]]] = {}
        for number, subscriber_id, start_at, end_at in rows:
            found.setdefault(subscriber_id, []).append((start_at, end_at))
            self.seen_digest = number
        return found

    def _check_windows(self, person: Person, windows: list[tuple[str, str]]) -> None:
        """Windows are half-open, each begins where the one before ended, and none is closed for who is not active."""
        for start_at, end_at in windows:
            assert person.state in {"active", "paused"}, f"a window was closed for one who is {person.state}"
            assert start_at == person.open_from, f"a gap or overlap: {person.open_from} to {start_at}"
            assert start_at < end_at, f"an empty window from {start_at}"
            assert end_at <= UtcDateTime.as_sqlite_text(self.now), f"a window of the future, to {end_at}"
            person.open_from = end_at

    def _check_ledger(self) -> None:
        """What is owed is open, on its way, or told by one message that the ledger calls sent; and told once."""
        for message_id, state in self.house.rows("SELECT message_id, state FROM deliveries"):
            if message_id in self.mails:
                self.mails[message_id].state = state
        in_hand = self._in_hand()
        for email, person in self.people.items():
            told = self._told(person)
            assert len(told) == len(set(told)), f"told {email} twice: {sorted(told)}"
            lost = person.owed - self.withdrawn - set(told) - in_hand.get(person.number, set())
            assert not lost, f"lost for {email}, who is {person.state}: {lost}"
            assert person.state in OWED or not in_hand.get(person.number), f"kept for {email}, who is {person.state}"

    def _told(self, person: Person) -> list[int]:
        mails = (mail for mail in self.mails.values() if mail.number == person.number and mail.state == "sent")
        return [one for mail in mails for one in mail.told]

    def _in_hand(self) -> dict[SubscriberId | None, set[int]]:
        """Give what is owed, or in a digest that is still to be sent and that its subscriber may get."""
        found: dict[SubscriberId | None, set[int]] = {}
        for number, match_id in self.house.rows(
            "SELECT i.subscriber_id, i.match_id FROM digest_items i LEFT JOIN digests d ON d.id = i.digest_id "
            "LEFT JOIN deliveries v ON v.digest_id = i.digest_id JOIN subscribers s ON s.id = i.subscriber_id "
            "WHERE i.digest_id IS NULL OR (d.subscriber_id = i.subscriber_id AND v.state = 'pending' AND s.state IN "
            "('active', 'paused', 'suppressed'))"
        ):
            found.setdefault(number, set()).add(self.news[match_id])
        return found

    def _is_ahead(self, person: Person) -> bool:
        return person.open_from > UtcDateTime.as_sqlite_text(self.now + clocks.TOLERANCE)

    def _forget_pruned(self) -> None:
        """What is pruned was told, or is owed to nobody who is active."""
        left = {match_id for (match_id,) in self.house.rows("SELECT id FROM matches")}
        gone = {number for match_id, number in self.news.items() if match_id not in left}
        self.news = {match_id: number for match_id, number in self.news.items() if match_id in left}
        for email, person in self.people.items():
            lost = (person.owed & gone) - self.withdrawn - set(self._told(person))
            assert person.state != "active" or not lost, f"pruned, though {email} is owed them: {lost}"
            person.owed -= gone
        self._look()

    def teardown(self) -> None:
        """Let everybody come back and time go on; then each of the news was told to all who stayed, by one mail."""
        if sys.exception() is None:
            self._drain()

    def _drain(self) -> None:
        for email, person in self.people.items():
            if person.state in {"paused", "suppressed"}:
                self._resume(email)
        for _ in range(20):
            self.house.clock.now += 8 * DAY
            self._tick()
            self._sweep()
            self._work()
            if not any(hand - self.withdrawn for hand in self._in_hand().values()) and not self.house.rows(
                "SELECT 1 FROM deliveries WHERE state = 'pending'"
            ):
                break
        for email, person in self.people.items():
            missing = person.owed - self.withdrawn - set(self._told(person))
            assert not missing, f"never told {email}: {missing}"
        assert not self.house.rows("SELECT 1 FROM deliveries WHERE state = 'pending'")

    def _sign_up(self, who: str, wish: Subscriber, *, confirms: bool = True) -> None:
        wish = replace(wish, email=who, digest=SCHEDULES[0] if wish.digest.cron else wish.digest)
        with self.house.database.write() as connection:
            self.signups.append(enter_signup(connection, wish, self.now))
        if confirms:
            self._confirm(self.signups[-1])

    def _do_meanwhile(self, how: str, to: list[str], who: str) -> None:
        to.append(who)
        if "pause" in DONE.get(how, ()):
            self._pause(who, None)
        elif "leave" in DONE.get(how, ()):
            self._unsubscribe(who)
