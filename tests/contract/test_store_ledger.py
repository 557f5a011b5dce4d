from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from records import LEASE, MINUTE, NOW, SIEGE, add_article, receipt, subscriber
from tocsin.errors import LeaseLostError
from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
from tocsin.models.digests import Digest, Window
from tocsin.models.ids import DeliveryId, MatchId
from tocsin.models.subscribers import StoredSubscriber
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries, digests, matches, open_windows, overview, owed, subscribers
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.subscriber_changes import sync_subscribers

WINDOW = Window(NOW, NOW + 60 * MINUTE, date(2026, 3, 10), "14:00")
NEXT = Window(WINDOW.end_at, WINDOW.end_at + 60 * MINUTE, date(2026, 3, 10), "15:00")


def join(connection: sa.Connection) -> StoredSubscriber:
    sync_subscribers(connection, [subscriber()], NOW)
    [stored] = subscribers.active_subscribers(connection)
    return stored


def owe_match(connection: sa.Connection, key: str = "one", at: int = 1) -> MatchId:
    article = add_article(connection, key)
    [new] = matches.save_matches(connection, [(article.id, receipt())], NOW + at * MINUTE)
    owed.owe(connection, [new.id])
    return new.id


def alert(key: str = "alert:siege:1:desk") -> NewDelivery:
    return NewDelivery(key, DeliveryKind.ALERT, ChannelKind.MAIL, "desk@example.org", f"<{key}@x>", name="desk")


def enter(database: Database, key: str = "alert:siege:1:desk") -> DeliveryId:
    with database.write() as connection:
        return deliveries.enter_deliveries(connection, [alert(key)], NOW)[0]


def claim(database: Database, delivery_id: DeliveryId, *, lease: str = LEASE, after: int = 0) -> Delivery | None:
    with database.write() as connection:
        now = NOW + after * MINUTE
        return deliveries.claim_delivery(connection, delivery_id, now, lease=lease, lease_for=2 * MINUTE)


def test_a_subscriber_joins_leaves_and_comes_back_with_a_new_window(database: Database) -> None:
    with database.write() as connection:
        joined = join(connection)
        sync_subscribers(connection, [], NOW + MINUTE)
        assert subscribers.active_subscribers(connection) == []
        sync_subscribers(connection, [subscriber()], NOW + 2 * MINUTE)
        [back] = subscribers.active_subscribers(connection)
    assert joined == StoredSubscriber(joined.id, subscriber(), NOW, NOW, NOW, NOW)
    again = NOW + 2 * MINUTE
    assert back == replace(joined, closed_until=again, slots_from=again, state_since=again)


def test_an_address_is_the_same_in_any_case_of_letters(database: Database) -> None:
    with database.write() as connection:
        join(connection)
        sync_subscribers(connection, [subscriber("Zoe@Example.org")], NOW)
        assert len(subscribers.active_subscribers(connection)) == 1
        found = subscribers.find_subscriber(connection, "ZOE@example.org")
    assert found is not None


def test_a_digest_takes_what_is_owed_and_was_matched_before_its_end(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        inside, outside = owe_match(connection, "in", 59), owe_match(connection, "out", 60)
        digest_id = digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        assert digest_id is not None
        taken = [match.id for match in matches.matches_of_digest(connection, digest_id)]
        waiting = [match.id for match in matches.matches_owed(connection, stored.id)]
        digest = digests.find_digest(connection, "t")
        [after] = subscribers.active_subscribers(connection)
        slots = open_windows.last_slots(connection, [stored.id])
    assert (taken, waiting) == ([inside], [outside])
    assert digest == Digest(digest_id, stored.id, "zoe@example.org", "Europe/Berlin", "t", WINDOW, NOW, closed_with=1)
    assert after.closed_until == WINDOW.end_at
    assert slots == {stored.id: (WINDOW.local_date, WINDOW.slot)}


def test_a_match_that_is_committed_after_its_window_closed_is_in_the_next_digest(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        late = owe_match(connection, "late", 30)
        [stored] = subscribers.active_subscribers(connection)
        digest_id = digests.close_window(connection, stored, NEXT, token="u", coverage=None, now=NOW)
        assert digest_id is not None
        assert [match.id for match in matches.matches_of_digest(connection, digest_id)] == [late]


def test_one_slot_of_a_local_date_makes_one_digest(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        [stored] = subscribers.active_subscribers(connection)
        same_slot = replace(NEXT, slot=WINDOW.slot)
        assert digests.close_window(connection, stored, same_slot, token="u", coverage=None, now=NOW) is None
        assert subscribers.active_subscribers(connection) == [stored]


def test_a_scheduler_with_an_old_view_of_a_window_cannot_close_it(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
    with pytest.raises(LeaseLostError), database.write() as connection:
        digests.close_window(connection, stored, replace(NEXT, start_at=NOW), token="u", coverage=None, now=NOW)
    with database.read() as connection:
        assert [digest.token for digest in digests.latest_digests(connection, limit=9)] == ["t"]


def test_withdrawn_matches_are_not_told(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        match = matches.get_match(connection, owe_match(connection))
        assert match is not None
        matches.withdraw_matches(connection, [(match.article.id, [])], NOW)
        assert matches.matches_owed(connection, stored.id) == []


def test_a_message_is_entered_once_however_often_it_is_asked_for(database: Database) -> None:
    with database.write() as connection:
        first = deliveries.enter_deliveries(connection, [alert()], NOW)
        again = replace(alert(), message_id="<another@x>")
        second = deliveries.enter_deliveries(connection, [again], NOW)
        [stored] = deliveries.list_deliveries(connection, limit=9)
    assert (len(first), second) == (1, [])
    assert stored.message_id == "<alert:siege:1:desk@x>"


def test_a_claimed_message_is_held_until_its_lease_runs_out_and_each_claim_counts(database: Database) -> None:
    delivery_id = enter(database)
    first = claim(database, delivery_id)
    assert first is not None
    assert (first.attempts, first.lease) == (1, LEASE)
    assert claim(database, delivery_id, lease="another", after=1) is None
    second = claim(database, delivery_id, lease="another", after=2)
    assert second is not None
    assert (second.attempts, second.lease) == (2, "another")


def test_mailers_at_once_claim_a_message_once(database: Database) -> None:
    ids = [enter(database, f"alert:siege:{number}:desk") for number in range(10)]
    claimed: list[DeliveryId] = []
    start = threading.Barrier(3)

    def mailer(lease: str) -> None:
        start.wait()
        claimed.extend(found.id for one in ids if (found := claim(database, one, lease=lease)))

    threads = [threading.Thread(target=mailer, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == ids


def test_a_sent_message_is_never_claimed_again(database: Database) -> None:
    delivery_id = enter(database)
    delivery = claim(database, delivery_id)
    assert delivery is not None
    with database.write() as connection:
        assert deliveries.settle_sent(connection, delivery, NOW)
        [stored] = deliveries.list_deliveries(connection, DeliveryState.SENT, limit=9)
    assert claim(database, delivery_id, after=99) is None
    assert (stored.sent_at, stored.lease) == (NOW, None)


def test_a_deferred_message_waits_for_its_time(database: Database) -> None:
    delivery_id = enter(database)
    delivery = claim(database, delivery_id)
    assert delivery is not None
    with database.write() as connection:
        deliveries.settle_deferred(connection, delivery, "450 later", NOW + 5 * MINUTE)
        soon = deliveries.undelivered(connection, NOW + 4 * MINUTE, digests=False, enqueued_before=NOW, limit=9)
        due = deliveries.undelivered(connection, NOW + 5 * MINUTE, digests=False, enqueued_before=NOW, limit=9)
        [stored] = deliveries.list_deliveries(connection, limit=9)
    assert (soon, due) == ([], [delivery_id])
    assert (stored.state, stored.problem) == (DeliveryState.PENDING, "450 later")
    assert claim(database, delivery_id, after=4) is None


def test_a_refused_message_is_shown_as_failed_and_never_sent_again(database: Database) -> None:
    delivery_id = enter(database)
    delivery = claim(database, delivery_id)
    assert delivery is not None
    with database.write() as connection:
        deliveries.settle_failed(connection, delivery, "550 no such user")
        counts = deliveries.count_deliveries(connection)
    assert claim(database, delivery_id, after=99) is None
    assert counts == dict.fromkeys(DeliveryState, 0) | {DeliveryState.FAILED: 1}


def test_a_message_with_nothing_left_to_tell_is_dropped_and_never_sent(database: Database) -> None:
    delivery_id = enter(database)
    delivery = claim(database, delivery_id)
    assert delivery is not None
    with database.write() as connection:
        assert deliveries.settle_dropped(connection, delivery, "the article no longer meets the watch")
        counts = deliveries.count_deliveries(connection)
        [stored] = deliveries.list_deliveries(connection, DeliveryState.DROPPED, limit=9)
    assert claim(database, delivery_id, after=99) is None
    assert counts == dict.fromkeys(DeliveryState, 0) | {DeliveryState.DROPPED: 1}
    assert (stored.problem, stored.lease) == ("the article no longer meets the watch", None)


def test_a_mailer_that_lost_its_lease_settles_nothing(database: Database) -> None:
    delivery_id = enter(database)
    late = claim(database, delivery_id)
    claim(database, delivery_id, lease="another", after=2)
    assert late is not None
    with database.write() as connection:
        assert not deliveries.settle_sent(connection, late, NOW)
        assert not deliveries.settle_failed(connection, late, "too late")
        assert deliveries.count_deliveries(connection)[DeliveryState.PENDING] == 1


def test_a_message_whose_mailer_died_is_swept_when_its_lease_is_over(database: Database) -> None:
    delivery_id = enter(database)
    claim(database, delivery_id)
    with database.write() as connection:
        held = deliveries.undelivered(connection, NOW + MINUTE, digests=False, enqueued_before=NOW + MINUTE, limit=9)
        free = deliveries.undelivered(
            connection, NOW + 2 * MINUTE, digests=False, enqueued_before=NOW + MINUTE, limit=9
        )
    assert (held, free) == ([], [delivery_id])


def test_a_match_is_owed_to_a_subscriber_once(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        match_id = owe_match(connection)
        owed.owe(connection, [match_id])
        assert [match.id for match in matches.matches_owed(connection, stored.id)] == [match_id]
        assert [match.watch for match in matches.matches_owed(connection, stored.id)] == [SIEGE]


def test_who_left_is_owed_nothing_on_return_and_gets_no_mail_meanwhile(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        owe_match(connection, "told")
        digest_id = digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        mail = NewDelivery("digest:1", DeliveryKind.DIGEST, ChannelKind.MAIL, "zoe@x.org", "<d@x>", digest_id=digest_id)
        [delivery_id] = deliveries.enter_deliveries(connection, [mail], NOW)
        owe_match(connection, "owed")
        sync_subscribers(connection, [], NOW)
        sync_subscribers(connection, [subscriber()], NOW + MINUTE)
        assert matches.matches_owed(connection, stored.id) == []
    assert claim(database, delivery_id) is None


def test_a_withdrawn_match_is_in_no_digest_and_is_news_when_it_is_back(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        match = matches.get_match(connection, owe_match(connection))
        assert match is not None
        matches.withdraw_matches(connection, [(match.article.id, [])], NOW)
        first = digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        back = matches.save_matches(connection, [(match.article.id, receipt())], NOW + MINUTE)
        [stored] = subscribers.active_subscribers(connection)
        second = digests.close_window(connection, stored, NEXT, token="u", coverage=None, now=NOW)
        assert first is not None
        assert second is not None
        told = [[one.id for one in matches.matches_of_digest(connection, which)] for which in (first, second)]
    assert [new.id for new in back] == [match.id]
    assert told == [[], [match.id]]


def test_a_match_withdrawn_before_its_digest_is_mailed_is_given_back(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        match = matches.get_match(connection, owe_match(connection))
        assert match is not None
        digest_id = digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        mail = NewDelivery("digest:1", DeliveryKind.DIGEST, ChannelKind.MAIL, "zoe@x.org", "<d@x>", digest_id=digest_id)
        deliveries.enter_deliveries(connection, [mail], NOW)
        matches.withdraw_matches(connection, [(match.article.id, [])], NOW)
        matches.save_matches(connection, [(match.article.id, receipt())], NOW)
        assert [one.id for one in matches.matches_owed(connection, stored.id)] == [match.id]


def test_a_match_withdrawn_while_its_digest_was_tried_in_vain_is_news_when_it_is_back(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        match = matches.get_match(connection, owe_match(connection))
        assert match is not None
        digest_id = digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        mail = NewDelivery("digest:1", DeliveryKind.DIGEST, ChannelKind.MAIL, "zoe@x.org", "<d@x>", digest_id=digest_id)
        [delivery_id] = deliveries.enter_deliveries(connection, [mail], NOW)
        first = deliveries.claim_delivery(connection, delivery_id, NOW, lease="one", lease_for=MINUTE)
        matches.withdraw_matches(connection, [(match.article.id, [])], NOW)
        assert first is not None
        deliveries.settle_deferred(connection, first, "421", NOW + MINUTE)
        second = deliveries.claim_delivery(connection, delivery_id, NOW + MINUTE, lease="two", lease_for=MINUTE)
        assert second is not None
        deliveries.settle_sent(connection, second, NOW + MINUTE)
        matches.save_matches(connection, [(match.article.id, receipt())], NOW + 2 * MINUTE)
        assert [one.id for one in matches.matches_owed(connection, stored.id)] == [match.id]


def test_a_digest_that_was_mailed_still_shows_what_was_withdrawn_later(database: Database) -> None:
    with database.write() as connection:
        stored = join(connection)
        match = matches.get_match(connection, owe_match(connection))
        assert match is not None
        digest_id = digests.close_window(connection, stored, WINDOW, token="t", coverage=None, now=NOW)
        assert digest_id is not None
        mail = NewDelivery("digest:1", DeliveryKind.DIGEST, ChannelKind.MAIL, "zoe@x.org", "<d@x>", digest_id=digest_id)
        [delivery_id] = deliveries.enter_deliveries(connection, [mail], NOW)
        delivery = deliveries.claim_delivery(connection, delivery_id, NOW, lease="a lease", lease_for=MINUTE)
        assert delivery is not None
        deliveries.settle_sent(connection, delivery, NOW)
        because = {(match.article.id, match.watch): "with the full text of its page: no"}
        matches.withdraw_matches(connection, [(match.article.id, [])], NOW + MINUTE, because)
        [told] = matches.matches_of_digest(connection, digest_id)
        figures = overview.digest_figures(connection, [digest_id])[digest_id]
    assert (told.withdrawn_at, told.withdrawn_because) == (NOW + MINUTE, "with the full text of its page: no")
    assert figures.matches == 1


def test_schedulers_that_meet_a_new_subscriber_at_once_both_go_on(database: Database) -> None:
    start = threading.Barrier(3)
    ended: list[int] = []

    def scheduler() -> None:
        start.wait()
        with database.write() as connection:
            sync_subscribers(connection, [subscriber()], NOW)
        ended.append(1)

    threads = [threading.Thread(target=scheduler) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as connection:
        assert len(subscribers.active_subscribers(connection)) == 1
    assert len(ended) == 3


def test_a_message_that_was_dropped_unsent_is_taken_up_when_it_is_asked_for_again(database: Database) -> None:
    delivery_id = enter(database)
    delivery = claim(database, delivery_id)
    assert delivery is not None
    with database.write() as connection:
        deliveries.settle_dropped(connection, delivery, "the match was withdrawn")
        again = deliveries.enter_deliveries(connection, [alert()], NOW + MINUTE)
    back = claim(database, delivery_id, after=1)
    assert again == [delivery_id]
    assert back is not None
    assert (back.message_id, back.attempts, back.created_at) == (delivery.message_id, 1, NOW + MINUTE)


def test_messages_are_found_by_key_and_by_the_channels_that_they_went_to(database: Database) -> None:
    delivery_id = enter(database)
    with database.read() as connection:
        assert deliveries.ids_by_key(connection, ["alert:siege:1:desk", "none"]) == {"alert:siege:1:desk": delivery_id}
        found = [
            deliveries.messages_since(connection, [name], at)
            for name, at in (("desk", NOW - MINUTE), ("desk", NOW), ("chat", NOW - MINUTE))
        ]
    assert found == [[deliveries.EnteredMessage("desk", NOW, frozenset())], [], []]
