from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from page_reader import every, shown, texts
from records import subscriber
from subscribing_reader import ZOE, Visitor
from tocsin.delivery.tokens import Purpose
from tocsin.models.subscribers import SubscriberState
from tocsin.store.database import Database
from tocsin.store.subscriber_deletion import delete_subscriber
from tocsin.store.subscriber_states import void_links
from web_client import SECRET, Answer, ask
from web_samples import SYRIA

ONE_CLICK = b"List-Unsubscribe=One-Click"
PARTS = b'--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'


@pytest.fixture
def visitor(sqlite: Database) -> Visitor:
    found = Visitor(sqlite)
    found.joined(replace(subscriber(ZOE, (SYRIA.id,)), language="en"))
    return found


def state_of(visitor: Visitor) -> SubscriberState:
    stored = visitor.stored()
    assert stored is not None
    return stored.state


def seen(answer: Answer) -> tuple[int, list[str]]:
    return answer.status, texts(answer.text, "h1")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_link_shows_a_button_and_ends_nothing(visitor: Visitor, method: str) -> None:
    path, before = visitor.settings(Purpose.UNSUBSCRIBE), visitor.content()
    answer = visitor.get(path, method)
    assert answer.status == 200
    if method == "GET":
        [form] = every(answer.text, "form")
        assert (form.attributes["method"], form.attributes["action"]) == ("post", path)
        assert f"No more digests will go to {ZOE}." in shown(answer.text)
    assert visitor.content() == before


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (ONE_CLICK, "application/x-www-form-urlencoded"),
        (PARTS, "multipart/form-data; boundary=b"),
        (b"", ""),
        (b"{}", "application/json"),
        (b"\0\xff" * 100, "application/octet-stream"),
        (b"x" * 10_000_000, "application/x-www-form-urlencoded"),
    ],
    ids=["one-click", "parts", "nothing", "json", "garbage", "10 MB"],
)
def test_one_click_ends_the_digests_at_once_whatever_its_body_and_again_is_the_same(
    visitor: Visitor, body: bytes, kind: str
) -> None:
    path = visitor.settings(Purpose.UNSUBSCRIBE)
    answers = [visitor.send(path, body, kind, **{"sec-fetch-site": "cross-site"}) for _ in range(2)]
    assert [seen(answer) for answer in answers] == [(200, ["You have unsubscribed"])] * 2
    for answer in answers:
        assert "location" not in answer.headers
        assert "set-cookie" not in answer.headers
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED


def test_one_click_needs_no_header_but_the_host(visitor: Visitor) -> None:
    path = visitor.settings(Purpose.UNSUBSCRIBE)
    assert ask(visitor.app, path, method="POST").status == 200
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED


def test_whom_the_watchlist_names_is_let_go_as_well_and_not_brought_back_by_it(sqlite: Database) -> None:
    visitor = Visitor(sqlite)
    visitor.named()
    visitor.post(visitor.settings(Purpose.UNSUBSCRIBE))
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED
    visitor.named()
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED


def test_the_page_offers_to_come_back_by_a_mail(visitor: Visitor) -> None:
    path = visitor.settings(Purpose.UNSUBSCRIBE)
    page = visitor.post(path).text
    [form] = every(page, "form")
    back = form.attributes["action"] or ""
    assert back == f"{path}/return"
    assert seen(visitor.get(back)) == (200, ["You have unsubscribed"])
    assert visitor.confirmations() == []
    answers = [visitor.post(back) for _ in range(2)]
    assert [seen(answer) for answer in answers] == [(200, ["Look into your mailbox"])] * 2
    assert len(visitor.confirmations()) == 1
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED
    assert texts(visitor.post(visitor.link()).text, "h1") == ["Welcome back"]
    assert state_of(visitor) is SubscriberState.ACTIVE


def test_a_link_of_two_years_ago_still_ends_the_digests_and_one_older_says_that_it_ran_out(visitor: Visitor) -> None:
    path = visitor.settings(Purpose.UNSUBSCRIBE)
    visitor.late = timedelta(days=731)
    assert seen(visitor.post(path)) == (410, ["This link has run out"])
    assert state_of(visitor) is SubscriberState.ACTIVE
    visitor.late = timedelta(days=729)
    assert visitor.post(path).status == 200
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED


def test_a_link_that_a_newer_one_made_void_ends_nothing_and_offers_a_fresh_one(visitor: Visitor) -> None:
    path, stored = visitor.settings(Purpose.UNSUBSCRIBE), visitor.stored()
    assert stored is not None
    with visitor.database.write() as connection:
        void_links(connection, stored.id)
    answer = visitor.post(path)
    assert seen(answer) == (410, ["This link has run out"])
    assert state_of(visitor) is SubscriberState.ACTIVE
    [form] = every(answer.text, "form")
    visitor.post(form.attributes["action"] or "")
    assert visitor.link().startswith("/subscription/")


def test_a_link_of_one_who_was_deleted_says_so_and_succeeds(visitor: Visitor) -> None:
    path, stored = visitor.settings(Purpose.UNSUBSCRIBE), visitor.stored()
    assert stored is not None
    with visitor.database.write() as connection:
        delete_subscriber(connection, stored.id, visitor.now(), secret=SECRET)
    assert [seen(answer) for answer in (visitor.get(path), visitor.post(path))] == [
        (200, ["There is no subscription"])
    ] * 2


def test_a_link_that_is_none_is_not_found_and_ends_nothing(visitor: Visitor) -> None:
    before = visitor.content()
    for path in (
        visitor.settings(Purpose.UNSUBSCRIBE)[:-2],
        visitor.settings().replace("/subscription/", "/unsubscribe/"),
        "/unsubscribe/x",
    ):
        for answer in (visitor.get(path), visitor.post(path), visitor.post(f"{path}/return")):
            assert seen(answer) == (404, ["This link is not whole"])
    assert visitor.content() == before


def test_a_link_that_only_ends_the_digests_opens_no_settings(visitor: Visitor) -> None:
    token = visitor.settings(Purpose.UNSUBSCRIBE).rpartition("/")[2]
    assert visitor.get(f"/subscription/{token}").status == 404
    page = visitor.post(f"/unsubscribe/{token}").text
    assert "/subscription/" not in page
