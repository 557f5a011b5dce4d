"""Verdicts as records for programs: what `tocsin watch test --json` prints."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tocsin.cli.samples import Sample
from tocsin.models.receipts import Receipt, RegionEvidence, Span, TermHit


def verdict_record(sample: Sample, receipt: Receipt) -> dict[str, Any]:
    """Return a verdict: the id of the text, its address and date where they were given, and the whole receipt."""
    given = {"url": sample.document.url, "published": sample.published}
    return {
        "id": sample.id,
        **{key: value for key, value in given.items() if value},
        "watch": receipt.watch,
        "watch_version": receipt.watch_version,
        "matched": receipt.matched,
        "reason": receipt.reason,
        "hits": [_hit(hit) for hit in receipt.hits],
        "regions": [_region(region) for region in receipt.regions],
        "focus": [asdict(one) for one in receipt.focus],
        "rejections": [
            {"clause": one.clause, "term": one.term, "span": _span(one.span), "reason": one.reason}
            for one in receipt.rejections
        ],
    }


def _hit(hit: TermHit) -> dict[str, Any]:
    record = {"clause": hit.clause, "term": hit.term, "span": _span(hit.span), "variant": hit.variant}
    return record | ({"support": hit.support} if hit.support else {})


def _region(evidence: RegionEvidence) -> dict[str, Any]:
    return {
        "region": evidence.region,
        "place": evidence.place,
        "score": evidence.score,
        "share": evidence.share,
        "mentions": [
            {"place": one.place, "name": one.name, "country": one.country, "span": _span(one.span)}
            for one in evidence.mentions
        ],
        "reason": evidence.reason,
    }


def _span(span: Span) -> dict[str, Any]:
    return {"field": span.field, "start": span.start, "end": span.end, "text": span.text}
