from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from records import CLAIMANT, LEASE, MINUTE, NOW, claimed, poll_ended
from tocsin.models.feeds import Feed
from tocsin.models.watchlist import FeedSource
from tocsin.store import claims, feeds, hosts
from tocsin.store.database import Database
from tocsin.store.feed_health import held_hosts
from tocsin.store.tables import feeds as table
from tocsin.store.tables import hosts as hosts_table

SECOND = timedelta(seconds=1)
OTHER = replace(CLAIMANT, owner="another scheduler")


def add(connection: sa.Connection, *urls: str, due: datetime = NOW, host: str | None = None) -> list[Feed]:
    """Store feeds that are due, on one host or each on its own, beside those that are there."""
    known = [FeedSource(feed.url) for feed in feeds.list_feeds(connection)]
    feeds.sync_feeds(
        connection, [*known, *map(FeedSource, urls)], NOW, lambda _: due, lambda url: url if host is None else host
    )
    return [feed for feed in feeds.list_feeds(connection) if feed.url in urls]


def shared(connection: sa.Connection, number: int, *, host: str = "wire.example", due: datetime = NOW) -> list[Feed]:
    return add(connection, *(f"https://{host}/{one:03}" for one in range(number)), host=host, due=due)


def urls(found: list[Feed]) -> list[str]:
    return [feed.url for feed in found]


def due_of(connection: sa.Connection) -> dict[str, datetime]:
    return {feed.url: feed.next_check_at for feed in feeds.list_feeds(connection)}


def end(connection: sa.Connection, found: list[Feed], lease: str = LEASE) -> None:
    for feed in found:
        poll_ended(connection, feed, lease=lease, next_check_at=NOW + timedelta(days=1))


def test_a_claim_gives_feeds_as_they_were_and_moves_their_next_check_an_interval_ahead(database: Database) -> None:
    with database.write() as connection:
        [known, new] = add(connection, "https://a.example/", "https://b.example/")
        connection.execute(sa.update(table).where(table.c.id == known.id).values(interval=40 * MINUTE))
        found = claimed(connection)
        assert found == [replace(known, interval=40 * MINUTE), new]
        stored = {feed.url: (feed.asked_at, feed.next_check_at) for feed in feeds.list_feeds(connection)}
    assert stored == {known.url: (NOW, NOW + 40 * MINUTE), new.url: (NOW, NOW + CLAIMANT.shortest)}


def test_a_scheduler_that_dies_in_mid_poll_leaves_its_feeds_to_others_after_their_interval(database: Database) -> None:
    with database.write() as connection:
        [feed] = add(connection, "https://a.example/")
        assert urls(claimed(connection)) == [feed.url]
        at = [NOW + CLAIMANT.lease_for, NOW + CLAIMANT.shortest - SECOND, NOW + CLAIMANT.shortest]
        found = [claims.claim_due_feeds(connection, each, OTHER, lease="another", limit=9) for each in at]
    assert [urls(each) for each in found] == [[], [], [feed.url]]


def test_a_feed_under_lease_is_not_claimed_although_it_is_due(database: Database) -> None:
    with database.write() as connection:
        [feed] = add(connection, "https://a.example/")
        claimed(connection)
        connection.execute(sa.update(table).values(next_check_at=NOW))
        assert claimed(connection, lease="another") == []
        assert urls(claimed(connection, lease="another", at=NOW + CLAIMANT.lease_for)) == [feed.url]


def test_the_longest_overdue_feeds_are_claimed_first(database: Database) -> None:
    with database.write() as connection:
        add(connection, "https://a.example/", due=NOW - MINUTE)
        add(connection, "https://b.example/", due=NOW - 2 * MINUTE)
        assert urls(claimed(connection, limit=1)) == ["https://b.example/"]


def test_a_feed_whose_articles_match_goes_before_others_where_there_is_not_room_for_all(database: Database) -> None:
    with database.write() as connection:
        add(connection, "https://a.example/", due=NOW - 4 * MINUTE)
        [matching] = add(connection, "https://b.example/", due=NOW)
        connection.execute(sa.update(table).where(table.c.id == matching.id).values(matches=3))
        add(connection, "https://c.example/", due=NOW - 6 * MINUTE)
        assert urls(claimed(connection, limit=2)) == ["https://c.example/", "https://b.example/"]


def test_feeds_that_left_the_watchlist_or_have_ended_are_not_claimed(database: Database) -> None:
    with database.write() as connection:
        add(connection, "https://a.example/", "https://b.example/")
        connection.execute(sa.update(table).where(table.c.url == "https://a.example/").values(active=False))
        connection.execute(sa.update(table).where(table.c.url == "https://b.example/").values(stopped_at=NOW))
        assert claimed(connection) == []
        assert not claims.any_due(connection, NOW)


def test_whether_anything_is_due_is_asked_without_claiming_it(database: Database) -> None:
    with database.write() as connection:
        add(connection, "https://a.example/")
    with database.read() as connection:
        assert not claims.any_due(connection, NOW - SECOND)
        assert claims.any_due(connection, NOW)


def test_feeds_of_one_host_that_are_due_at_once_line_up_at_its_pace(database: Database) -> None:
    with database.write() as connection:
        shared(connection, 50)
        assert urls(claimed(connection, limit=100)) == ["https://wire.example/000"]
        line = due_of(connection)
    assert [line[f"https://wire.example/{one:03}"] for one in range(1, 50)] == [
        NOW + one * claims.SPACING for one in range(1, 50)
    ]


def test_a_host_is_asked_again_only_after_its_spacing(database: Database) -> None:
    with database.write() as connection:
        shared(connection, 3)
        end(connection, claimed(connection))
        assert claimed(connection, at=NOW + claims.SPACING - SECOND) == []
        end(connection, claimed(connection, at=NOW + claims.SPACING))
        assert urls(claimed(connection, at=NOW + 2 * claims.SPACING)) == ["https://wire.example/002"]


def test_a_host_that_is_busy_is_left_alone_and_the_others_are_not_held_up(database: Database) -> None:
    with database.write() as connection:
        shared(connection, 100)
        add(connection, "https://a.example/", due=NOW + SECOND)
        at = NOW + 700 * SECOND
        busy = {"wire.example"}
        looks = [claims.claim_due_feeds(connection, at, CLAIMANT, lease=LEASE, limit=9, busy=busy) for _ in range(3)]
    # The first look sees feeds of the busy host only, and lines them up.
    assert [urls(found) for found in looks] == [[], ["https://a.example/"], []]


def test_feeds_on_hosts_of_their_own_are_claimed_together(database: Database) -> None:
    with database.write() as connection:
        add(connection, *(f"http://127.0.0.1/{one}" for one in range(20)))
        assert len(claimed(connection, limit=100)) == 20
        assert connection.execute(sa.select(hosts_table)).all() == []


def test_a_host_belongs_to_one_scheduler_at_a_time(database: Database) -> None:
    with database.write() as connection:
        shared(connection, 3)
        end(connection, claimed(connection))
        later = NOW + 10 * SECOND
        assert claims.claim_due_feeds(connection, later, OTHER, lease="another", limit=9) == []
        assert urls(claimed(connection, at=later)) == ["https://wire.example/001"]
        much_later = later + CLAIMANT.lease_for
        found = claims.claim_due_feeds(connection, much_later, OTHER, lease="another", limit=9)
    assert urls(found) == ["https://wire.example/002"]


def test_a_scheduler_that_ends_lets_others_have_its_hosts_at_once(database: Database) -> None:
    with database.write() as connection:
        shared(connection, 2)
        end(connection, claimed(connection))
        hosts.give_hosts_back(connection, CLAIMANT.owner)
        at = NOW + claims.SPACING
        assert len(claims.claim_due_feeds(connection, at, OTHER, lease="another", limit=9)) == 1


def test_what_was_claimed_and_not_asked_is_given_back_as_it_was(database: Database) -> None:
    with database.write() as connection:
        [before] = add(connection, "https://a.example/", due=NOW - MINUTE)
        found = claimed(connection)
        claims.give_back(connection, found, LEASE, asked=False)
        assert feeds.list_feeds(connection) == [before]
        assert claimed(connection, lease="another") == [before]


def test_what_was_asked_in_vain_waits_for_its_next_turn(database: Database) -> None:
    with database.write() as connection:
        add(connection, "https://a.example/")
        claims.give_back(connection, claimed(connection), LEASE, asked=True)
        assert claimed(connection, lease="another") == []
        assert len(claimed(connection, lease="another", at=NOW + CLAIMANT.shortest)) == 1


def test_what_another_has_claimed_since_cannot_be_given_back(database: Database) -> None:
    with database.write() as connection:
        add(connection, "https://a.example/")
        found = claimed(connection, lease="another")
        claims.give_back(connection, found, LEASE, asked=False)
        assert feeds.hold_leases(connection, {found[0].id: "another"}) == {found[0].id}


def test_a_held_host_is_left_alone_and_its_feeds_come_back_spread(database: Database) -> None:
    until = NOW + 60 * MINUTE
    with database.write() as connection:
        shared(connection, 40)
        connection.execute(sa.update(table).values(interval=80 * MINUTE))
        hosts.hold_host(connection, "wire.example", until, "asked for an hour's rest", CLAIMANT.spread)
        due = sorted(due_of(connection).values())
        assert claimed(connection, at=until - SECOND) == []
    assert until <= due[0] < due[-1] <= until + 20 * MINUTE
    assert len(set(due)) > 35


def test_a_feed_that_comes_due_while_its_host_is_held_is_put_off_until_after(database: Database) -> None:
    until = NOW + 60 * MINUTE
    with database.write() as connection:
        hosts.hold_host(connection, "wire.example", until, "asked for an hour's rest", CLAIMANT.spread)
        [feed] = shared(connection, 1)
        assert claimed(connection) == []
        assert due_of(connection)[feed.url] >= until
        assert held_hosts(connection, NOW) == {"wire.example": until}
        assert held_hosts(connection, until) == {}


@pytest.mark.parametrize("minutes", [(60, 5), (5, 60)])
def test_the_longer_of_two_holds_counts(database: Database, minutes: tuple[int, int]) -> None:
    with database.write() as connection:
        for each in minutes:
            hosts.hold_host(connection, "wire.example", NOW + each * MINUTE, f"{each} minutes", CLAIMANT.spread)
        [row] = connection.execute(sa.select(hosts_table.c.wait_until, hosts_table.c.reason)).all()
    assert tuple(row) == (NOW + 60 * MINUTE, "60 minutes")


def test_hosts_without_feeds_are_forgotten_once_nobody_waits_for_them(database: Database) -> None:
    with database.write() as connection:
        shared(connection, 1)
        end(connection, claimed(connection))
        hosts.hold_host(connection, "gone.example", NOW + MINUTE, "too many", CLAIMANT.spread)
        assert hosts.forget_hosts(connection, NOW) == 0
        assert hosts.forget_hosts(connection, NOW + 60 * MINUTE) == 1
        feeds.sync_feeds(connection, [], NOW, lambda _: NOW, str)
        assert hosts.forget_hosts(connection, NOW + 60 * MINUTE) == 1


def test_two_schedulers_at_once_never_claim_one_feed_twice_nor_share_a_host(database: Database) -> None:
    with database.write() as connection:
        for number in range(8):
            shared(connection, 6, host=f"{number}.example")
        add(connection, *(f"http://127.0.0.1/{one}" for one in range(40)))
    found: list[tuple[str, Feed, int]] = []
    start = threading.Barrier(2)

    def scheduler(owner: str) -> None:
        start.wait()
        for turn in range(12):
            with database.write() as connection:
                at = NOW + turn * claims.SPACING
                each = claims.claim_due_feeds(
                    connection, at, replace(CLAIMANT, owner=owner), lease=f"{owner} {turn}", limit=9
                )
                found.extend((owner, feed, turn) for feed in each)

    threads = [threading.Thread(target=scheduler, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(Counter(feed.url for _, feed, _ in found).values()) == 1
    assert len(found) == 88
    owners = {(feed.host, owner) for owner, feed, _ in found if feed.host != feed.url}
    assert len(owners) == 8
