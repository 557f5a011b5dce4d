"""Whatever happens between decision and message: each development is told once, no story that stands is left out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerting_house import DESK, DOMAIN, HOUR, MINUTE, WATCH, AlertHouse, Told, alerting
from records import NOW
from tocsin.models.deliveries import Delivery, DeliveryState
from tocsin.models.ids import DevelopmentId, MatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, QuietHours, Rate
from tocsin.store.alerts import alerts_of_delivery, standing_match
from tocsin.store.database import open_database
from tocsin.store.stories import developments_of, stories_of
from tocsin.store.story_changes import merge_stories
from tocsin_scheduler.bundles import send_bundle
from tocsin_worker.reports import report_of

NIGHT = replace(DESK, quiet_hours=QuietHours("22:00", "07:00"), at_most=Rate(4, HOUR))
RULED = replace(WATCH, alert=AlertRule(to=("desk",), at_most=Rate(2, HOUR)))

# What changes its mind is what goes wrong: a few articles that do so again and again, with messages in between.
_WEIGHTS = {"open": 1, "copy": 2, "develop": 1, "change": 6, "mail": 3, "tick": 1, "night": 1, "merge": 1}
number = st.integers(0, 3)
kinds = st.sampled_from([what for what, weight in _WEIGHTS.items() for _ in range(weight)])
operations = st.lists(st.tuples(kinds, number, number), min_size=4, max_size=24)


@dataclass(slots=True)
class Ledger:
    """A house to which things happen; ``told`` are the developments of all messages that were sent."""

    house: AlertHouse
    now: datetime = NOW
    articles: list[Told] = field(default_factory=list)
    withdrawn: set[MatchId] = field(default_factory=set)
    told: list[DevelopmentId] = field(default_factory=list)

    def happen(self, what: str, one: int, other: int) -> None:
        self.now += one * MINUTE
        if what == "open" or not self.articles:
            self.articles.append(self.house.publish(self.now, outlet=f"outlet{other}"))
            return
        getattr(self, what)(self.articles[one % len(self.articles)], self.articles[other % len(self.articles)])

    def copy(self, of: Told, _: Told) -> None:
        self.articles.append(self.house.publish(self.now, of=self._placed(of), outlet="copies"))

    def develop(self, of: Told, _: Told) -> None:
        self.articles.append(self.house.publish(self.now, of=self._placed(of), join=Join.DEVELOPMENT))

    def change(self, one: Told, _: Told) -> None:
        if one.match_id in self.withdrawn:
            self.house.restore(one, self.now, quietly=True)
            self.withdrawn.remove(one.match_id)
        else:
            self.house.withdraw(one, self.now)
            self.withdrawn.add(one.match_id)

    def merge(self, one: Told, other: Told) -> None:
        stories = {self._placed(each).placed.story_id for each in (one, other)}
        if len(stories) > 1:
            with self.house.database.write() as connection:
                merge_stories(connection, stories)

    def night(self, _: Told, __: Told) -> None:
        self.now += 5 * HOUR

    def tick(self, *_: Told) -> None:
        with self.house.database.write() as connection:
            send_bundle(connection, NIGHT, self.house.watchlist, DOMAIN, self.now)

    def mail(self, *_: Told) -> None:
        for message in self.house.messages():
            if message.state is DeliveryState.PENDING:
                state = DeliveryState.SENT if self._tells(message) else DeliveryState.DROPPED
                self.house.settle(state, which=message.id)

    def _tells(self, message: Delivery) -> bool:
        """Let a message be written; nothing in it may have been told before."""
        with self.house.database.read() as connection:
            report = report_of(connection, message, {}, lambda *_: None)  # type: ignore[arg-type]  # unread
            told = [one for one in alerts_of_delivery(connection, message.id) if standing_match(connection, one)]
            before = set(developments_of(connection, self.told).values())
            now = set(developments_of(connection, [one.development_id for one in told]).values())
        assert (report is None) == (not told)
        assert not before & now
        self.told += now
        return bool(told)

    def end(self) -> None:
        """Let days pass in which nothing new happens; then every story that stands was told."""
        for _ in range(30):
            self.now += HOUR
            self.tick()
            self.mail()
        with self.house.database.read() as connection:
            standing = sa.text(
                "SELECT DISTINCT articles.story_id FROM matches JOIN articles ON articles.id = matches.article_id "
                "WHERE matches.withdrawn_at IS NULL"
            )
            stands = set(connection.execute(standing).scalars())
            of_told = sa.text("SELECT id, story_id FROM developments")
            story_of = {row.id: row.story_id for row in connection.execute(of_told)}
            told = set(stories_of(connection, {story_of[one] for one in self.told}).values())
        assert stands <= told

    def _placed(self, one: Told) -> Told:
        """Give an article with where it is now, after merges."""
        with self.house.database.read() as connection:
            query = sa.text("SELECT story_id, development_id FROM articles WHERE id = :id")
            row = connection.execute(query, {"id": one.article_id}).one()
        return replace(one, placed=replace(one.placed, story_id=row.story_id, development_id=row.development_id))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ledger")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(happenings=operations)
def test_each_development_is_told_once_and_no_story_that_stands_is_left_out(
    sqlite_template: Path, folder: Path, happenings: list[tuple[str, int, int]]
) -> None:
    path = folder / "tocsin.sqlite3"
    for leftover in folder.iterdir():
        leftover.unlink()
    shutil.copy(sqlite_template, path)
    database = open_database(f"sqlite:///{path}")
    ledger = Ledger(AlertHouse(database, alerting(NIGHT, watches=(RULED,))))
    try:
        for what, one, other in happenings:
            ledger.happen(what, one, other)
        ledger.end()
    finally:
        database.close()
