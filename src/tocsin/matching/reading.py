"""One article read once: folded and scanned; what was found is checked on the stored text when a watch asks for it."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from tocsin.matching.leaves import SCANNED, Leaf, Sort, Zone, needs_check
from tocsin.matching.near import WordCount
from tocsin.matching.objections import Circumstances, objection
from tocsin.matching.occurrences import Found, Refused, sorted_out, word_end
from tocsin.matching.program import Program
from tocsin.matching.query.regex import find_regex
from tocsin.matching.surroundings import Surroundings
from tocsin.matching.terms import Way
from tocsin.models.articles import Document
from tocsin.models.receipts import MAX_HITS, Span, TextField
from tocsin.text.capitals import SHOUTED
from tocsin.text.fold import fold
from tocsin.text.furniture import Part
from tocsin.text.furniture_words import Furniture
from tocsin.text.spans import lead_back

_STORY = frozenset((Furniture.BYLINE, Furniture.TAGS))
"""Furniture that says something of the story: who reports, and what it is filed under."""


class Reading:
    """What the scan of one article found, by the indexes of the program's leaves.

    ``certain`` are the leaves that stand in it, ``possible`` also those whose occurrences have yet to be checked;
    which of them do stand, `stands` says.
    """

    def __init__(self, program: Program, document: Document) -> None:
        self.document = document
        self.program = program
        self.certain: set[int] = program.values.of(document)
        self.decided: dict[int, bool] = {}
        self.title = fold(document.title)
        self.text = fold(document.text)
        # Two gaps stand where title and text meet, so that no pattern goes across.
        self.scan = self.title.scan + self.text.scan
        self._boundary = len(self.title.scan)
        self._matches = program.patterns.scanner.find(self.scan)
        self._set_aside: dict[int, Furniture] = self._in_furniture() if self._matches else {}
        self._suspects: dict[int, list[tuple[int, int]]] = {}
        self._spans: dict[tuple[int, int], Span] = {}
        self._stands: dict[int, bool] = {}
        texts = (document.title, document.text)
        self._circumstances = Circumstances(document.language, program.languages, texts)
        self.has_doubts = False
        """Whether, as far as was looked, something counts only beside another term; then `doubted` says what."""
        self._all: dict[int, list[Found]] = {}
        self._doubted: dict[int, list[Found]] = {}
        self._hits: dict[int, tuple[list[Found], list[Refused]]] = {}
        self._sort_matches()
        self.uncertain = self._suspects.keys() - self.certain
        self.possible = self.certain | self.uncertain if self.uncertain else self.certain
        self.surroundings = Surroundings(program, document, self.title, self.text)

    def _in_furniture(self) -> dict[int, Furniture]:
        """Return where in the scan text patterns stand that are no part of the story, and in what."""
        if not self._aside[0]:
            return {}
        boundary, scan = self._boundary, self.scan
        starts = {start for _, start, _ in self._matches if start >= boundary}
        kinds = {
            start: self._furniture_at(self.text.start_of(start - boundary + (scan[start] == " "))) for start in starts
        }
        return {start: kind for start, kind in kinds.items() if kind}

    def _furniture_at(self, offset: int) -> Furniture | None:
        """Return what an offset of the stored text lies in that is no part of the story; None in the story."""
        starts, parts = self._aside
        at = bisect_right(starts, offset) - 1
        return parts[at].kind if at >= 0 and offset < parts[at].end else None

    @cached_property
    def _aside(self) -> tuple[list[int], list[Part]]:
        parts = [part for part in self.text.furniture if part.kind not in _STORY]
        return [part.start for part in parts], parts

    def _sort_matches(self) -> None:
        owner = self.program.patterns.owner
        self._codes = codes = [owner[match[0]] for match in self._matches]
        if self._set_aside:
            self._sort_plain()
        else:
            self.certain.update([leaf for leaf in codes if leaf >= 0])
        self._odd = [(code, match) for code, match in zip(codes, self._matches, strict=True) if code < 0]
        shared, boundary = self.program.patterns.shared, self._boundary
        for code, (_, start, end) in self._odd:
            if ~code & 1:
                self._suspects.setdefault(~code >> 1, []).append((start, end))
                continue
            owners = shared[~code >> 1]
            leaves = owners.title if start < boundary else owners.body
            if start not in self._set_aside:
                self.certain.update(leaves)
                leaves = ()
            for leaf in leaves + owners.checked:
                self._suspects.setdefault(leaf, []).append((start, end))

    def _sort_plain(self) -> None:
        """Sort the matches of leaves that stand wherever their pattern does, but in page furniture."""
        for code, (_, start, end) in zip(self._codes, self._matches, strict=True):
            if code < 0:
                continue
            if start in self._set_aside:
                self._suspects.setdefault(code, []).append((start, end))
            else:
                self.certain.add(code)

    def stands(self, leaf: int) -> bool:
        """Return whether a leaf stands in the article, whatever it asks for but another watch's verdict."""
        if leaf in self.certain:
            return True
        known = self._stands.get(leaf)
        if known is None:
            known = self._stands[leaf] = self._is_found(leaf)
        return known

    def _is_found(self, leaf: int) -> bool:
        sort = self.program.leaf[leaf].sort
        if sort in {Sort.REGION, Sort.ABOUT}:
            return leaf in self.surroundings.leaves
        if sort is Sort.REGEX:
            return bool(self.hits(leaf))
        if leaf not in self._suspects:
            return False
        asked = self.program.leaf[leaf]
        return any(type(one) is Found for one in self._checked(asked, self._suspects[leaf]))

    def hits(self, leaf: int) -> list[Found]:
        """Return the occurrences of a leaf, at most a hundred, in reading order."""
        return self._looked_at(leaf)[0]

    def refusals(self, leaf: int) -> list[Refused]:
        """Return the first occurrences of a leaf that do not count."""
        return self._looked_at(leaf)[1]

    def all_of(self, leaf: int) -> list[Found]:
        """Return all occurrences of a scanned leaf, for terms that must stand near each other."""
        known = self._all.get(leaf)
        if known is None:
            checked = self._checked(self.program.leaf[leaf], self._by_leaf.get(leaf, []))
            known = self._all[leaf] = [one for one in checked if type(one) is Found]
        return known

    def doubted(self, leaf: int) -> list[Found]:
        """Return the occurrences of a leaf that count only beside another term, once it has been looked at."""
        if not self.has_doubts or self.program.leaf[leaf].sort not in SCANNED:
            return []
        known = self._doubted.get(leaf)
        if known is None:
            checked = self._checked(self.program.leaf[leaf], self._matches_of(leaf))
            doubted = (one.doubted for one in checked if type(one) is Refused)
            known = self._doubted[leaf] = [one for one in doubted if one]
        return known

    def stands_in_article(self, leaf: int) -> bool:
        """Return whether a scanned leaf stands in the title or the text, whichever of them it is asked of."""
        asked = self.program.leaf[leaf]
        if not asked.zone or self.stands(leaf):
            return self.stands(leaf)
        anywhere = asked._replace(zone=Zone.ANYWHERE)
        return any(type(one) is Found for one in self._checked(anywhere, self._matches_of(leaf)))

    def ranges(self, leaf: int) -> list[tuple[int, int]]:
        """Return where the patterns of a scanned leaf stand in the scan text, the gaps around them left out."""
        scan = self.scan
        return [(start + (scan[start] == " "), end - (scan[end - 1] == " ")) for start, end in self._matches_of(leaf)]

    def needs_no_check(self, leaf: int) -> bool:
        """Whether a scanned leaf stands wherever its patterns do."""
        return leaf not in self._suspects and not self.program.leaf[leaf].zone

    def _matches_of(self, leaf: int) -> list[tuple[int, int]]:
        """Return where the patterns of one leaf were found; for many leaves `_by_leaf` is the better way."""
        leaves_of = self.program.patterns.leaves_of
        found = [match[1:] for code, match in zip(self._codes, self._matches, strict=True) if code == leaf]
        return found + [match[1:] for code, match in self._odd if leaf in leaves_of(code)]

    def _looked_at(self, leaf: int) -> tuple[list[Found], list[Refused]]:
        known = self._hits.get(leaf)
        if known is None:
            asked = self.program.leaf[leaf]
            looked = self._expressions(asked) if asked.sort is Sort.REGEX else self._occurrences(leaf, asked)
            known = self._hits[leaf] = sorted_out(looked)
        return known

    def _occurrences(self, leaf: int, asked: Leaf) -> Iterator[Found | Refused]:
        return self._checked(asked, self._by_leaf.get(leaf, []))

    def _expressions(self, asked: Leaf) -> Iterator[Found | Refused]:
        fields = ((TextField.TITLE, self.document.title, Zone.BODY), (TextField.TEXT, self.document.text, Zone.TITLE))
        for field, text, other in fields:
            if asked.zone is not other:
                for start, end in find_regex(asked.written, text, MAX_HITS):
                    span = Span(field, start, end, text[start:end])
                    kind = self._furniture_at(start) if field is TextField.TEXT else None
                    yield Refused(span, f"in page furniture ({kind})") if kind else Found(0, 0, span, "")

    @cached_property
    def _by_leaf(self) -> dict[int, list[tuple[int, int]]]:
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        leaves_of = self.program.patterns.leaves_of
        for code, (_, start, end) in zip(self._codes, self._matches, strict=True):
            if code >= 0:
                found[code].append((start, end))
            else:
                for leaf in leaves_of(code):
                    found[leaf].append((start, end))
        return found

    def _checked(self, asked: Leaf, found: list[tuple[int, int]]) -> Iterator[Found | Refused]:
        ways = self.program.ways.of(asked)
        for start, end in found:
            if asked.zone and (start < self._boundary) is not (asked.zone is Zone.TITLE):
                continue
            yield self._judged(asked.sort, ways[self.scan[start:end]], start)

    def _judged(self, sort: Sort, way: Way, start: int) -> Found | Refused:
        first, last = start + way.start, start + way.end
        if sort is Sort.PREFIX:
            last = word_end(self.scan, last)
        elif sort is Sort.SUFFIX:
            first = self.scan.rfind(" ", 0, first) + 1
        span = self.span(first, last)
        if start in self._set_aside:
            return Refused(span, f"in page furniture ({self._set_aside[start]})")
        found = Found(first, last, span, self.scan[first:last])
        reason = self._objection(way, start) if needs_check(way, sort) else None
        if reason is SHOUTED:
            self.has_doubts = True
            return Refused(span, reason, found)
        return Refused(span, reason) if reason else found

    def _objection(self, way: Way, start: int) -> str | None:
        """Return why an occurrence is not the term."""
        if start < self._boundary:
            return objection(way, self.title, start, self._circumstances)
        return objection(way, self.text, start - self._boundary, self._circumstances)

    @cached_property
    def words(self) -> WordCount:
        """The words of the scan text, numbered."""
        return WordCount(self.scan)

    def is_in_title(self, start: int) -> bool:
        """Whether an offset of the scan text lies in the title."""
        return start < self._boundary

    def span(self, start: int, end: int) -> Span:
        """Return the span in the stored text that a range of the scan came from."""
        span = self._spans.get((start, end))
        if span is None:
            boundary = self._boundary
            if start < boundary:
                span = lead_back(TextField.TITLE, self.title, start, end)
            else:
                span = lead_back(TextField.TEXT, self.text, start - boundary, end - boundary)
            self._spans[start, end] = span
        return span

    def stored(self, field: TextField) -> str:
        """Return the stored text of a field."""
        return self.document.title if field is TextField.TITLE else self.document.text
