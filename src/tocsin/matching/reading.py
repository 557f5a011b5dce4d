"""One article read once: folded, scanned, every occurrence checked on the stored text; then asked by each watch."""

from __future__ import annotations

import unicodedata
from functools import cached_property

from tocsin.matching.compiler import NamePattern, Program, Region
from tocsin.matching.terms import Way
from tocsin.models.articles import Document
from tocsin.models.receipts import Mention, RegionEvidence, Rejection, Span, TermHit, TextField
from tocsin.regions import Focus, Gazetteer, Place, Sighting, find_focus, judge, recognise
from tocsin.text.capitals import SHOUTED, is_shouted, letters_of
from tocsin.text.fold import Folded, fold

_MAX_HITS = 100
"""Occurrences of a term that a receipt keeps."""

_MAX_REJECTIONS = 3
"""Near misses of a term that a receipt keeps: the verb "is" stands in every article."""


class Reading:
    """What the scan of one article found; places are looked at only when a watch asks for them.

    ``hits`` and ``rejections`` are by the index of the term in the program, in reading order.
    """

    def __init__(self, program: Program, gazetteer: Gazetteer, document: Document) -> None:
        self.document = document
        self.hits: dict[int, list[TermHit]] = {}
        self.rejections: dict[int, list[Rejection]] = {}
        self._program = program
        self._gazetteer = gazetteer
        self._title = fold(document.title)
        self._text = fold(document.text)
        self._spans: dict[tuple[int, int], Span] = {}
        self._judged: dict[str, tuple[bool, RegionEvidence]] = {}
        # Two gaps stand where title and text meet, so that no pattern goes across.
        self.scan = self._title.scan + self._text.scan
        self._named: list[tuple[NamePattern, int]] = []
        self._sort_found()

    def judge(self, region: Region) -> tuple[bool, RegionEvidence]:
        """Return whether the article is about a region, and why."""
        if region.written not in self._judged:
            self._judged[region.written] = judge(region.written, region.place, self.focus)
        return self._judged[region.written]

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The places that the article names, in reading order."""
        sightings = (Sighting(one.name, self._span(at + one.start, at + one.end)) for one, at in self._named)
        document = self.document
        return recognise(sightings, document.title, document.text, language=document.language, home=self._home)

    @cached_property
    def focus(self) -> Focus:
        """What the article is about."""
        return find_focus(self.mentions, self._home)

    @cached_property
    def _home(self) -> Place | None:
        return self._gazetteer.resolve(self.document.home) if self.document.home else None

    def _sort_found(self) -> None:
        owners = self._program.owners
        for pattern, start, end in self._program.scanner.find(self.scan):
            if self._is_cut(end):
                continue
            owner = owners[pattern]
            self._named += [(name, start) for name in owner.names]
            for term, way in owner.terms:
                self._check(term, way, start)

    def _is_cut(self, end: int) -> bool:
        """Whether a pattern of an unspaced script ends before a mark that belongs to its last letter."""
        last, after = self.scan[end - 1], self.scan[end : end + 1]
        return last != " " and after not in {"", " "} and unicodedata.category(after)[0] == "M"

    def _check(self, term: int, way: Way, start: int) -> None:
        """Enter an occurrence as a hit, or as a rejection with its reason."""
        known = self._program.terms[term]
        hits = self.hits.setdefault(term, [])
        if len(hits) >= _MAX_HITS:
            return
        span = self._span(start + way.start, start + way.end)
        reason = self._objection(way, start, span)
        if reason is None:
            hits.append(TermHit(known.clause, known.written, span))
        elif len(rejections := self.rejections.setdefault(term, [])) < _MAX_REJECTIONS:
            rejections.append(Rejection(known.clause, known.written, span, reason))

    def _objection(self, way: Way, start: int, span: Span) -> str | None:
        """Return why an occurrence is not the term: an acronym must stand in capitals that mean something."""
        for word in way.acronyms:
            written = self._span(start + word.start, start + word.end).text
            if letters_of(written) != word.letters + word.ending:
                return f"written {written!r}, and {word.letters} counts in capitals only"
        if way.acronyms and is_shouted(self._stored(span.field), span.start, span.end):
            return SHOUTED
        return None

    def _span(self, start: int, end: int) -> Span:
        """Return the span in the stored text that a range of the scan came from."""
        span = self._spans.get((start, end))
        if span is None:
            boundary = len(self._title.scan)
            if start < boundary:
                span = _lead_back(TextField.TITLE, self._title, start, end)
            else:
                span = _lead_back(TextField.TEXT, self._text, start - boundary, end - boundary)
            self._spans[start, end] = span
        return span

    def _stored(self, field: TextField) -> str:
        return self.document.title if field is TextField.TITLE else self.document.text


def _lead_back(field: TextField, folded: Folded, start: int, end: int) -> Span:
    first, last = folded.span(start, end)
    # The last point of a dotted acronym (U.S.) is dropped by folding, but is part of it.
    if "." in folded.text[first:last] and folded.text[last : last + 1] == ".":
        last += 1
    return Span(field, first, last, folded.text[first:last])
