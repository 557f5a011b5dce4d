"""Our own minimal pairs: names, keywords and queries in many languages, as many that must not match as that must."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


@dataclass(frozen=True, slots=True)
class OwnCase:
    id: str
    kind: str
    rule: str
    text: str
    lang: str
    expect: bool
    why: str

    def watch(self) -> Watch:
        if self.kind == "name":
            return Watch(WatchId("w"), "", names=(self.rule,))
        if self.kind == "query":
            return Watch(WatchId("w"), "", query=self.rule)
        return Watch(WatchId("w"), "", keywords=(self.rule,))


def own_cases() -> list[OwnCase]:
    lines = Path(__file__).with_name("own_cases.jsonl").read_text("utf-8").splitlines()
    return [OwnCase(**json.loads(line)) for line in lines]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.id) for case in own_cases()])
def test_a_case_of_our_own_is_decided_as_a_reader_would(case: OwnCase) -> None:
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
