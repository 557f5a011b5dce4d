"""The verdict of one watch on one article that has been read: the rule itself, and the receipt.

The same function judges matches and misses, so that `match` and `explain` cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.matching.compiler import Program, Region, Rule
from tocsin.matching.nearest import nearest_in
from tocsin.matching.reading import Reading
from tocsin.matching.wording import listed, quoted, terms_in_words
from tocsin.models.receipts import Receipt, RegionEvidence, Rejection, TermHit
from tocsin.text.capitals import SHOUTED


def judge_rule(rule: Rule, program: Program, reading: Reading) -> Receipt:
    """Return the receipt of a watch: any keyword or name, and, where regions are given, any of them; ``none`` wins."""
    language = reading.document.language
    if program.languages and language is not None and language not in program.languages:
        wanted = listed(sorted(program.languages), "or")
        return _miss(rule, f"The article is in language {language!r}, and the watchlist asks for {wanted}.")
    unwanted = _hits(rule.unwanted, reading)
    if unwanted:
        return _miss(rule, f"It says {quoted(unwanted[0].span.text)}, which the watch excludes.", hits=unwanted)
    hits = _hits(rule.wanted, reading)
    if rule.wanted and not hits:
        return _without_term(rule, program, reading)
    met, evidence = _regions(rule.regions, reading)
    if rule.regions and not met:
        return _elsewhere(rule, hits, evidence)
    if not hits and not met:
        return _miss(rule, "The watch asks for nothing that could be found.")
    shouted = tuple(one for one in _rejections(rule, reading) if one.reason == SHOUTED)
    return Receipt(rule.watch.id, rule.version, matched=True, reason=_reason(hits, met), hits=hits, regions=met,
                   rejections=shouted)  # fmt: skip


def _hits(terms: Iterable[int], reading: Reading) -> tuple[TermHit, ...]:
    return tuple(hit for term in terms for hit in reading.hits.get(term, ()))


def _rejections(rule: Rule, reading: Reading) -> tuple[Rejection, ...]:
    return tuple(one for term in rule.wanted for one in reading.rejections.get(term, ()))


def _regions(
    regions: Iterable[Region], reading: Reading
) -> tuple[tuple[RegionEvidence, ...], tuple[RegionEvidence, ...]]:
    """Return the evidence for the regions that are met, and for all of them."""
    judged = [reading.judge(region) for region in regions]
    return tuple(evidence for met, evidence in judged if met), tuple(evidence for _, evidence in judged)


def _miss(rule: Rule, reason: str, hits: tuple[TermHit, ...] = ()) -> Receipt:
    return Receipt(rule.watch.id, rule.version, matched=False, reason=reason, hits=hits)


def _without_term(rule: Rule, program: Program, reading: Reading) -> Receipt:
    """Return the receipt of a miss for want of a term, with what came nearest."""
    rejections = _rejections(rule, reading)
    evidence = _regions(rule.regions, reading)[1]
    if rejections:
        near: str | None = f"nearest is {quoted(rejections[0].span.text)}: {rejections[0].reason}"
    else:
        near = nearest_in(reading.scan, [program.terms[term].written for term in rule.wanted])
    reason = "; ".join(filter(None, ("No keyword or name of the watch stands in it", near)))
    return Receipt(rule.watch.id, rule.version, matched=False, reason=f"{reason}.", regions=evidence,
                   rejections=rejections)  # fmt: skip


def _elsewhere(rule: Rule, hits: tuple[TermHit, ...], evidence: tuple[RegionEvidence, ...]) -> Receipt:
    """Return the receipt of a miss for want of a region."""
    nearest = max(evidence, key=lambda one: one.share)
    names = listed([one.region for one in evidence], "or")
    has = f"It has {terms_in_words(hits)}, but is" if hits else "It is"
    reason = f"{has} not about {names}: {nearest.reason}."
    return Receipt(rule.watch.id, rule.version, matched=False, reason=reason, hits=hits, regions=evidence)


def _reason(hits: tuple[TermHit, ...], met: tuple[RegionEvidence, ...]) -> str:
    about = f"is about {listed([one.region for one in met], 'and')}" if met else ""
    has = f"has {terms_in_words(hits)}" if hits else ""
    return f"It {' and '.join(filter(None, (has, about)))}."
