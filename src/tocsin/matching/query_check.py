"""What is wrong with the queries of a watchlist: their syntax, and the regions and watches they ask for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from tocsin.config import QueryCheck, QueryProblem, RegionNames
from tocsin.matching.query import Field, FieldIs, Node, Phrase, QueryError, parse_query
from tocsin.matching.query.nodes import children


def query_check(check_region: Callable[[str], str | None]) -> QueryCheck:
    """Return what `tocsin.config` checks queries with; ``check_region`` says what is wrong with a region that the
    watchlist does not define itself.
    """

    def check(queries: Mapping[str, str], watches: Collection[str], regions: Collection[str]) -> Iterator[QueryProblem]:
        names = RegionNames(regions, check_region)
        asked: dict[str, list[Phrase]] = {}
        for watch, text in queries.items():
            try:
                node = parse_query(text)
            except QueryError as error:
                yield QueryProblem(watch, error.offset, error.length, str(error))
                continue
            yield from _unknown_regions(watch, node, names)
            asked[watch] = [*_values(node, Field.WATCH)]
        yield from _faulty_watches(asked, watches)

    return check


def _unknown_regions(watch: str, node: Node, names: RegionNames) -> Iterator[QueryProblem]:
    for field in (Field.REGION, Field.ABOUT):
        for region in _values(node, field):
            problem = names.problem(region.text)
            if problem:
                yield _problem(watch, region, problem)


def _faulty_watches(asked: Mapping[str, Sequence[Phrase]], watches: Collection[str]) -> Iterator[QueryProblem]:
    for watch, phrases in asked.items():
        for phrase in phrases:
            if phrase.text not in watches:
                yield _problem(
                    watch, phrase, f"there is no watch {phrase.text!r}; write the id of one under 'watches:'"
                )
            elif _leads_to(phrase.text, watch, asked):
                yield _problem(watch, phrase, f"{phrase.text!r} asks, in the end, for this watch itself; leave one out")


def _leads_to(start: str, goal: str, asked: Mapping[str, Sequence[Phrase]]) -> bool:
    """Whether a watch asks for another, directly or through others."""
    reached = [start]
    for watch in reached:
        reached += [one.text for one in asked.get(watch, ()) if one.text not in reached]
    return goal in reached


def _values(node: Node, field: Field) -> Iterator[Phrase]:
    if isinstance(node, FieldIs) and node.name is field:
        yield from _phrases(node.part)
    for part in children(node):
        yield from _values(part, field)


def _phrases(node: Node) -> Iterator[Phrase]:
    if isinstance(node, Phrase):
        yield node
    for part in children(node):
        yield from _phrases(part)


def _problem(watch: str, phrase: Phrase, message: str) -> QueryProblem:
    return QueryProblem(watch, phrase.start, phrase.end - phrase.start, message)
