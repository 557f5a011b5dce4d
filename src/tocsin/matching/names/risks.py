"""What a name's family may be taken for: common words, and places of the gazetteer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tocsin.matching.names.family import Variant, family
from tocsin.matching.names.places import ids_named, places_named
from tocsin.matching.names.words import languages_with
from tocsin.models.ids import PlaceId
from tocsin.regions import Place, PlaceKind, load_gazetteer
from tocsin.text.capitals import is_acronym
from tocsin.text.fold import fold_term
from tocsin.text.patterns import is_unspaced

_SHORT = 4
_NAMED = 3
"""Members of a family that a warning names; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Collision:
    """A member of a family that is also something else: ``what`` says it in words."""

    variant: Variant
    what: str


def collisions_of(name: str) -> tuple[Collision, ...]:
    """Return what a name and the members of its family are besides, in the family's order.

    A spelling of a place that is itself meant (Kiev for Kyiv) collides with nothing.
    """
    mine = ids_named(fold_term(name))
    return tuple(_collisions(family(name), mine))


def _collisions(members: Sequence[Variant], mine: frozenset[PlaceId]) -> Iterator[Collision]:
    for at, variant in enumerate(members):
        if languages := languages_with(variant.pattern):
            yield Collision(variant, f"also a common word in {', '.join(languages)}")
        known = places_named(variant.pattern)
        if known is not None and (at == 0 or _is_elsewhere(variant, mine)):
            yield Collision(variant, f"also {_place_in_words(known.places[0])}")


def _place_in_words(place: Place) -> str:
    if place.kind is PlaceKind.COUNTRY:
        return "a country"
    country = load_gazetteer().place(PlaceId(place.country))
    return f"a city in {country.name if country else place.country}"


def risks_of(name: str) -> tuple[str, ...]:
    """Return warnings about a name of a watch, each a sentence with its remedy; none for a name that stands out.

    A name in capitals is an acronym, which counts in capitals only, and so is not at risk.
    """
    folded = fold_term(name)
    if not folded or is_acronym(name) or is_unspaced(folded[0]):
        return ()
    return (*_risks_of_itself(name, folded), *_risks_of_family(name, folded))


def _risks_of_itself(name: str, folded: str) -> Iterator[str]:
    if len(folded) < _SHORT:
        yield f"the name {name!r} is short, and others bear it; give the full name, or a region or keyword beside it"
    if languages := languages_with(folded):
        where = ", ".join(languages)
        yield f"the name {name!r} is also a common word ({where}); give the full name, or a region or keyword beside it"


def _risks_of_family(name: str, folded: str) -> Iterator[str]:
    mine = ids_named(folded)
    others = [variant.written for variant in family(name)[1:] if _is_elsewhere(variant, mine)]
    if others:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        yield f"the family of the name {name!r} holds places: {', '.join(others[:_NAMED])}{more}; see `watch variants`"


def _is_elsewhere(variant: Variant, mine: frozenset[PlaceId]) -> bool:
    return not variant.languages and bool(ids_named(variant.pattern)) and mine.isdisjoint(ids_named(variant.pattern))
