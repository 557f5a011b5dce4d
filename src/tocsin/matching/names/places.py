"""The gazetteer asked by a folded name, for the names of the watchlist that are also places."""

from __future__ import annotations

from tocsin.models.ids import PlaceId
from tocsin.regions import Name, Role, load_gazetteer


def places_named(folded: str) -> Name | None:
    """Return the name of the gazetteer that is written so when folded and that places bear, None if none does."""
    name = load_gazetteer().named(folded)
    return name if name and name.places else None


def ids_named(folded: str) -> frozenset[PlaceId]:
    """Return the places that are written so when folded: in any language, or, if there are none, in some."""
    name = places_named(folded)
    if name is None:
        return frozenset()
    everywhere = [one.place.id for one in name.bearers if one.role is Role.NAME and not one.languages]
    return frozenset(everywhere or (place.id for place in name.places))
