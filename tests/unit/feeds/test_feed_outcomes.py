from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from records import NOW, entry
from tocsin.feeds.next_check import SHORTEST
from tocsin.feeds.outcomes import HostWait, News, after_answer, after_document, after_problem, body_hash, host_wait
from tocsin.models.feeds import (
    Feed,
    Fetched,
    Hints,
    Hub,
    NotModified,
    ParsedFeed,
    Polling,
    Problem,
    ProblemKind,
    Rhythm,
)
from tocsin.models.ids import FeedId

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
HUB = Hub("https://hub.example/", "https://wire.example/rss")
FEED = Feed(
    id=FeedId(1),
    url="https://wire.example/rss",
    title="The Wire",
    language=None,
    home=None,
    tags=(),
    active=True,
    added_at=NOW - 9 * DAY,
    next_check_at=NOW,
    host="wire.example",
    etag='"v1"',
    last_modified="then",
    body_hash="0" * 64,
    checked_at=NOW - HOUR,
    succeeded_at=NOW - HOUR,
    changed_at=NOW - DAY,
    interval=HOUR,
    polling=Polling(read_at=NOW - DAY, rhythm=Rhythm(24.0, 10 * HOUR, 10, NOW, NOW - 9 * DAY)),
)
FAILING = replace(FEED, failures=3, problem="HTTP 500", problem_kind=ProblemKind.HTTP)
DOCUMENT = ParsedFeed(
    "The Wire",
    "en",
    (entry(),),
    note="two entries were cut",
    format="RSS 2.0",
    document_id="https://wire.example/",
    hints=Hints(ttl=3 * HOUR),
    hub=HUB,
)


def fetched(etag: str | None = '"v2"', last_modified: str | None = None, **more: object) -> Fetched:
    answer = Fetched("https://wire.example/rss", b"<rss/>", "text/xml", etag, last_modified)
    return replace(answer, **more)  # type: ignore[arg-type]


def read(feed: Feed, answer: Fetched, parsed: ParsedFeed = DOCUMENT, news: News | None = None) -> Feed:
    return after_document(feed, answer, parsed, news or News(), NOW, SHORTEST)


def test_a_document_leaves_its_validators_hash_and_all_that_it_says_of_itself() -> None:
    after = read(FAILING, fetched(), news=News([NOW], "30 entries with new ids"))
    assert after == replace(
        FEED,
        etag='"v2"',
        last_modified=None,
        body_hash=body_hash(fetched()),
        checked_at=NOW,
        succeeded_at=NOW,
        changed_at=NOW,
        failures=0,
        problem="two entries were cut; 30 entries with new ids",
        interval=3 * HOUR,
        next_check_at=after.next_check_at,
        polling=replace(
            after.polling,
            read_at=NOW,
            format="RSS 2.0",
            document_id="https://wire.example/",
            hints=Hints(ttl=3 * HOUR),
            hub=HUB,
        ),
    )
    assert after.polling.rhythm is not None
    assert NOW + 3 * HOUR <= after.next_check_at <= NOW + 3.3 * HOUR


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (NotModified(None, None), ('"v1"', "then")),
        (NotModified('"v2"', None), ('"v2"', "then")),
        (NotModified('"v2"', "now"), ('"v2"', "now")),
        (fetched(None, None), (None, None)),
        (fetched('"v2"', None), ('"v2"', None)),
    ],
    ids=["304 without", "304 with one", "304 with both", "200 without", "200 with one"],
)
def test_a_304_replaces_the_validators_that_it_sends_and_a_200_both(
    answer: NotModified | Fetched, expected: tuple[str | None, str | None]
) -> None:
    after = after_answer(FEED, answer, NOW, SHORTEST)
    assert (after.etag, after.last_modified) == expected
    assert (after.checked_at, after.succeeded_at, after.changed_at) == (NOW, NOW, FEED.changed_at)


def test_an_answer_without_news_ends_a_series_of_failures_and_keeps_the_note_on_the_document() -> None:
    assert after_answer(FAILING, NotModified(None, None), NOW, SHORTEST).problem is None
    noted = replace(FEED, problem="two entries were cut")
    assert after_answer(noted, NotModified(None, None), NOW, SHORTEST).problem == "two entries were cut"


def test_a_whole_body_that_was_there_before_counts_as_read_and_a_304_does_not() -> None:
    assert after_answer(FEED, fetched(), NOW, SHORTEST).polling.read_at == NOW
    assert after_answer(FEED, NotModified(None, None), NOW, SHORTEST).polling.read_at == NOW - DAY


def test_the_freshness_of_a_304_is_heeded() -> None:
    after = after_answer(FEED, NotModified(None, None, max_age=7200), NOW, SHORTEST)
    assert after.interval == 2 * HOUR
    assert after.next_check_at >= NOW + 2 * HOUR


def test_nothing_is_kept_that_would_hide_the_rest_of_a_document_that_was_cut_off() -> None:
    after = read(FEED, fetched(), replace(DOCUMENT, is_complete=False), News([NOW]))
    assert (after.etag, after.last_modified, after.body_hash) == (None, None, FEED.body_hash)
    assert after.changed_at == NOW


def test_a_delta_brings_its_validators_and_is_not_taken_for_the_whole_document() -> None:
    after = read(FEED, fetched(is_delta=True), news=News([NOW]))
    assert (after.etag, after.body_hash, after.polling.read_at) == ('"v2"', FEED.body_hash, NOW - DAY)
    assert after.polling.rhythm is not None
    assert (after.polling.rhythm.window, after.polling.rhythm.entries) == (10 * HOUR, 10)


def test_the_hub_in_the_headers_goes_before_the_one_in_the_document() -> None:
    other = Hub("https://other.example/", HUB.topic)
    assert read(FEED, fetched(hub=other)).polling.hub == other


def test_a_failure_keeps_all_that_was_learnt_and_grows_the_wait() -> None:
    problem = Problem(ProblemKind.HTTP, "HTTP 404: check the address")
    after = after_problem(FEED, problem, NOW, SHORTEST)
    assert after == replace(
        FEED,
        checked_at=NOW,
        failures=1,
        problem="HTTP 404: check the address",
        problem_kind=ProblemKind.HTTP,
        next_check_at=after.next_check_at,
    )
    assert NOW + 1.8 * HOUR <= after.next_check_at <= NOW + 2.2 * HOUR


def test_a_second_410_a_day_after_the_first_stops_the_feed_and_an_answer_in_between_does_not() -> None:
    gone = Problem(ProblemKind.GONE, "HTTP 410")
    first = after_problem(FEED, gone, NOW, SHORTEST)
    assert (first.stopped_at, first.polling.gone_since) == (None, NOW)
    assert after_problem(first, gone, NOW + DAY - MINUTE, SHORTEST).stopped_at is None
    assert after_problem(first, gone, NOW + DAY, SHORTEST).stopped_at == NOW + DAY
    back = after_answer(first, NotModified(None, None), NOW + HOUR, SHORTEST)
    assert after_problem(back, gone, NOW + DAY, SHORTEST).stopped_at is None


def test_a_feed_that_moved_for_good_counts_to_its_new_host_and_back_again_when_that_fails() -> None:
    own, new = "https://wire.example.com/rss", "https://wire.example.org/rss"
    feed, at = replace(FEED, url=own, host="example.com"), NOW
    for _ in range(3):
        at += 30 * HOUR
        feed = after_answer(feed, NotModified(None, None, moved_to=new), at, SHORTEST)
    assert (feed.polling.fetch_url, feed.host) == (new, "example.org")
    back = after_problem(feed, Problem(ProblemKind.HTTP, "HTTP 404"), at + HOUR, SHORTEST)
    assert (back.polling.fetch_url, back.host) == (None, "example.com")


def test_a_server_that_was_caught_with_a_false_304_is_not_believed_any_more() -> None:
    quiet = replace(FEED, checked_at=NOW - HOUR, polling=replace(FEED.polling, read_at=NOW - 8 * DAY))
    assert read(quiet, fetched(FEED.etag, FEED.last_modified)).polling.distrusts_304
    assert not read(FEED, fetched(FEED.etag, FEED.last_modified)).polling.distrusts_304


HELD = Problem(ProblemKind.RATE_LIMITED, "too many", NOW + HOUR, holds_host=True)


def test_who_holds_a_host_and_until_when() -> None:
    assert host_wait(FEED, HELD) == HostWait("wire.example", NOW + HOUR, "too many")
    assert host_wait(FEED, NotModified(None, None, host_wait_until=NOW + HOUR)) == HostWait(
        "wire.example", NOW + HOUR, "its rate limit is used up"
    )
    assert host_wait(FEED, replace(HELD, holds_host=False)) is None
    assert host_wait(FEED, NotModified(None, None)) is None


def test_a_host_that_serves_one_feed_only_needs_no_hold() -> None:
    assert host_wait(replace(FEED, host=FEED.url), HELD) is None


def test_a_feed_on_such_a_host_waits_for_its_own_rate_limit_after_good_answers_too() -> None:
    alone, until = replace(FEED, host=FEED.url), NOW + 9 * HOUR
    assert after_answer(alone, NotModified(None, None, host_wait_until=until), NOW, SHORTEST).next_check_at >= until
    assert read(alone, replace(fetched(), host_wait_until=until)).next_check_at >= until
