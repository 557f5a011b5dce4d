"""The verdict on one region of a watch, with its reason in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from tocsin.models.receipts import Mention, RegionEvidence, TextField
from tocsin.regions.focus import Focus, Scored
from tocsin.regions.places import Place, PlaceKind
from tocsin.regions.weights import INNER

Contains = Callable[[Place, Place], bool]

_RUNNERS_UP = 3


def judge(region: str, place: Place, focus: Focus, contains: Contains | None = None) -> tuple[bool, RegionEvidence]:
    """Return whether an article is about a region, and why; ``region`` is its name as the watchlist has it.

    An area is in focus where a country, province or city inside it is, by ``contains(outer, inner)``; by default the
    members of the area are looked at.
    """
    if place.kind is PlaceKind.AREA:
        scored = _of_area(place, focus, contains or _is_member)
    else:
        scored = next((one for one in focus.ranking(place.kind) if one.place == place.id), None)
    if scored is None:
        return False, RegionEvidence(region, place.id, 0.0, 0.0, (), _not_mentioned(place, focus))
    strongest = max(scored.score, *(one.score for one in focus.ranking(place.kind)[:1]), 1e-9)
    share = scored.score / strongest
    reason = _reason(place, scored, focus)
    return scored.met, RegionEvidence(
        region, place.id, round(scored.score, 2), round(share, 3), scored.mentions, reason
    )


def _is_member(area: Place, inner: Place) -> bool:
    return inner.id == area.id or not {inner.id, inner.country, inner.province}.isdisjoint(area.members)


def _of_area(area: Place, focus: Focus, contains: Contains) -> Scored | None:
    """Return how an area stands: as its strongest part does, or as the area itself where the article names it."""
    parts = [one for one in _all(focus) if one.known and contains(area, one.known)]
    if not parts:
        return None
    best = max(parts, key=lambda one: (one.met, one.score))
    mentions = {mention.span: mention for one in parts for mention in one.mentions}
    ordered = sorted(mentions.values(), key=lambda one: (one.span.field is TextField.TEXT, one.span.start))
    return Scored(area.id, best.score, tuple(ordered), best.met, best.known)


def _all(focus: Focus) -> Iterator[Scored]:
    yield from (*focus.areas, *focus.countries, *focus.provinces, *focus.cities)


def _not_mentioned(place: Place, focus: Focus) -> str:
    leaders = ", ".join(_name_of(one) for one in focus.countries if one.met)
    return f"{place.name} is not mentioned" + (f"; the article is about {leaders}" if leaders else "")


def _reason(place: Place, scored: Scored, focus: Focus) -> str:
    if focus.from_home:
        return f"the article names no place, and its feed's home is {place.name}"
    ranking = focus.ranking(place.kind)
    stands = f"{place.name} {scored.score:.2f}, {where(scored.mentions)}"
    if scored.known and scored.known.id != place.id:
        stands = f"{place.name} by {scored.known.name} {scored.score:.2f}, {where(scored.mentions)}"
    others = [
        one for one in ranking if one.place != place.id and (one.mentions if scored.met else one.score > scored.score)
    ]
    runners = ", ".join(f"{_name_of(one)} {one.score:.2f}" for one in others[:_RUNNERS_UP])
    if scored.met:
        verdict = "strongest" if not ranking or ranking[0].place == place.id else "in focus"
        return f"{stands}; {verdict}" + (f"; beside {runners}" if runners else "")
    weak = "only mentioned" if scored.mentions else "not named"
    return f"{stands}; {weak}" + (f", weaker than {runners}" if runners else "")


def _name_of(scored: Scored) -> str:
    return scored.known.name if scored.known else str(scored.place)


def where(mentions: tuple[Mention, ...]) -> str:
    """Return in words where mentions stand: "title and lead"; "text" only where it is the only place."""
    found = {_stands_in(one) for one in mentions}
    first = [place for place in ("title", "lead") if place in found]
    return " and ".join(first) or ("text" if mentions else "by its companies, money or home")


def _stands_in(mention: Mention) -> str:
    if mention.span.field is TextField.TITLE:
        return "title"
    return "lead" if mention.span.start < INNER.lead_length else "text"
