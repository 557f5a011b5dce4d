from __future__ import annotations

import pytest

import returned_mails
from records import NOW
from returned_mails import VERP, recipient, report
from subscribed import claimed, close, mail, match, named, stored
from tocsin.delivery.bounces import LARGEST
from tocsin.models.subscribers import SubscriberState
from tocsin.store.database import Database
from tocsin.store.deliveries import settle_sent
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on

TOKEN = "t0ken-" + "x" * 32
SHOWN = {"authorization": f"Bearer {TOKEN}", "content-type": "message/rfc822"}


@pytest.fixture
def bounce(sqlite: Database) -> bytes:
    """Give the report that a digest to Zoe reached nobody."""
    with sqlite.write() as connection:
        named(connection)
        match(connection)
        delivery_id = mail(connection, close(connection))
        assert settle_sent(connection, claimed(connection, delivery_id), NOW)
    return report(recipient("5.1.1"), to=VERP.sender_of(delivery_id))


def post(database: Database, *pieces: bytes, headers: dict[str, str] | None = None, **changes: object) -> Answer:
    app = build_app(house_on(database, **{"verp": VERP, "bounce_token": TOKEN, **changes}))
    return ask(app, "/mail/reports", method="POST", headers=SHOWN if headers is None else headers, pieces=pieces)


def state(database: Database) -> SubscriberState:
    with database.read() as connection:
        return stored(connection).state


def test_a_report_is_taken_and_carried_out_and_may_come_twice(sqlite: Database, bounce: bytes) -> None:
    for _ in range(2):
        answer = post(sqlite, bounce[:100], bounce[100:])
        assert (answer.status, answer.text) == (202, "Taken.\n")
    assert state(sqlite) is SubscriberState.SUPPRESSED


@pytest.mark.parametrize("shown", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer \xff"])
def test_without_the_token_nothing_is_read(sqlite: Database, bounce: bytes, shown: str) -> None:
    answer = post(sqlite, bounce, headers=SHOWN | {"authorization": shown})
    assert (answer.status, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert state(sqlite) is SubscriberState.ACTIVE


@pytest.mark.parametrize("missing", ["verp", "bounce_token"])
def test_where_no_reports_are_taken_it_says_what_is_not_set(sqlite: Database, bounce: bytes, missing: str) -> None:
    answer = post(sqlite, bounce, **{missing: None})
    assert answer.status == 404
    assert "TOCSIN_BOUNCE_TOKEN" in answer.text


def test_a_body_of_another_kind_is_refused(sqlite: Database, bounce: bytes) -> None:
    answer = post(sqlite, bounce, headers=SHOWN | {"content-type": "application/x-www-form-urlencoded"})
    assert answer.status == 415
    assert "message/rfc822" in answer.text


def test_a_mail_that_is_too_large_is_refused_as_soon_as_it_is(sqlite: Database) -> None:
    announced = post(sqlite, b"x", headers=SHOWN | {"content-length": str(LARGEST + 1)})
    coming = post(sqlite, b"x" * LARGEST, b"x")
    assert (announced.status, coming.status) == (413, 413)


def test_an_empty_or_broken_body_is_told(sqlite: Database) -> None:
    assert post(sqlite, b" \r\n").status == 400


@pytest.mark.parametrize(
    "content", [returned_mails.VACATION, b"\x00\xff" * 500, returned_mails.GOOD_BYE], ids=["away", "noise", "nobody"]
)
def test_what_says_nothing_is_taken_all_the_same(sqlite: Database, bounce: bytes, content: bytes) -> None:
    del bounce
    assert post(sqlite, content).status == 202


def test_it_is_not_for_browsers(sqlite: Database) -> None:
    app = build_app(house_on(sqlite, verp=VERP, bounce_token=TOKEN))
    assert ask(app, "/mail/reports", headers=SHOWN).status == 405
