"""Our own minimal pairs: names, keywords and queries in many languages, as many that must not match as that must."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from matching_cases import Case, read_cases
from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId


def own_cases() -> list[Case]:
    return read_cases(Path(__file__).with_name("own_cases.jsonl"))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in own_cases()])
def test_a_case_of_our_own_is_decided_as_a_reader_would(case: Case) -> None:
    receipt = matcher_of(case.watch()).explain(Document("", case.text, case.lang), WatchId("w"))
    assert receipt.matched is case.expect, f"{case.why}; {receipt.reason}"
    if case.kind != "query":  # which may have some of its terms and be missed for want of another
        assert bool(receipt.hits) is case.expect
    assert [case.text[hit.span.start : hit.span.end] for hit in receipt.hits] == [hit.span.text for hit in receipt.hits]


def test_the_cases_are_many_and_balanced() -> None:
    cases = own_cases()
    expected = Counter(case.expect for case in cases)
    assert len(cases) >= 150
    assert len({case.id for case in cases}) == len(cases)
    assert len({case.lang for case in cases}) >= 12
    assert {"name", "keyword", "query"} == {case.kind for case in cases}
    assert Counter(case.lang for case in cases if case.lang in {"ja", "zh", "th", "ko"}).most_common()[-1][1] >= 4
    assert expected[False] >= expected[True]
