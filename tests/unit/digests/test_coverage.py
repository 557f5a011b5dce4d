from __future__ import annotations

from datetime import UTC, datetime, timedelta

from match_records import END, START, a_digest, a_feed
from tocsin.digests.coverage import Coverage, UnseenFeed, coverage, coverage_from, coverage_json
from tocsin.digests.coverage_words import unseen_lines
from tocsin.models.feeds import Polling, ProblemKind, Rhythm
from tocsin.models.health import HealthState
from tocsin.rendering.locales import ENGLISH

WINDOW = a_digest().window
FAULT = "the server answered 500."


def words_of(seen: Coverage, zone: str = "UTC") -> list[str]:
    return [line.words for line in unseen_lines(seen, zone, ENGLISH)]


def test_all_is_well_when_every_feed_was_read() -> None:
    assert coverage([a_feed(1), a_feed(2)], WINDOW) == Coverage(checked=2, total=2)


def test_a_feed_that_has_been_failing_is_named_with_its_last_success_and_its_problem() -> None:
    since = datetime(2017, 9, 5, 2, 10, tzinfo=UTC)
    failing = a_feed(2, "Example Gazette", succeeded_at=since, problem=FAULT, problem_kind=ProblemKind.HTTP, failures=1)
    seen = coverage([a_feed(1), failing], WINDOW)
    assert seen == Coverage(
        checked=1,
        total=2,
        unseen=(
            UnseenFeed(
                title="Example Gazette",
                url="https://wire.example/rss/2",
                state=HealthState.FAILING,
                since_at=since,
                failing=True,
                problem=ProblemKind.HTTP,
            ),
        ),
    )
    [line] = unseen_lines(seen, "Europe/Berlin", ENGLISH)
    assert (line.title, line.words) == (
        "Example Gazette",
        "has not answered since Tue 5 Sep, 04:10 (its server reports an error)",
    )


def test_a_feed_that_answered_in_the_window_but_not_lately_is_named() -> None:
    assert coverage([a_feed(1, succeeded_at=END - timedelta(hours=9), problem=FAULT, failures=1)], WINDOW).checked == 0


def test_one_failed_poll_shortly_before_the_digest_is_no_news() -> None:
    assert coverage([a_feed(1, succeeded_at=END - timedelta(hours=1), problem=FAULT, failures=1)], WINDOW).checked == 1


def test_a_feed_that_was_not_read_in_the_window_is_named_even_without_a_problem() -> None:
    feeds = [a_feed(1, succeeded_at=START - timedelta(hours=1)), a_feed(2, succeeded_at=None)]
    seen = coverage([*feeds, a_feed(3, succeeded_at=None, problem=FAULT, failures=1)], WINDOW)
    assert words_of(seen) == ["has not been read yet", "has never answered", "was last read Tue 5 Sep, 04:30"]


def test_a_feed_that_is_asked_once_a_day_is_not_missed_between_two_polls() -> None:
    daily = a_feed(1, succeeded_at=START - timedelta(hours=1), interval=timedelta(hours=24))
    assert coverage([daily], WINDOW) == Coverage(checked=1, total=1)


def test_a_remark_on_a_feed_that_was_read_makes_it_no_less_read() -> None:
    noted = a_feed(1, succeeded_at=END - timedelta(hours=9), problem="cut off after 12 entries")
    assert coverage([noted], WINDOW) == Coverage(checked=1, total=1)


def test_a_silent_feed_counts_as_read_and_is_named_with_what_it_usually_brings() -> None:
    since = END - timedelta(days=2)
    rhythm = Rhythm(12.0, None, 20, since, START, gaps=(timedelta(hours=2),))
    silent = a_feed(1, "Example Gazette", silent_since=since, polling=Polling(rhythm=rhythm))
    seen = coverage([silent], WINDOW)
    assert seen == Coverage(
        checked=1,
        total=1,
        unseen=(
            UnseenFeed(
                title="Example Gazette",
                url="https://wire.example/rss/1",
                state=HealthState.SILENT,
                since_at=since,
                per_day=12.0,
            ),
        ),
    )
    assert words_of(seen) == [
        "answers, but has had nothing new since Mon 4 Sep, 05:30 (usually about 12 articles a day)"
    ]


def test_a_feed_that_its_publisher_ended_is_named_although_it_is_no_longer_asked() -> None:
    ended = a_feed(1, stopped_at=START, problem="HTTP 410; take it off the watchlist.", problem_kind=ProblemKind.GONE)
    seen = coverage([ended], WINDOW)
    assert (seen.checked, words_of(seen)) == (0, ["was ended by its publisher and last read Wed 6 Sep, 05:20"])


def test_a_feed_that_waits_for_its_host_is_named_as_waiting() -> None:
    held = a_feed(1, succeeded_at=START - timedelta(hours=9), host="wire.example")
    seen = coverage([held], WINDOW, {"wire.example": END + timedelta(hours=1)})
    assert words_of(seen) == ["was asked by its host to wait and has not been read since Mon 4 Sep, 20:30"]


def test_feeds_that_were_removed_or_came_after_the_window_do_not_count() -> None:
    assert coverage([a_feed(1, active=False), a_feed(2, added_at=END)], WINDOW) == Coverage(checked=0, total=0)


def test_at_most_five_are_named() -> None:
    seen = coverage([a_feed(number, succeeded_at=None) for number in range(9)], WINDOW)
    assert (len(seen.unseen), seen.more_unseen) == (5, 4)


def test_what_is_stored_of_a_coverage_is_read_back_whole() -> None:
    failing = a_feed(1, succeeded_at=None, problem=FAULT, problem_kind=ProblemKind.TIMEOUT, failures=4)
    seen = coverage([failing, a_feed(2)], WINDOW)
    assert coverage_from(coverage_json(seen)) == seen


def test_every_way_in_which_a_poll_fails_is_put_in_words() -> None:
    feeds = [a_feed(turn, succeeded_at=None, problem_kind=kind, failures=1) for turn, kind in enumerate(ProblemKind)]
    told = {words_of(coverage([feed], WINDOW))[0] for feed in feeds}
    assert len(told) == len(ProblemKind)
    assert "has never answered (its server takes too long to answer)" in told
