"""Warnings of `tocsin check` on a watchlist's own regions: what is right, and may yet not be meant."""

from __future__ import annotations

from collections.abc import Iterator

from tocsin.config import LocatedWatchlist
from tocsin.config.wording import quoted
from tocsin.errors import Fault
from tocsin.models.watchlist import OwnRegion
from tocsin.regions import Gazetteer


def doubtful_regions(located: LocatedWatchlist, gazetteer: Gazetteer) -> tuple[Fault, ...]:
    """Return warnings on own regions, in the order of the file: ids that other regions have, unusual boxes."""
    return tuple(
        Fault(str(located.watchlist.path), place.line, place.column, doubt)
        for region in located.watchlist.regions
        for place in (located.key_position("regions", region.id),)
        for doubt in (*_shadows(region, gazetteer), *_crosses(region))
    )


def _shadows(region: OwnRegion, gazetteer: Gazetteer) -> Iterator[str]:
    others = gazetteer.find(region.id)
    if others:
        other = f"{others[0].name} ({others[0].id}), {_article(others[0].kind)}"
        yield f"{quoted(region.id)} is also a name of {other}; in this file it means your own region"


def _article(kind: str) -> str:
    return f"an {kind}" if kind == "area" else f"a {kind}"


def _crosses(region: OwnRegion) -> Iterator[str]:
    if region.box and region.box[0] > region.box[2]:
        west, _, east, _ = region.box
        width = 360 + east - west
        yield (
            f"the box of {quoted(region.id)} goes from {west:g} eastwards across the antimeridian to {east:g}, "
            f"{width:g} degrees; if that is not meant, its west and east are exchanged"
        )
