"""Whatever happens between news, subscribers, scheduler, mailer and mail server, in any order: nothing owed is lost,
nothing is told twice, nobody who left gets mail, and windows cut time without gap or overlap.

Real SQLite and the real functions; the machine beside them keeps its own books. TOCSIN_MACHINE_RUNS sets the number of
runs; the seed is printed with a failure (`--hypothesis-seed`).
"""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from alerting_house import no_links
from subscribed_house import SECRET, subscribed_house
from subscription_books import (
    ANSWERS,
    DAY,
    DONE,
    HOUR,
    IN_FORCE,
    MAILED,
    MINUTE,
    NAMED,
    OWED,
    READERS,
    RETENTION,
    STARTS,
    WATCHES,
    Books,
    backwards,
    picked,
    someone,
    spans,
    wishes,
)
from tocsin.delivery import Letterhead
from tocsin.models.ids import DeliveryId, WatchId
from tocsin.models.watchlist import FeedSource, Subscriber
from tocsin.rendering.templates import Templates
from tocsin.store.deliveries import settle_bounced
from tocsin.store.feeds import sync_feeds
from tocsin.store.matches import withdraw_matches
from tocsin.store.subscriber_changes import change_subscriber
from tocsin.store.subscriber_deletion import delete_subscriber
from tocsin.store.subscriber_states import suppress
from tocsin_worker.messages import Composer

RUNS = int(os.environ.get("TOCSIN_MACHINE_RUNS", "50"))
STEPS = 50


class Subscriptions(Books):
    """What may happen, in any order."""

    @initialize(start=st.sampled_from(STARTS), wish=wishes)
    def open(self, start: datetime, wish: Subscriber) -> None:
        self.house.begin(start)
        with self.house.database.write() as connection:
            source = FeedSource(url="https://wire.example/rss", retention=RETENTION)
            sync_feeds(connection, [source], start, lambda _: start, str)
        self.named = {NAMED[0]: replace(wish, email=NAMED[0])}
        self._sync()
        self._sign_up(READERS[0], wish)

    # What happens in the world

    @rule(watches=st.lists(st.sampled_from(WATCHES), min_size=1, max_size=3))
    def publish(self, watches: list[WatchId]) -> None:
        for watch in watches:
            self._enter(watch, self.now)

    @rule(watch=st.sampled_from(WATCHES))
    def begin_to_classify(self, watch: WatchId) -> None:
        self.waits.append((watch, self.now))

    @precondition(lambda self: self.waits)
    @rule()
    def classify_late(self) -> None:
        """Commit what was begun before: windows may have closed meanwhile."""
        watch, at = self.waits.pop(0)
        self._enter(watch, min(at, self.now))

    @precondition(lambda self: self.news)
    @rule(which=picked)
    def withdraw(self, which: int) -> None:
        match_id = sorted(self.news)[which % len(self.news)]
        [(article_id,)] = self.house.rows("SELECT article_id FROM matches WHERE id = ?", match_id)
        with self.house.database.write() as connection:
            withdraw_matches(connection, [(article_id, ())], self.now)
        self.withdrawn.add(self.news[match_id])
        self._look()

    @rule(span=spans)
    def let_time_pass(self, span: timedelta) -> None:
        self.house.clock.now += span

    @rule(span=backwards)
    def set_the_clock_back(self, span: timedelta) -> None:
        self.house.clock.now -= span

    @rule(watch=st.sampled_from(WATCHES), mails=st.booleans())
    def be_years_ahead(self, watch: WatchId, mails: bool) -> None:
        """Let the clock be wrong for some ticks."""
        self.house.clock.now += 700 * DAY
        self._enter(watch, self.now)
        self._tick()
        if mails:
            self._work()
        self.house.clock.now -= 700 * DAY
        self._tick()

    @precondition(lambda self: len(self.news) > 5)
    @rule()
    def let_months_pass_and_prune(self) -> None:
        self.house.clock.now += RETENTION + 10 * DAY
        self._prune()

    # What the processes do

    @rule()
    def tick(self) -> None:
        self._tick()

    @precondition(lambda self: self._any_in("active"))
    @rule(which=picked, mails=st.booleans())
    def wait_for_a_slot(self, which: int, mails: bool) -> None:
        """Let time pass to the next slot of somebody, and close what is due."""
        self._wait_for_a_slot(which)
        if mails:
            self._work()

    @rule(watch=st.sampled_from(WATCHES))
    def let_a_day_go_by(self, watch: WatchId) -> None:
        """As days are: news come, windows close, mail goes."""
        for _ in range(3):
            self._enter(watch, self.now)
            self.house.clock.now += 8 * HOUR
            self._tick()
            self._work()

    @precondition(lambda self: self.house.queue.ids)
    @rule()
    def flush_redis(self) -> None:
        self.house.queue.take()

    @precondition(lambda self: self.house.queue.ids)
    @rule()
    def mail(self) -> None:
        self._work()

    @rule(how=st.sampled_from(MAILED), which=picked, fresh=st.booleans())
    def sweep_and_mail(self, how: str, which: int, fresh: bool) -> None:
        """Find what is due, and let this happen to the first message, of news that came just before or not."""
        if fresh and self._any_in("active"):
            for watch in WATCHES:
                self._enter(watch, self.now)
            self._wait_for_a_slot(which)
        self.house.clock.now += 2 * MINUTE
        self._sweep()
        if how == "is given up":
            with self.house.database.write() as connection:
                connection.execute(sa.text("UPDATE deliveries SET attempts = 11 WHERE state = 'pending'"))
        to: list[str] = []
        server = self.house.server
        server.dies_before, server.dies_after = how == "dies before", how == "dies after"
        server.answer = ANSWERS.get(how)
        server.meanwhile = partial(self._do_meanwhile, how, to)
        self._work(*DONE.get(how, ()), who=to)
        server.dies_before = server.dies_after = False
        server.answer = server.meanwhile = None

    @precondition(lambda self: any(mail.state == "sent" for mail in self.mails.values()))
    @rule(which=picked, dead=st.booleans())
    def bounce(self, which: int, dead: bool) -> None:
        """Let a mail that was sent come back."""
        sent = [one for one, mail in self.mails.items() if mail.state == "sent"]
        message_id = sent[which % len(sent)]
        rows = self.house.rows("SELECT id FROM deliveries WHERE message_id = ? AND state = 'sent'", message_id)
        with self.house.database.write() as connection:
            for (delivery_id,) in rows:
                settle_bounced(connection, DeliveryId(delivery_id), "550 5.1.1" if dead else "554 5.7.1")
            if rows and dead:
                suppress(connection, self.mails[message_id].number, self.now, because="550 5.1.1 no such user")
        self._look("dead")

    # What people do

    @rule(wish=wishes, named=st.sets(st.sampled_from(NAMED)))
    def write_the_watchlist(self, wish: Subscriber, named: set[str]) -> None:
        """Take people out, put them (back) in, or change what one gets, and when."""
        kept = {email: entry for email, entry in self.named.items() if email in named}
        new = {email: replace(wish, email=email) for email in named if email not in kept}
        self.named = kept | (new or {email: replace(wish, email=email) for email in sorted(kept)[:1]})
        self._sync()

    @precondition(lambda self: any(self.people[who].state not in OWED for who in READERS))
    @rule(who=st.sampled_from(READERS), wish=wishes, confirms=st.booleans())
    def sign_up(self, who: str, wish: Subscriber, confirms: bool) -> None:
        self._sign_up(who, wish, confirms=confirms)

    @precondition(lambda self: self.signups)
    @rule(which=picked)
    def confirm(self, which: int) -> None:
        """Follow the link in a mail, for the first time or again: then nothing changes."""
        self._confirm(self.signups[which % len(self.signups)])

    @precondition(lambda self: any(self.people[who].number is not None for who in READERS))
    @rule(who=st.sampled_from(READERS), wish=wishes)
    def change(self, who: str, wish: Subscriber) -> None:
        number = self.people[who].number
        if number is not None:
            with self.house.database.write() as connection:
                change_subscriber(connection, number, replace(wish, email=who), self.now)
            self._look()

    @precondition(lambda self: self._any_in("active", "paused"))
    @rule(who=someone, days=st.sampled_from((None, 1, 3, 20)))
    def pause(self, who: str, days: int | None) -> None:
        self._pause(who, None if days is None else days * DAY)
        self._look("pause", who=[who])

    @precondition(lambda self: self._any_in("paused", "suppressed", "unsubscribed"))
    @rule(who=someone)
    def resume(self, who: str) -> None:
        self._resume(who)

    @precondition(lambda self: self._any_in("active", "paused", "suppressed"))
    @rule(who=someone, how=st.sampled_from(("stays", "one click", "two clicks", "deletes everything")))
    def leave(self, who: str, how: str) -> None:
        person = self.people[who]
        if how.endswith("everything") and person.number is not None and who in READERS:
            with self.house.database.write() as connection:
                delete_subscriber(connection, person.number, self.now, secret=SECRET)
            self.mails = {one: mail for one, mail in self.mails.items() if mail.number != person.number}
        elif how.endswith(("click", "clicks")):
            for _ in how.split():
                self._unsubscribe(who)
        self._look("leave", who=[who])


def composer() -> Composer:
    return Composer(
        templates=Templates(),
        watchlist=lambda: IN_FORCE,
        letterhead=Letterhead("Tocsin <tocsin@news.example.org>"),
        contact=None,
        base_url="https://news.example.org",
        links=no_links,
        secret=SECRET,
    )


def test_nothing_is_lost_or_told_twice_and_who_left_gets_no_mail(sqlite_template: Path, tmp_path: Path) -> None:
    class Machine(Subscriptions):
        house = subscribed_house(sqlite_template, tmp_path, composer().compose)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    Machine.house.close()
