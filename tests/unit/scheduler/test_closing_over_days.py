"""Windows over days: SQLite's own clock is in the test's hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from records import SIEGE, add_feed, entry, receipt, subscriber
from subscribed_house import DOMAIN, SECRET, Clock
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryState
from tocsin.models.digests import Absence, Digest
from tocsin.models.ids import MatchId, SubscriberId
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Subscriber
from tocsin.store import matches, owed, tables
from tocsin.store.articles import NewArticle, insert_articles
from tocsin.store.database import Database
from tocsin.store.digests import latest_digests
from tocsin.store.feeds import list_feeds
from tocsin.store.notices import open_notices
from tocsin.store.subscriber_changes import add_subscriber, change_subscriber, sync_subscribers
from tocsin.store.subscriber_states import pause, resume, suppress
from tocsin.store.subscribers import find_subscriber
from tocsin_scheduler.windows import AT_ONCE, close_due_windows, close_window_now
from tocsin_scheduler.zones import zone_key

ZOE = "zoe@example.org"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A Monday, noon in Berlin.
MONDAY = datetime(2026, 10, 19, 10, tzinfo=UTC)


@pytest.fixture
def clock(sqlite: Database) -> Clock:
    found = Clock(MONDAY)
    found.set_up(sqlite)
    return found


def wanted(
    email: str = ZOE,
    quiet: QuietPolicy = QuietPolicy.SKIP,
    *,
    digest: DigestSchedule | None = None,
    timezone: str = "Europe/Berlin",
) -> Subscriber:
    one = subscriber(email)
    return replace(one, digest=digest or replace(one.digest, quiet=quiet), timezone=timezone)


def joined(database: Database, clock: Clock, *some: Subscriber) -> list[SubscriberId]:
    with database.write() as connection:
        ids = [add_subscriber(connection, one, clock.now, secret=SECRET) for one in some]
    return [one for one in ids if one is not None]


def published(database: Database, clock: Clock, key: str) -> MatchId:
    """Let an article meet the watch of everybody."""
    with database.write() as connection:
        feed = next(iter(list_feeds(connection)), None) or add_feed(connection)
        new = NewArticle(entry(key), language="en", published_at=clock.now, backlog=False)
        [article_id] = insert_articles(connection, feed.id, [new], clock.now)
        [match] = matches.save_matches(connection, [(article_id, receipt(SIEGE))], clock.now)
        owed.owe(connection, [match.id])
        return match.id


def ticked(database: Database, clock: Clock, span: timedelta, step: timedelta = HOUR) -> list[datetime]:
    """Let time pass, and give when digests were entered to be mailed."""
    mailed, end = [], clock.now + span
    while clock.now < end:
        clock.now += step
        mailed += [clock.now for _ in close_due_windows(database, DOMAIN)]
    return mailed


def closed(database: Database) -> list[Digest]:
    """Give all digests, the oldest first."""
    with database.read() as connection:
        return latest_digests(connection, limit=999)[::-1]


def told(database: Database, digest: Digest) -> list[MatchId]:
    with database.read() as connection:
        return [match.id for match in matches.matches_of_digest(connection, digest.id)]


def days(times: Sequence[datetime]) -> list[int]:
    return [at.day for at in times]


def test_a_weekly_heartbeat_comes_after_seven_days_without_a_digest(sqlite: Database, clock: Clock) -> None:
    joined(sqlite, clock, wanted(quiet=QuietPolicy.WEEKLY))
    # A week with the autumn night in it has an hour more; it is counted by its days.
    assert days(ticked(sqlite, clock, 9 * DAY)) == [26]
    published(sqlite, clock, "news")
    assert days(ticked(sqlite, clock, 9 * DAY)) == [29, 5]


def test_a_heartbeat_of_one_slot_a_week_is_not_put_off_by_the_spring_night(sqlite: Database, clock: Clock) -> None:
    clock.now = datetime(2027, 3, 21, 12, tzinfo=UTC)
    schedule = DigestSchedule((1,), ("07:30",), QuietPolicy.WEEKLY)
    joined(sqlite, clock, wanted(digest=schedule))
    assert days(ticked(sqlite, clock, 16 * DAY)) == [29, 5]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.DROPPED])
def test_a_digest_that_did_not_arrive_does_not_put_the_heartbeat_off(
    sqlite: Database, clock: Clock, state: DeliveryState
) -> None:
    joined(sqlite, clock, wanted(quiet=QuietPolicy.WEEKLY))
    published(sqlite, clock, "news")
    assert days(ticked(sqlite, clock, DAY)) == [20]
    with sqlite.write() as connection:
        connection.execute(sa.update(tables.deliveries).values(state=state.value))
    assert days(ticked(sqlite, clock, 7 * DAY)) == [26]


def test_a_pause_ends_with_one_digest_at_the_next_slot_that_says_how_long_it_was(
    sqlite: Database, clock: Clock
) -> None:
    [zoe] = joined(sqlite, clock, wanted())
    with sqlite.write() as connection:
        pause(connection, zoe, clock.now)
    first = published(sqlite, clock, "first")
    assert ticked(sqlite, clock, 3 * DAY) == []
    with sqlite.write() as connection:
        resume(connection, zoe, clock.now)
    second = published(sqlite, clock, "second")
    # At noon, though a slot was over in the morning: the next one comes tomorrow.
    [mailed] = ticked(sqlite, clock, DAY)
    [digest] = closed(sqlite)
    assert mailed == datetime(2026, 10, 23, 6, tzinfo=UTC)
    assert (digest.window.start_at, digest.window.local_date) == (MONDAY, date(2026, 10, 23))
    assert sorted(told(sqlite, digest)) == [first, second]
    assert digest.absence == Absence(SubscriberState.PAUSED, MONDAY, MONDAY + 3 * DAY)
    published(sqlite, clock, "third")
    ticked(sqlite, clock, DAY)
    assert closed(sqlite)[-1].absence is None


def test_who_paused_and_whose_address_died_meanwhile_was_away_from_the_first_day_on(
    sqlite: Database, clock: Clock
) -> None:
    [zoe] = joined(sqlite, clock, wanted(quiet=QuietPolicy.SHORT))
    with sqlite.write() as connection:
        pause(connection, zoe, clock.now)
    clock.now += DAY
    with sqlite.write() as connection:
        suppress(connection, zoe, clock.now, because="550 5.1.1 no such user")
    assert ticked(sqlite, clock, DAY) == []
    with sqlite.write() as connection:
        resume(connection, zoe, clock.now)
    ticked(sqlite, clock, DAY)
    assert [one.absence for one in closed(sqlite)] == [Absence(SubscriberState.PAUSED, MONDAY, MONDAY + 2 * DAY)]


def test_a_changed_schedule_closes_no_window_by_a_slot_that_is_over(sqlite: Database, clock: Clock) -> None:
    [zoe] = joined(sqlite, clock, wanted(quiet=QuietPolicy.SHORT))
    ticked(sqlite, clock, DAY)
    first = published(sqlite, clock, "first")
    clock.now += 3 * HOUR
    with sqlite.write() as connection:
        noon = DigestSchedule((1, 2, 3, 4, 5, 6, 7), ("13:00",), QuietPolicy.SHORT)
        change_subscriber(connection, zoe, wanted(digest=noon), clock.now)
    second = published(sqlite, clock, "second")
    assert ticked(sqlite, clock, DAY) == [datetime(2026, 10, 21, 11, tzinfo=UTC)]
    before, after = closed(sqlite)
    assert before.window.end_at == after.window.start_at
    assert sorted(told(sqlite, after)) == [first, second]


@pytest.mark.parametrize("west", [True, False])
def test_a_moved_reader_gets_the_next_digest_when_their_new_morning_comes(
    sqlite: Database, clock: Clock, west: bool
) -> None:
    zones = ("Europe/Berlin", "Pacific/Auckland")
    there, then = zones if west else zones[::-1]
    [zoe] = joined(sqlite, clock, wanted(quiet=QuietPolicy.SHORT, timezone=there))
    ticked(sqlite, clock, DAY)
    with sqlite.write() as connection:
        change_subscriber(connection, zoe, wanted(quiet=QuietPolicy.SHORT, timezone=then), clock.now)
    ticked(sqlite, clock, 2 * DAY)
    windows = [one.window for one in closed(sqlite)]
    assert [window.start_at for window in windows[1:]] == [window.end_at for window in windows[:-1]]
    assert len({(window.local_date, window.slot) for window in windows}) == len(windows)


def test_a_zone_that_is_gone_stops_nobody_and_the_operator_is_told_once(sqlite: Database, clock: Clock) -> None:
    lost = wanted("lost@example.org", QuietPolicy.SHORT, timezone="Europe/Atlantis")
    ids = joined(sqlite, clock, wanted(quiet=QuietPolicy.SHORT), lost)
    with capture_logs() as logs:
        mailed = ticked(sqlite, clock, DAY)
    assert [at.hour for at in mailed] == [6, 8]
    assert [one.timezone for one in closed(sqlite)] == ["Europe/Berlin", "UTC"]
    assert [one["zone"] for one in logs if one["event"].startswith("unknown time zone")] == ["Europe/Atlantis"]
    with sqlite.read() as connection:
        [notice] = open_notices(connection)
    assert (notice.key, notice.kind) == (zone_key("Europe/Atlantis"), NoticeKind.ZONE_GONE)
    assert "one subscriber has" in notice.text
    with sqlite.write() as connection:
        change_subscriber(connection, ids[1], replace(lost, timezone="Europe/Lisbon"), clock.now)
    close_due_windows(sqlite, DOMAIN)
    with sqlite.read() as connection:
        assert open_notices(connection) == []


def test_a_window_can_be_closed_by_hand_in_a_zone_that_is_gone(sqlite: Database, clock: Clock) -> None:
    joined(sqlite, clock, wanted(timezone="Europe/Atlantis"))
    clock.now += HOUR
    with sqlite.read() as connection:
        stored = find_subscriber(connection, ZOE)
    assert stored is not None
    assert len(close_window_now(sqlite, stored, DOMAIN)) == 1
    assert [one.window.slot for one in closed(sqlite)] == ["11:00"]


def test_a_clock_that_was_years_ahead_silences_nobody_for_years(sqlite: Database, clock: Clock) -> None:
    joined(sqlite, clock, wanted(quiet=QuietPolicy.SHORT))
    clock.now += 3650 * DAY
    close_due_windows(sqlite, DOMAIN)
    clock.now -= 3650 * DAY
    news = published(sqlite, clock, "news")
    with capture_logs() as logs:
        assert days(ticked(sqlite, clock, 2 * DAY)) == [20, 21]
    assert [one["windows"] for one in logs if one["event"].startswith("the clock was ahead")] == [1]
    assert [told(sqlite, one) for one in closed(sqlite)[:2]] == [[news], []]


def test_a_clock_that_was_hours_ahead_makes_a_digest_late_and_loses_nothing(sqlite: Database, clock: Clock) -> None:
    joined(sqlite, clock, wanted(quiet=QuietPolicy.SHORT))
    ticked(sqlite, clock, 20 * HOUR)
    clock.now -= 15 * HOUR
    news = published(sqlite, clock, "news")
    assert days(ticked(sqlite, clock, 2 * DAY)) == [21]
    first, second = closed(sqlite)
    assert (first.window.end_at, told(sqlite, first), told(sqlite, second)) == (second.window.start_at, [], [news])


def test_a_schedule_by_cron_closes_windows_too(sqlite: Database, clock: Clock) -> None:
    schedule = DigestSchedule((), (), QuietPolicy.SHORT, "15 8,20 * * mon-fri")
    joined(sqlite, clock, wanted(digest=schedule))
    assert days(ticked(sqlite, clock, 7 * DAY)) == [19, 20, 20, 21, 21, 22, 22, 23, 23, 26]
    assert {one.window.slot for one in closed(sqlite)} == {"08:15", "20:15"}


def test_the_autumn_night_ticked_through_minute_by_minute_has_one_digest_at_half_past_two(
    sqlite: Database, clock: Clock
) -> None:
    clock.now = datetime(2026, 10, 25, 0, 20, tzinfo=UTC)
    schedule = DigestSchedule((1, 2, 3, 4, 5, 6, 7), ("02:30",), QuietPolicy.SHORT)
    joined(sqlite, clock, wanted(digest=schedule))
    assert ticked(sqlite, clock, 80 * timedelta(minutes=1), timedelta(minutes=1)) == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    ]


def test_many_who_are_due_at_one_minute_are_closed_in_batches_with_one_look_at_the_feeds(
    sqlite: Database, clock: Clock
) -> None:
    number = 2 * AT_ONCE + 10
    with sqlite.write() as connection:
        add_feed(connection)
        many = [wanted(f"reader{one}@example.org", QuietPolicy.SHORT) for one in range(number)]
        sync_subscribers(connection, many, clock.now)
    clock.now += DAY
    statements: list[str] = []
    sa.event.listen(sqlite.engine, "before_cursor_execute", lambda *seen: statements.append(seen[2]))
    assert len(close_due_windows(sqlite, DOMAIN)) == number
    assert sum("FROM feeds" in one for one in statements) == 1
    assert statements.count("BEGIN IMMEDIATE") == 3
    assert len(statements) < 5 * number
    del statements[:]
    assert close_due_windows(sqlite, DOMAIN) == []
    assert len(statements) < 10
