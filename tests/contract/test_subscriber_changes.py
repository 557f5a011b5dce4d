from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, SIEGE, subscriber
from subscribed import (
    DAY,
    SECRET,
    close,
    mail,
    match,
    named,
    owed_to,
    reader,
    state_of,
    stored,
    told_by,
    watches_by_watch,
)
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import SubscriberId, WatchId
from tocsin.models.subscribers import ConflictKind, Owner, StoredSubscriber, SubscriberState, Synced
from tocsin.models.watchlist import SelfService, Subscriber
from tocsin.store.conflicts import conflicts
from tocsin.store.database import Database
from tocsin.store.subscriber_changes import add_subscriber, change_subscriber, sync_subscribers
from tocsin.store.subscriber_deletion import delete_subscriber
from tocsin.store.subscriber_states import pause, resume, suppress, unsubscribe
from tocsin.store.subscribers import list_subscribers
from tocsin.store.tables import subscriber_watches

RAIN, WIND, CLOSED = WatchId("rain"), WatchId("wind"), WatchId("closed")
ZOE = subscriber()
OMAR = subscriber("omar@example.org")
EVENING = replace(ZOE.digest, at=("19:00",))


def test_a_new_reader_is_their_own_owner_and_the_watchlist_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection, replace(ZOE, digest=EVENING))
        synced = sync_subscribers(connection, [ZOE], NOW + MINUTE, secret=SECRET)
        assert stored(connection) == zoe
        sync_subscribers(connection, [], NOW + MINUTE, secret=SECRET)
        assert stored(connection) == zoe
    assert zoe.owner is Owner.READER
    assert [(one.email, one.kind) for one in synced.conflicts] == [(ZOE.email, ConflictKind.READER)]


def test_an_address_that_is_there_is_not_added(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        assert add_subscriber(connection, replace(ZOE, email="ZOE@example.org"), NOW, secret=SECRET) is None
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        assert add_subscriber(connection, ZOE, NOW, secret=SECRET) is None


def test_one_who_was_taken_out_of_the_watchlist_may_be_added_as_a_reader(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        sync_subscribers(connection, [], NOW, secret=SECRET)
        assert add_subscriber(connection, replace(ZOE, watches=(RAIN,)), NOW + DAY, secret=SECRET) == zoe.id
        back = stored(connection)
    assert (back.owner, back.state, back.subscriber.watches) == (Owner.READER, SubscriberState.ACTIVE, (RAIN,))
    assert (back.closed_until, back.joined_at) == (NOW + DAY, NOW)


@pytest.mark.parametrize("how", ["unsubscribed", "suppressed", "paused"])
def test_the_watchlist_brings_nobody_back(database: Database, how: str) -> None:
    with database.write() as connection:
        zoe = named(connection)
        _leave(connection, zoe, how)
        before = stored(connection)
        sync_subscribers(connection, [ZOE], NOW + DAY, secret=SECRET)
        assert stored(connection) == before


@pytest.mark.parametrize(
    ("how", "state"), [("unsubscribed", SubscriberState.UNSUBSCRIBED), ("suppressed", SubscriberState.SUPPRESSED)]
)
def test_not_even_when_it_named_them_no_longer_meanwhile(database: Database, how: str, state: SubscriberState) -> None:
    with database.write() as connection:
        zoe = named(connection)
        _leave(connection, zoe, how)
        sync_subscribers(connection, [], NOW, secret=SECRET)
        sync_subscribers(connection, [ZOE], NOW + DAY, secret=SECRET)
        back = stored(connection)
        assert resume(connection, zoe.id, NOW + 2 * DAY)
        assert stored(connection).because == ""
    assert (back.state, back.because) == (state, "550 5.1.1" if how == "suppressed" else "by a mail")


def _leave(connection: sa.Connection, who: StoredSubscriber, how: str) -> None:
    if how == "paused":
        pause(connection, who.id, NOW)
    elif how == "suppressed":
        suppress(connection, who.id, NOW, because="550 5.1.1")
    else:
        unsubscribe(connection, who.id, NOW, because="by a mail")


def test_what_the_watchlist_says_of_one_who_left_holds_when_they_resume(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        sync_subscribers(connection, [replace(ZOE, watches=(RAIN,), digest=EVENING)], NOW, secret=SECRET)
        resume(connection, zoe.id, NOW + DAY)
        back = stored(connection).subscriber
        index = watches_by_watch(connection)
    assert (back.watches, back.digest) == ((RAIN,), EVENING)
    assert index == {(zoe.id, RAIN)}


def test_the_same_watchlist_again_writes_nothing(database: Database) -> None:
    with database.write() as connection:
        first = sync_subscribers(connection, [ZOE, OMAR], NOW, secret=SECRET)
        before = list_subscribers(connection)
        second = sync_subscribers(connection, [ZOE, OMAR], NOW + DAY, secret=SECRET)
        assert list_subscribers(connection) == before
    assert first == Synced(joined=(ZOE.email, OMAR.email))
    assert second == Synced()


def test_many_join_change_and_leave_at_once(database: Database) -> None:
    people = [subscriber(f"{number}@example.org") for number in range(1100)]
    moved = [replace(one, timezone="Asia/Beirut", watches=(RAIN,)) for one in people[:1050]]
    with database.write() as connection:
        sync_subscribers(connection, people, NOW, secret=SECRET)
        synced = sync_subscribers(connection, moved, NOW + DAY, secret=SECRET)
        now_there = list_subscribers(connection)
        index = watches_by_watch(connection)
    assert set(synced.removed) == {one.email for one in people[1050:]}
    active = {one.subscriber.email: one for one in now_there if one.state is SubscriberState.ACTIVE}
    assert {one.subscriber for one in active.values()} == set(moved)
    assert {one.slots_from for one in active.values()} == {NOW + DAY}
    assert {one.closed_until for one in active.values()} == {NOW}
    assert index == {(one.id, RAIN) for one in active.values()} | {
        (one.id, SIEGE) for one in now_there if one.state is SubscriberState.REMOVED
    }


def test_readers_lose_the_watches_that_are_closed_to_them_but_not_what_they_are_owed(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection, replace(ZOE, watches=(RAIN, SIEGE)))
        found = match(connection)
        synced = sync_subscribers(connection, [], NOW, self_service=SelfService(watches=(WIND, RAIN)), secret=SECRET)
        match(connection, "two")
        assert stored(connection).subscriber.watches == (RAIN,)
        assert owed_to(connection) == [found]
        assert watches_by_watch(connection) == {(zoe.id, RAIN)}
    assert synced.lost == ((ZOE.email, (SIEGE,)),)


def test_who_wants_every_watch_gets_those_that_are_opened_later(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection, ZOE, all_watches=True)
        synced = sync_subscribers(connection, [], NOW, self_service=SelfService(watches=(RAIN, SIEGE)), secret=SECRET)
        after = stored(connection)
        assert watches_by_watch(connection) == {(zoe.id, RAIN), (zoe.id, SIEGE)}
    assert after == replace(zoe, subscriber=replace(ZOE, watches=(RAIN, SIEGE)))
    assert synced.lost == ()


def test_the_watchlists_subscribers_may_have_watches_that_are_closed_to_readers(database: Database) -> None:
    with database.write() as connection:
        named(connection, replace(ZOE, watches=(CLOSED,)))
        wanted = [replace(ZOE, watches=(CLOSED,))]
        sync_subscribers(connection, wanted, NOW, self_service=SelfService(watches=(RAIN,)), secret=SECRET)
        assert stored(connection).subscriber.watches == (CLOSED,)


def test_a_reader_changes_what_they_get_and_when_and_is_owed_what_they_were(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection)
        found = match(connection)
        wanted = replace(ZOE, watches=(RAIN,), digest=EVENING, language="de")
        assert change_subscriber(connection, zoe.id, wanted, NOW + MINUTE)
        changed = stored(connection)
        assert not change_subscriber(connection, zoe.id, wanted, NOW + DAY)
        assert stored(connection) == changed
        assert owed_to(connection) == [found]
        assert told_by(connection, close(connection)) == [found]
    assert changed == replace(zoe, subscriber=wanted, slots_from=NOW + MINUTE)


def test_another_language_moves_no_slot(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection)
        assert change_subscriber(connection, zoe.id, replace(ZOE, language="ar"), NOW + MINUTE, all_watches=True)
        after = stored(connection)
    assert after == replace(zoe, subscriber=replace(ZOE, language="ar"), all_watches=True)


def test_nobody_changes_their_address_or_what_the_watchlist_says(database: Database) -> None:
    with database.write() as connection:
        zoe, omar = reader(connection), None
        sync_subscribers(connection, [OMAR], NOW, secret=SECRET)
        omar = stored(connection, OMAR.email)
        assert not change_subscriber(connection, zoe.id, replace(ZOE, email="eve@example.org"), NOW)
        assert not change_subscriber(connection, omar.id, replace(OMAR, digest=EVENING), NOW)
        assert not change_subscriber(connection, SubscriberId(99), ZOE, NOW)
        assert [one.subscriber for one in list_subscribers(connection)] == [OMAR, ZOE]


def test_a_change_of_zone_in_mid_window_neither_loses_nor_repeats(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection)
        first = match(connection)
        close(connection)
        second = match(connection, "two", NOW + 3 * 60 * MINUTE)
        change_subscriber(connection, zoe.id, replace(ZOE, timezone="Pacific/Auckland"), NOW + 4 * 60 * MINUTE)
        assert told_by(connection, close(connection, 1)) == [second]
        assert owed_to(connection) == []
    assert first != second


def test_who_is_taken_out_of_the_watchlist_gets_no_mail_any_more(database: Database) -> None:
    with database.write() as connection:
        named(connection, ZOE, OMAR)
        found = match(connection)
        messages = [mail(connection, close(connection, email=one.email), one.email) for one in (ZOE, OMAR)]
        match(connection, "two")
        synced = sync_subscribers(connection, [OMAR], NOW, secret=SECRET)
        assert [state_of(connection, one)[0] for one in messages] == [DeliveryState.DROPPED, DeliveryState.PENDING]
        assert owed_to(connection) == []
        assert len(owed_to(connection, OMAR.email)) == 1
        assert stored(connection).state is SubscriberState.REMOVED
    assert synced == Synced(removed=(ZOE.email,))
    assert found


def test_conflicts_name_everybody_whose_entry_does_not_hold_and_what_to_do(database: Database) -> None:
    people = [subscriber(f"{name}@example.org") for name in ("fine", "gone", "dead", "deleted", "own", "new")]
    fine, gone, dead, deleted, own, _ = people
    with database.write() as connection:
        sync_subscribers(connection, [fine, gone, dead, deleted], NOW, secret=SECRET)
        reader(connection, own)
        unsubscribe(connection, stored(connection, gone.email).id, NOW, because="by a mail")
        suppress(connection, stored(connection, dead.email).id, NOW, because="550 5.1.1 no such user")
        delete_subscriber(connection, stored(connection, deleted.email).id, NOW, secret=SECRET)
        found = conflicts(connection, people, secret=SECRET)
        synced = sync_subscribers(connection, people, NOW, secret=SECRET)
    assert [(one.email.partition("@")[0], one.kind) for one in found] == [
        ("gone", ConflictKind.UNSUBSCRIBED),
        ("dead", ConflictKind.SUPPRESSED),
        ("deleted", ConflictKind.DELETED),
        ("own", ConflictKind.READER),
    ]
    assert list(synced.conflicts) == found
    assert synced.joined == ("new@example.org",)
    assert str(found[0]) == (
        "gone@example.org: ended the subscription on 2026-03-10; take it out of the file, or, if they asked to come "
        "back: tocsin subscribers resume gone@example.org"
    )
    assert all(f"tocsin subscribers resume {dead.email}" in one.remedy for one in found if one.email == dead.email)
    assert all(f"tocsin subscribers remove {own.email}" in one.remedy for one in found if one.email == own.email)


def test_when_the_readers_own_subscription_is_removed_the_watchlists_entry_holds(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection)
        sync_subscribers(connection, [ZOE], NOW, secret=SECRET)
        assert delete_subscriber(connection, zoe.id, NOW, secret=None)
        synced = sync_subscribers(connection, [ZOE], NOW + MINUTE, secret=SECRET)
        back = stored(connection)
        assert connection.execute(sa.select(subscriber_watches.c.subscriber_id)).scalars().all() == [back.id]
    assert synced == Synced(joined=(ZOE.email,))
    assert back.owner is Owner.WATCHLIST


def test_ten_times_as_many_subscribers_take_no_more_statements(database: Database) -> None:
    with database.write() as connection:
        few = _statements(connection, [subscriber(f"{number}@a.example") for number in range(20)])
        many = _statements(connection, [subscriber(f"{number}@b.example") for number in range(200)])
    assert many == few


def _statements(connection: sa.Connection, people: list[Subscriber]) -> list[int]:
    """Count the statements by which these people join, change, are owed a match, and leave."""
    numbers = []
    for wanted in (people, [replace(one, timezone="Asia/Tokyo", watches=(RAIN, SIEGE)) for one in people], None, []):
        seen: list[str] = []

        def count(_: object, __: object, statement: str, *___: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        sa.event.listen(connection, "before_cursor_execute", count)
        if wanted is None:
            match(connection, people[0].email)
        else:
            sync_subscribers(connection, wanted, NOW, secret=SECRET)
        sa.event.remove(connection, "before_cursor_execute", count)
        numbers.append(len(seen))
    return numbers
