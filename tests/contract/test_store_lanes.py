from __future__ import annotations

from datetime import date, timedelta

import pytest

from records import LEASE, MINUTE, NOW, subscriber
from tocsin.models.deliveries import Delivery, DeliveryKind, Lane
from tocsin.models.digests import Window
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import Channel, ChannelKind
from tocsin.store import deliveries
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.digests import close_window
from tocsin.store.lanes import follow_channels, lanes_of, put_off_domain, rest_lane, wake_lane
from tocsin.store.signups import enter_signup
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscribers import find_subscriber

DESK = Lane(ChannelKind.WEBHOOK, "desk")
CHAT = Lane(ChannelKind.APPRISE, "chat")
LATER = NOW + 10 * MINUTE


def enter(database: Database, lane: Lane, *keys: str) -> list[DeliveryId]:
    new = [
        NewDelivery(key, DeliveryKind.ALERT, lane.kind, "TARGET", f"<{lane}-{key}@x>", name=lane.name)
        for key in (f"{lane}:{key}" for key in keys)
    ]
    with database.write() as connection:
        return deliveries.enter_deliveries(connection, new, NOW)


def claim(database: Database, one: DeliveryId) -> Delivery:
    with database.write() as connection:
        found = deliveries.claim_delivery(connection, one, NOW, lease=LEASE, lease_for=MINUTE)
    assert found is not None
    return found


def due(database: Database) -> dict[str, timedelta]:
    """How long after NOW each message is due."""
    with database.read() as connection:
        return {one.key: one.next_attempt_at - NOW for one in deliveries.list_deliveries(connection, limit=99)}


def test_messages_are_sorted_by_kind_and_name_in_their_order(database: Database) -> None:
    desk, chat = enter(database, DESK, "a", "b"), enter(database, CHAT, "a")
    same_name = enter(database, Lane(ChannelKind.MAIL, "desk"), "mail")
    with database.read() as connection:
        found = lanes_of(connection, [desk[1], *chat, *same_name, desk[0], DeliveryId(999)])
    assert found == {DESK: [desk[1], desk[0]], CHAT: chat, Lane(ChannelKind.MAIL, "desk"): same_name}


def test_what_is_settled_stands_in_no_lane(database: Database) -> None:
    [one] = enter(database, DESK, "a")
    delivery = claim(database, one)
    with database.write() as connection:
        deliveries.settle_sent(connection, delivery, NOW)
        assert lanes_of(connection, [one]) == {}


def test_a_rest_puts_off_what_waits_in_its_lane_alone_and_counts_no_attempt(database: Database) -> None:
    enter(database, DESK, "a", "b")
    enter(database, CHAT, "a")
    with database.write() as connection:
        assert rest_lane(connection, DESK, NOW, LATER) == 2
        assert rest_lane(connection, DESK, NOW, LATER - MINUTE) == 0
        attempts = [one.attempts for one in deliveries.list_deliveries(connection, limit=9)]
    assert due(database) == {"desk:a": 10 * MINUTE, "desk:b": 10 * MINUTE, "chat:a": timedelta()}
    assert attempts == [0, 0, 0]


def test_a_rest_leaves_what_is_on_its_way_to_who_has_it(database: Database) -> None:
    held, _ = enter(database, DESK, "a", "b")
    claim(database, held)
    with database.write() as connection:
        assert rest_lane(connection, DESK, NOW, LATER) == 1
    assert due(database) == {"desk:a": timedelta(), "desk:b": 10 * MINUTE}


def test_what_failed_by_itself_keeps_its_time_where_only_the_untried_are_woken(database: Database) -> None:
    failed, _ = enter(database, DESK, "a", "b")
    delivery = claim(database, failed)
    with database.write() as connection:
        deliveries.settle_deferred(connection, delivery, "full", LATER)
        rest_lane(connection, DESK, NOW, LATER)
        assert wake_lane(connection, DESK, NOW, only_untried=True) == 1
    assert due(database) == {"desk:a": 10 * MINUTE, "desk:b": timedelta()}


def test_what_waits_for_a_channel_that_moved_goes_to_its_new_address_at_once(database: Database) -> None:
    held, other = enter(database, DESK, "a", "b")
    enter(database, CHAT, "a")
    claim(database, held)
    with database.write() as connection:
        rest_lane(connection, DESK, NOW, LATER)
        moved = Channel("desk", ChannelKind.MAIL, "desk@example.org")
        assert follow_channels(connection, [moved, Channel("chat", ChannelKind.APPRISE, "TARGET")], NOW) == 1
        assert follow_channels(connection, [moved], NOW) == 0
        to = {one.id: (one.channel, one.target) for one in deliveries.list_deliveries(connection, limit=9)}
    assert to[other] == (ChannelKind.MAIL, "desk@example.org")
    assert to[held] == (ChannelKind.WEBHOOK, "TARGET")
    assert set(due(database).values()) == {timedelta()}


def test_what_rests_is_handed_out_again_when_the_rest_is_over(database: Database) -> None:
    ids = enter(database, DESK, "a", "b")
    with database.write() as connection:
        rest_lane(connection, DESK, NOW, LATER)
        assert deliveries.undelivered(connection, LATER - MINUTE, digests=False, enqueued_before=NOW, limit=9) == []
        assert deliveries.undelivered(connection, LATER, digests=False, enqueued_before=NOW, limit=9) == ids


def test_a_lane_that_wakes_has_all_of_its_messages_due_at_once(database: Database) -> None:
    enter(database, DESK, "a", "b")
    enter(database, CHAT, "a")
    with database.write() as connection:
        rest_lane(connection, DESK, NOW, LATER)
        rest_lane(connection, CHAT, NOW, LATER)
        assert wake_lane(connection, DESK, NOW + MINUTE) == 2
    assert due(database) == {"desk:a": MINUTE, "desk:b": MINUTE, "chat:a": 10 * MINUTE}


def test_digests_have_a_lane_that_no_named_channel_shares(database: Database) -> None:
    enter(database, Lane(ChannelKind.MAIL), "a")
    enter(database, Lane(ChannelKind.MAIL, "desk"), "b")
    with database.write() as connection:
        assert rest_lane(connection, Lane(ChannelKind.MAIL), NOW, LATER) == 1
    assert due(database) == {"digests:a": 10 * MINUTE, "desk:b": timedelta()}


def enter_digests(database: Database, *targets: str) -> list[DeliveryId]:
    """Enter a digest for each address, and a confirmation mail for the first."""
    with database.write() as connection:
        sync_subscribers(connection, [subscriber(target) for target in targets], NOW - MINUTE)
        window = Window(NOW - MINUTE, NOW, date(2026, 3, 10), "13:00")
        new = []
        for target in targets:
            stored = find_subscriber(connection, target)
            assert stored is not None
            digest_id = close_window(connection, stored, window, token=target, coverage=None, now=NOW)
            mail = (DeliveryKind.DIGEST, ChannelKind.MAIL, target, f"<{target}>")
            new.append(NewDelivery(f"digest:{target}", *mail, digest_id=digest_id))
        signup_id = enter_signup(connection, subscriber(targets[0]), NOW)
        mail = (DeliveryKind.CONFIRMATION, ChannelKind.MAIL, targets[0], "<confirm>")
        return deliveries.enter_deliveries(connection, [*new, NewDelivery("confirm", *mail, signup_id=signup_id)], NOW)


def test_confirmations_have_a_lane_beside_that_of_digests(database: Database) -> None:
    [digest, confirmation] = enter_digests(database, "zoe@large.example")
    with database.write() as connection:
        assert lanes_of(connection, [digest, confirmation]) == {
            Lane(ChannelKind.MAIL): [digest],
            Lane(ChannelKind.MAIL, confirms=True): [confirmation],
        }
        assert rest_lane(connection, Lane(ChannelKind.MAIL), NOW, LATER) == 1
    assert due(database) == {"digest:zoe@large.example": 10 * MINUTE, "confirm": timedelta()}


def test_what_is_due_is_asked_for_apart_so_that_nothing_waits_behind_digests(database: Database) -> None:
    [digest, confirmation] = enter_digests(database, "zoe@large.example")
    soon = NOW + MINUTE
    with database.read() as connection:
        found = [
            deliveries.undelivered(connection, soon, digests=kind, enqueued_before=soon, limit=9)
            for kind in (True, False)
        ]
    assert found == [[digest], [confirmation]]


def test_a_domain_that_had_its_share_has_its_digests_wait_and_no_attempt_is_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tocsin.store.lanes._AT_ONCE", 2)
    there = [f"reader{number}@large.example" for number in range(4)]
    ids = enter_digests(database, *there, "Ada@Large.Example", "zoe@notlarge.example", "bo@large.example.org")
    taken, held = claim(database, ids[0]), claim(database, ids[1])
    with database.write() as connection:
        assert put_off_domain(connection, taken, NOW, LATER) is True
        found = {one.target: one for one in deliveries.list_deliveries(connection, limit=99)}
        assert put_off_domain(connection, taken, NOW, LATER) is False  # nobody holds it any more
    late = {target for target, one in found.items() if one.next_attempt_at == LATER}
    assert late == {there[0], there[2], there[3], "Ada@Large.Example"}
    assert (found[there[0]].attempts, found[there[0]].lease) == (0, None)
    assert (found[held.target].attempts, found[held.target].lease) == (1, LEASE)
