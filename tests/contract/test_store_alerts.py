from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alerting_house import DESK, HOUR, MINUTE, WATCH, AlertHouse, alerting, ruled_once_an_hour
from records import NOW, SIEGE
from tocsin.models.alerts import Decision, Notice, NoticeKind, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import NoticeId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, AlertWhen, QuietHours
from tocsin.store import alerts, bundles, bursts, deliveries, flows, mutes, notices, tables, tellings
from tocsin.store.alert_log import ToldHeadline, headlines_of_deliveries
from tocsin.store.bursts import StoredBurst
from tocsin.store.database import Database
from tocsin.store.feeds import list_feeds
from tocsin.store.matches import withdraw_matches
from tocsin.store.retention_alerts import proofs_still_needed
from tocsin.store.story_changes import merge_stories
from tocsin_scheduler.bundles import send_bundle
from tocsin_scheduler.pruning import Pruner

BURST = StoredBurst(SIEGE, NOW, NOW, "stories", HOUR, 7, 1.5, 4)


@pytest.fixture
def house(database: Database) -> AlertHouse:
    return AlertHouse(database, ruled_once_an_hour())


def leave(house: AlertHouse, minutes: int) -> int:
    with house.database.write() as connection:
        return len(send_bundle(connection, DESK, house.watchlist, "x.org", NOW + minutes * MINUTE))


def test_an_alert_goes_its_whole_way_to_a_message_and_is_known_as_told(house: AlertHouse) -> None:
    rings = house.publish()
    waits = house.publish(NOW + MINUTE)
    with house.database.read() as connection:
        told = alerts.told_stories(connection, [rings.placed.story_id, waits.placed.story_id])
        [waiting] = bundles.due_alerts(connection, NOW + HOUR, ["desk"])
        assert bundles.due_alerts(connection, NOW + HOUR, ["other"]) == []
        assert bundles.due_alerts(connection, NOW + 59 * MINUTE) == []
        assert bundles.waiting_bundles(connection) == [bundles.WaitingBundle("desk", 1, NOW + HOUR)]
    assert [(one.story_id, one.development_id, one.due_at) for one in told] == [
        (rings.placed.story_id, rings.placed.development_id, None),
        (waits.placed.story_id, waits.placed.development_id, NOW + HOUR),
    ]
    assert (waiting.id, waiting.watch, waiting.due_at) == (house.alert(waits).id, SIEGE, NOW + HOUR)
    assert (leave(house, 59), leave(house, 60), leave(house, 61)) == (0, 1, 0)
    with house.database.read() as connection:
        told_by = alerts.alerts_of_delivery(connection, house.messages()[1].id)
        assert bundles.waiting_bundles(connection) == []
    assert told_by == [house.alert(waits)]


def test_withdrawn_and_restored_alerts_are_told_once(house: AlertHouse) -> None:
    house.publish()
    waits = house.publish(NOW + MINUTE)
    house.withdraw(waits, NOW + 2 * MINUTE)
    assert leave(house, 60) == 0
    assert len(house.restore(waits, NOW + 61 * MINUTE)) == 1
    assert leave(house, 200) == 0
    assert len(house.messages()) == 2


def test_a_match_that_stands_takes_the_place_of_one_that_was_withdrawn(house: AlertHouse) -> None:
    first = house.publish()
    second = house.publish(NOW + MINUTE, of=first, outlet="gazette")
    with house.database.read() as connection:
        assert alerts.standing_match(connection, house.alert(first)) == first.match_id
    house.withdraw(first, NOW + 2 * MINUTE)
    with house.database.read() as connection:
        assert alerts.standing_match(connection, house.alert(first)) == second.match_id
    house.withdraw(second, NOW + 3 * MINUTE)
    with house.database.read() as connection:
        assert alerts.standing_match(connection, house.alert(first)) is None


def test_a_message_whose_match_comes_back_while_it_is_dropped_waits_on(house: AlertHouse) -> None:
    told = house.publish()
    [message] = house.messages()
    with house.database.write() as connection:
        lease = {"lease": "a lease", "lease_for": HOUR}
        claimed = deliveries.claim_delivery(connection, message.id, NOW, **lease)  # type: ignore[arg-type]  # by name
        assert claimed is not None
    house.withdraw(told, NOW + MINUTE)
    house.restore(told, NOW + MINUTE)
    with house.database.write() as connection:
        assert deliveries.settle_dropped(connection, claimed, "it was withdrawn")
    assert house.messages()[0].state is DeliveryState.PENDING


def test_merged_stories_are_told_as_one(house: AlertHouse) -> None:
    one, other = house.publish(), house.publish(NOW + MINUTE)
    with house.database.write() as connection:
        merge_stories(connection, [one.placed.story_id, other.placed.story_id])
        told = alerts.told_stories(connection, [one.placed.story_id])
    assert {alert.story_id for alert in told} == {one.placed.story_id}
    assert len(told) == 2


def test_what_was_told_before_is_found_with_the_first_message_of_its_thread(house: AlertHouse) -> None:
    house.watchlist = alerting()
    first = house.publish()
    house.settle(DeliveryState.SENT)
    house.publish(NOW + HOUR, of=first, join=Join.DEVELOPMENT)
    before, message = house.messages()
    story = first.placed.story_id
    with house.database.read() as connection:
        assert tellings.told_before(connection, message, story, SIEGE) == NOW
        assert tellings.told_before(connection, message, story, WatchId("rain")) is None
        assert tellings.told_before(connection, before, story, SIEGE) is None
        assert tellings.first_message_id(connection, message, story) == before.message_id


def test_suppressed_alerts_are_counted_by_rule(house: AlertHouse) -> None:
    first = house.publish()
    house.publish_all(NOW + MINUTE, 2, of=first)
    house.publish(NOW + MINUTE, backlog=True)
    with house.database.read() as connection:
        counted = alerts.count_suppressed(connection, NOW)
        assert alerts.count_suppressed(connection, NOW + HOUR) == {}
        assert alerts.last_told(connection, [SIEGE]) == {(SIEGE, "desk"): NOW}
    assert counted == {Rule.TOLD: 2, Rule.BACKLOG: 1}


def test_what_waits_for_nobody_is_given_up(house: AlertHouse) -> None:
    house.publish()
    waits = house.publish(NOW + MINUTE)
    with house.database.write() as connection:
        bundles.give_up(connection, [house.alert(waits).id], "the channel is gone")
        assert bundles.waiting_bundles(connection) == []
    alert = house.alert(waits)
    assert (alert.decision, alert.rule, alert.reason) == (Decision.SUPPRESS, Rule.REMOVED, "the channel is gone")


def test_a_flood_and_a_burst_are_measured_on_both_databases(house: AlertHouse) -> None:
    rule = AlertRule(to=("desk",), when=AlertWhen.BURST)
    house.watchlist = alerting(
        replace(DESK, quiet_hours=QuietHours("01:00", "02:00")), watches=(replace(WATCH, alert=rule),)
    )
    house.publish_all(NOW, 50)
    with house.database.read() as connection:
        assert [notice.kind for notice in notices.open_notices(connection)] == [
            NoticeKind.FLOODING_FEED,
            NoticeKind.FLOODING_WATCH,
        ]
        assert flows.paces_of_watches(connection, [SIEGE], NOW + 9 * MINUTE) == {SIEGE: flows.Pace(50, 50)}
        assert flows.paces_of_watches(connection, [SIEGE], NOW + 10 * MINUTE) == {SIEGE: flows.Pace(0, 50)}
        assert flows.usual_of_watch(connection, SIEGE, NOW + 11 * HOUR) == 5.0
        [feed] = list_feeds(connection)
        assert flows.paces_of_feeds(connection, [feed.id], NOW) == {feed.id: flows.Pace(50, 50)}
        assert flows.usual_of_feed(connection, feed.id, NOW + 11 * HOUR) == 5.0
        [hour] = bursts.hours_of_watch(connection, SIEGE, NOW - HOUR)
        assert (hour.stories, hour.articles, bursts.first_hour(connection, SIEGE)) == (50, 50, NOW)
        assert sum(match.is_new for match in bursts.recent_matches(connection, [SIEGE], NOW)) == 50


def test_one_burst_at_a_time_lasts_for_a_watch(database: Database) -> None:
    grown = replace(BURST, called_at=NOW + HOUR, found=30, outlets=9)
    with database.write() as connection:
        bursts.save_burst(connection, BURST)
        bursts.save_burst(connection, grown)
        assert bursts.open_bursts(connection) == bursts.open_bursts(connection, [SIEGE]) == [grown]
        assert bursts.end_burst(connection, SIEGE, NOW + 2 * HOUR)
        assert not bursts.end_burst(connection, SIEGE, NOW + 3 * HOUR)
        assert bursts.open_bursts(connection) == []
        found = [bursts.burst_at(connection, SIEGE, NOW + hours * HOUR) for hours in (-1, 0, 2, 3)]
    assert found == [None, grown, grown, None]


def test_one_notice_at_a_time_is_open_for_what_it_is_about(database: Database) -> None:
    kind = NoticeKind.CHANNEL_FAILS
    with database.write() as connection:
        first = notices.open_notice(connection, "channel:desk", kind, "It fails.", NOW)
        assert notices.open_notice(connection, "channel:desk", kind, "It fails again.", NOW) is None
        assert notices.close_notice(connection, "channel:desk", NOW + HOUR)
        assert not notices.close_notice(connection, "channel:desk", NOW + HOUR)
        second = notices.open_notice(connection, "channel:desk", kind, "It fails anew.", NOW + 2 * HOUR)
        assert first is not None
        assert second is not None
        assert notices.open_notices(connection) == [
            Notice(second, "channel:desk", kind, "It fails anew.", NOW + 2 * HOUR)
        ]
        assert notices.get_notice(connection, first) == Notice(
            first, "channel:desk", kind, "It fails.", NOW, NOW + HOUR
        )
        assert notices.get_notice(connection, NoticeId(99)) is None


def test_a_mute_is_for_an_address_in_any_case_of_letters_and_follows_a_merged_story(house: AlertHouse) -> None:
    house.watchlist = alerting()
    one, other = (house.publish(NOW + number * MINUTE).placed.story_id for number in (0, 1))
    with house.database.write() as connection:
        mutes.mute_story(connection, "Zoe@Example.org", other, NOW)
        mutes.mute_story(connection, "zoe@example.org", other, NOW + HOUR)
        assert mutes.is_muted(connection, "ZOE@example.org", other)
        assert not mutes.is_muted(connection, "zoe@example.org", one)
        merge_stories(connection, [one, other])
        assert mutes.muted_stories(connection, [one]) == {("zoe@example.org", one): NOW}
        assert mutes.unmute_story(connection, "zoe@example.org", one)
        assert not mutes.unmute_story(connection, "zoe@example.org", one)


def test_a_mailer_takes_no_bundle_while_an_alert_of_it_is_being_withdrawn(house: AlertHouse) -> None:
    house.publish()
    told, _ = house.publish(NOW + MINUTE), house.publish(NOW + 2 * MINUTE)
    assert leave(house, 120) == 1
    bundle = house.messages()[-1].id

    def mailer() -> None:
        with house.database.write() as connection:
            deliveries.claim_delivery(connection, bundle, NOW + 2 * HOUR, lease="a" * 32, lease_for=MINUTE)

    thread = threading.Thread(target=mailer)
    with house.database.write() as connection:
        withdraw_matches(connection, [(told.article_id, [])], NOW + 2 * HOUR)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()  # it waits until it can see what is left
    thread.join()
    with house.database.read() as connection:
        assert told.match_id not in {alert.match_id for alert in alerts.alerts_of_delivery(connection, bundle)}


def test_the_proof_that_a_story_was_told_stays_while_an_older_article_of_it_is_kept_for_longer(
    house: AlertHouse,
) -> None:
    older = house.publish(outlet="gazette", rings=False)
    told = house.publish(NOW + MINUTE, of=older)
    with house.database.write() as connection:
        for outlet, days_kept in (("gazette", 3650), ("wire", 1)):
            feed = sa.update(tables.feeds).where(tables.feeds.c.url.contains(outlet))
            connection.execute(feed.values(retention=timedelta(days=days_kept)))
        days = [proofs_still_needed(connection, [told.article_id], NOW + timedelta(days=day)) for day in (3, 9000)]
    assert days == [{told.article_id}, set()]
    house.settle(DeliveryState.SENT)
    assert Pruner(house.database, lambda: timedelta(days=1)).tick() == 0


def test_a_message_is_known_by_the_first_headline_that_it_tells(house: AlertHouse) -> None:
    rings, waits, _ = (house.publish(title=title) for title in ("The first", "The second", "The third"))
    leave(house, 60)
    ring, bundle = (message.id for message in house.messages())
    with house.database.read() as connection:
        found = headlines_of_deliveries(connection, [ring, bundle])
        assert headlines_of_deliveries(connection, []) == {}
    assert found == {
        ring: ToldHeadline(SIEGE, "The first", rings.placed.story_id, 1),
        bundle: ToldHeadline(SIEGE, "The second", waits.placed.story_id, 2),
    }
