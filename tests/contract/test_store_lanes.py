from __future__ import annotations

from datetime import timedelta

from records import LEASE, MINUTE, NOW
from tocsin.models.deliveries import Delivery, DeliveryKind, Lane
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import Channel, ChannelKind
from tocsin.store import deliveries
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.lanes import follow_channels, lanes_of, rest_lane, wake_lane

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
        assert deliveries.undelivered(connection, LATER - MINUTE, enqueued_before=NOW, limit=9) == []
        assert deliveries.undelivered(connection, LATER, enqueued_before=NOW, limit=9) == ids


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
