"""The minimal pairs of cases.jsonl: what must match, and what must not, each with its reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch

# What the matcher does not do: spelling families of names, homoglyphs, Han segmentation, furniture, queries.
# xfail is strict: a case that begins to pass must be taken from this list.
NOT_YET = frozenset(
    ["m053", "m067", "m088", "n01", "n02", "n03", "n04", "n05", "n06", "n07", "n11", "n13", "n14", "n15", "n16", "n17",
     "n18", "n20"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    kind: str
    rule: str
    text: str
    lang: str
    expect: bool
    why: str

    def watch(self) -> Watch:
        rule = (self.rule.strip('"'),)
        if self.kind == "name":
            return Watch(WatchId("w"), "", names=rule)
        return Watch(WatchId("w"), "", keywords=rule)


def cases() -> list[Case]:
    lines = Path(__file__).with_name("cases.jsonl").read_text("utf-8").splitlines()
    return [case for case in (Case(**json.loads(line)) for line in lines) if case.kind != "query"]


def marked_cases() -> list[ParameterSet]:
    reason = "a spelling family, a homoglyph, Han segmentation or furniture, which matching does not know yet"
    marks = {True: [pytest.mark.xfail(reason=reason)], False: []}
    return [pytest.param(case, id=case.id, marks=marks[case.id in NOT_YET]) for case in cases()]


@pytest.mark.parametrize("case", marked_cases())
def test_a_case_is_decided_as_a_reader_would(case: Case) -> None:
    matcher = matcher_of(case.watch())
    document = Document("", case.text, case.lang)
    receipt = matcher.explain(document, WatchId("w"))
    assert receipt.matched is case.expect, f"{case.why}; {receipt.reason}"
    assert [case.text[hit.span.start : hit.span.end] for hit in receipt.hits] == [hit.span.text for hit in receipt.hits]
