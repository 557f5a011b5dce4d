"""Whether an article meets a watch, as cheaply as can be; the receipt with its reasons is made elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tocsin.matching.aliases import all_in, group_of, is_backed
from tocsin.matching.flatten import Clause, Close
from tocsin.matching.leaves import leaf_of
from tocsin.matching.near import near
from tocsin.matching.occurrences import Found
from tocsin.matching.query.nodes import And, Field, FieldIs, Near, Node, Not, Or, Phrase
from tocsin.matching.reading import Reading
from tocsin.models.ids import WatchId


def met_by(reading: Reading) -> list[int]:
    """Return the watches that the article meets, by index and in order, language aside."""
    rules, possible = reading.program.rules, reading.possible
    clauses, plain, met = rules.clauses, rules.plain, []
    for watch in candidates(reading):
        for clause in clauses[watch]:
            if possible.isdisjoint(clause):
                break
        else:
            if _has_all(watch, reading) if plain[watch] else decides(watch, reading):
                met.append(watch)
    met.sort()
    return met


def candidates(reading: Reading) -> set[int]:
    """Return the watches, by index, that the article could meet: it has an anchor of each."""
    anchors = reading.program.anchors
    found = anchors.on(reading.possible)
    if anchors.on_places:
        found |= anchors.on(set(reading.surroundings.leaves))
    return found | anchors.always if anchors.always else found


def decides(watch: int, reading: Reading) -> bool:
    """Return whether the article meets the watch of this index, language aside."""
    known = reading.decided.get(watch)
    if known is None:
        known = reading.decided[watch] = _decide(watch, reading)
    return known


def _decide(watch: int, reading: Reading) -> bool:
    rules, possible = reading.program.rules, reading.possible
    if any(possible.isdisjoint(clause) for clause in rules.clauses[watch]):
        return False
    if rules.plain[watch]:
        return _has_all(watch, reading)
    return holds(reading.program.tree(watch), None, reading)


def _has_all(watch: int, reading: Reading) -> bool:
    """Return whether a plain watch is met of which all clauses could be."""
    rules = reading.program.rules
    if reading.uncertain and not _is_certain(rules.clauses[watch], reading):
        return False
    unwanted = rules.unwanted[watch]
    if unwanted and not reading.possible.isdisjoint(unwanted) and any(map(reading.stands, unwanted)):
        return False
    return all(_is_close(close, reading) for close in rules.close.get(watch, ()))


def _is_certain(clauses: Sequence[Clause], reading: Reading) -> bool:
    certain = reading.certain
    return all(
        not certain.isdisjoint(clause) or any(map(reading.stands, clause)) or is_backed(clause, reading)
        for clause in clauses
    )


def _is_close(close: Close, reading: Reading) -> bool:
    """Return whether terms stand close together; only if they seem to, their occurrences are checked."""
    return _seems_close(close, reading, lambda leaf, _: reading.ranges(leaf)) and (
        all(reading.needs_no_check(leaf) for clause in close.clauses for leaf in clause)
        or _seems_close(close, reading, lambda leaf, clause: _ranges_in(leaf, clause, reading))
    )


def _ranges_in(leaf: int, clause: Clause, reading: Reading) -> list[tuple[int, int]]:
    """Return where a leaf stands in the scan text, each occurrence checked."""
    return [(one.start, one.end) for one in all_in(leaf, clause, reading)]


def _seems_close(close: Close, reading: Reading, ranges_of: Callable[[int, Clause], list[tuple[int, int]]]) -> bool:
    ranges = [[one for leaf in clause for one in ranges_of(leaf, clause)] for clause in close.clauses]
    return any(_is_close_in(ranges, close, reading, in_title=in_title) for in_title in (False, True))


def _is_close_in(
    ranges: Sequence[Sequence[tuple[int, int]]], close: Close, reading: Reading, *, in_title: bool
) -> bool:
    operands: list[list[tuple[int, int]]] = []
    for found in ranges:
        here = [one for one in found if reading.is_in_title(one[0]) is in_title]
        if not here:
            return False
        operands.append(sorted(reading.words.place(*one) for one in here))
    return bool(near(operands, close.distance, ordered=close.ordered))


def holds(  # noqa: PLR0911 - one a kind of node
    node: Node, asked: Field | None, reading: Reading, *, excluded: bool = False
) -> bool:
    """Return whether a part of a watch's tree is met; ``asked`` is the field that it stands in.

    In what is ``excluded``, a term counts only by itself.
    """
    match node:
        case And():
            return all(holds(part, asked, reading, excluded=excluded) for part in node.parts)
        case Or():
            return any(holds(part, asked, reading, excluded=excluded) for part in node.parts) or (
                reading.has_doubts and not excluded and is_backed(group_of(node, asked, reading), reading)
            )
        case Not():
            return not holds(node.part, asked, reading, excluded=True)
        case FieldIs():
            return holds(node.part, node.name, reading, excluded=excluded)
        case Near():
            return bool(near_hits(node, asked, reading))
        case Phrase() if asked is Field.WATCH:
            return decides(reading.program.by_id[WatchId(node.text)], reading)
        case _:
            return reading.stands(reading.program.leaves[leaf_of(node, asked)])


def near_hits(node: Near, asked: Field | None, reading: Reading) -> dict[Node, list[Found]]:
    """Return the occurrences that stand near each other, by term; empty where there are none."""
    found: dict[Node, list[Found]] = {}
    for in_title in (True, False):
        operands = near_operands(node, asked, reading, in_title=in_title)
        places = [[place for place, _, _ in operand] for operand in operands]
        if not all(places):
            continue
        standing = near(places, node.distance, ordered=node.ordered)
        for index, operand in enumerate(operands):
            for place, term, hit in operand:
                if (index, place) in standing:
                    found.setdefault(term, []).append(hit)
    return found


def near_operands(
    node: Near, asked: Field | None, reading: Reading, *, in_title: bool
) -> list[list[tuple[tuple[int, int], Node, Found]]]:
    """Return, for each operand, where its terms stand in one of the fields, in reading order."""
    operands = []
    for operand in node.operands:
        terms = operand.parts if isinstance(operand, Or) else (operand,)
        group = [reading.program.leaves[leaf_of(term, asked)] for term in terms]
        placed = [
            (reading.words.place(hit.start, hit.end), term, hit)
            for leaf, term in zip(group, terms, strict=True)
            for hit in all_in(leaf, group, reading)
            if reading.is_in_title(hit.start) is in_title
        ]
        operands.append(sorted(placed, key=lambda one: one[0]))
    return operands
