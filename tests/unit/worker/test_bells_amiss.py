"""Alerts when things go amiss: nothing is lost in silence, and nothing is told twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from alerting_house import DESK, DOMAIN, HOUR, MINUTE, WATCH, AlertHouse, Told, alerting, ruled_once_an_hour
from records import NOW
from tocsin.models.alerts import Decision, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import AlertRule, AlertWhen, QuietHours
from tocsin.store import deliveries
from tocsin.store.database import Database
from tocsin.store.story_changes import merge_developments, merge_stories
from tocsin_scheduler.bundles import send_bundle

NIGHT = replace(DESK, timezone="Europe/Berlin", quiet_hours=QuietHours("22:00", "07:00"))
LATE = NOW.replace(hour=22)
MORNING = LATE + 8 * HOUR
BURSTS = replace(WATCH, alert=AlertRule(to=("desk",), when=AlertWhen.BURST))


@pytest.fixture
def house(sqlite: Database) -> AlertHouse:
    return AlertHouse(sqlite, alerting(NIGHT))


def leave(house: AlertHouse, at: datetime) -> list[DeliveryId]:
    """Let the desk's alerts leave, if they may at that time."""
    [channel] = house.watchlist.channels
    with house.database.write() as connection:
        return send_bundle(connection, channel, house.watchlist, DOMAIN, at)


def burst_by_night(house: AlertHouse) -> Told:
    """Let a watch for bursts come thick while its channel is quiet; gives the article that was to tell of it."""
    house.watchlist = alerting(NIGHT, watches=(BURSTS,))
    for days in range(14):
        house.publish(LATE - timedelta(days=14 - days))
    found = [told for n in range(4) for told in house.publish_all(LATE + n * MINUTE, 3, outlet=f"outlet{n}")]
    waits = [told for told in found if house.alert(told).rule is Rule.QUIET_HOURS]
    assert waits
    for told in waits[1:]:
        house.withdraw(told, LATE + 5 * MINUTE)
    return waits[0]


def test_a_burst_that_waits_is_told_though_its_article_was_changed_and_changed_back(house: AlertHouse) -> None:
    told = burst_by_night(house)
    house.withdraw(told, LATE + 10 * MINUTE)
    house.restore(told, LATE + 11 * MINUTE)
    assert house.alert(told).decision is Decision.BUNDLE
    assert len(leave(house, MORNING)) == 1


def test_a_burst_is_told_by_the_next_article_when_that_which_was_to_tell_it_is_gone(house: AlertHouse) -> None:
    told = burst_by_night(house)
    house.withdraw(told, LATE + 10 * MINUTE)
    other = house.publish(LATE + 11 * MINUTE)
    assert (house.alert(other).decision, house.alert(other).rule) == (Decision.BUNDLE, Rule.QUIET_HOURS)


def test_what_was_withdrawn_from_a_bundle_whose_mailer_died_is_told_when_it_is_back(house: AlertHouse) -> None:
    told, other = house.publish_all(LATE, 2)
    [bundle] = leave(house, MORNING)
    with house.database.write() as connection:
        lease_for = 90 * timedelta(seconds=1)
        assert deliveries.claim_delivery(connection, bundle, MORNING, lease="a" * 32, lease_for=lease_for)
    house.withdraw(told, MORNING + HOUR)
    house.settle(DeliveryState.SENT)
    assert house.alert(other).delivery_id == bundle
    assert len(house.restore(told, MORNING + 2 * HOUR)) == 1


def test_a_message_waits_on_when_another_article_can_tell_it_while_it_is_dropped(house: AlertHouse) -> None:
    first = house.publish()
    [message] = house.messages()
    house.withdraw(first, NOW + MINUTE)
    with house.database.write() as connection:
        lease_for = timedelta(minutes=2)
        held = deliveries.claim_delivery(connection, message.id, NOW + MINUTE, lease="a" * 32, lease_for=lease_for)
    assert held is not None
    house.publish(NOW + 2 * MINUTE, of=first, outlet="gazette")
    with house.database.write() as connection:
        assert deliveries.settle_dropped(connection, held, "nothing left to tell")
    assert [one.state for one in house.messages()] == [DeliveryState.PENDING]


def test_what_waits_of_a_development_that_turns_out_to_be_told_is_not_told_again(house: AlertHouse) -> None:
    house.watchlist = ruled_once_an_hour()
    first = house.publish()
    other, third = house.publish(NOW + MINUTE), house.publish(NOW + 2 * MINUTE)
    with house.database.write() as connection:
        merge_stories(connection, [first.placed.story_id, other.placed.story_id])
        merge_developments(connection, [first.placed.development_id, other.placed.development_id])
    assert len(leave(house, NOW + 2 * HOUR)) == 1
    assert (house.alert(other).decision, house.alert(other).rule) == (Decision.SUPPRESS, Rule.TOLD)
    assert house.alert(third).delivery_id is not None


def test_what_is_taken_up_again_goes_to_where_the_channel_is_now(house: AlertHouse) -> None:
    told = house.publish()
    house.withdraw(told, NOW + MINUTE)
    house.settle(DeliveryState.DROPPED)
    house.watchlist = alerting(replace(DESK, target="news@example.org"))
    house.restore(told, NOW + 2 * MINUTE)
    assert [(one.target, one.state) for one in house.messages()] == [("news@example.org", DeliveryState.PENDING)]
