from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from feed_publisher import NOW, feed
from records import entry
from tocsin.feeds import websub
from tocsin.feeds.websub import Confirmed, Denied
from tocsin.models.feeds import Feed, Hints, Hub, ParsedFeed, Polling, Rhythm
from tocsin.models.ids import FeedId, HubSubscriptionId
from tocsin.models.websub import HubMode, HubSubscription
from tocsin.rendering.hub_words import words

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TOPIC = "https://wire.example/rss"
SECRET = "s" * 43
SUBSCRIPTION = HubSubscription(
    id=HubSubscriptionId(1),
    feed_id=FeedId(1),
    hub="https://hub.example/",
    topic=TOPIC,
    root="https://news.example.org/websub/",
    token="t" * 43,
    secret=SECRET,
    mode=HubMode.SUBSCRIBE,
    awaiting=True,
    due_at=NOW,
    asked_at=NOW,
)
LEASED = replace(SUBSCRIPTION, leased_until=NOW, awaiting=False)
SHOWN = ParsedFeed("Wire", "en", (entry(),))
QUERY = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "c", "hub.lease_seconds": "864000"}


@pytest.mark.parametrize(
    ("base_url", "expected"),
    [
        ("https://news.example.org", "https://news.example.org/websub/"),
        ("https://news.example.org/tocsin", "https://news.example.org/tocsin/websub/"),
        ("http://8.8.8.8:8080", "http://8.8.8.8:8080/websub/"),
        ("https://[2606:4700::1]", "https://[2606:4700::1]/websub/"),
        ("http://127.0.0.1:8080", None),
        ("http://[::1]:8080", None),
        ("http://10.1.2.3", None),
        ("http://192.168.1.4:8080", None),
        ("http://[fd00::1]", None),
        ("http://2130706433", None),
        ("http://localhost:8080", None),
        ("https://tocsin", None),
        ("https://tocsin.local", None),
        ("https://tocsin.internal.", None),
        ("https://tocsin.home.arpa", None),
        ("https://alarm.onion", None),
        ("https://localhost.example.org", "https://localhost.example.org/websub/"),
    ],
)
def test_hubs_are_told_only_an_address_that_they_can_reach(base_url: str, expected: str | None) -> None:
    assert websub.callback_root(base_url) == expected


def test_a_request_to_subscribe_carries_what_the_recommendation_names() -> None:
    assert websub.request_form(SUBSCRIPTION) == {
        "hub.callback": f"https://news.example.org/websub/{'t' * 43}",
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.lease_seconds": "864000",
        "hub.secret": SECRET,
    }


def test_a_request_to_unsubscribe_carries_no_secret() -> None:
    fields = websub.request_form(replace(SUBSCRIPTION, mode=HubMode.UNSUBSCRIBE))
    assert fields.keys() == {"hub.callback", "hub.mode", "hub.topic"}


def test_the_wait_for_a_hub_that_does_not_call_back_doubles_up_to_a_week() -> None:
    waits = [websub.next_request_at(NOW, failures) - NOW for failures in (0, 1, 2, 7, 8, 10_000)]
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 128 * HOUR, 7 * DAY, 7 * DAY]


def test_what_was_asked_is_confirmed_and_renewed_at_four_fifths_of_the_lease() -> None:
    expected = Confirmed(leased_until=NOW + 10 * DAY, renew_at=NOW + 8 * DAY)
    assert websub.answer_to(SUBSCRIPTION, QUERY, NOW) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"hub.mode": "unsubscribe"},
        {"hub.mode": "publish"},
        {"hub.topic": "https://other.example/rss"},
        {"hub.challenge": ""},
        {"hub.challenge": "c" * 4097},
    ],
    ids=str,
)
def test_what_was_not_asked_is_not_confirmed(change: dict[str, str]) -> None:
    assert websub.answer_to(SUBSCRIPTION, QUERY | change, NOW) is None


@pytest.mark.parametrize("missing", ["hub.mode", "hub.topic", "hub.challenge"])
def test_a_question_that_lacks_a_part_is_not_confirmed(missing: str) -> None:
    query = {name: value for name, value in QUERY.items() if name != missing}
    assert websub.answer_to(SUBSCRIPTION, query, NOW) is None


def test_an_intent_that_was_verified_is_not_verified_again() -> None:
    assert websub.answer_to(replace(SUBSCRIPTION, awaiting=False), QUERY, NOW) is None


def test_the_end_of_a_subscription_is_confirmed_only_where_it_was_asked_for() -> None:
    query = QUERY | {"hub.mode": "unsubscribe"}
    assert websub.answer_to(replace(SUBSCRIPTION, mode=HubMode.UNSUBSCRIBE), query, NOW) == Confirmed()


@pytest.mark.parametrize(
    ("given", "lease", "renewed_after"),
    [
        (None, 10 * DAY, 8 * DAY),
        ("-5", 10 * DAY, 8 * DAY),
        ("soon", 10 * DAY, 8 * DAY),
        ("0", 10 * DAY, 8 * DAY),
        ("3600", HOUR, 48 * HOUR / 60),
        ("60", timedelta(seconds=60), timedelta(minutes=10)),
        ("31536000", 30 * DAY, 24 * DAY),
        ("9" * 18, 30 * DAY, 24 * DAY),
        ("9" * 400, 10 * DAY, 8 * DAY),
    ],
    ids=lambda value: str(value)[:12],
)
def test_any_lease_is_read_and_kept_within_bounds(
    given: str | None, lease: timedelta, renewed_after: timedelta
) -> None:
    query = {name: value for name, value in QUERY.items() if name != "hub.lease_seconds"}
    if given is not None:
        query["hub.lease_seconds"] = given
    assert websub.answer_to(SUBSCRIPTION, query, NOW) == Confirmed(NOW + lease, NOW + renewed_after)


def test_a_denial_is_told_in_words_and_the_hub_asked_again_in_a_week() -> None:
    query = {"hub.mode": "denied", "hub.topic": TOPIC, "hub.reason": "no\x1b[31m room\u202e"}
    assert websub.answer_to(replace(SUBSCRIPTION, awaiting=False), query, NOW) == Denied(
        "the hub https://hub.example/ refuses to deliver this feed, saying “no [31m room”; "
        "it is polled instead, and the hub asked again in a week",
        NOW + 7 * DAY,
    )


def test_a_denial_of_another_topic_means_nothing() -> None:
    query = {"hub.mode": "denied", "hub.topic": "https://other.example/rss"}
    assert websub.answer_to(SUBSCRIPTION, query, NOW) is None


BODY = b"<rss/>"


def signed(method: str, secret: str = SECRET, body: bytes = BODY) -> str:
    return f"{method}={hmac.new(secret.encode(), body, method).hexdigest()}"


def holds(header: str | None, body: bytes = BODY) -> bool | None:
    found = websub.signature(header, SECRET)
    if found is None:
        return None
    for byte in body:
        found.digest.update(bytes([byte]))
    return found.holds()


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_by_each_listed_method_holds_for_its_body_alone(method: str) -> None:
    assert holds(signed(method))
    assert holds(signed(method).replace("=", "=", 1).upper().replace(method.upper(), method))
    assert holds(signed(method), b"<rss />") is False
    assert holds(signed(method, "another secret")) is False


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        "md5=" + hashlib.md5(BODY, usedforsecurity=False).hexdigest(),
        "sha256",
        "sha256=zz",
        "=",
        "sha1=" + "a" * 39,
    ],
)
def test_no_signature_and_one_of_an_unknown_kind_are_none(header: str | None) -> None:
    assert holds(header) is None


def test_a_signature_of_the_wrong_length_does_not_hold() -> None:
    assert holds("sha256=" + "a" * 40) is False


def relaxed(**changes: object) -> Feed:
    """Give a feed with twelve entries a day that was polled an hour ago, and is delivered by a hub."""
    rhythm = Rhythm(12.0, 5 * DAY, 60, NOW - HOUR, NOW - 30 * DAY)
    polling = Polling(hub=Hub("https://hub.example/", TOPIC), rhythm=rhythm)
    state: dict[str, object] = {
        "etag": '"v1"',
        "checked_at": NOW - HOUR,
        "succeeded_at": NOW - HOUR,
        "next_check_at": NOW + 23 * HOUR,
        "interval": DAY,
        "pushed_until": NOW,
        "polling": polling,
    }
    return replace(feed(TOPIC), **state | changes)  # type: ignore[arg-type]  # fields are named by the test


def check(one: Feed) -> datetime:
    return websub.check_after_push(one, NOW, timedelta(minutes=10))


def test_a_feed_that_is_no_longer_delivered_is_due_when_its_own_rhythm_says() -> None:
    assert NOW < check(relaxed()) <= NOW + HOUR
    assert NOW < check(relaxed(checked_at=NOW - 20 * HOUR)) <= NOW + HOUR / 2


def test_a_feed_is_never_asked_sooner_than_its_publisher_wants_or_later_than_it_was_due() -> None:
    polling = relaxed().polling
    assert check(relaxed(polling=replace(polling, not_before=NOW + 5 * HOUR))) == NOW + 5 * HOUR
    assert check(relaxed(next_check_at=NOW + timedelta(minutes=1))) == NOW + timedelta(minutes=1)
    skipping = replace(polling, hints=Hints(skip_hours=(NOW.hour, NOW.hour + 1, NOW.hour + 2)))
    assert check(relaxed(polling=skipping)) >= NOW + 3 * HOUR


def test_a_feed_that_fails_keeps_the_time_that_its_failures_gave_it() -> None:
    assert check(relaxed(failures=3)) == NOW + 23 * HOUR


def test_feeds_that_lose_their_hub_together_do_not_come_back_together() -> None:
    overdue = [relaxed(id=FeedId(number), checked_at=NOW - 20 * HOUR) for number in range(1, 200)]
    assert len({check(one) for one in overdue}) == len(overdue)


def test_a_ping_teaches_the_rhythm_and_leaves_what_is_between_the_feeds_server_and_us() -> None:
    before = relaxed()
    delivered = ParsedFeed("Wire", "en", (entry(),), hints=Hints(ttl=DAY), hub=None)
    after = websub.after_ping(before, LEASED, delivered, [NOW], NOW)
    rhythm = after.polling.rhythm
    assert rhythm is not None
    assert before.polling.rhythm is not None
    assert (rhythm.newest_at, rhythm.window, rhythm.entries) == (NOW, 5 * DAY, 60)
    assert rhythm.per_day != before.polling.rhythm.per_day
    assert after == replace(before, changed_at=NOW, polling=replace(before.polling, rhythm=rhythm))


def test_a_ping_without_news_changes_nothing() -> None:
    assert websub.after_ping(relaxed(), LEASED, SHOWN, [], NOW) == relaxed()


@pytest.mark.parametrize(
    ("change", "begins"),
    [
        (
            {"leased_until": NOW + 10 * DAY},
            "the hub https://hub.example/ agreed to deliver this feed and has sent nothing yet",
        ),
        ({"problem": "the hub is on fire"}, "the hub is on fire"),
        ({"asked_at": None}, "the hub https://hub.example/ is to be asked"),
        ({}, "the hub https://hub.example/ was asked to deliver this feed and has not called back yet"),
        ({"failures": 1}, "the hub https://hub.example/ was asked to deliver this feed, but did not call back; let it"),
    ],
    ids=["leased", "problem", "new", "asked", "silent"],
)
def test_the_state_of_a_subscription_is_told_in_words(change: dict[str, object], begins: str) -> None:
    told = replace(SUBSCRIPTION, **change)  # type: ignore[arg-type]  # fields are named by the test
    assert words(feed(TOPIC), told, NOW).startswith(begins)


def test_what_is_not_wanted_ends_with_its_lease_or_after_three_farewells_in_vain() -> None:
    ending = replace(SUBSCRIPTION, mode=HubMode.UNSUBSCRIBE, leased_until=NOW + DAY)
    assert not websub.has_ended(SUBSCRIPTION, NOW)
    assert not websub.has_ended(ending, NOW)
    assert websub.has_ended(replace(ending, leased_until=None), NOW)
    assert websub.has_ended(ending, NOW + DAY)
    assert websub.has_ended(replace(ending, failures=3), NOW)


RELIED_ON_UNTIL = NOW + 5 * DAY


def test_the_first_ping_that_can_be_read_makes_a_hub_relied_on_until_its_lease_ends() -> None:
    lease = replace(SUBSCRIPTION, leased_until=RELIED_ON_UNTIL)
    unproven = relaxed(pushed_until=None)
    assert websub.after_ping(unproven, lease, SHOWN, [], NOW).pushed_until == RELIED_ON_UNTIL
    assert websub.after_ping(unproven, SUBSCRIPTION, SHOWN, [], NOW).pushed_until is None
    ending = replace(lease, mode=HubMode.UNSUBSCRIBE)
    assert websub.after_ping(unproven, ending, SHOWN, [], NOW).pushed_until is None


@pytest.mark.parametrize(
    ("times", "relied_on"),
    [
        ((), True),
        ((NOW - HOUR,), True),
        ((NOW - HOUR - timedelta(seconds=1),), False),
        ((NOW - HOUR / 2, NOW - 3 * HOUR), False),
        ((NOW,), True),
        ((NOW, NOW), False),
    ],
    ids=["nothing", "just now", "old", "one of two", "undated", "several undated"],
)
def test_a_poll_that_finds_news_which_the_hub_should_have_brought_ends_the_reliance(
    times: tuple[datetime, ...], *, relied_on: bool
) -> None:
    before = relaxed(pushed_until=RELIED_ON_UNTIL)
    after = websub.judge_hub(before, times, NOW)
    expected = replace(before, pushed_until=None, polling=replace(before.polling, push_from=NOW + 7 * DAY))
    assert after == (before if relied_on else expected)


def test_a_hub_that_failed_proves_itself_anew_after_a_week() -> None:
    lease = replace(SUBSCRIPTION, leased_until=RELIED_ON_UNTIL + 7 * DAY)
    failed = websub.judge_hub(relaxed(pushed_until=RELIED_ON_UNTIL), [NOW - DAY], NOW)
    assert websub.after_ping(failed, lease, SHOWN, [], NOW + 6 * DAY).pushed_until is None
    assert websub.after_ping(failed, lease, SHOWN, [], NOW + 7 * DAY).pushed_until == lease.leased_until
    assert "until 17 March" in words(failed, lease, NOW)


def test_where_no_hub_is_relied_on_there_is_nothing_to_judge() -> None:
    assert websub.judge_hub(relaxed(), [NOW - DAY], NOW) == relaxed()
