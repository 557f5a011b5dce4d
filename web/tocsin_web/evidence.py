"""Receipts as the article's page shows them: in words, and in full as rows of tables. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.matching.explain import receipt_lines
from tocsin.models.ids import WatchId
from tocsin.models.matches import Match
from tocsin.models.receipts import FocusPlace, Receipt, RegionEvidence, Span, TextField
from tocsin.rendering.clean import one_line

_TERM_LIMIT = 80
_FOUND_LIMIT = 120
_REASON_LIMIT = 400


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A place in the article: ``found`` is what stands there, ``where`` the field and the range of code points."""

    found: str
    where: str


@dataclass(frozen=True, slots=True)
class TermRow:
    """A term of the watch and where it was found; ``clause`` is the key it stands under in the watchlist."""

    clause: str
    term: str
    span: SpanRow


@dataclass(frozen=True, slots=True)
class RejectionRow:
    """A place where a term nearly matched, and why it did not count."""

    clause: str
    term: str
    span: SpanRow
    reason: str


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A place that the article names."""

    name: str
    country: str
    span: SpanRow


@dataclass(frozen=True, slots=True)
class RegionRow:
    """What speaks for a region: its score, and its share of the strongest country's in percent."""

    region: str
    place: str
    score: str
    percent: int
    reason: str
    mentions: tuple[MentionRow, ...]


@dataclass(frozen=True, slots=True)
class FocusRow:
    """A place that the article is about, or one that would be next."""

    name: str
    place: str
    kind: str
    score: str
    percent: int
    verdict: str


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """The receipt of one match: ``reason`` first, then ``lines`` in words, then all of it as rows.

    ``withdrawn_at`` is set when a later revision no longer met the watch, ``withdrawn_because`` says why.
    """

    watch: WatchId
    title: str
    version: str
    matched_at: datetime
    withdrawn_at: datetime | None
    withdrawn_because: str
    reason: str
    lines: tuple[str, ...]
    terms: tuple[TermRow, ...]
    regions: tuple[RegionRow, ...]
    focus: tuple[FocusRow, ...]
    rejections: tuple[RejectionRow, ...]


def receipt_view(match: Match, titles: Mapping[WatchId, str]) -> ReceiptView:
    """Turn a match into what is shown of its receipt; a watch removed since goes by its id."""
    receipt = match.receipt
    return ReceiptView(
        watch=match.watch,
        title=titles.get(match.watch) or match.watch,
        version=receipt.watch_version,
        matched_at=match.matched_at,
        withdrawn_at=match.withdrawn_at,
        withdrawn_because=one_line(match.withdrawn_because or "", _REASON_LIMIT),
        reason=one_line(receipt.reason, _REASON_LIMIT),
        lines=tuple(one_line(line, _REASON_LIMIT) for line in receipt_lines(receipt)[1:]),
        terms=_terms(receipt),
        regions=tuple(map(_region, receipt.regions)),
        focus=tuple(map(_focus, receipt.focus)),
        rejections=_rejections(receipt),
    )


def _terms(receipt: Receipt) -> tuple[TermRow, ...]:
    return tuple(TermRow(hit.clause.value, one_line(hit.term, _TERM_LIMIT), _span(hit.span)) for hit in receipt.hits)


def _rejections(receipt: Receipt) -> tuple[RejectionRow, ...]:
    return tuple(
        RejectionRow(
            rejection.clause.value,
            one_line(rejection.term, _TERM_LIMIT),
            _span(rejection.span),
            one_line(rejection.reason, _REASON_LIMIT),
        )
        for rejection in receipt.rejections
    )


def _region(evidence: RegionEvidence) -> RegionRow:
    return RegionRow(
        region=one_line(evidence.region, _TERM_LIMIT),
        place=evidence.place,
        score=f"{evidence.score:.2f}",
        percent=round(100 * evidence.share),
        reason=one_line(evidence.reason, _REASON_LIMIT),
        mentions=tuple(
            MentionRow(one_line(mention.name, _TERM_LIMIT), mention.country, _span(mention.span))
            for mention in evidence.mentions
        ),
    )


def _focus(place: FocusPlace) -> FocusRow:
    return FocusRow(
        name=one_line(place.name, _TERM_LIMIT),
        place=place.place,
        kind=place.kind,
        score=f"{place.score:.2f}",
        percent=round(100 * place.share),
        verdict="in focus" if place.met else "weighed",
    )


def _span(span: Span) -> SpanRow:
    field = "title" if span.field is TextField.TITLE else "text"
    return SpanRow(one_line(span.text, _FOUND_LIMIT), f"{field}, {span.start} to {span.end}")
