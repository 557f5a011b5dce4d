from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from alerting_house import DESK, HOUR, MINUTE, WATCH, AlertHouse, alerting
from records import NOW, SIEGE
from tocsin.models.alerts import Decision, Rule
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import AlertRule, AlertWhen, Channel, ChannelKind, QuietHours, Rate, Watch, Watchlist
from tocsin.store.bursts import open_bursts
from tocsin.store.database import Database
from tocsin.store.mutes import mute_story
from tocsin.store.notices import open_notices
from tocsin.store.story_changes import merge_stories, split_story

CHAT = Channel("chat", ChannelKind.APPRISE, "DESK_CHAT")
NIGHT = replace(DESK, timezone="Europe/Berlin", quiet_hours=QuietHours("22:00", "07:00"))
AN_HOUR = Rate(1, HOUR)


def ruled(**rule: object) -> Watchlist:
    """A watchlist whose one watch alerts the desk by this rule."""
    return alerting(watches=(replace(WATCH, alert=AlertRule(to=("desk",), **rule)),))  # type: ignore[arg-type]  # named by the test


@pytest.fixture
def house(sqlite: Database) -> AlertHouse:
    return AlertHouse(sqlite)


def test_a_new_story_rings_once_a_watch_and_channel(house: AlertHouse) -> None:
    house.watchlist = alerting(DESK, CHAT, watches=(replace(WATCH, alert=AlertRule(to=("desk", "chat"))),))
    first = house.publish()
    house.publish(NOW + MINUTE, of=first, outlet="gazette")
    story, development = first.placed.story_id, first.placed.development_id
    assert [(message.key, message.target, message.name) for message in house.messages()] == [
        (f"alert:siege:{development}:desk", "desk@example.org", "desk"),
        (f"alert:siege:{development}:chat", "DESK_CHAT", "chat"),
    ]
    alert = house.alert(first)
    assert (alert.decision, alert.rule, alert.story_id) == (Decision.RING, Rule.NEW_STORY, story)
    assert alert.delivery_id == house.messages()[0].id
    assert house.alerts()[2:] == [("suppress", "story told")] * 2


def test_articles_of_one_story_in_one_batch_ring_once(house: AlertHouse) -> None:
    first = house.publish(rings=False)
    house.publish_all(NOW, 3, of=first, outlet="gazette")
    assert house.alerts() == [("ring", "new story"), ("suppress", "story told"), ("suppress", "story told")]
    assert len(house.messages()) == 1


def test_a_development_rings_once_more_and_says_what_is_new(house: AlertHouse) -> None:
    first = house.publish()
    second = house.publish(NOW + HOUR, of=first, join=Join.DEVELOPMENT, news=("new place: Palmyra",))
    house.publish(NOW + 2 * HOUR, of=second, outlet="gazette")
    assert house.alerts() == [("ring", "new story"), ("ring", "development"), ("suppress", "story told")]
    assert "new place: Palmyra" in house.alert(second).reason


def test_further_outlets_ring_where_the_watch_asks_for_it_and_a_second_time_after_as_many(house: AlertHouse) -> None:
    house.watchlist = ruled(outlets=2)
    first = house.publish()
    for number, outlet in enumerate(("b", "c", "d", "e"), 1):
        house.publish(NOW + number * MINUTE, of=first, outlet=outlet)
    assert [rule for _, rule in house.alerts()] == [
        "new story",
        "story told",
        "further outlets",
        "story told",
        "further outlets",
    ]
    assert len({message.key for message in house.messages()}) == 3


def test_backlog_and_quiet_matches_have_a_row_with_the_reason_and_no_message(house: AlertHouse) -> None:
    old = house.publish(backlog=True)
    assert (house.alert(old).rule, house.messages()) == (Rule.BACKLOG, [])
    assert "first read" in house.alert(old).reason


def test_a_watch_without_channels_has_no_rows(house: AlertHouse) -> None:
    house.watchlist = alerting(watches=(replace(WATCH, alert=AlertRule()),))
    house.publish()
    assert (house.alerts(), house.messages()) == ([], [])


def test_beyond_the_limit_of_a_watch_alerts_wait_in_a_bundle(house: AlertHouse) -> None:
    house.watchlist = ruled(at_most=AN_HOUR)
    house.publish()
    second = house.publish(NOW + 10 * MINUTE)
    alert = house.alert(second)
    assert (alert.decision, alert.rule, alert.due_at, alert.delivery_id) == (
        Decision.BUNDLE,
        Rule.AT_MOST,
        NOW + HOUR,
        None,
    )
    assert len(house.messages()) == 1
    house.publish(NOW + 3 * HOUR, of=second, outlet="gazette")
    assert house.alerts()[-1] == ("suppress", "story told")


def test_in_quiet_hours_everything_waits_until_their_end(house: AlertHouse) -> None:
    house.watchlist = alerting(NIGHT)
    at = NOW.replace(hour=22)  # 23:00 in Berlin
    told = house.publish(at)
    assert (house.alert(told).decision, house.alert(told).due_at) == (Decision.BUNDLE, at + 8 * HOUR)
    assert house.messages() == []


def test_a_muted_story_no_longer_rings_for_who_muted_it(house: AlertHouse) -> None:
    house.watchlist = alerting(DESK, CHAT, watches=(replace(WATCH, alert=AlertRule(to=("desk", "chat"))),))
    first = house.publish()
    with house.database.write() as connection:
        mute_story(connection, "Desk@Example.org", first.placed.story_id, NOW)
    second = house.publish(NOW + HOUR, of=first, join=Join.DEVELOPMENT)
    assert (house.alert(second).rule, house.alert(second, "chat").rule) == (Rule.MUTED, Rule.DEVELOPMENT)


def test_stories_that_are_merged_count_together_and_are_never_told_twice(house: AlertHouse) -> None:
    one, other = house.publish(), house.publish(NOW + MINUTE)
    with house.database.write() as connection:
        survivor = merge_stories(connection, [one.placed.story_id, other.placed.story_id])
        assert survivor == one.placed.story_id
    for told in (one, other):
        house.publish(NOW + HOUR, of=told, outlet="gazette")
    assert house.alerts()[2:] == [("suppress", "story told")] * 2
    assert len(house.messages()) == 2


def test_what_was_told_before_a_story_was_split_is_not_told_again(house: AlertHouse) -> None:
    first = house.publish()
    second = house.publish(NOW + MINUTE, of=first, outlet="gazette")
    with house.database.write() as connection:
        split_story(connection, first.placed.story_id, [second.article_id])
        row = connection.execute(
            sa.text("SELECT story_id, development_id FROM articles WHERE id = :id"), {"id": second.article_id}
        ).one()
    parted = replace(second.placed, story_id=row.story_id, development_id=row.development_id)
    assert parted.story_id != first.placed.story_id
    house.publish(NOW + HOUR, of=replace(second, placed=parted), outlet="herald")
    house.publish(NOW + HOUR, of=first, outlet="herald")
    assert len(house.messages()) == 1


def test_a_message_that_was_dropped_told_nothing_so_the_next_article_of_the_story_rings_by_the_same_message(
    house: AlertHouse,
) -> None:
    first = house.publish()
    house.withdraw(first, NOW + MINUTE)
    house.settle(DeliveryState.DROPPED)
    second = house.publish(NOW + HOUR, of=first, outlet="gazette")
    [message] = house.messages()
    assert (message.state, message.created_at) == (DeliveryState.PENDING, NOW + HOUR)
    assert house.alert(second).delivery_id == house.alert(first).delivery_id == message.id


@pytest.mark.parametrize("quietly", [False, True], ids=["loudly", "quietly"])
def test_what_was_dropped_comes_back_with_its_match(house: AlertHouse, quietly: bool) -> None:
    told = house.publish()
    house.withdraw(told, NOW + MINUTE)
    house.settle(DeliveryState.DROPPED)
    again = house.restore(told, NOW + 2 * timedelta(days=1), quietly=quietly)
    [message] = house.messages()
    assert (again, message.state) == ([message.id], DeliveryState.PENDING)


def test_what_was_sent_does_not_come_again_with_its_match(house: AlertHouse) -> None:
    told = house.publish()
    house.settle(DeliveryState.SENT)
    before = house.alert(told)
    house.withdraw(told, NOW + MINUTE)
    assert house.restore(told, NOW + 2 * MINUTE) == []
    assert house.alert(told) == before


def test_what_comes_back_in_quiet_hours_waits_for_their_end(house: AlertHouse) -> None:
    house.watchlist = alerting(NIGHT)
    told = house.publish()
    house.withdraw(told, NOW + MINUTE)
    house.settle(DeliveryState.DROPPED)
    assert house.restore(told, NOW.replace(hour=22)) == []
    alert = house.alert(told)
    assert (alert.decision, alert.delivery_id) == (Decision.BUNDLE, None)


def test_an_article_that_was_not_told_because_of_another_is_told_when_that_one_is_gone_and_it_is_back(
    house: AlertHouse,
) -> None:
    first = house.publish()
    second = house.publish(NOW + MINUTE, of=first, outlet="gazette")
    for told in (first, second):
        house.withdraw(told, NOW + 2 * MINUTE)
    house.settle(DeliveryState.DROPPED)
    assert len(house.restore(second, NOW + 3 * MINUTE)) == 1
    assert house.alert(second).decision is Decision.RING


def test_a_flooding_feed_is_bundled_by_the_hour_and_told_to_the_operator_once(house: AlertHouse) -> None:
    at = NOW + 20 * MINUTE
    house.publish_all(at, 60)
    house.publish_all(at + MINUTE, 5)
    assert set(house.alerts()) == {("bundle", "flood")}
    assert house.messages() == []
    with house.database.read() as connection:
        kinds = [notice.kind.value for notice in open_notices(connection)]
    assert sorted(kinds) == ["flooding feed", "flooding watch"]


def test_backlog_of_a_new_feed_is_no_flood(house: AlertHouse) -> None:
    house.publish_all(NOW, 100, backlog=True)
    assert house.alerts()[0] == ("suppress", "backlog")
    with house.database.read() as connection:
        assert open_notices(connection) == []


def test_a_watch_that_asks_for_bursts_rings_when_it_comes_thick_and_not_for_each_story(house: AlertHouse) -> None:
    house.watchlist = ruled(when=AlertWhen.BURST)
    for days in range(14):
        house.publish(NOW - timedelta(days=14 - days))
    assert set(house.alerts()) == {("suppress", "no burst")}
    for number in range(4):
        house.publish_all(NOW + number * MINUTE, 3, outlet=f"outlet{number}")
    rung = house.messages()
    assert {message.key.split(":")[0] for message in rung} == {"burst"}
    house.publish(NOW + 5 * MINUTE)
    assert house.alerts()[-1] == ("suppress", "story told")
    assert 1 <= len(rung) == len(house.messages()) <= 2
    with house.database.read() as connection:
        [burst] = open_bursts(connection)
    assert (burst.watch, burst.outlets >= 2, burst.found > 5 * burst.usual) == (SIEGE, True, True)


def test_hours_are_counted_with_the_stories_that_are_new_to_the_watch(house: AlertHouse) -> None:
    first = house.publish(NOW + 5 * MINUTE)
    house.publish(NOW + 6 * MINUTE, of=first, outlet="gazette")
    house.publish(NOW + HOUR, of=first, outlet="herald")
    house.publish(NOW + HOUR, backlog=True)
    with house.database.read() as connection:
        rows = connection.execute(sa.text("SELECT watch, stories, articles FROM watch_hours ORDER BY hour_at"))
        assert [tuple(row) for row in rows] == [("siege", 1, 2), ("siege", 0, 1)]


def test_watches_of_one_channel_each_ring(house: AlertHouse) -> None:
    rain = Watch(WatchId("rain"), "Rain", keywords=("rain",), alert=AlertRule(to=("desk",)))
    house.watchlist = alerting(watches=(WATCH, rain))
    house.publish()
    house.publish(watch=rain.id)
    assert len(house.messages()) == 2
