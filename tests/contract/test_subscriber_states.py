from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, SIEGE, subscriber
from subscribed import DAY, claimed, close, mail, match, named, owed_to, reader, state_of, stored, told_by
from tocsin.errors import LeaseLostError
from tocsin.models.deliveries import DeliveryState
from tocsin.models.digests import Absence
from tocsin.models.ids import SubscriberId
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import Subscriber
from tocsin.store import deliveries, digests, tables
from tocsin.store.database import Database
from tocsin.store.deliveries import settle_bounced, settle_dropped, settle_failed, settle_sent
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_states import (
    end_pauses,
    pause,
    pauses_are_over,
    resume,
    suppress,
    unsubscribe,
    void_links,
)

NOBODY = SubscriberId(4711)


def test_a_paused_subscriber_is_owed_what_matches_and_gets_it_when_the_pause_is_over(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        assert pause(connection, zoe.id, NOW, NOW + DAY)
        paused = stored(connection)
        found = match(connection)
        assert not pauses_are_over(connection, NOW + DAY - MINUTE)
        assert end_pauses(connection, NOW + DAY - MINUTE) == 0
        assert pauses_are_over(connection, NOW + 2 * DAY)
        assert end_pauses(connection, NOW + 2 * DAY) == 1
        back = stored(connection)
        digest = digests.get_digest(connection, close(connection, 2))
        assert digest is not None
        assert told_by(connection, digest.id) == [found]
        after = stored(connection)
    is_away = {"away_state": SubscriberState.PAUSED, "away_since": NOW}
    assert paused == replace(zoe, state=SubscriberState.PAUSED, paused_until=NOW + DAY, **is_away)  # type: ignore[arg-type]  # mypy sees one type for all
    assert back == replace(zoe, state_since=NOW + DAY, slots_from=NOW + DAY, **is_away)  # type: ignore[arg-type]
    assert digest.absence == Absence(SubscriberState.PAUSED, NOW, NOW + DAY)
    assert (after.away_state, after.away_since) == (None, None)


def test_no_window_closes_during_a_pause(database: Database) -> None:
    with database.write() as connection:
        before = named(connection)
        pause(connection, before.id, NOW)
    with pytest.raises(LeaseLostError), database.write() as connection:
        close(connection)


def test_a_pause_takes_back_the_digest_that_was_not_sent_yet(database: Database) -> None:
    with database.write() as connection:
        zoe, found = named(connection), match(connection)
        digest_id = close(connection)
        message = mail(connection, digest_id)
        pause(connection, zoe.id, NOW)
        assert owed_to(connection) == [found]
        assert state_of(connection, message) == (DeliveryState.DROPPED, "the subscription was paused")
        digest = digests.get_digest(connection, digest_id)
        assert digest is not None
        assert digest.given_back == 1
        resume(connection, zoe.id, NOW + MINUTE)
        assert told_by(connection, close(connection, 1)) == [found]


def test_a_pause_may_get_another_end_and_is_otherwise_asked_for_once(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        changed = [pause(connection, zoe.id, NOW, NOW + DAY), pause(connection, zoe.id, NOW + MINUTE, NOW + DAY)]
        later = pause(connection, zoe.id, NOW + MINUTE, None)
        again = pause(connection, zoe.id, NOW + MINUTE, None)
        paused = stored(connection)
    assert (changed, later, again) == ([True, False], True, False)
    assert (paused.state_since, paused.paused_until) == (NOW, None)


def test_what_a_mailer_has_in_hands_is_left_to_it(database: Database) -> None:
    with database.write() as connection:
        zoe, found = named(connection), match(connection)
        digest_id = close(connection)
        message = claimed(connection, mail(connection, digest_id))
        pause(connection, zoe.id, NOW)
        assert owed_to(connection) == []
        assert settle_sent(connection, message, NOW + MINUTE)
        assert told_by(connection, digest_id) == [found]


def test_what_a_mailer_finds_paused_waits_for_the_next_digest(database: Database) -> None:
    with database.write() as connection:
        zoe, found = named(connection), match(connection)
        message = claimed(connection, mail(connection, close(connection)))
        pause(connection, zoe.id, NOW)
        assert settle_dropped(connection, message, "the subscription is paused")
        assert owed_to(connection) == [found]


def test_a_pause_takes_back_what_a_dead_mailer_had_in_hands(database: Database) -> None:
    with database.write() as connection:
        zoe, found = named(connection), match(connection)
        claimed(connection, mail(connection, close(connection)))
        pause(connection, zoe.id, NOW + 2 * MINUTE)
        assert owed_to(connection) == [found]


def test_who_unsubscribes_is_owed_nothing_any_more_and_gets_no_mail(database: Database) -> None:
    with database.write() as connection:
        zoe, told = named(connection), match(connection)
        digest_id = close(connection)
        message = mail(connection, digest_id)
        match(connection, "two")
        assert unsubscribe(connection, zoe.id, NOW, because="by the link in a mail")
        match(connection, "three")
        open_items = connection.execute(sa.select(tables.digest_items).where(tables.digest_items.c.digest_id.is_(None)))
        assert open_items.all() == []
        assert state_of(connection, message) == (DeliveryState.DROPPED, "the subscription was ended")
        assert told_by(connection, digest_id) == [told]
        ended = stored(connection)
        assert not unsubscribe(connection, zoe.id, NOW + MINUTE, because="again")
        assert stored(connection) == ended
    assert (ended.state, ended.because) == (SubscriberState.UNSUBSCRIBED, "by the link in a mail")


def test_a_digest_in_a_mailers_hands_is_not_owed_again_to_one_who_left(database: Database) -> None:
    with database.write() as connection:
        zoe, told = named(connection), match(connection)
        digest_id = close(connection)
        message = claimed(connection, mail(connection, digest_id))
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        settle_dropped(connection, message, "the subscription was ended")
        assert owed_to(connection) == []
        assert told_by(connection, digest_id) == [told]


def test_who_resumes_after_unsubscribing_starts_anew(database: Database) -> None:
    with database.write() as connection:
        zoe = reader(connection)
        match(connection)
        unsubscribe(connection, zoe.id, NOW, because="by a mail")
        assert resume(connection, zoe.id, NOW + DAY)
        assert not resume(connection, zoe.id, NOW + 2 * DAY)
        assert owed_to(connection) == []
        back = stored(connection)
    later = NOW + DAY
    assert back == replace(zoe, closed_until=later, slots_from=later, state_since=later)


def test_a_dead_address_keeps_what_it_is_owed_until_somebody_resumes_it(database: Database) -> None:
    with database.write() as connection:
        zoe, told = named(connection), match(connection)
        message = claimed(connection, mail(connection, close(connection)))
        settle_failed(connection, message, "550 5.1.1 no such user")
        assert suppress(connection, zoe.id, NOW, because="550 5.1.1 no such user")
        assert not suppress(connection, zoe.id, NOW + MINUTE, because="once more")
        later = match(connection, "two", NOW + 2 * MINUTE)
        assert owed_to(connection) == [later, told]
        dead = stored(connection)
        assert not pause(connection, zoe.id, NOW)
        assert resume(connection, zoe.id, NOW + DAY)
        assert told_by(connection, close(connection, 1)) == [later, told]
    assert (dead.state, dead.because) == (SubscriberState.SUPPRESSED, "550 5.1.1 no such user")
    assert (dead.away_state, dead.away_since) == (SubscriberState.SUPPRESSED, NOW)


def test_a_digest_that_comes_back_is_owed_again_once(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        told = match(connection)
        digest_id = close(connection)
        message = mail(connection, digest_id)
        settle_sent(connection, claimed(connection, message), NOW)
        assert settle_bounced(connection, message, "550 5.2.2 mailbox full")
        assert owed_to(connection) == [told]
        second = close(connection, 1)
        assert not settle_bounced(connection, message, "550 5.2.2 mailbox full")
        assert told_by(connection, second) == [told]
        assert state_of(connection, message) == (DeliveryState.FAILED, "550 5.2.2 mailbox full")
        first = digests.get_digest(connection, digest_id)
    assert first is not None
    assert first.given_back == 1


def test_a_refused_digest_is_told_by_the_next_one(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        told = match(connection)
        message = claimed(connection, mail(connection, close(connection)))
        assert settle_failed(connection, message, "554 5.7.1 refused")
        assert not settle_failed(connection, message, "554 5.7.1 refused")
        later = match(connection, "two", NOW + DAY)
        assert told_by(connection, close(connection, 1)) == [later, told]


def test_a_lost_lease_gives_nothing_back(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        told = match(connection)
        digest_id = close(connection)
        old = claimed(connection, mail(connection, digest_id))
        deliveries.claim_delivery(connection, old.id, NOW + 3 * MINUTE, lease="another", lease_for=MINUTE)
        assert not settle_failed(connection, old, "550")
        assert not settle_dropped(connection, old, "gone")
        assert told_by(connection, digest_id) == [told]


@pytest.mark.parametrize("state", ["paused", "suppressed", "unsubscribed"])
def test_what_others_are_owed_stays(database: Database, state: str) -> None:
    omar = subscriber("omar@example.org")
    with database.write() as connection:
        zoe, found = named(connection, subscriber(), omar), match(connection)
        message = mail(connection, close(connection, email=omar.email), omar.email)
        _bring_into(connection, zoe.id, SubscriberState(state), NOW)
        assert state_of(connection, message) == (DeliveryState.PENDING, None)
        assert stored(connection, omar.email).state is SubscriberState.ACTIVE
        assert owed_to(connection) == ([] if state == "unsubscribed" else [found])


def _bring_into(connection: sa.Connection, who: SubscriberId, state: SubscriberState, now: datetime) -> None:
    match state:
        case SubscriberState.PAUSED:
            pause(connection, who, now)
        case SubscriberState.SUPPRESSED:
            suppress(connection, who, now, because="550 5.1.1")
        case SubscriberState.UNSUBSCRIBED:
            unsubscribe(connection, who, now, because="by a mail")
        case _:
            raise AssertionError(state)


def test_nothing_happens_to_one_who_is_not_there(database: Database) -> None:
    with database.write() as connection:
        changed = [
            pause(connection, NOBODY, NOW),
            resume(connection, NOBODY, NOW),
            suppress(connection, NOBODY, NOW, because=""),
            unsubscribe(connection, NOBODY, NOW, because=""),
            void_links(connection, NOBODY),
        ]
    assert changed == [False] * 5


def test_who_was_taken_out_of_the_watchlist_is_not_resumed_and_may_still_unsubscribe(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        sync_subscribers(connection, [], NOW)
        assert not resume(connection, zoe.id, NOW)
        assert unsubscribe(connection, zoe.id, NOW, because="by an old mail")
        sync_subscribers(connection, [subscriber()], NOW)
        assert stored(connection).state is SubscriberState.UNSUBSCRIBED


def test_links_are_made_void_by_counting_on(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        assert void_links(connection, zoe.id)
        assert stored(connection).link_epoch == 1


def test_a_match_is_owed_to_those_of_its_watch_who_are_there(database: Database) -> None:
    people = [subscriber(f"{name}@example.org") for name in ("active", "paused", "suppressed", "unsubscribed")]
    other = subscriber("other@example.org", ())
    with database.write() as connection:
        named(connection, *people, other)
        for one in people[1:]:
            state = SubscriberState(one.email.partition("@")[0])
            _bring_into(connection, stored(connection, one.email).id, state, NOW)
        found = match(connection)
        owed_by_name = {one.email.partition("@")[0]: owed_to(connection, one.email) for one in (*people, other)}
    waits = [found]
    assert owed_by_name == {"active": waits, "paused": waits, "suppressed": waits, "unsubscribed": [], "other": []}


def test_a_watch_that_is_named_twice_is_owed_once(database: Database) -> None:
    twice: Subscriber = subscriber(watches=(SIEGE, SIEGE))
    with database.write() as connection:
        named(connection, twice)
        found = match(connection)
        assert owed_to(connection) == [found]
