from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from hub_records import HUB, ROOT, add_hub_feed, asked, feed_now, leased, subscribed
from records import LEASE, MINUTE, NOW, add_feed, claimed, poll_ended
from tocsin.models.feeds import Feed, Hub, Polling
from tocsin.models.websub import HubMode, HubSubscription, Ping
from tocsin.store import feeds, pings, tables
from tocsin.store import hub_subscriptions as hubs
from tocsin.store.database import Database
from tocsin.store.feed_hubs import follow_hubs

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def names_hub(connection: sa.Connection, feed: Feed, hub: Hub | None) -> None:
    """Let a poll find that a feed names another hub, or none."""
    changed = replace(feed_now(connection, feed), next_check_at=NOW)
    feeds.record_polls(connection, [feeds.PollRecord(changed, replace(changed, polling=Polling(hub=hub)), LEASE)])


def test_a_feed_that_names_a_hub_wants_one_subscription_with_secrets_of_its_own(database: Database) -> None:
    with database.write() as connection:
        feed, other = add_hub_feed(connection), add_hub_feed(connection, url="https://port.example/rss")
        add_feed(connection, "https://mute.example/rss")
        assert follow_hubs(connection, ROOT, NOW) == []
        follow_hubs(connection, ROOT, NOW)
        wanted = hubs.wanted_subscriptions(connection)
    assert wanted.keys() == {feed.id, other.id}
    one, two = wanted.values()
    assert (one.hub, one.topic, one.mode, one.awaiting) == (HUB.hub, HUB.topic, HubMode.SUBSCRIBE, False)
    assert one.callback.startswith(ROOT)
    assert len({one.token, one.secret, two.token, two.secret}) == 4
    assert min(len(one.token), len(one.secret)) >= 43
    assert one.token not in repr(one)
    assert one.secret not in repr(one)


def test_without_an_address_for_hubs_no_subscription_is_wanted(database: Database) -> None:
    with database.write() as connection:
        add_hub_feed(connection)
        follow_hubs(connection, None, NOW)
        assert hubs.wanted_subscriptions(connection) == {}


def test_a_request_is_noted_before_it_is_made_and_is_due_again_later(database: Database) -> None:
    with database.write() as connection:
        subscribed(connection, add_hub_feed(connection))
        [first] = asked(connection)
        assert (first.awaiting, first.asked_at, first.failures, first.due_at) == (True, NOW, 0, NOW + HOUR)
        assert asked(connection) == []
        [second] = asked(connection, NOW + HOUR)
    assert (second.failures, second.due_at) == (1, NOW + 3 * HOUR)
    assert (second.token, second.secret) == (first.token, first.secret)


def test_hubs_are_asked_so_many_at_a_time_the_longest_due_first(database: Database) -> None:
    with database.write() as connection:
        early = subscribed(connection, add_hub_feed(connection))
        late = subscribed(connection, add_hub_feed(connection, url="https://port.example/rss"), at=NOW + MINUTE)
        assert [one.id for one in asked(connection, NOW + HOUR, limit=1)] == [early.id]
        assert [one.id for one in asked(connection, NOW + HOUR, limit=1)] == [late.id]


def test_two_schedulers_never_ask_for_the_same(postgres: Database) -> None:
    with postgres.write() as connection:
        for number in range(6):
            subscribed(connection, add_hub_feed(connection, url=f"https://wire{number}.example/rss"))
    start = threading.Barrier(2)
    found: list[int] = []

    def scheduler() -> None:
        start.wait()
        with postgres.write() as connection:
            found.extend(one.id for one in asked(connection, limit=3))

    threads = [threading.Thread(target=scheduler) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found))


def test_a_renewed_lease_is_told_to_a_feed_whose_hub_is_relied_on(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        subscription = leased(connection, feed, NOW + DAY)
        hubs.confirm_subscription(connection, subscription, leased_until=NOW + 5 * DAY, renew_at=NOW + 4 * DAY)
        assert feed_now(connection, feed).pushed_until == NOW + 5 * DAY


def test_a_confirmed_lease_alone_is_no_reason_to_rely_on_a_hub(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        subscription = subscribed(connection, feed)
        asked(connection)
        hubs.note_problem(connection, subscription.id, "did not answer")
        hubs.confirm_subscription(connection, subscription, leased_until=NOW + 10 * DAY, renew_at=NOW + 8 * DAY)
        stored = hubs.wanted_subscriptions(connection)[feed.id]
        assert feed_now(connection, feed).pushed_until is None
    expected = replace(subscription, asked_at=NOW, due_at=NOW + 8 * DAY, leased_until=NOW + 10 * DAY)
    assert stored == expected


def test_a_problem_is_not_told_of_a_request_that_was_verified_meanwhile(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        subscription = leased(connection, feed, NOW + 10 * DAY)
        hubs.note_problem(connection, subscription.id, "the answer broke off")
        assert hubs.wanted_subscriptions(connection)[feed.id].problem is None


def test_a_hub_that_is_held_is_asked_for_no_feed_until_then(database: Database) -> None:
    with database.write() as connection:
        subscribed(connection, add_hub_feed(connection))
        other = Hub("https://other.example/", "https://port.example/rss")
        spared = subscribed(connection, add_hub_feed(connection, other, "https://port.example/rss"))
        hubs.hold_hub(connection, HUB.hub, NOW + HOUR)
        assert [one.id for one in asked(connection)] == [spared.id]
        assert [one.hub for one in asked(connection, NOW + HOUR)] == [HUB.hub, other.hub]


def test_a_feed_that_left_the_watchlist_or_was_ended_has_its_subscription_ended(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        leased(connection, feed, NOW + 10 * DAY)
        feeds.sync_feeds(connection, [], NOW, lambda _: NOW, str)
        assert follow_hubs(connection, ROOT, NOW) == [feed.id]
        assert hubs.wanted_subscriptions(connection) == {}
        [ending] = asked(connection)
    assert (ending.mode, ending.awaiting, ending.leased_until) == (HubMode.UNSUBSCRIBE, True, NOW + 10 * DAY)


def test_a_feed_that_names_another_hub_changes_over(database: Database) -> None:
    other = Hub("https://other.example/", HUB.topic)
    with database.write() as connection:
        feed = add_hub_feed(connection)
        old = leased(connection, feed, NOW + 10 * DAY)
        names_hub(connection, feed, other)
        assert follow_hubs(connection, ROOT, NOW) == [feed.id]
        new = hubs.wanted_subscriptions(connection)[feed.id]
        assert [one.mode for one in asked(connection)] == [HubMode.UNSUBSCRIBE, HubMode.SUBSCRIBE]
    assert new.hub == other.hub
    assert new.token != old.token


def test_another_base_address_means_another_callback(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        old = leased(connection, feed, NOW + 10 * DAY)
        new = subscribed(connection, feed, "https://other.example.org/websub/")
        found = hubs.find_subscription(connection, old.token)
    assert new.callback.startswith("https://other.example.org/websub/")
    assert found is not None
    assert (found.mode, found.callback) == (HubMode.UNSUBSCRIBE, old.callback)


def test_a_lease_that_runs_out_or_is_ended_gives_the_feed_back_to_its_own_rhythm(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        subscription = leased(connection, feed, NOW + DAY)
        assert hubs.end_lapsed(connection, NOW + DAY - MINUTE) == []
        hubs.deny_subscription(connection, subscription, "no", now=NOW + HOUR, retry_at=NOW + 7 * DAY)
        assert hubs.any_to_ask(connection, NOW + HOUR)
        assert hubs.end_lapsed(connection, NOW + HOUR) == [feed.id]
        hubs.resume_polling(connection, [feed.id], lambda _: NOW + 2 * HOUR)
        after = feed_now(connection, feed)
        stored = hubs.wanted_subscriptions(connection)[feed.id]
        assert not hubs.any_to_ask(connection, NOW + HOUR)
    assert (after.pushed_until, after.next_check_at) == (None, NOW + 2 * HOUR)
    assert (stored.leased_until, stored.problem, stored.due_at) == (None, "no", NOW + 7 * DAY)


def test_a_feed_that_is_being_polled_is_given_back_after_its_poll(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        leased(connection, feed, NOW + HOUR)
        at = feed_now(connection, feed).next_check_at + HOUR
        [polled] = claimed(connection, at=at)
        assert hubs.end_lapsed(connection, at) == []
        poll_ended(connection, polled)
        assert hubs.end_lapsed(connection, at) == [feed.id]


def test_a_feed_that_another_hub_delivers_by_now_stays_relaxed(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        leased(connection, feed, NOW + DAY)
        hubs.resume_polling(connection, [feed.id], lambda _: NOW)
        assert feed_now(connection, feed).pushed_until == NOW + DAY


def ping(subscription: HubSubscription, body: bytes = b"<rss/>") -> Ping:
    return Ping(subscription, NOW, "text/xml", body)


def test_a_ping_is_kept_byte_for_byte_until_it_is_taken_in(database: Database) -> None:
    body = b"\x00<rss/>\xff"
    with database.write() as connection:
        subscription = leased(connection, add_hub_feed(connection), NOW + DAY)
        assert not pings.any_ping(connection)
        assert pings.keep_ping(connection, ping(subscription, body))
        [claim] = pings.claim_pings(connection, NOW, hold=MINUTE, limit=10)
        found = pings.get_ping(connection, claim)
        assert found is not None
        assert (found.body, found.content_type, found.subscription.id) == (body, "text/xml", subscription.id)
        assert pings.remove_ping(connection, claim)
        assert not pings.remove_ping(connection, claim)
        assert pings.get_ping(connection, claim) is None


def test_a_ping_is_taken_by_one_scheduler_and_comes_free_when_that_dies(database: Database) -> None:
    with database.write() as connection:
        pings.keep_ping(connection, ping(leased(connection, add_hub_feed(connection), NOW + DAY)))
        [first] = pings.claim_pings(connection, NOW, hold=MINUTE, limit=10)
        assert pings.claim_pings(connection, NOW, hold=MINUTE, limit=10) == []
        assert pings.claim_pings(connection, NOW + MINUTE, hold=MINUTE, limit=10) == [first]
        pings.release_ping(connection, first)
        assert pings.claim_pings(connection, NOW + MINUTE, hold=MINUTE, limit=10) == [first]


def test_a_ping_waits_while_its_feed_is_polled(database: Database) -> None:
    with database.write() as connection:
        feed = add_hub_feed(connection)
        pings.keep_ping(connection, sent := ping(leased(connection, feed, NOW + DAY)))
        at = feed_now(connection, feed).next_check_at
        [polled] = claimed(connection, at=at)
        assert pings.claim_pings(connection, at, hold=MINUTE, limit=10) == []
        until = at + MINUTE
        assert pings.lease_pinged_feed(connection, sent, lease="mine", until=until, now=at) is None
        poll_ended(connection, polled)
        assert len(pings.claim_pings(connection, at, hold=MINUTE, limit=10)) == 1
        found = pings.lease_pinged_feed(connection, sent, lease="mine", until=until, now=at)
        assert found is not None
        assert claimed(connection, at=at) == []


def test_pings_that_find_no_room_are_not_kept_and_old_ones_make_room(database: Database) -> None:
    with database.write() as connection:
        subscription = leased(connection, add_hub_feed(connection), NOW + DAY)
        kept = [pings.keep_ping(connection, ping(subscription)) for _ in range(pings.A_FEED + 1)]
        assert kept == [True] * pings.A_FEED + [False]
        assert pings.claim_pings(connection, NOW + pings.KEPT, hold=MINUTE, limit=10) == []
        assert pings.keep_ping(connection, ping(subscription))


def test_pings_of_all_feeds_together_find_room_up_to_a_size(database: Database) -> None:
    with database.write() as connection:
        one = leased(connection, add_hub_feed(connection), NOW + DAY)
        two = leased(connection, add_hub_feed(connection, url="https://port.example/rss"), NOW + DAY)
        assert pings.keep_ping(connection, ping(one))
        connection.execute(sa.update(tables.pings).values(size=pings.IN_ALL - 6))
        assert [pings.keep_ping(connection, ping(two, body)) for body in (b"1234567", b"123456", b"1")] == [
            False,
            True,
            False,
        ]


def test_a_subscription_is_forgotten_with_what_its_hub_delivered(database: Database) -> None:
    with database.write() as connection:
        subscription = leased(connection, add_hub_feed(connection), NOW + DAY)
        pings.keep_ping(connection, ping(subscription))
        hubs.remove_subscription(connection, subscription)
        assert hubs.find_subscription(connection, subscription.token) is None
        assert not pings.any_ping(connection)
