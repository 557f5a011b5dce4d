"""Cities and their names, from records of the sources, and the spellings that rules make of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gazetteer import hygiene, respell
from gazetteer.collection import Collection

from tocsin.models.ids import PlaceId
from tocsin.regions.places import Place, PlaceKind
from tocsin.text.fold import fold_term


def add_city(
    to: Collection, city: Mapping[str, Any], province: str, translations: Mapping[str, Sequence[str]], *, capital: bool
) -> None:
    """Add a city of GeoNames with its names, and those that languages have for it."""
    place = f"geonames:{city['geonameid']}"
    population = city["population"]
    to.add_place(
        Place(
            PlaceId(place), city["name"], city["countrycode"], PlaceKind.CITY, population, province,
            latitude=city["latitude"], longitude=city["longitude"],
        )
    )  # fmt: skip
    if capital:
        to.capitals.add(place)
    usual = fold_term(city["name"])
    english = next((name for name, languages in translations.items() if "en" in languages), "")
    if fold_term(english) == usual:
        to.places[place] = replace(to.places[place], name=english)
    if hygiene.is_long_enough(usual, hygiene.script_of(city["name"]), main=True):
        to.claim(city["name"], place, main=True)
    _add_fame(to, place, len(city["alternatenames"]))
    if short := short_name(city["name"], population):
        to.claim(short, place, main=True)
    for name in sorted(set(city["alternatenames"])):
        if is_sound(name, usual, city, translated=False, capital=capital):
            to.claim(name, place)
    for name, languages in translations.items():
        if is_sound(name, usual, city, translated=True, capital=capital):
            to.claim(name, place, languages=languages)


def _add_fame(to: Collection, place: str, names: int) -> None:
    if names <= _FEW and place not in to.capitals:
        to.obscure.add(place)
    if names >= _MANY:
        to.known.add(place)


_FEW = 12
"""Alternate names up to which a city is hardly known abroad."""

_MANY = 25
"""Alternate names from which on a city is known everywhere."""

_ARTICLE = re.compile(r"(?:al|el|ad|ar|as|ash|at|ath|az|an|ed|er|es|esh|et|ez|en) (?=\S)")
_MIN_WITHOUT_ARTICLE = 5

_ON_A_RIVER = re.compile(r" (?:upon|on|am|an der|im|in der|sur|sous|aan|aan den|na|nad)[ -]|-(?:upon|on|sur)-")
_LARGE_ENOUGH = 50_000


def short_name(name: str, population: int) -> str:
    """Return what papers leave of the name of a town on a river, if it is not too small to be known by that.

    >>> short_name("Newcastle upon Tyne", 190_000), short_name("Homs", 775_404)
    ('Newcastle', '')
    """
    first = _ON_A_RIVER.split(name, maxsplit=1)
    return first[0] if len(first) > 1 and population >= _LARGE_ENOUGH else ""


def is_sound(name: str, usual: str, city: Mapping[str, Any], *, translated: bool, capital: bool) -> bool:
    """Whether another name of a city may stand in a text; ``translated``: a language is known that uses it."""
    script = hygiene.script_of(name)
    folded = fold_term(name)
    if not script or folded == usual or not hygiene.is_long_enough(folded, script, main=False):
        return False
    population = city["population"]
    if script == "LATIN":
        is_known = translated or capital or population >= hygiene.LARGE
        return hygiene.is_written_as_a_name(name) and (is_known or hygiene.resembles(folded, usual))
    is_near = capital or hygiene.is_at_home(script, city["countrycode"])
    return is_near or (script in hygiene.WIDE and population >= hygiene.ABROAD)


def add_spellings(to: Collection) -> None:
    """Add spellings of the names of cities and provinces by rules, unless another name is written so."""
    taken = {folded for folded, _ in to.claimed(tuple(PlaceKind))}
    new: set[tuple[str, str]] = set()
    _add_without_article(to, taken)
    for folded, place_id in to.claimed((PlaceKind.CITY, PlaceKind.PROVINCE), usual=True):
        place = to.places[place_id]
        if hygiene.script_of(folded) == "LATIN":
            others = respell.spellings(folded, place.country, place.population)
            new.update((spelling, place_id) for spelling in others if spelling not in taken)
    for spelling, place_id in sorted(new):
        if hygiene.is_long_enough(spelling, "LATIN", main=False):
            to.claim(spelling, place_id)


def _add_without_article(to: Collection, taken: set[str]) -> None:
    """Add the names of the Arab world without their article, as papers write them: Qamishli."""
    found: dict[str, str] = {}
    for folded, place_id in to.claimed((PlaceKind.CITY,), usual=True):
        place = to.places[place_id]
        rest = _ARTICLE.sub("", folded, count=1) if _ARTICLE.match(folded) else ""
        if place.country in respell.ARAB and len(rest) >= _MIN_WITHOUT_ARTICLE and rest not in taken:
            larger = to.places[found[rest]].population if rest in found else -1
            if place.population > larger:
                found[rest] = place_id
    for rest, place_id in sorted(found.items()):
        if to.is_distinct(rest):
            to.claim(rest, place_id, main=True)
            taken.add(rest)
