from __future__ import annotations

import threading
from dataclasses import replace

import pytest
import sqlalchemy as sa

from alerting_house import DESK, DOMAIN, HOUR, MINUTE, WATCH, AlertHouse, alerting
from records import NOW, SIEGE
from tocsin.models.alerts import Decision, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DeliveryId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, Channel, ChannelKind, QuietHours, Rate, Watch, Watchlist
from tocsin.store import tables
from tocsin.store.database import Database, database_now
from tocsin.store.mutes import mute_story
from tocsin_scheduler.bundles import send_bundle, send_due_bundles

NIGHT = replace(DESK, timezone="Europe/Berlin", quiet_hours=QuietHours("22:00", "07:00"))
LATE = NOW.replace(hour=22)
MORNING = LATE + 8 * HOUR
CHAT = Channel("chat", ChannelKind.APPRISE, "DESK_CHAT")
BOTH = replace(WATCH, alert=AlertRule(to=("desk", "chat")))


@pytest.fixture
def house(sqlite: Database) -> AlertHouse:
    return AlertHouse(sqlite, alerting(NIGHT))


def leave(house: AlertHouse, at: object, name: str = "desk") -> list[DeliveryId]:
    """Let a channel's alerts leave, if they may at that time."""
    [channel] = [one for one in house.watchlist.channels if one.name == name]
    with house.database.write() as connection:
        return send_bundle(connection, channel, house.watchlist, DOMAIN, at)  # type: ignore[arg-type]  # a time


def held(house: AlertHouse, number: int) -> None:
    """Let so many alerts wait for the desk until a moment that is long over."""
    house.watchlist = alerting(NIGHT, watches=house.watchlist.watches)
    house.publish_all(LATE, number)
    house.watchlist = alerting(DESK, watches=house.watchlist.watches)


def test_what_was_held_by_night_leaves_in_the_morning_as_one_message(house: AlertHouse) -> None:
    told = house.publish_all(LATE, 3)
    assert leave(house, MORNING - MINUTE) == []
    [message] = leave(house, MORNING)
    assert {house.alert(one).delivery_id for one in told} == {message}
    assert leave(house, MORNING + MINUTE) == []
    [row] = house.messages()
    assert (row.key.split(":")[:2], row.target, row.created_at) == (["bundle", "desk"], "desk@example.org", MORNING)


def test_a_bundle_counts_as_one_message_for_the_limit_and_leaves_when_that_allows_it(house: AlertHouse) -> None:
    house.watchlist = alerting(watches=(replace(WATCH, alert=AlertRule(to=("desk",), at_most=Rate(2, HOUR))),))
    for minutes in range(0, 50, 10):
        house.publish(NOW + minutes * MINUTE)
    assert [decision for decision, _ in house.alerts()] == ["ring", "ring", "bundle", "bundle", "bundle"]
    assert leave(house, NOW + 59 * MINUTE) == []
    assert len(leave(house, NOW + HOUR)) == 1
    assert house.publish(NOW + 65 * MINUTE) is not None
    assert house.alerts()[-1] == ("bundle", "at most")
    assert leave(house, NOW + 69 * MINUTE) == []
    assert len(leave(house, NOW + 70 * MINUTE)) == 1


def test_the_limit_of_a_channel_holds_for_all_of_its_watches(house: AlertHouse) -> None:
    rain = Watch(WatchId("rain"), "Rain", keywords=("rain",), alert=AlertRule(to=("desk",)))
    house.watchlist = alerting(replace(DESK, at_most=Rate(1, HOUR)), watches=(WATCH, rain))
    house.publish()
    house.publish(NOW + MINUTE, watch=rain.id)
    assert house.alerts() == [("ring", "new story"), ("bundle", "channel limit")]
    assert (leave(house, NOW + 59 * MINUTE), len(leave(house, NOW + HOUR))) == ([], 1)


def test_each_channel_gets_a_message_of_its_own(house: AlertHouse) -> None:
    house.watchlist = alerting(NIGHT, replace(CHAT, quiet_hours=NIGHT.quiet_hours), watches=(BOTH,))
    house.publish(LATE)
    house.watchlist = alerting(DESK, CHAT, watches=(BOTH,))
    assert len(send_due_bundles(house.database, house.watchlist, DOMAIN)) == 2
    assert {(one.name, one.target) for one in house.messages()} == {
        ("desk", "desk@example.org"),
        ("chat", "DESK_CHAT"),
    }


def test_a_channel_that_moved_gets_what_waited_at_its_new_address(house: AlertHouse) -> None:
    held(house, 1)
    house.watchlist = alerting(replace(DESK, target="new@example.org"))
    send_due_bundles(house.database, house.watchlist, DOMAIN)
    assert house.messages()[0].target == "new@example.org"


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        (
            alerting(CHAT, watches=(replace(WATCH, alert=AlertRule(to=("chat",))),)),
            "it waited for the channel desk, which is no longer in the watchlist",
        ),
        (alerting(watches=()), "it waited, and the watch siege is no longer in the watchlist"),
        (
            alerting(watches=(replace(WATCH, alert=AlertRule()),)),
            "it waited, and the watch siege no longer alerts desk",
        ),
    ],
    ids=["channel", "watch", "rule"],
)
def test_what_waits_for_nobody_is_given_up_with_the_reason(house: AlertHouse, left: Watchlist, reason: str) -> None:
    told = house.publish(LATE)
    assert send_due_bundles(house.database, left, DOMAIN) == []
    alert = house.alert(told)
    assert (alert.decision, alert.rule, alert.reason) == (Decision.SUPPRESS, Rule.REMOVED, reason)
    assert house.messages() == []


def test_what_waits_for_a_watch_that_this_process_does_not_know_yet_is_not_given_up_at_once(house: AlertHouse) -> None:
    told = house.publish(LATE)
    with house.database.write() as connection:
        just_now = database_now(connection)
        connection.execute(sa.update(tables.alerts).values(due_at=just_now))
    assert send_due_bundles(house.database, alerting(watches=()), DOMAIN) == []
    assert house.alert(told).decision is Decision.BUNDLE


def test_what_waits_of_a_story_that_its_reader_mutes_meanwhile_is_given_up(house: AlertHouse) -> None:
    muted, other = house.publish_all(LATE, 2)
    with house.database.write() as connection:
        mute_story(connection, "Desk@example.org", house.alert(muted).story_id, LATE + HOUR)
        mute_story(connection, "night@example.org", house.alert(other).story_id, LATE + HOUR)
    [message] = leave(house, MORNING)
    alert = house.alert(muted)
    told = (alert.decision, alert.rule, alert.reason, alert.delivery_id)
    assert told == (Decision.SUPPRESS, Rule.MUTED, "the story was muted while it waited", None)
    assert house.alert(other).delivery_id == message


def test_the_watch_that_stays_is_told_when_another_one_leaves(house: AlertHouse) -> None:
    rain = Watch(WatchId("rain"), "Rain", keywords=("rain",), alert=AlertRule(to=("desk",)))
    house.watchlist = alerting(NIGHT, watches=(WATCH, rain))
    stays, leaves = house.publish(LATE), house.publish(LATE, watch=rain.id)
    [message] = send_due_bundles(house.database, alerting(), DOMAIN)
    assert (house.alert(stays).delivery_id, house.alert(leaves).rule) == (message, Rule.REMOVED)


def test_what_was_withdrawn_before_it_left_stays_behind_and_rings_when_it_is_back(house: AlertHouse) -> None:
    told = house.publish(LATE)
    house.withdraw(told, LATE + MINUTE)
    assert leave(house, MORNING) == []
    assert len(house.restore(told, MORNING + HOUR)) == 1
    assert leave(house, MORNING + 2 * HOUR) == []


def test_a_bundle_whose_alerts_were_all_withdrawn_before_it_was_sent_is_gone_and_they_wait_on(
    house: AlertHouse,
) -> None:
    told = house.publish(LATE)
    leave(house, MORNING)
    house.withdraw(told, MORNING + MINUTE)
    assert (house.messages(), house.alert(told).delivery_id) == ([], None)
    assert len(house.restore(told, MORNING + HOUR)) == 1


def test_what_is_back_before_it_leaves_waits_as_before(house: AlertHouse) -> None:
    told = house.publish(LATE)
    house.withdraw(told, LATE + MINUTE)
    assert house.restore(told, LATE + 2 * MINUTE) == []
    assert len(leave(house, MORNING)) == 1


def test_what_was_withdrawn_is_told_by_another_article_of_the_development_that_stands(house: AlertHouse) -> None:
    told = house.publish(LATE)
    house.publish(LATE + MINUTE, of=told, outlet="gazette")
    house.withdraw(told, LATE + 2 * MINUTE)
    assert len(leave(house, MORNING)) == 1


def test_another_article_waits_in_place_of_one_that_was_withdrawn_and_is_told_once(house: AlertHouse) -> None:
    told = house.publish(LATE)
    house.withdraw(told, LATE + MINUTE)
    other = house.publish(LATE + 2 * MINUTE, of=told, outlet="gazette")
    assert house.alert(other).decision is Decision.BUNDLE
    leave(house, MORNING)
    house.settle(DeliveryState.SENT)
    house.restore(told, MORNING + HOUR)
    assert leave(house, MORNING + HOUR) == []
    assert len(house.messages()) == 1


def test_a_development_of_a_waiting_story_waits_with_it(house: AlertHouse) -> None:
    first = house.publish(LATE)
    house.publish(LATE + MINUTE, of=first, join=Join.DEVELOPMENT)
    assert len(leave(house, MORNING)) == 1
    assert house.publish(MORNING + HOUR, of=first, outlet="gazette").watch == SIEGE
    assert house.alerts()[-1] == ("suppress", "story told")


def test_schedulers_at_once_tell_everything_once(database: Database) -> None:
    house = AlertHouse(database)
    held(house, 5)
    start, entered = threading.Barrier(3), list[DeliveryId]()

    def scheduler() -> None:
        start.wait()
        entered.extend(send_due_bundles(database, house.watchlist, DOMAIN))

    threads = [threading.Thread(target=scheduler) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(entered) == len(house.messages()) == 1
    with database.read() as connection:
        told = connection.execute(sa.text("SELECT DISTINCT delivery_id FROM alerts")).scalars().all()
    assert told == entered
