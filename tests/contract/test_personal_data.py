from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from records import NOW, subscriber
from subscribed import DAY, SECRET, claimed, close, mail, match, named, stored
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import StoryId, SubscriberId
from tocsin.models.watchlist import Channel, ChannelKind
from tocsin.store import tables
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery, enter_deliveries, settle_sent
from tocsin.store.dismissals import dismiss_match
from tocsin.store.mutes import mute_story
from tocsin.store.personal_data import personal_data
from tocsin.store.signups import enter_signup
from tocsin.store.subscriber_deletion import delete_subscriber
from tocsin.store.suppressions import address_hash, is_suppressed, lift_suppression, suppressed_among

ZOE, OMAR = subscriber(), subscriber("omar@example.org")
DESK = Channel("desk", ChannelKind.MAIL, "Zoe@Example.org")


@pytest.fixture
def connection(database: Database) -> Iterator[sa.Connection]:
    """Zoe and Omar, each with a digest that was sent, one in a mailer's hands, a match that waits, a sign-up, a mute
    and a dismissal.
    """
    with database.write() as connection:
        named(connection, ZOE, OMAR)
        values = {"title": "Siege", "opened_at": NOW, "latest_at": NOW}
        story = connection.execute(sa.insert(tables.stories).values(**values).returning(tables.stories.c.id))
        told, muted = match(connection), StoryId(story.scalar_one())
        for one in (ZOE, OMAR):
            first = mail(connection, close(connection, 0, one.email), one.email)
            settle_sent(connection, claimed(connection, first), NOW)
            signup = enter_signup(connection, one, NOW)
            confirmation = (f"c:{signup}", DeliveryKind.CONFIRMATION, ChannelKind.MAIL, one.email, f"<c{signup}>")
            enter_deliveries(connection, [NewDelivery(*confirmation, signup_id=signup)], NOW)
            dismiss_match(connection, told, one.email, NOW)
            mute_story(connection, one.email, muted, NOW)
        match(connection, "two", NOW + DAY)
        for one in (ZOE, OMAR):
            claimed(connection, mail(connection, close(connection, 1, one.email), one.email))
        match(connection, "three", NOW + 3 * DAY)
        yield connection


def rows_about(connection: sa.Connection, word: str, number: int) -> dict[str, int]:
    """Count the rows of each table that name an address, or a subscriber by number."""
    found = {}
    for table in tables.metadata.sorted_tables:
        rows = [row._asdict() for row in connection.execute(sa.select(table))]
        found[table.name] = sum(
            word in json.dumps(row, default=str) or row.get("subscriber_id") == number for row in rows
        )
    return {name: count for name, count in found.items() if count}


def test_a_deleted_subscriber_leaves_nothing_but_a_hash(connection: sa.Connection) -> None:
    zoe, omar = stored(connection), stored(connection, OMAR.email)
    of_zoe, of_omar = rows_about(connection, "zoe", zoe.id), rows_about(connection, "omar", omar.id)
    assert of_zoe == of_omar
    assert set(of_zoe) == {
        "subscribers",
        "subscriber_watches",
        "signups",
        "digests",
        "digest_items",
        "deliveries",
        "mutes",
        "dismissals",
    }
    assert delete_subscriber(connection, zoe.id, NOW, secret=SECRET)
    assert rows_about(connection, "zoe", zoe.id) == {}
    assert rows_about(connection, "omar", omar.id) == of_omar
    assert is_suppressed(connection, "ZOE@example.org", secret=SECRET)
    assert not delete_subscriber(connection, zoe.id, NOW, secret=SECRET)


def test_what_readers_of_a_channel_of_the_same_address_muted_stays(connection: sa.Connection) -> None:
    zoe = stored(connection)
    delete_subscriber(connection, zoe.id, NOW, secret=None, channels=[DESK])
    assert rows_about(connection, "zoe", zoe.id) == {"mutes": 1, "dismissals": 1}
    assert not is_suppressed(connection, ZOE.email, secret=SECRET)


def test_everything_that_is_kept_about_somebody_can_be_read(connection: sa.Connection) -> None:
    zoe = stored(connection)
    data = personal_data(connection, zoe.id)
    assert data is not None
    assert json.loads(json.dumps(data)) == data
    assert data["subscription"]["email"] == ZOE.email
    assert data["subscription"]["watches"] == ["siege"]
    assert data["subscription"]["joined_at"] == "2026-03-10T12:00:00+00:00"
    assert data["waiting_matches"] == 1
    assert [(one["local_date"], one["matches"]) for one in data["digests"]] == [("2026-03-10", 1), ("2026-03-11", 1)]
    assert [(one["kind"], one["state"]) for one in data["mails"]] == [
        ("digest", "sent"),
        ("confirmation", "pending"),
        ("digest", "pending"),
    ]
    assert [one["email"] for one in data["signups"]] == [ZOE.email]
    assert [one["story"] for one in data["muted_stories"]] == ["Siege"]
    assert [one["watch"] for one in data["dismissed_matches"]] == ["siege"]
    assert "omar" not in json.dumps(data)


def test_nothing_is_kept_about_one_who_is_not_there(connection: sa.Connection) -> None:
    assert personal_data(connection, SubscriberId(4711)) is None


def test_addresses_are_hashed_with_a_key_and_in_any_case_of_letters(connection: sa.Connection) -> None:
    assert address_hash("Zoe@example.org", SECRET) == address_hash("zoe@EXAMPLE.org", SECRET)
    assert address_hash(ZOE.email, SECRET) not in {address_hash(ZOE.email, b"t" * 32), address_hash("o@x.org", SECRET)}
    delete_subscriber(connection, stored(connection).id, NOW, secret=SECRET)
    many = [f"{number}@example.org" for number in range(600)]
    assert suppressed_among(connection, [*many, ZOE.email], secret=SECRET) == {ZOE.email}
    assert suppressed_among(connection, [ZOE.email], secret=b"t" * 32) == set()
    assert [lift_suppression(connection, ZOE.email, secret=SECRET) for _ in range(2)] == [True, False]
    assert suppressed_among(connection, [ZOE.email], secret=SECRET) == set()
