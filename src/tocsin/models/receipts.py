"""The receipt: the evidence for a verdict on one article and one watch, stored with every match and printed wherever
it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tocsin.models.ids import PlaceId, WatchId

MAX_HITS = 100
"""Occurrences of a term that a receipt keeps."""


class TextField(StrEnum):
    """The part of an article that a span points into."""

    TITLE = "title"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of code points in a stored field; ``text`` is what stands there, so that a changed text is
    noticed.
    """

    field: TextField
    start: int
    end: int
    text: str


class Clause(StrEnum):
    """The key of a watch that a term or a region stands under."""

    KEYWORDS = "keywords"
    NAMES = "names"
    REGIONS = "regions"
    NONE = "none"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class TermHit:
    """A term of the watch, as written in the watchlist, found in the article.

    ``variant`` is the folded way of writing it that was found: what ``span.text`` folds to. It is empty for a regular
    expression, and in receipts from before there was one. ``support`` is another term of the watch without which the
    place would not count, mostly "".
    """

    clause: Clause
    term: str
    span: Span
    variant: str = ""
    support: str = ""


@dataclass(frozen=True, slots=True)
class Rejection:
    """A place where a term nearly matched, and why it did not count: "in a headline of capitals only"."""

    clause: Clause
    term: str
    span: Span
    reason: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in the article: ``name`` is its usual English name, ``country`` an ISO 3166-1 alpha-2 code or ""
    for none.
    """

    place: PlaceId
    name: str
    country: str
    span: Span


@dataclass(frozen=True, slots=True)
class RegionEvidence:
    """Why an article is, or is not, about a region of the watch.

    ``region`` as written in the watchlist; ``place`` what it was resolved to. ``score`` is the summed weight of the
    mentions inside it and ``share`` that score in relation to the strongest country of the article (0..1). ``reason``
    says the verdict in words.
    """

    region: str
    place: PlaceId
    score: float
    share: float
    mentions: tuple[Mention, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class FocusPlace:
    """A place that an article is about (``met``), or would be next: one of those that come nearest.

    ``kind`` is country, province, city or area; ``score`` (0..1) as of its kind, ``share`` in relation to the strongest
    of it. ``mentions`` counts how often it, or a place in it, is named.
    """

    place: PlaceId
    name: str
    country: str
    kind: str
    score: float
    share: float
    met: bool
    mentions: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """The verdict on one article and one watch, with all that speaks for it and against it. ``reason`` is one
    sentence.

    ``focus`` is what the article is about, whatever the watch asks for: countries, then provinces, cities and areas,
    the strongest of each kind first, and the countries that come next. It is empty where no watch of the watchlist asks
    for regions.
    """

    watch: WatchId
    watch_version: str
    matched: bool
    reason: str
    hits: tuple[TermHit, ...] = ()
    regions: tuple[RegionEvidence, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    focus: tuple[FocusPlace, ...] = ()
