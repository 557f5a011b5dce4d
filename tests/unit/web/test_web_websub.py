from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from hub_records import add_hub_feed, asked, subscribed
from records import NOW
from tocsin.models.feeds import Feed
from tocsin.models.websub import HubSubscription
from tocsin.store import feeds, pings, tables
from tocsin.store import hub_subscriptions as hubs
from tocsin.store.database import Database, database_now
from tocsin.store.feed_hubs import follow_hubs
from tocsin_web.app import build_app
from tocsin_web.security import POLICY
from tocsin_web.websub import LARGEST
from web_client import Answer, ask, house_on

DAY = timedelta(days=1)
BODY = b"<rss version='2.0'/>"


@pytest.fixture
def subscription(sqlite: Database) -> HubSubscription:
    """A subscription that a hub was just asked for."""
    with sqlite.write() as connection:
        subscribed(connection, add_hub_feed(connection))
        [found] = asked(connection)
    return found


def verify(database: Database, token: str, **query: str) -> Answer:
    said = {"hub.mode": "subscribe", "hub.topic": "https://wire.example/rss", "hub.challenge": "abc-123"}
    named = said | {f"hub.{name}": value for name, value in query.items()}
    return ask(build_app(house_on(database)), f"/websub/{token}?{urlencode(named)}")


def sign(subscription: HubSubscription, body: bytes = BODY, method: str = "sha256") -> dict[str, str]:
    return {"x-hub-signature": f"{method}={hmac.new(subscription.secret.encode(), body, method).hexdigest()}"}


def deliver(database: Database, token: str, *pieces: bytes, headers: dict[str, str] | None = None) -> Answer:
    sent = {"content-type": "application/rss+xml", **(headers or {})}
    return ask(build_app(house_on(database)), f"/websub/{token}", method="POST", headers=sent, pieces=pieces)


def waiting(database: Database) -> list[tuple[str, bytes]]:
    with database.read() as connection:
        return [(row.content_type, row.body) for row in connection.execute(sa.select(tables.pings))]


def wanted(database: Database) -> HubSubscription:
    with database.read() as connection:
        [found] = hubs.wanted_subscriptions(connection).values()
    return found


def feed_of(database: Database, subscription: HubSubscription) -> Feed:
    with database.read() as connection:
        return next(one for one in feeds.list_feeds(connection) if one.id == subscription.feed_id)


def test_the_challenge_of_what_was_asked_is_echoed_as_text(sqlite: Database, subscription: HubSubscription) -> None:
    answer = verify(sqlite, subscription.token, challenge="<b>x</b>", lease_seconds="864000")
    assert (answer.status, answer.text) == (200, "<b>x</b>")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["cache-control"] == "no-store"


def test_a_verified_lease_is_noted_with_its_renewal(sqlite: Database, subscription: HubSubscription) -> None:
    with sqlite.read() as connection:
        before = database_now(connection)
    verify(sqlite, subscription.token, lease_seconds=str(5 * 24 * 3600))
    found = wanted(sqlite)
    assert found.leased_until is not None
    assert before + 5 * DAY <= found.leased_until <= before + 5 * DAY + timedelta(minutes=1)
    assert found.leased_until - found.due_at == DAY
    assert feed_of(sqlite, subscription).pushed_until is None


@pytest.mark.parametrize(
    "query",
    [{"topic": "https://other.example/"}, {"mode": "unsubscribe"}, {"mode": "publish"}, {"challenge": ""}],
    ids=str,
)
def test_what_was_not_asked_is_not_found(
    sqlite: Database, subscription: HubSubscription, query: dict[str, str]
) -> None:
    answer = verify(sqlite, subscription.token, **query)
    assert (answer.status, "abc-123" in answer.text) == (404, False)
    assert wanted(sqlite) == subscription


@pytest.mark.parametrize("token", ["x" * 43, "x", "%00", "%C3%A9"])
def test_a_callback_that_was_never_given_out_is_not_found(
    sqlite: Database, subscription: HubSubscription, token: str
) -> None:
    assert verify(sqlite, token).status == 404
    assert deliver(sqlite, token, BODY, headers=sign(subscription)).status == 410
    assert waiting(sqlite) == []


def test_a_challenge_is_echoed_once(sqlite: Database, subscription: HubSubscription) -> None:
    assert [verify(sqlite, subscription.token).status for _ in range(2)] == [200, 404]


def test_a_denial_is_kept_in_words_and_ends_the_lease(sqlite: Database, subscription: HubSubscription) -> None:
    verify(sqlite, subscription.token)
    assert verify(sqlite, subscription.token, mode="denied", reason="too many").status == 200
    found = wanted(sqlite)
    assert found.problem is not None
    assert "saying “too many”" in found.problem
    with sqlite.read() as connection:
        assert hubs.any_to_ask(connection, database_now(connection))


def test_the_end_of_a_subscription_is_verified_and_forgotten(sqlite: Database, subscription: HubSubscription) -> None:
    verify(sqlite, subscription.token)
    with sqlite.write() as connection:
        follow_hubs(connection, None, NOW)
        asked(connection)
    assert verify(sqlite, subscription.token, mode="unsubscribe").text == "abc-123"
    with sqlite.read() as connection:
        assert hubs.find_subscription(connection, subscription.token) is None


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signed_ping_is_kept_as_it_is(sqlite: Database, subscription: HubSubscription, method: str) -> None:
    answer = deliver(sqlite, subscription.token, BODY[:7], BODY[7:], headers=sign(subscription, BODY, method))
    assert answer.status == 202
    assert answer.headers["content-security-policy"] == POLICY
    assert waiting(sqlite) == [("application/rss+xml", BODY)]


@pytest.mark.parametrize(
    ("headers", "because"),
    [
        ({}, "it bears no signature, or one of an unknown method"),
        ({"x-hub-signature": "md5=" + "a" * 32}, "it bears no signature, or one of an unknown method"),
        ({"x-hub-signature": "sha256=" + "a" * 64}, "its signature is not the hub's"),
    ],
    ids=["none", "unknown", "wrong"],
)
def test_a_ping_that_may_be_anybodys_is_thanked_for_and_dropped(
    sqlite: Database, subscription: HubSubscription, headers: dict[str, str], because: str
) -> None:
    with capture_logs() as logs:
        answer = deliver(sqlite, subscription.token, BODY, headers=headers)
    genuine = deliver(sqlite, subscription.token, BODY, headers=sign(subscription))
    assert (answer.status, answer.text) == (genuine.status, genuine.text)
    assert len(waiting(sqlite)) == 1
    told = [{"event": log["event"], "because": log["because"]} for log in logs]
    assert told == [{"event": "ping discarded", "because": because}]
    assert subscription.token not in str(logs)


def test_the_signature_of_another_body_does_not_hold(sqlite: Database, subscription: HubSubscription) -> None:
    deliver(sqlite, subscription.token, BODY + b" ", headers=sign(subscription))
    assert waiting(sqlite) == []


def test_a_ping_announced_as_too_large_is_refused_unread(sqlite: Database, subscription: HubSubscription) -> None:
    headers = sign(subscription) | {"content-length": str(LARGEST + 1)}
    assert deliver(sqlite, subscription.token, headers=headers).status == 413


def test_a_ping_that_grows_too_large_is_refused_as_soon_as_it_does(
    sqlite: Database, subscription: HubSubscription
) -> None:
    read: list[int] = []

    def endless() -> Iterator[bytes]:
        for number in range(1_000):
            read.append(number)
            yield bytes(1_000_000)

    pieces = Endless(endless())
    answer = ask(
        build_app(house_on(sqlite)),
        f"/websub/{subscription.token}",
        method="POST",
        headers=sign(subscription),
        pieces=pieces,
    )
    assert answer.status == 413
    assert len(read) == 11
    assert waiting(sqlite) == []


class Endless(list[bytes]):
    """A body of a thousand pieces that are made as they are read."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces

    def __len__(self) -> int:
        return 1_000

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces


def test_a_ping_that_breaks_off_is_not_kept(sqlite: Database, subscription: HubSubscription) -> None:
    assert deliver(sqlite, subscription.token, headers=sign(subscription)).status == 400
    assert waiting(sqlite) == []


def test_a_hub_whose_pings_find_no_room_is_asked_to_come_back(sqlite: Database, subscription: HubSubscription) -> None:
    answers = [deliver(sqlite, subscription.token, BODY, headers=sign(subscription)) for _ in range(pings.A_FEED + 1)]
    assert [answer.status for answer in answers] == [202] * pings.A_FEED + [503]
    assert answers[-1].headers["retry-after"] == "60"


def test_a_hub_that_delivers_what_is_no_longer_wanted_is_told_so(
    sqlite: Database, subscription: HubSubscription
) -> None:
    with sqlite.write() as connection:
        follow_hubs(connection, None, NOW)
    assert deliver(sqlite, subscription.token, BODY, headers=sign(subscription)).status == 410
    assert waiting(sqlite) == []


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
def test_a_callback_answers_get_and_post_alone(sqlite: Database, subscription: HubSubscription, method: str) -> None:
    query = urlencode({"hub.mode": "subscribe", "hub.topic": subscription.topic, "hub.challenge": "c"})
    answer = ask(build_app(house_on(sqlite)), f"/websub/{subscription.token}?{query}", method=method)
    assert answer.status == 405
    assert answer.headers["content-security-policy"] == POLICY
    assert wanted(sqlite).awaiting


def test_the_page_of_a_feed_says_how_its_hub_does(sqlite: Database, subscription: HubSubscription) -> None:
    app, path = build_app(house_on(sqlite)), f"/feeds/{subscription.feed_id}"
    assert (
        "the hub https://hub.example/ was asked to deliver this feed and has not called back yet" in ask(app, path).text
    )
    verify(sqlite, subscription.token)
    assert "agreed to deliver this feed and has sent nothing yet" in ask(app, path).text
    inside = build_app(house_on(sqlite, base_url="http://127.0.0.1:8080"))
    with sqlite.write() as connection:
        follow_hubs(connection, None, NOW)
    assert "could deliver this feed, but not to http://127.0.0.1:8080" in ask(inside, path).text
    assert subscription.token not in ask(app, path).text
