"""The verdict on one region of a watch, with its reason in words."""

from __future__ import annotations

from tocsin.models.receipts import Mention, RegionEvidence, TextField
from tocsin.regions.focus import Focus, Scored, weight_of
from tocsin.regions.places import Place, PlaceKind
from tocsin.regions.weights import WEIGHTS


def judge(region: str, place: Place, focus: Focus) -> tuple[bool, RegionEvidence]:
    """Return whether an article is about a region, and why; ``region`` is its name as the watchlist has it."""
    scored = focus.scored(place)
    if scored is None:
        return False, RegionEvidence(region, place.id, 0.0, 0.0, (), f"{place.name} is not mentioned")
    share = focus.share(scored, place.kind)
    met = _is_met(place, scored, share)
    reason = _reason(place, scored, share, focus, met=met)
    return met, RegionEvidence(region, place.id, round(scored.score, 1), round(share, 3), scored.mentions, reason)


def _is_met(place: Place, scored: Scored, share: float) -> bool:
    if scored.score < WEIGHTS.min_score:
        return False
    stands_first = place.kind is PlaceKind.CITY and any(weight_of(one) > WEIGHTS.body for one in scored.mentions)
    return share >= WEIGHTS.min_share or stands_first


def _reason(place: Place, scored: Scored, share: float, focus: Focus, *, met: bool) -> str:
    if focus.from_home:
        return f"the article names no place, and its feed's home is {place.name}"
    strongest = focus.countries[0] if place.kind is PlaceKind.COUNTRY else focus.cities[0]
    figures = f"{place.name} {scored.score:.1f} of {strongest.score:.1f}, {where(scored.mentions)}"
    if met:
        return f"{figures}; {'strongest' if share == 1 else 'in focus'}"
    if scored.score < WEIGHTS.min_score:
        return f"{figures}; only mentioned, less than {WEIGHTS.min_score:.1f}"
    kind = "country" if place.kind is PlaceKind.COUNTRY else "city"
    return f"{figures}; only mentioned, less than half of the strongest {kind}, {_name_of(strongest)}"


def _name_of(strongest: Scored) -> str:
    own = next((one.name for one in strongest.mentions if one.place == strongest.place), None)
    return own or f"{strongest.place} ({strongest.mentions[0].name})"


def where(mentions: tuple[Mention, ...]) -> str:
    """Return in words where mentions stand: "title and lead"; "text" only where it is the only place."""
    heads = {TextField.TITLE: "title"}
    found = [heads.get(one.span.field) or ("lead" if weight_of(one) > WEIGHTS.body else "text") for one in mentions]
    first = [place for place in ("title", "lead") if place in found]
    return " and ".join(first) or "text"
