"""A receipt in plain words, line by line, for terminal, page and mail; no markup, no colour."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.matching.wording import quoted, times
from tocsin.models.receipts import Clause, FocusPlace, Receipt, RegionEvidence, Rejection, TermHit, TextField

_ONE = {Clause.KEYWORDS: "keyword", Clause.NAMES: "name", Clause.REGIONS: "region", Clause.NONE: "excluded",
        Clause.QUERY: "term"}  # fmt: skip


def receipt_lines(receipt: Receipt, *, most: int = 10) -> list[str]:
    """Return the reason, then a line for each term found and each region, one on what the article is about, and one for
    each near miss; at most ``most`` a kind.
    """
    terms = list(dict.fromkeys((hit.clause, hit.term) for hit in receipt.hits))
    of_term = [[hit for hit in receipt.hits if (hit.clause, hit.term) == term] for term in terms]
    return [
        receipt.reason,
        *_bounded([_term_line(hits) for hits in of_term], most),
        *_bounded([_region_line(evidence) for evidence in receipt.regions], most),
        *_focus_line(receipt),
        *_bounded([_rejection_line(rejection) for rejection in receipt.rejections], most),
    ]


def _bounded(lines: list[str], most: int) -> list[str]:
    return lines if len(lines) <= most else [*lines[:most], f"and {len(lines) - most} more"]


def _term_line(hits: Sequence[TermHit]) -> str:
    first = hits[0]
    fields = list(dict.fromkeys(hit.span.field for hit in hits))
    written = list(dict.fromkeys(hit.span.text for hit in hits if hit.span.text != first.term))
    aside = f", written {', '.join(map(quoted, written[:3]))}" if written else ""
    where = " and ".join("title" if field is TextField.TITLE else "text" for field in fields)
    return f"{_ONE[first.clause]} {quoted(first.term)}: {times(len(hits))} in the {where}{aside}{_support(hits)}"


def _support(hits: Sequence[TermHit]) -> str:
    """Return what is to be said where hits count only because another term of the watch stands in the article."""
    backed = [hit for hit in hits if hit.support]
    if not backed:
        return ""
    how_many = "" if len(backed) == len(hits) else f"{times(len(backed))} "
    beside = quoted(backed[0].support)
    return f"; {how_many}among words in capitals only, where it counts because {beside} stands in the article too"


def _region_line(evidence: RegionEvidence) -> str:
    names = list(dict.fromkeys(mention.span.text for mention in evidence.mentions))
    aside = f" (named: {', '.join(names[:5])})" if names else ""
    return f"region {quoted(evidence.region)}: {evidence.reason}{aside}"


def _focus_line(receipt: Receipt) -> list[str]:
    """Return what the article is about and, where the watch is missed, what would be next."""
    met = [one for one in receipt.focus if one.met]
    others = [_scored(one) for one in receipt.focus if not one.met]
    about = ", ".join(map(_scored, met)) or "no place in particular"
    beside = f"; next would be {', '.join(others)}" if others else ""
    return [f"the article is about: {about}{beside}"] if receipt.focus else []


def _scored(place: FocusPlace) -> str:
    kind = "" if place.kind in {"country", "area"} else f"{place.kind} "
    return f"{kind}{place.name} {place.score:.2f}"


def _rejection_line(rejection: Rejection) -> str:
    return f"not counted for {quoted(rejection.term)}: {quoted(rejection.span.text)}, {rejection.reason}"
