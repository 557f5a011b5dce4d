from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from records import MINUTE, NOW, SIEGE, subscriber, watchlist
from subscribed import DAY, SECRET, match, named, owed_to, reader, stored, watches_by_watch
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import SignupId, WatchId
from tocsin.models.subscribers import Confirmed, Joined, Owner, Signup, SubscriberState
from tocsin.models.watchlist import ChannelKind, DigestSchedule, QuietPolicy, SelfService, Subscriber, Watchlist
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery, enter_deliveries, list_deliveries
from tocsin.store.signups import KEPT, confirm_signup, enter_signup, get_signup, prune_signups, void_signups
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_deletion import delete_subscriber
from tocsin.store.subscriber_states import pause, suppress, unsubscribe
from tocsin.store.subscribers import list_subscribers
from tocsin.store.suppressions import is_suppressed

RAIN, CLOSED = WatchId("rain"), WatchId("closed")
OPEN = SelfService(watches=(RAIN, SIEGE))
ZOE = subscriber()
EVENING = replace(ZOE, digest=replace(ZOE.digest, at=("19:00",)), language="fr")


def question(signup_id: SignupId) -> NewDelivery:
    """Give the mail that asks whether a sign-up is meant."""
    kind, key = DeliveryKind.CONFIRMATION, f"c:{signup_id}"
    return NewDelivery(key, kind, ChannelKind.MAIL, ZOE.email, f"<{signup_id}>", signup_id=signup_id)


def the_watchlist(*subscribers: Subscriber) -> Watchlist:
    return replace(watchlist(subscribers=subscribers), self_service=OPEN)


def confirmed(connection: sa.Connection, signup_id: SignupId, *entries: Subscriber, at: timedelta = DAY) -> Confirmed:
    """Confirm a sign-up while the watchlist names these."""
    found = confirm_signup(connection, signup_id, NOW + at, watchlist=the_watchlist(*entries), secret=SECRET)
    assert found is not None
    return found


def test_a_sign_up_alone_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        signup_id = enter_signup(connection, replace(EVENING, email="Zoe@Example.org"), NOW, all_watches=True)
        assert list_subscribers(connection) == []
        assert get_signup(connection, signup_id) == Signup(signup_id, EVENING, True, NOW)


def test_a_confirmed_sign_up_makes_a_reader_who_is_owed_what_comes_from_now_on(database: Database) -> None:
    with database.write() as connection:
        signup_id = enter_signup(connection, EVENING, NOW)
        match(connection)
        found = confirmed(connection, signup_id)
        assert owed_to(connection) == []
        assert watches_by_watch(connection) == {(stored(connection).id, SIEGE)}
        zoe = stored(connection)
    assert found == Confirmed(Joined.NEW, zoe)
    assert (zoe.subscriber, zoe.owner, zoe.state) == (EVENING, Owner.READER, SubscriberState.ACTIVE)
    assert (zoe.joined_at, zoe.closed_until) == (NOW + DAY, NOW + DAY)


def test_a_link_that_is_used_again_changes_nothing(database: Database) -> None:
    with database.write() as connection:
        signup_id = enter_signup(connection, EVENING, NOW)
        first = confirmed(connection, signup_id)
        second = confirmed(connection, signup_id, at=2 * DAY)
        unsubscribe(connection, stored(connection).id, NOW, because="by a mail")
        third = confirmed(connection, signup_id, at=3 * DAY)
        ended = stored(connection)
    assert second == replace(first, what=Joined.WAS_THERE)
    assert third == Confirmed(Joined.WAS_THERE, ended)
    assert ended.state is SubscriberState.UNSUBSCRIBED


def test_who_is_there_keeps_their_settings(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection)
        found = confirmed(connection, enter_signup(connection, EVENING, NOW))
        pause(connection, zoe.id, NOW)
        while_paused = confirmed(connection, enter_signup(connection, EVENING, NOW))
    assert found == Confirmed(Joined.WAS_THERE, zoe)
    assert while_paused.stored is not None
    assert while_paused.stored.state is SubscriberState.PAUSED
    assert while_paused.stored.subscriber == ZOE


def test_who_unsubscribed_comes_back_as_their_own_owner(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        found = confirmed(connection, enter_signup(connection, EVENING, NOW))
        assert found == Confirmed(Joined.CAME_BACK, stored(connection))
        back = stored(connection)
    assert (back.id, back.owner, back.state, back.because) == (zoe.id, Owner.READER, SubscriberState.ACTIVE, "")
    assert (back.subscriber, back.closed_until) == (EVENING, NOW + DAY)


def test_whom_the_watchlist_names_gets_what_it_says(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        running = confirmed(connection, enter_signup(connection, EVENING, NOW), ZOE)
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        back = confirmed(connection, enter_signup(connection, EVENING, NOW), replace(ZOE, watches=(RAIN,)))
        again = stored(connection)
        assert watches_by_watch(connection) == {(zoe.id, RAIN)}
    assert running == Confirmed(Joined.BY_WATCHLIST, zoe)
    assert back == Confirmed(Joined.BY_WATCHLIST, again)
    assert (again.owner, again.state, again.subscriber) == (
        Owner.WATCHLIST,
        SubscriberState.ACTIVE,
        replace(ZOE, watches=(RAIN,)),
    )


def test_a_dead_address_that_confirms_lives(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection)
        suppress(connection, zoe.id, NOW, because="550 5.1.1")
        waits = match(connection)
        found = confirmed(connection, enter_signup(connection, EVENING, NOW))
        assert owed_to(connection) == [waits]
    assert found.what is Joined.CAME_BACK
    assert found.stored is not None
    assert (found.stored.state, found.stored.because) == (SubscriberState.ACTIVE, "")
    assert (found.stored.subscriber, found.stored.away_state) == (ZOE, SubscriberState.SUPPRESSED)


def test_who_had_everything_deleted_comes_back_by_their_own_word(database: Database) -> None:
    with database.write() as connection:
        delete_subscriber(connection, named(connection).id, NOW, secret=SECRET)
        sync_subscribers(connection, [ZOE], NOW, secret=SECRET)
        assert list_subscribers(connection) == []
        found = confirmed(connection, enter_signup(connection, EVENING, NOW))
        assert not is_suppressed(connection, ZOE.email, secret=SECRET)
        assert found == Confirmed(Joined.NEW, stored(connection))


def test_who_had_everything_deleted_comes_back_to_the_watchlist_that_names_them(database: Database) -> None:
    with database.write() as connection:
        delete_subscriber(connection, named(connection).id, NOW, secret=SECRET)
        found = confirmed(connection, enter_signup(connection, EVENING, NOW), ZOE)
        zoe = stored(connection)
    assert found == Confirmed(Joined.BY_WATCHLIST, zoe)
    assert (zoe.owner, zoe.subscriber) == (Owner.WATCHLIST, ZOE)


def test_the_link_of_one_who_was_deleted_since_leads_nowhere(database: Database) -> None:
    with database.write() as connection:
        signup_id = enter_signup(connection, EVENING, NOW)
        confirmed(connection, signup_id)
        delete_subscriber(connection, stored(connection).id, NOW, secret=SECRET)
        assert confirm_signup(connection, signup_id, NOW, watchlist=the_watchlist(), secret=SECRET) is None
        assert list_subscribers(connection) == []


def test_only_watches_that_are_open_to_readers_are_given(database: Database) -> None:
    with database.write() as connection:
        some = enter_signup(connection, replace(ZOE, watches=(CLOSED, SIEGE)), NOW)
        every = enter_signup(connection, subscriber("omar@example.org", (SIEGE,)), NOW, all_watches=True)
        found = [confirmed(connection, one).stored for one in (some, every)]
    assert [one and one.subscriber.watches for one in found] == [(SIEGE,), (RAIN, SIEGE)]
    assert [one and one.all_watches for one in found] == [False, True]


def test_there_is_no_sign_up_by_a_made_up_number(database: Database) -> None:
    with database.write() as connection:
        assert get_signup(connection, SignupId(7)) is None
        assert confirm_signup(connection, SignupId(7), NOW, watchlist=the_watchlist(), secret=SECRET) is None


def test_old_sign_ups_go_with_their_mails_and_their_numbers_never_come_again(database: Database) -> None:
    with database.write() as connection:
        ids = [enter_signup(connection, ZOE, NOW + number * MINUTE) for number in range(3)]
        confirm_signup(connection, ids[0], NOW, watchlist=the_watchlist(), secret=SECRET)
        enter_deliveries(connection, [question(one) for one in ids], NOW)
        assert prune_signups(connection, NOW + KEPT, limit=9) == 0
        assert prune_signups(connection, NOW + KEPT + 2 * MINUTE, limit=1) == 1
        assert prune_signups(connection, NOW + KEPT + 2 * MINUTE, limit=9) == 1
        assert [one.signup_id for one in list_deliveries(connection, limit=9)] == ids[2:]
        assert stored(connection).subscriber == ZOE
        prune_signups(connection, NOW + 2 * KEPT, limit=9)
        assert enter_signup(connection, ZOE, NOW) > ids[2]


def test_who_comes_back_has_their_own_schedule_again(database: Database) -> None:
    by_cron = replace(ZOE, digest=DigestSchedule((), (), QuietPolicy.SHORT, cron="0 7 1 * *"))
    with database.write() as connection:
        zoe = reader(connection, by_cron)
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        confirmed(connection, enter_signup(connection, stored(connection).subscriber, NOW))
        back = stored(connection)
    assert (back.state, back.subscriber) == (SubscriberState.ACTIVE, by_cron)


def test_nobody_is_taken_to_whom_nothing_would_ever_come(database: Database) -> None:
    shut = replace(EVENING, watches=(CLOSED,))
    with database.write() as connection:
        signup_id = enter_signup(connection, shut, NOW)
        assert confirmed(connection, signup_id) == Confirmed(Joined.NOTHING_OPEN, None)
        assert list_subscribers(connection) == []
        opened = replace(the_watchlist(), self_service=SelfService(watches=(CLOSED,)))
        again = confirm_signup(connection, signup_id, NOW + 2 * DAY, watchlist=opened, secret=SECRET)
        assert again == Confirmed(Joined.NEW, stored(connection))
        assert stored(connection).subscriber == shut


def test_who_left_stays_away_where_nothing_would_come_and_what_keeps_others_from_adding_them_stays(
    database: Database,
) -> None:
    with database.write() as connection:
        zoe = reader(connection, replace(ZOE, watches=(CLOSED,)))
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        omar = reader(connection, replace(ZOE, email="omar@example.org"))
        delete_subscriber(connection, omar.id, NOW, secret=SECRET)
        for email in (ZOE.email, "omar@example.org"):
            wanted = replace(ZOE, email=email, watches=(CLOSED,))
            assert confirmed(connection, enter_signup(connection, wanted, NOW)).what is Joined.NOTHING_OPEN
        assert stored(connection).state is SubscriberState.UNSUBSCRIBED
        assert is_suppressed(connection, "omar@example.org", secret=SECRET)


def test_sign_ups_of_an_address_are_void_with_their_mails(database: Database) -> None:
    with database.write() as connection:
        mine, other = (
            enter_signup(connection, EVENING, NOW),
            enter_signup(connection, replace(ZOE, email="o@x.org"), NOW),
        )
        enter_deliveries(connection, [question(mine), question(other)], NOW)
        void_signups(connection, ZOE.email)
        assert get_signup(connection, mine) is None
        assert get_signup(connection, other) is not None
        assert [one.signup_id for one in list_deliveries(connection, limit=9)] == [other]
