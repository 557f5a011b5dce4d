"""Countries, their subdivisions and the counties of the United States, from records of the sources."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gazetteer import hygiene
from gazetteer.collection import Collection
from gazetteer.records import Division, Named

from tocsin.models.ids import PlaceId
from tocsin.regions.places import Place, PlaceKind
from tocsin.text.fold import fold_term


def add_countries(
    to: Collection, countries: Mapping[str, Mapping[str, Any]], cldr: Iterable[tuple[str, str, str]]
) -> None:
    """Add every ISO 3166-1 country with its names in the locales of CLDR."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    english = {}
    for language, code, name in cldr:
        if code in countries:
            names[code, name].add(language)
            if language == "en":
                english[code] = name
    for code, country in countries.items():
        usual = usual_name(code, english.get(code, country["name"]))
        to.add_place(Place(PlaceId(code), usual, code, PlaceKind.COUNTRY, country["population"]))
        to.claim(usual, code, main=True)
        to.claim(country["name"], code)
    taken = {(name, language) for (_, name), languages in names.items() for language in languages}
    for (code, name), languages in names.items():
        # "Virgin Islands (United Kingdom)" does not call them that.
        parts = [
            part
            for part in re.split(r"\s*[()\uff08\uff09]\s*", name)
            if not any((part, one) in taken for one in languages)
        ]
        for form in (name, *parts):
            script = hygiene.script_of(form)
            if hygiene.is_long_enough(fold_term(form), script, main=False):
                to.claim(form, code, languages=languages)


_USUAL = {"CD": "DR Congo", "CG": "Republic of the Congo", "HK": "Hong Kong", "MM": "Myanmar", "MO": "Macau",
          "PS": "Palestine", "TR": "Turkey", "CZ": "Czech Republic", "VA": "Vatican City"}  # fmt: skip


def usual_name(code: str, english: str) -> str:
    """Return CLDR's English name as a newspaper writes it.

    >>> usual_name("CZ", "Czechia"), usual_name("VC", "St. Vincent & Grenadines")
    ('Czech Republic', 'Saint Vincent and Grenadines')
    """
    plain = re.sub(r"\s*\(.*", "", english).replace("St. ", "Saint ").replace(" & ", " and ")
    return _USUAL.get(code, plain)


_GENERIC = re.compile(
    r"^(?:(?:Autonomous |Metropolitan |Capital )?(?:Province|Region|State|Governorate|District|Department|Canton|"
    r"County|Republic|Oblast|Prefecture|Municipality|City|Territory|Community|Parish)s? of (?:the )?|"
    r"(?:Gouvernement|Gouvernorat|Gobernación|Gobernacion|Governatorato|Provincia|Province|Provinz|Província|Región|"
    r"Région|Regione|Região|Region|Departamento|Département|Dipartimento|Distrito|District|Distrikt|Distretto|Estado|"
    r"État|Stato|Kanton|Canton|Cantón|Cantone|Oblast|Präfektur|Préfecture|Prefectura|Prefettura|Wilaya)"
    r" (?:de la |de los |de las |del |della |delle |dei |de l'|de |des |du |d'|di |do |da |dos |das )?)|"
    r"\s+(?:(?:Autonomous |Metropolitan |Capital |Special )?(?:Province|Region|State|Governorate|District|Department|"
    r"Canton|County|Republic|Oblast|Prefecture|Municipality|Territory|Krai|Okrug|Voivodeship|Parish|Emirate|Division|"
    r"Raion|Wilaya|Community))$"
)  # fmt: skip


def bare(name: str) -> str:
    """Return the name of a province without the word for what it is.

    >>> bare("Tartus Governorate"), bare("Gouvernorat d'Idleb"), bare("Bavaria")
    ('Tartus', 'Idleb', 'Bavaria')
    """
    return _GENERIC.sub("", name).strip() or name


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A subdivision with an ISO 3166-2 code; ``first`` is the code of the one that it lies in, or empty.

    ``aliases`` are names of no known language, ``names`` those of languages.
    """

    code: str
    name: str
    first: str
    aliases: tuple[str, ...]
    names: Mapping[str, str]


_EMPTY = "UM-"
"""The minor outlying islands of the United States, each named after a person and without people."""

_COUNTRIES_OF_THEIR_OWN = frozenset(("FR", "NO", "FI"))
"""Countries whose ISO 3166-2 lists hold, under numbers, what ISO 3166-1 calls countries: Guadeloupe, Svalbard."""


def subdivisions(
    listed: Sequence[Division],
    named: Sequence[Named],
    english: dict[str, str],
    countries: dict[str, str],
) -> Iterator[Subdivision]:
    """Yield the subdivisions that have an ISO 3166-2 code and are not countries as well."""
    by_number = {one.number: one for one in named if one.number}
    for division in listed:
        others = by_number.get(division.number)
        names = others.names if others else {}
        name = english_name(division, names, english.get(division.code, ""))
        if not division.code or division.code.startswith(_EMPTY) or _is_country(division.code, name, countries):
            continue
        first, above = "", division.parent
        while above is not None:
            first, above = listed[above].code or first, listed[above].parent
        aliases = (division.name, *division.aliases)
        yield Subdivision(division.code, name, "" if first == division.code else first, aliases, names)


def english_name(division: Division, names: Mapping[str, str], cldr: str) -> str:
    """Return CLDR's English name where another source has it too, since codes have been given anew; else another."""
    known = {fold_term(name) for name in (division.name, *division.aliases, *names.values())}
    if cldr and (fold_term(cldr) in known or fold_term(cldr) in {fold_term(bare(name)) for name in known}):
        return cldr
    return names.get("en") or division.name


def former_codes(listed: Sequence[Division], named: Sequence[Named]) -> dict[str, str]:
    """Return the codes that a province had before, where they mean no other one now, with the present ones."""
    present = {division.code for division in listed}
    numbers = {division.number: division.code for division in listed if division.number and division.code}
    pairs = ((one.code, numbers.get(one.number, "")) for one in named if one.code not in present)
    return {old: new for old, new in pairs if new and old.count("-") == 1}


def _is_country(code: str, name: str, countries: dict[str, str]) -> bool:
    country, _, own = code.partition("-")
    same = countries.get(fold_term(name))
    return (own in countries.values() and same == own) or (
        country in _COUNTRIES_OF_THEIR_OWN and same not in (None, country)
    )


def add_provinces(to: Collection, provinces: Sequence[Subdivision]) -> None:
    """Add provinces with their names."""
    for province in shared_names(provinces):
        country = province.code[:2]
        to.add_place(Place(PlaceId(province.code), province.name, country, PlaceKind.PROVINCE, 0, province.first))
        to.claim(bare(province.name), province.code, main=True)
        to.claim(province.name, province.code, main=True)
        for alias in province.aliases:
            _claim_alias(to, alias, province)
        for language, name in province.names.items():
            if _fits(language, name):
                for form in {name, bare(name)}:
                    languages = () if language in {"geonames", "en"} else (language,)
                    to.claim(form, province.code, languages=languages)


def shared_names(provinces: Sequence[Subdivision]) -> Iterator[Subdivision]:
    """Yield provinces, those that share an English name across a border with each other's names in other languages.

    Punjab has a Russian name in the source only where it lies in India.
    """
    alike: dict[str, list[Subdivision]] = defaultdict(list)
    for province in provinces:
        alike[fold_term(bare(province.name))].append(province)
    for province in provinces:
        names = dict(province.names)
        for other in alike[fold_term(bare(province.name))]:
            if other.code[:2] != province.code[:2]:
                names = {**other.names, **names}
        yield replace(province, names=names)


_SCRIPT_OF_LANGUAGE = {"ru": "CYRILLIC", "uk": "CYRILLIC", "ar": "ARABIC", "fa": "ARABIC", "he": "HEBREW", "zh": "CJK",
                       "ja": "CJK", "hi": "DEVANAGARI", "ko": "HANGUL", "th": "THAI", "el": "GREEK"}  # fmt: skip


def _fits(language: str, name: str) -> bool:
    """Whether a name is in the script of its language; the source has slips such as a Russian word for Chinese."""
    script = hygiene.script_of(name)
    wanted = _SCRIPT_OF_LANGUAGE.get(language, "LATIN")
    return (script == wanted or (language == "ja" and script == "KATAKANA")) and hygiene.is_long_enough(
        fold_term(name), script, main=False
    )


def _claim_alias(to: Collection, alias: str, province: Subdivision) -> None:
    script = hygiene.script_of(alias)
    if script == "LATIN" and not hygiene.is_written_as_a_name(alias):
        return
    for form in {alias, bare(alias)}:
        if script and hygiene.is_long_enough(fold_term(form), script, main=False):
            to.claim(form, province.code)


def add_counties(to: Collection, counties: Iterable[Mapping[str, str]]) -> None:
    """Add the counties of the United States (``fips``, ``name``, ``state``), which papers there name at every turn."""
    for county in counties:
        province = f"US-{county['state']}"
        if province in to.places:
            place_id = f"fips:{county['fips']}"
            to.add_place(Place(PlaceId(place_id), county["name"], "US", PlaceKind.AREA, 0, province))
            to.claim(county["name"], place_id, main=True)


def with_populations(to: Collection, cities: Iterable[tuple[str, int, float, float]]) -> None:
    """Give each province the people of its cities (province, population, latitude, longitude), and their middle."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for province, population, latitude, longitude in cities:
        total = sums[province]
        total[0] += population
        total[1] += population * latitude
        total[2] += population * longitude
    for code, (population, latitude, longitude) in sums.items():
        if code in to.places and population:
            to.places[code] = replace(
                to.places[code],
                population=int(population),
                latitude=latitude / population,
                longitude=longitude / population,
            )


_KILOMETRES_A_DEGREE = 111


class Seats:
    """Finds the province of a city by the nearest city that is named like a province.

    For countries that GeoNames divides otherwise, and for provinces of the second level, of whose people it knows none.
    """

    def __init__(self, provinces: Sequence[Subdivision], cities: Sequence[Mapping[str, Any]]) -> None:
        largest: dict[tuple[str, str], Mapping[str, Any]] = {}
        for city in reversed(cities):  # The largest come first, and shall stay.
            for name in (city["name"], *city["alternatenames"]):
                largest[city["countrycode"], fold_term(name)] = city
        for city in reversed(cities):
            largest[city["countrycode"], fold_term(city["name"])] = city
        self._seats: dict[tuple[str, str], list[tuple[str, float, float]]] = defaultdict(list)
        for province in provinces:
            country = province.code[:2]
            names = (province.name, *province.aliases, province.names.get("en", ""))
            found = (largest.get((country, fold_term(bare(name)))) for name in names if name)
            if seat := next(filter(None, found), None):
                self._seats[country, province.first].append((province.code, seat["latitude"], seat["longitude"]))

    def nearest(self, city: Mapping[str, Any], first: str) -> str:
        """Return the code of the nearest province in one of the first level, or, without that, of the country."""
        seats = self._seats.get((city["countrycode"], first), ())
        east = math.cos(math.radians(city["latitude"]))

        def away(seat: tuple[str, float, float]) -> tuple[float, str]:
            across = (seat[2] - city["longitude"]) * east
            return math.hypot(seat[1] - city["latitude"], across) * _KILOMETRES_A_DEGREE, seat[0]

        nearest = min(seats, key=away, default=None)
        return nearest[0] if nearest and away(nearest)[0] <= _FAR else ""


_FAR = 150
"""Kilometres from its province's seat within which a city is taken to lie in the province."""
