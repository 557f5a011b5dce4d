"""The minimal pairs of cases.jsonl: what must match, and what must not, each with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from matching_cases import Case, read_cases
from matching_setup import matcher_of
from tocsin.errors import WatchlistError
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


def all_cases() -> list[Case]:
    return read_cases(Path(__file__).with_name("cases.jsonl"))


def cases() -> list[Case]:
    return [case for case in all_cases() if case.kind != "query"]


def titled_cases() -> list[ParameterSet]:
    return [pytest.param(case, id=case.id) for case in cases()]


@pytest.mark.parametrize("case", titled_cases())
def test_a_case_is_decided_as_a_reader_would(case: Case) -> None:
    matcher = matcher_of(case.watch())
    document = Document("", case.text, case.lang)
    receipt = matcher.explain(document, WatchId("w"))
    assert receipt.matched is case.expect, f"{case.why}; {receipt.reason}"
    assert bool(receipt.hits) is case.expect
    assert [case.text[hit.span.start : hit.span.end] for hit in receipt.hits] == [hit.span.text for hit in receipt.hits]


def test_each_occurrence_has_its_span() -> None:
    twice = next(case for case in cases() if case.id == "m104")
    receipt = matcher_of(twice.watch()).explain(Document("", twice.text, twice.lang), WatchId("w"))
    assert [(hit.span.start, hit.span.end) for hit in receipt.hits] == [(0, 13), (14, 27)]


def queries() -> list[ParameterSet]:
    return [pytest.param(case, id=case.id) for case in all_cases() if case.kind == "query"]


@pytest.mark.parametrize("case", queries())
def test_a_query_is_decided_as_a_reader_would(case: Case) -> None:
    """A query that says nothing a reader could follow is refused, and so matches nothing."""
    try:
        matcher = matcher_of(Watch(WatchId("w"), "", query=case.rule))
    except WatchlistError:
        assert not case.expect
        return
    receipt = matcher.explain(Document("", case.text, case.lang), WatchId("w"))
    assert receipt.matched is case.expect, f"{case.why}; {receipt.reason}"
    assert bool(receipt.hits) is case.expect
    assert [case.text[hit.span.start : hit.span.end] for hit in receipt.hits] == [hit.span.text for hit in receipt.hits]
