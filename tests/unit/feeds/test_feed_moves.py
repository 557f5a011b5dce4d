from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.feeds.moves import after_gone, after_problem, is_proven, proven, settled
from tocsin.models.feeds import Fetched, Moved, NotModified, ParsedFeed, Polling, Problem, ProblemKind

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
OLD, NEW = "https://old.example/feed", "https://new.example/feed"
KNOWN = Polling(document_id="https://old.example/")


def body(moved_to: str | None = None, *, is_delta: bool = False) -> Fetched:
    return Fetched(NEW, b"", "", None, None, moved_to=moved_to, is_delta=is_delta)


def unchanged(moved_to: str | None = None) -> NotModified:
    return NotModified(None, None, moved_to=moved_to)


def document(document_id: str | None) -> ParsedFeed:
    return ParsedFeed("t", None, (), document_id=document_id)


def after(polling: Polling, *polls: tuple[timedelta, Fetched | NotModified, ParsedFeed | None]) -> Polling:
    for later, answer, parsed in polls:
        polling = settled(polling, answer, parsed, NOW + later)
    return polling


def test_a_permanent_redirect_is_followed_for_good_after_three_equal_answers_in_two_days() -> None:
    polling = after(KNOWN, (0 * DAY, body(NEW), None), (DAY, unchanged(NEW), None))
    assert (polling.fetch_url, polling.moved) == (None, Moved(NEW, NOW, 2))
    polling = after(polling, (2 * DAY, unchanged(NEW), None))
    assert (polling.fetch_url, polling.moved) == (NEW, None)


def test_three_answers_within_two_days_prove_nothing_yet() -> None:
    polling = after(KNOWN, *((timedelta(hours=each), unchanged(NEW), None) for each in (0, 1, 2, 47)))
    assert (polling.fetch_url, polling.moved) == (None, Moved(NEW, NOW, 4))


def test_two_answers_prove_nothing_however_far_apart() -> None:
    assert after(KNOWN, (0 * DAY, unchanged(NEW), None), (9 * DAY, unchanged(NEW), None)).fetch_url is None


@pytest.mark.parametrize("between", [None, "https://other.example/feed"])
def test_another_answer_in_between_begins_the_proof_anew(between: str | None) -> None:
    polling = after(KNOWN, (0 * DAY, unchanged(NEW), None), (DAY, unchanged(between), None))
    polling = after(polling, (2 * DAY, unchanged(NEW), None), (3 * DAY, unchanged(NEW), None))
    assert (polling.fetch_url, polling.moved) == (None, Moved(NEW, NOW + 2 * DAY, 2))


def test_a_redirect_to_a_document_of_another_name_is_never_believed() -> None:
    other = document("https://casino.example/")
    polling = after(KNOWN, *((each * DAY, body(NEW), other) for each in range(9)))
    assert (polling.fetch_url, polling.moved, polling.document_id) == (None, None, KNOWN.document_id)


def test_a_redirect_of_a_feed_that_has_no_name_is_never_believed() -> None:
    polling = after(Polling(), *((each * DAY, body(NEW), document(None)) for each in range(9)))
    assert (polling.fetch_url, polling.moved) == (None, None)


@pytest.mark.parametrize("name", ["http://www.old.example", "https://old.example/", "https://old.example"])
def test_a_document_that_only_went_to_https_is_the_same(name: str) -> None:
    polling = after(KNOWN, *((each * DAY, body(NEW), document(name)) for each in range(3)))
    assert polling.fetch_url == NEW


def test_a_document_may_change_its_name_at_its_own_address() -> None:
    assert after(KNOWN, (DAY, body(), document("urn:x"))).document_id == "urn:x"
    assert after(Polling(), (DAY, body(NEW), document("urn:x"))).document_id == "urn:x"


def test_a_whole_body_is_remembered_and_a_delta_is_none() -> None:
    assert after(KNOWN, (DAY, body(), None)).read_at == NOW + DAY
    assert after(KNOWN, (DAY, body(is_delta=True), None)).read_at is None
    assert after(KNOWN, (DAY, unchanged(), None)).read_at is None


def test_a_good_answer_ends_a_series_of_410() -> None:
    assert after(replace(KNOWN, gone_since=NOW), (DAY, unchanged(), None)).gone_since is None


def test_a_new_address_that_fails_is_given_up_for_the_feeds_own() -> None:
    moved = replace(KNOWN, fetch_url=NEW)
    for kind in (ProblemKind.GONE, ProblemKind.HTTP, ProblemKind.UNREACHABLE, ProblemKind.NOT_A_FEED):
        assert after_problem(moved, Problem(kind, ""), NOW) == (KNOWN, False)


@pytest.mark.parametrize("kind", [ProblemKind.TIMEOUT, ProblemKind.RATE_LIMITED])
def test_a_delay_changes_nothing(kind: ProblemKind) -> None:
    moved = replace(KNOWN, fetch_url=NEW, gone_since=NOW)
    assert after_problem(moved, Problem(kind, ""), NOW) == (moved, False)


def test_a_feed_is_stopped_by_a_second_410_a_day_after_the_first() -> None:
    gone = Problem(ProblemKind.GONE, "")
    first, stops = after_problem(KNOWN, gone, NOW)
    assert (first.gone_since, stops) == (NOW, False)
    assert after_problem(first, gone, NOW + timedelta(hours=23)) == (first, False)
    assert after_problem(first, gone, NOW + DAY) == (first, True)


def test_another_fault_between_two_410_begins_the_count_anew() -> None:
    polling, _ = after_gone(KNOWN, NOW)
    polling, _ = after_problem(polling, Problem(ProblemKind.HTTP, ""), NOW + DAY)
    assert polling.gone_since is None
    assert after_gone(polling, NOW + 2 * DAY)[1] is False


def test_the_count_of_a_redirect_ends_where_there_is_none() -> None:
    assert proven(Moved(NEW, NOW, 2), None, NOW) is None


def test_a_proof_needs_both_number_and_time() -> None:
    assert is_proven(Moved(NEW, NOW, 3), NOW + 2 * DAY)
    assert not is_proven(Moved(NEW, NOW, 2), NOW + 2 * DAY)
    assert not is_proven(Moved(NEW, NOW, 3), NOW + DAY)
