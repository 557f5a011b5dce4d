"""A watch's tree held against an article part by part: what speaks for it and against it, and which part failed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tocsin.matching.aliases import backed, group_of
from tocsin.matching.decide import holds, near_hits, near_operands
from tocsin.matching.leaves import PLACES, SCANNED, Sort, as_written, leaf_of
from tocsin.matching.near import closest
from tocsin.matching.nearest import nearest_in, stands_in
from tocsin.matching.occurrences import Found
from tocsin.matching.query.nodes import And, Field, FieldIs, Listed, Near, Node, Not, Or, children
from tocsin.matching.query.unparse import unparse
from tocsin.matching.reading import Reading
from tocsin.matching.wording import listed, quoted
from tocsin.models.receipts import MAX_HITS, Clause, RegionEvidence, Rejection, TermHit, TextField


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an article has of a part of a tree.

    ``hits`` and ``regions`` are those of the parts that are met, ``values`` the other fields that are met in the
    words of the query; ``rejections`` what nearly counted.
    """

    hits: tuple[TermHit, ...] = ()
    regions: tuple[RegionEvidence, ...] = ()
    values: tuple[str, ...] = ()
    rejections: tuple[Rejection, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """The part of a query that is not met, in its own words, and what came nearest."""

    words: str
    reason: str
    is_exclusion: bool = False
    hits: tuple[TermHit, ...] = ()


_NOTHING = Evidence()


def evidence_of(
    node: Node, asked: Field | None, reading: Reading, within: tuple[Or, Field | None] | None = None
) -> Evidence:
    """Return all that an article has of a part of a tree, exclusions left out.

    ``within`` is the largest OR that the part is an alternative of, with its field.
    """
    match node:
        case Not():
            return _NOTHING
        case And():
            return _joined(evidence_of(part, asked, reading) for part in node.parts)
        case Or():
            within = within or (node, asked)
            return _joined(evidence_of(part, asked, reading, within) for part in node.parts)
        case FieldIs():
            return evidence_of(node.part, node.name, reading, within)
        case Near():
            return _of_near(node, asked, reading)
        case _:
            return _of_leaf(node, asked, reading, within)


def _of_leaf(node: Node, asked: Field | None, reading: Reading, within: tuple[Or, Field | None] | None) -> Evidence:
    leaf = leaf_of(node, asked)
    if leaf.sort in PLACES:
        places = reading.surroundings
        if leaf.sort is Sort.ABOUT:
            met, region = places.judge(leaf.written)
            return Evidence(regions=(region,)) if met else _NOTHING
        met, region = places.mentioned(leaf.written)
        return Evidence(regions=(region,), values=(f"{asked}:{leaf.written}",)) if met else _NOTHING
    if leaf.sort is Sort.WATCH or (leaf.sort not in SCANNED and leaf.sort is not Sort.REGEX):
        return Evidence(values=(f"{asked}:{leaf.written}",)) if holds(node, asked, reading) else _NOTHING
    index = reading.program.leaves[leaf]
    if leaf.sort in SCANNED and index not in reading.possible:
        return _NOTHING
    clause, written = node.clause if isinstance(node, Listed) else Clause.QUERY, as_written(leaf)
    hits, refused = reading.hits(index), reading.refusals(index)
    more = backed(index, group_of(*within, reading), reading) if within and reading.doubted(index) else []
    if more:
        hits = sorted([*hits, *more], key=lambda one: one.start)[:MAX_HITS]
        refused = [one for one in refused if not one.doubted]
    rejections = tuple(Rejection(clause, written, one.span, one.reason) for one in refused)
    return Evidence(hits=_hits(hits, clause, written), rejections=rejections)


def _hits(found: Iterable[Found], clause: Clause, written: str) -> tuple[TermHit, ...]:
    return tuple([TermHit(clause, written, one.span, one.variant, one.support) for one in found])


def _of_near(node: Near, asked: Field | None, reading: Reading) -> Evidence:
    hits: list[TermHit] = []
    for term, found in near_hits(node, asked, reading).items():
        written = as_written(leaf_of(term, asked))
        hits += _hits(found[:MAX_HITS], Clause.QUERY, written)
    return Evidence(hits=tuple(hits))


def _joined(found: Iterable[Evidence]) -> Evidence:
    parts = [part for part in found if part is not _NOTHING]
    if len(parts) <= 1:
        return parts[0] if parts else _NOTHING
    return Evidence(
        hits=tuple(dict.fromkeys(hit for part in parts for hit in part.hits)),
        regions=tuple(dict.fromkeys(region for part in parts for region in part.regions)),
        values=tuple(dict.fromkeys(value for part in parts for value in part.values)),
        rejections=tuple(dict.fromkeys(one for part in parts for one in part.rejections)),
    )


def failure_of(node: Node, asked: Field | None, reading: Reading, query: str) -> Failure | None:
    """Return the first part of a query that is not met, as deep as it can be named; None where all is met."""
    if holds(node, asked, reading):
        return None
    match node:
        case And():
            return next(filter(None, (failure_of(part, asked, reading, query) for part in node.parts)), None)
        case FieldIs() if children(node.part) and not isinstance(node.part, Or):
            return failure_of(node.part, node.name, reading, query)
        case Not():
            evidence = evidence_of(node.part, asked, reading)
            hits = tuple(replace(hit, clause=Clause.NONE) for hit in evidence.hits)
            return Failure(_words(node, query), "", is_exclusion=True, hits=hits)
        case _:
            return Failure(_words(node, query), _nearest(node, asked, reading) or "nothing of it stands in the article")


def _words(node: Node, query: str) -> str:
    """Return a part of a query as it was written."""
    words = query[node.start : node.end]
    return words or unparse(node)


def _nearest(node: Node, asked: Field | None, reading: Reading) -> str | None:
    """Return in words what came nearest to a part that is not met."""
    if isinstance(node, FieldIs):
        asked = node.name
        node = node.part
    if isinstance(node, Near):
        return _apart(node, asked, reading)
    if isinstance(node, Not):
        ruled_out = evidence_of(node.part, asked, reading).hits
        return f"it says {quoted(ruled_out[0].span.text)}" if ruled_out else None
    if any(children(part) for part in children(node)):
        return _nearest_of_parts(node, asked, reading)
    return _nearest_of_leaves(node, asked, reading)


def _nearest_of_leaves(node: Node, asked: Field | None, reading: Reading) -> str | None:
    """Return what came nearest to a leaf, or to an AND or OR of leaves, all asked of one field."""
    leaves = [(leaf_of(part, asked), part) for part in _leaves(node)]
    texts = [leaf.written for leaf, _ in leaves if leaf.sort in SCANNED]
    refused = evidence_of(node, asked, reading).rejections
    if refused:
        return f"nearest is {quoted(refused[0].span.text)}: {refused[0].reason}"
    if asked in {Field.TITLE, Field.BODY}:
        return _elsewhere(_leaves(node), reading) or nearest_in(reading.scan, texts)
    if asked is not None:
        return _of_value(asked, [leaf.written for leaf, _ in leaves], reading)
    return nearest_in(reading.scan, texts)


def _nearest_of_parts(node: Node, asked: Field | None, reading: Reading) -> str | None:
    """Return what came nearest to the parts of an AND or OR that are not met; each may be asked of another field."""
    failed = [part for part in children(node) if not holds(part, asked, reading)]
    refused = [one for part in failed for one in evidence_of(part, asked, reading).rejections]
    if refused:
        return f"nearest is {quoted(refused[0].span.text)}: {refused[0].reason}"
    return next(filter(None, (_nearest(part, asked, reading) for part in failed)), None)


def _leaves(node: Node) -> list[Node]:
    found: list[Node] = [node]
    leaves: list[Node] = []
    for part in found:
        below = children(part)
        found += below
        if not below and not isinstance(part, FieldIs):
            leaves.append(part)
    return leaves


def _elsewhere(terms: Sequence[Node], reading: Reading) -> str | None:
    """Return where a term stands that was asked of the other field; only terms that are asked of both are scanned."""
    for term in terms:
        text = getattr(term, "text", "")
        for field, scan in ((TextField.TITLE, reading.title.scan), (TextField.TEXT, reading.text.scan)):
            if text and stands_in(scan, text):
                return f"{quoted(text)} stands in the {field} only"
    return None


def _apart(node: Near, asked: Field | None, reading: Reading) -> str | None:
    """Return how far apart the terms of a NEAR stand, or which of them is missing."""
    gaps = []
    for in_title in (True, False):
        operands = near_operands(node, asked, reading, in_title=in_title)
        places = [[place for place, _, _ in operand] for operand in operands]
        if all(places):
            gaps.append(closest(places, ordered=node.ordered))
    known = [gap for gap in gaps if gap is not None]
    if known:
        return f"at their nearest, {min(known)} words lie between"
    if gaps:
        return "they stand in the other order"
    missing = [operand for operand in node.operands if not holds(operand, asked, reading)]
    return f"{listed([unparse(one) for one in missing], 'and')} does not stand in it" if missing else None


def _of_value(asked: Field, written: Sequence[str], reading: Reading) -> str:  # noqa: PLR0911 - one a field
    document, places = reading.document, reading.surroundings
    match asked:
        case Field.ABOUT:
            return places.of_a_miss(max((places.judge(one)[1] for one in written), key=lambda one: one.share)).reason
        case Field.REGION:
            reasons = [places.of_a_miss(places.mentioned(one)[1]).reason for one in written]
            return reasons[0] if len(reasons) == 1 else f"{listed(written, 'or')} is not mentioned"
        case Field.LANG:
            return f"the article is in {quoted(document.language)}" if document.language else "its language is unknown"
        case Field.WATCH:
            return f"the article does not meet the watch {listed(written, 'or')}"
        case Field.TAG:
            return f"its feed has the tags {listed(document.tags, 'and')}" if document.tags else "its feed has no tags"
        case Field.SOURCE:
            return f"its source is {quoted(document.source)}" if document.source else "its source is unknown"
        case _:
            return f"its address is {document.url}" if document.url else "its address is unknown"
