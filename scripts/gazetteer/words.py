"""The word files beside this one: facts of names that no package has, written by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from gazetteer.collection import Collection

from tocsin.models.ids import PlaceId
from tocsin.regions.inflection import word_forms
from tocsin.regions.places import Place, PlaceKind, Role

_ANY = frozenset(("", "*"))


def lines_of(path: Path) -> Iterator[list[str]]:
    """Yield the fields of each line, parted by ``|``; ``#`` after a gap or at the start begins a comment."""
    if not path.exists():
        return
    for raw in path.read_text("utf-8").splitlines():
        line = f" {raw}".split(" #")[0].strip()
        if line:
            yield [field.strip() for field in line.split("|")]


def entries_of(field: str) -> list[str]:
    """Return the entries of a field, parted by semicolons."""
    return [entry.strip() for entry in field.split(";") if entry.strip()]


def add_countries(to: Collection, path: Path) -> None:
    """Add further names of countries: ``code | names``; a name may begin with its languages and a colon."""
    for code, names in lines_of(path):
        for entry in entries_of(names):
            languages, colon, name = entry.rpartition(":")
            to.claim(name, code, languages=languages.split(",") if colon else (), trusted=True)


def add_cities(to: Collection, path: Path) -> None:
    """Give cities their usual English name and further names: ``id | usual name | names | inhabitants``.

    The last field is there where the sources do not know them.
    """
    for place, usual, names, *people in lines_of(path):
        to.rename(place, usual)
        if people:
            to.places[place] = replace(to.places[place], population=int(people[0]))
        for name in entries_of(names):
            to.claim(name, place, trusted=True)


def listed_cities(path: Path) -> set[str]:
    """Return the ids of the cities of a file, which are all wanted, however small they are."""
    return {line[0] for line in lines_of(path)}


def provinces_of(path: Path) -> dict[str, str]:
    """Read the provinces of what GeoNames divides otherwise: ``how its code begins | ISO 3166-2 code``."""
    return {line[0]: line[1] for line in lines_of(path)}


def former_codes(path: Path) -> dict[str, str]:
    """Read the codes that provinces had before, and the present ones: ``old | new``."""
    return {line[0]: line[1] for line in lines_of(path)}


def add_codes(to: Collection, path: Path) -> None:
    """Add abbreviations of provinces, weak and English: ``code | abbreviations``."""
    for code, names in lines_of(path):
        for name in entries_of(names):
            to.claim(name, code, languages=("en",), trusted=True)
            to.weaken(name)


def add_weak(to: Collection, path: Path) -> None:
    """Call words, parted by spaces, weak names."""
    for (words,) in lines_of(path):
        for word in words.split():
            to.weaken(word)


def add_dropped(to: Collection, path: Path) -> None:
    """Drop words, parted by spaces, from the names that are not usual ones."""
    for (words,) in lines_of(path):
        for word in words.split():
            to.drop(word)


def add_areas(to: Collection, path: Path, former: Mapping[str, str]) -> None:
    """Add areas: ``slug | English name | country | members | names``; a slug that is known adds names to its place."""
    for slug, name, country, members, names in lines_of(path):
        if slug not in to.places:
            inside = tuple(former.get(member, member) for member in members.replace(",", " ").split())
            to.add_place(Place(PlaceId(slug), name, country, PlaceKind.AREA, 0, "", inside))
        for entry in (name, *entries_of(names)):
            languages, colon, written = entry.rpartition(":")
            to.claim(written, slug, languages=languages.split(",") if colon else (), trusted=True)


def add_forms(to: Collection, path: Path, role: Role, former: Mapping[str, str]) -> None:
    """Add demonyms or institutions, declined: ``code | language, * for all | forms``."""
    for written, language, forms in lines_of(path):
        code = former.get(written, written)
        if code not in to.places:
            raise ValueError(f"{path.name}: no place has the code {code!r}")
        languages = () if language in _ANY else tuple(language.replace(",", " ").split())
        for entry in entries_of(forms):
            for form in {form for one in languages or ("",) for form in word_forms(entry, one)}:
                to.claim(form, code, role=role, languages=languages, trusted=True)


def complete_areas(to: Collection) -> None:
    """Give areas the people of their members, and tell of members that no place is."""
    areas = [place for place in to.places.values() if place.kind is PlaceKind.AREA]
    unknown = sorted({member for area in areas for member in area.members if member not in to.places})
    if unknown:
        raise ValueError(f"members of areas that no place is: {', '.join(unknown)}")
    for area in areas:
        population = sum(to.places[member].population for member in area.members)
        to.places[area.id] = replace(area, population=min(population, 2**32 - 1))
