"""What a digest says of itself, read from the database: its reader's language, their pauses, and what went wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from records import MINUTE, NOW, SIEGE, add_feed, subscriber
from subscribed import DAY, claimed, close, mail, match, named, reader, stored
from tocsin.digests import DigestView, coverage_json, stored_digest_view
from tocsin.digests.coverage import Coverage
from tocsin.models.ids import DigestId, WatchId
from tocsin.models.subscribers import Owner
from tocsin.models.watchlist import Watch
from tocsin.store import tables
from tocsin.store.database import Database
from tocsin.store.deliveries import settle_failed
from tocsin.store.digests import get_digest
from tocsin.store.subscriber_states import pause, resume

DAILY = replace(subscriber(), digest=replace(subscriber().digest, at=("15:00",)))
WATCHES = (Watch(SIEGE, "The siege", ("siege",)), Watch(WatchId("ports"), "Ports", ("port",)))


def view_of(connection: sa.Connection, digest_id: DigestId, watches: Sequence[Watch] = WATCHES) -> DigestView:
    digest = get_digest(connection, digest_id)
    assert digest is not None
    view = stored_digest_view(connection, digest, watches, base_url="https://news.example.org", contact=None)
    assert view is not None
    return view


def test_a_digest_speaks_its_reader_s_language_and_says_whose_the_subscription_is(database: Database) -> None:
    with database.write() as connection:
        reader(connection, replace(subscriber(), language="ar"))
        match(connection)
        view = view_of(connection, close(connection))
    assert (view.locale.code, view.locale.direction, view.owner) == ("ar", "rtl", Owner.READER)


def test_a_watch_that_the_reader_gave_up_since_is_told_of_still(database: Database) -> None:
    with database.write() as connection:
        named(connection, DAILY)
        match(connection)
        digest_id = close(connection)
        named(connection, subscriber(watches=(WatchId("ports"),)), at=NOW + DAY)
        view = view_of(connection, digest_id)
        assert [part.title for part in view.sections] == ["The siege"]
        assert [watch.title for watch in view.quiet] == ["Ports"]
        assert [part.title for part in view_of(connection, digest_id, WATCHES[1:]).sections] == [SIEGE]


def test_a_digest_that_failed_says_so_on_the_web_and_the_next_one_has_what_it_had(database: Database) -> None:
    with database.write() as connection:
        named(connection, DAILY)
        match(connection)
        failed = close(connection)
        settle_failed(connection, claimed(connection, mail(connection, failed)), "550 5.7.1 no")
        view = view_of(connection, failed)
        assert (view.heading, view.quiet_words, len(view.notices)) == ("Not delivered", "", 1)
        later = view_of(connection, close(connection, day=1))
        assert later.heading == "1 story on 1 watch"
        assert later.notices == ("1 article is from before: the digest that it was in could not be delivered.",)
        match(connection, "two", NOW + DAY + 3 * 60 * MINUTE)
        assert view_of(connection, close(connection, day=2)).notices == ()


def test_a_match_that_came_late_is_no_fault_of_a_digest_that_failed_before(database: Database) -> None:
    with database.write() as connection:
        named(connection, DAILY)
        match(connection)
        settle_failed(connection, claimed(connection, mail(connection, close(connection))), "550 5.7.1 no")
        close(connection, day=1)
        match(connection, "late", NOW + DAY)
        view = view_of(connection, close(connection, day=2))
        assert (view.heading, view.notices) == ("1 story on 1 watch", ())


def test_the_digest_after_a_pause_says_from_when_to_when(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        pause(connection, zoe.id, NOW + MINUTE)
        resume(connection, stored(connection).id, NOW + timedelta(hours=26))
        view = view_of(connection, close(connection, day=2))
    assert view.notices == (
        "You had paused your digests from Tue 10 Mar, 13:01 to Wed 11 Mar, 15:00. This one covers that time, too.",
    )


def test_what_was_found_out_of_the_feeds_is_not_found_out_again(database: Database) -> None:
    with database.write() as connection:
        named(connection, DAILY)
        add_feed(connection)
        digest_id = close(connection)
        assert view_of(connection, digest_id).total == 1
        stored_then = coverage_json(Coverage(checked=40, total=41))
        connection.execute(sa.update(tables.digests).values(coverage=stored_then))
        view = view_of(connection, digest_id)
    assert (view.checked, view.total) == (40, 41)


def test_a_quiet_digest_says_when_each_watch_last_matched_and_nothing_of_feeds_that_were_not_read(
    database: Database,
) -> None:
    with database.write() as connection:
        named(connection, DAILY)
        match(connection)
        close(connection)
        view = view_of(connection, close(connection, day=3))
        assert view.quiet_words == ""
        assert [(watch.title, watch.words) for watch in view.quiet] == [("The siege", "last match 3 days ago")]
