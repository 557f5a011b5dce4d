"""The receipt of one watch on one article that has been read: the verdict, and all that speaks for it and against it.

The verdict itself is `tocsin.matching.decide`'s, for matches and misses alike, so that nothing can disagree.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from tocsin.matching.decide import holds
from tocsin.matching.explore import Evidence, Failure, evidence_of, failure_of
from tocsin.matching.leaves import Leaf, Sort
from tocsin.matching.nearest import nearest_in
from tocsin.matching.program import Program
from tocsin.matching.query.nodes import Field, FieldIs, Listed, Node, children
from tocsin.matching.reading import Reading
from tocsin.matching.wording import listed, quoted, terms_in_words
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Clause, Receipt, RegionEvidence, TermHit
from tocsin.models.watchlist import About, Watch
from tocsin.text.capitals import SHOUTED

_VERSION_LENGTH = 12


def speaks(reading: Reading) -> bool:
    """Return whether the article is in a language that the watchlist asks for, or in one that is not known."""
    languages, language = reading.program.languages, reading.document.language
    return not languages or language is None or language in languages


def judge_watch(index: int, reading: Reading) -> Receipt:
    """Return the receipt of a watch, by its index: ``none`` wins, then terms or the query, then the regions."""
    judged = _Judged(reading.program.watches[index], version_of(index, reading.program), reading)
    if not speaks(reading):
        wanted = listed(sorted(reading.program.languages), "or")
        return judged.miss(f"The article is in language {reading.document.language!r}, and the watchlist asks for "
                           f"{wanted}.")  # fmt: skip
    unwanted = judged.unwanted()
    if unwanted:
        return judged.miss(f"It says {quoted(unwanted[0].span.text)}, which the watch excludes.", hits=unwanted)
    wanted_node = reading.program.wanted(index)
    evidence = evidence_of(wanted_node, None, reading) if wanted_node else Evidence()
    if wanted_node and not holds(wanted_node, None, reading):
        return judged.without(wanted_node, evidence)
    regions = [judged.region(region) for region in judged.watch.regions]
    met = tuple(region for is_met, region in regions if is_met)
    if regions and not met:
        return judged.elsewhere(evidence.hits, tuple(region for _, region in regions))
    return judged.match(evidence, met)


@dataclass(frozen=True, slots=True)
class _Judged:
    """A watch before an article; each method makes one kind of receipt."""

    watch: Watch
    version: str
    reading: Reading

    def unwanted(self) -> tuple[TermHit, ...]:
        """Return the hits of what the watch excludes."""
        found = [evidence_of(Listed(Clause.NONE, text), None, self.reading).hits for text in self.watch.none]
        return tuple(hit for hits in found for hit in hits)

    def region(self, region: str) -> tuple[bool, RegionEvidence]:
        """Return whether a region of the watch is met, in the way that the watch asks for it."""
        places = self.reading.surroundings
        met, evidence = places.mentioned(region) if self.watch.about is About.MENTION else places.judge(region)
        return met, evidence if met else places.of_a_miss(evidence)

    def miss(self, reason: str, hits: tuple[TermHit, ...] = ()) -> Receipt:
        return Receipt(self.watch.id, self.version, matched=False, reason=reason, hits=hits)

    def without(self, node: Node, evidence: Evidence) -> Receipt:
        """Return the receipt of a miss for want of a term, or of a part of the query, with what came nearest."""
        regions = tuple(self.region(region)[1] for region in self.watch.regions)
        if self.watch.query:
            failure = failure_of(node, None, self.reading, self.watch.query)
            reason = _of_failure(failure) if failure else ""
            hits = (*evidence.hits, *(failure.hits if failure else ()))
            regions = (*evidence.regions, *_asked_regions(node, self.reading), *regions)
        else:
            reason, hits = self._no_term(evidence), ()
        return Receipt(self.watch.id, self.version, matched=False, reason=reason, hits=hits,
                       regions=tuple(dict.fromkeys(regions)), rejections=evidence.rejections,
                       focus=self.reading.surroundings.ranked)  # fmt: skip

    def _no_term(self, evidence: Evidence) -> str:
        near: str | None
        if evidence.rejections:
            near = f"nearest is {quoted(evidence.rejections[0].span.text)}: {evidence.rejections[0].reason}"
        else:
            near = nearest_in(self.reading.scan, (*self.watch.keywords, *self.watch.names))
        return f"{'; '.join(filter(None, ('No keyword or name of the watch stands in it', near)))}."

    def elsewhere(self, hits: tuple[TermHit, ...], regions: tuple[RegionEvidence, ...]) -> Receipt:
        """Return the receipt of a miss for want of a region."""
        nearest = max(regions, key=lambda one: one.share)
        names = listed([one.region for one in regions], "or")
        has = f"It has {terms_in_words(hits)}, but" if hits else "It"
        fails = f"does not mention {names}" if self.watch.about is About.MENTION else f"is not about {names}"
        return Receipt(self.watch.id, self.version, matched=False, reason=f"{has} {fails}: {nearest.reason}.",
                       hits=hits, regions=regions, focus=self.reading.surroundings.ranked)  # fmt: skip

    def match(self, evidence: Evidence, met: tuple[RegionEvidence, ...]) -> Receipt:
        shouted = tuple(one for one in evidence.rejections if one.reason == SHOUTED)
        regions = tuple(dict.fromkeys((*evidence.regions, *met)))
        return Receipt(self.watch.id, self.version, matched=True, reason=self._reason(evidence, regions),
                       hits=evidence.hits, regions=regions, rejections=shouted,
                       focus=self.reading.surroundings.ranked)  # fmt: skip

    def _reason(self, evidence: Evidence, regions: tuple[RegionEvidence, ...]) -> str:
        has = f"has {terms_in_words(evidence.hits)}" if evidence.hits else ""
        meets = f"meets {listed(evidence.values, 'and')}" if evidence.values else ""
        met = [one.region for one in regions if f"{Field.REGION}:{one.region}" not in evidence.values]
        does = "mentions" if self.watch.about is About.MENTION else "is about"
        about = f"{does} {listed(met, 'and')}" if met else ""
        return f"It {' and '.join(filter(None, (has, meets, about)))}."


def _asked_regions(node: Node, reading: Reading) -> list[RegionEvidence]:
    """Return what an article has of the regions that a query says it must be about."""
    found = []
    if isinstance(node, FieldIs) and node.name is Field.ABOUT:
        found = [reading.surroundings.judge(leaf.written)[1] for leaf in _leaves_of(node.part)]
    return [*found, *(one for part in children(node) for one in _asked_regions(part, reading))]


def _leaves_of(node: Node) -> list[Leaf]:
    below = children(node)
    if below:
        return [leaf for part in below for leaf in _leaves_of(part)]
    return [Leaf(Sort.ABOUT, getattr(node, "text", ""))]


def _of_failure(failure: Failure) -> str:
    if failure.is_exclusion:
        said = f"It says {quoted(failure.hits[0].span.text)}, which" if failure.hits else "It is what"
        return f"{said} the query excludes: {failure.words}."
    return f"Of the query, {failure.words} is not met: {failure.reason}."


def version_of(index: int, program: Program) -> str:
    """Return a digest of all that decides a watch's verdicts, so that a changed title or channel does not count."""
    known = program.versions.get(index)
    if known is None:
        known = program.versions[index] = _digest_of(index, program)
    return known


def _digest_of(index: int, program: Program) -> str:
    watch = program.watches[index]
    deciding: list[object] = [watch.keywords, watch.names, watch.regions, watch.none, sorted(program.languages)]
    if watch.query:
        asked = sorted(_asked_watches(program.tree(index)))
        deciding += [watch.query, [version_of(program.by_id[WatchId(one)], program) for one in asked]]
    if watch.about is not About.FOCUS:
        deciding.append(watch.about)
    own = {one: made for one in _asked_places(watch, index, program) if (made := program.atlas.definition(one))}
    if own:
        deciding.append(own)
    return hashlib.sha256(json.dumps(deciding).encode()).hexdigest()[:_VERSION_LENGTH]


def _asked_places(watch: Watch, index: int, program: Program) -> list[str]:
    """Return the regions that a watch names, in its list and in its query, sorted."""
    if not program.atlas.own:
        return []
    return sorted({*watch.regions, *_values_in(program.tree(index))})


def _values_in(node: Node) -> Iterator[str]:
    if isinstance(node, FieldIs) and node.name in {Field.ABOUT, Field.REGION}:
        yield from (leaf.written for leaf in _leaves_of(node.part))
    for part in children(node):
        yield from _values_in(part)


def _asked_watches(node: Node) -> set[str]:
    if isinstance(node, FieldIs) and node.name is Field.WATCH:
        return {leaf.written for leaf in _leaves_of(node.part)}
    return {watch for part in children(node) for watch in _asked_watches(part)}
