"""Whatever a feed and its publisher say, the next check is neither too early, nor too late, nor never."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tocsin.feeds.next_check import check_after_problem, floor_of, interval_of, next_check_at
from tocsin.feeds.rhythm import MOST_PER_DAY, observe, rate_now
from tocsin.models.feeds import Entry, Feed, Hints, ParsedFeed, Polling, Problem, ProblemKind, Rhythm
from tocsin.models.ids import FeedId

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SHORTEST = timedelta(minutes=10)
DAY = timedelta(hours=24)

spans = st.timedeltas(timedelta(), timedelta(days=4000))
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone comes with `timezones`
hints = st.builds(
    Hints,
    ttl=st.none() | spans,
    update_every=st.none() | spans,
    skip_hours=st.lists(st.integers(0, 23), unique=True).map(tuple),
    skip_days=st.lists(st.integers(1, 7), unique=True).map(tuple),
)
rhythms = st.builds(
    Rhythm,
    per_day=st.floats(0, MOST_PER_DAY),
    window=st.none() | spans,
    entries=st.integers(0, 500),
    newest_at=st.none() | times.filter(lambda at: at <= NOW),
    since=times.filter(lambda at: at <= NOW),
)
feeds = st.builds(
    Feed,
    id=st.integers(1, 10**9).map(FeedId),
    url=st.just("https://wire.example/rss"),
    title=st.just("The Wire"),
    language=st.none(),
    home=st.none(),
    tags=st.just(()),
    active=st.just(True),
    added_at=st.just(NOW - DAY),
    next_check_at=st.just(NOW),
    every=st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=30)),
    etag=st.none() | st.just('"v1"'),
    interval=st.none() | st.timedeltas(timedelta(minutes=1), timedelta(days=30)),
    matches=st.integers(0, 10**6),
    failures=st.integers(0, 10**9),
    pushed_until=st.none() | times,
    polling=st.builds(Polling, hints=hints, rhythm=st.none() | rhythms, distrusts_304=st.booleans()),
)


@given(feeds, st.none() | spans)
def test_after_a_good_answer_no_check_comes_before_the_publisher_and_the_operator_allow(
    feed: Feed, fresh_for: timedelta | None
) -> None:
    floor = floor_of(feed.polling.hints, fresh_for)
    interval = interval_of(feed, NOW, shortest=SHORTEST, fresh_for=fresh_for)
    wait = next_check_at(feed, NOW, interval, shortest=SHORTEST, floor=floor) - NOW
    assert wait >= floor
    assert wait >= min(SHORTEST, feed.every or SHORTEST)
    skipping = timedelta(days=3, hours=2) if feed.polling.hints != Hints() else timedelta()
    assert wait <= max(feed.every or DAY, DAY) * 1.1 + skipping


@given(feeds, st.sampled_from(ProblemKind), st.none() | times)
def test_after_a_failure_every_feed_is_asked_again_within_a_month(
    feed: Feed, kind: ProblemKind, retry_at: datetime | None
) -> None:
    failing = replace(feed, failures=feed.failures + 1)
    wait = check_after_problem(failing, Problem(kind, "no", retry_at), NOW, shortest=SHORTEST) - NOW
    assert SHORTEST <= wait <= timedelta(days=30) * 1.1 + timedelta(days=3, hours=3)
    if retry_at is not None:
        assert wait >= min(retry_at - NOW, DAY)


@given(st.none() | rhythms, st.lists(times, max_size=9), st.lists(st.none() | times, max_size=9))
def test_whatever_dates_a_feed_bears_its_rhythm_is_a_number_to_reckon_with(
    rhythm: Rhythm | None, new: list[datetime], dates: list[datetime | None]
) -> None:
    entries = tuple(Entry(str(one), "", "", "", None, None, at, None, "") for one, at in enumerate(dates))
    found = observe(rhythm, new, ParsedFeed("", None, entries), NOW)
    assert 0 <= found.per_day <= MOST_PER_DAY
    assert found.window is None or found.window > timedelta()
    assert 0 <= rate_now(found, NOW + timedelta(days=3)) <= MOST_PER_DAY
