"""Faults of queries, told at their line and column in the watchlist, however YAML has the text."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest

from tocsin.config import QueryProblem, parse_watchlist
from tocsin.errors import Fault, WatchlistError

FEEDS = "feeds: [https://a.org]\n"


def complains_of_bad(
    queries: Mapping[str, str], watches: Collection[str], regions: Collection[str]
) -> Iterable[QueryProblem]:
    """Find each BAD in a query, and END behind its last character."""
    for watch, text in queries.items():
        assert watch in watches
        assert watch not in regions
        if "BAD" in text:
            yield QueryProblem(watch, text.index("BAD"), 3, "BAD is bad; leave it out")
        if text.endswith("..."):
            yield QueryProblem(watch, len(text), 1, "something is missing")


def faults(source: str) -> tuple[Fault, ...]:
    with pytest.raises(WatchlistError) as caught:
        parse_watchlist(source, Path("w.yaml"), check_region=lambda _: None, check_queries=complains_of_bad)
    return caught.value.faults


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("query: a BAD", 4, 14),
        ("query: BAD", 4, 12),
        ("query: 'it''s BAD'", 4, 19),
        (r'query: "say \"x\" BAD"', 4, 23),
        ("query: a\n      BAD", 5, 7),
        ("query: |\n      (a OR\n       b) BAD", 6, 11),
        ("query: >-  # folded\n      a OR\n\n      b BAD", 7, 9),
        ('query: "a\n      b BAD"', 5, 9),
        (r'query: "\u0041 BAD"', 4, 12),
        ("query: a ...", 4, 17),
    ],
)
def test_a_fault_stands_at_its_place(query: str, line: int, column: int) -> None:
    (fault,) = faults(f"{FEEDS}watches:\n  a:\n    {query}\n")
    assert (fault.line, fault.column) == (line, column)


def test_a_fault_shows_its_line_with_a_mark() -> None:
    (fault,) = faults(f"{FEEDS}watches:\n  a: {{query: x BAD y}}\n")
    assert fault == Fault(
        path="w.yaml",
        line=3,
        column=16,
        message="in the query of 'a': BAD is bad; leave it out",
        excerpt="      a: {query: x BAD y}\n                   ^^^",
    )


def test_a_long_line_is_cut_around_the_fault() -> None:
    (fault,) = faults(f"{FEEDS}watches: {{a: {{query: {'x ' * 500}BAD{' x' * 500}}}}}\n")
    shown, marks = fault.excerpt.splitlines()
    assert len(shown) <= 104
    assert shown[marks.index("^") : marks.rindex("^") + 1] == "BAD"


def test_faults_of_queries_are_told_with_all_others() -> None:
    source = f"{FEEDS}watches:\n  a: {{query: BAD}}\n  b: {{keyword: x}}\n  c: {{query: BAD, names: x}}\n"
    assert [(fault.line, fault.column, fault.message.split(";")[0]) for fault in faults(source)] == [
        (3, 14, "in the query of 'a': BAD is bad"),
        (4, 7, "unknown key 'keyword'"),
        (5, 7, "a query beside 'names'"),
        (5, 14, "in the query of 'c': BAD is bad"),
    ]


def test_a_query_is_kept_as_it_was_written() -> None:
    source = f"{FEEDS}watches:\n  a:\n    query: |\n      (siege OR\n       blockade)\n    none: football\n"
    (watch,) = parse_watchlist(source, Path("w.yaml"), check_region=lambda _: None).watches
    assert (watch.query, watch.none) == ("(siege OR\n blockade)", ("football",))


def test_ten_thousand_faults_are_told_at_once() -> None:
    watches = "".join(f"  w{number}: {{query: BAD}}\n" for number in range(10_000))
    assert len(faults(f"{FEEDS}watches:\n{watches}")) == 10_000
