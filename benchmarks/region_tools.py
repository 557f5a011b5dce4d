"""The tools that places are measured with: ours, and those of the package index that may be installed beside it.

pip install geotext flashgeotext country-named-entity-recognition
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache

from region_sets import Sample, Verdict

from tocsin.regions import Located, load_gazetteer, locator_of
from tocsin.text.fold import fold
from tocsin.text.language import detect_language

Tool = Callable[[Sample], Verdict]


def located(sample: Sample, *, home: bool = True) -> Located:
    """Return the places of an article as a classification finds them, its folding included."""
    language = sample.language or detect_language(sample.title, sample.text)
    title, text = fold(sample.title), fold(sample.text)
    locator = locator_of(load_gazetteer())
    return locator.locate(title, text, language=language, home=sample.home if home else None)


def verdict_of(found: Located) -> Verdict:
    """Return the countries that an article is about and those that it names."""
    return Verdict(frozenset(found.focus.focused), frozenset(found.countries))


def ours(sample: Sample) -> Verdict:
    """Return the verdict of this project, with the feed's home."""
    return verdict_of(located(sample))


def ours_without_home(sample: Sample) -> Verdict:
    """Return the verdict of this project where the feed has no home."""
    return verdict_of(located(sample, home=False))


def others() -> Iterator[tuple[str, Tool]]:
    """Yield the other tools that are installed; each takes title and text as one."""
    for name, make in (("geotext", _geotext), ("flashgeotext", _flashgeotext), ("country-ner", _country_ner)):
        with suppress(ImportError):
            yield name, make()


def _geotext() -> Tool:
    from geotext import GeoText

    return lambda sample: _most_named(Counter(GeoText(_whole(sample)).country_mentions))


def _flashgeotext() -> Tool:
    from flashgeotext.geotext import GeoText

    finder = GeoText()

    def find(sample: Sample) -> Verdict:
        counts: Counter[str] = Counter()
        for found in finder.extract(_whole(sample)).values():
            for name, one in found.items():
                counts[_country_of(name)] += one["count"]
        del counts[""]
        return _most_named(counts)

    return find


@cache
def _country_of(name: str) -> str:
    """Return the country that a name means without context: this tool leaves it to whoever asks."""
    place = load_gazetteer().resolve(name)
    return place.country if place else ""


def _country_ner() -> Tool:
    from country_named_entity_recognition import find_countries

    def find(sample: Sample) -> Verdict:
        return _most_named(Counter(country.alpha_2 for country, _ in find_countries(_whole(sample))))

    return find


def _most_named(counts: Counter[str]) -> Verdict:
    """Return the countries named most, all of them where they tie, and all that are named."""
    most = max(counts.values(), default=0)
    return Verdict(frozenset(code for code, count in counts.items() if count == most), frozenset(counts))


def _whole(sample: Sample) -> str:
    return f"{sample.title}\n{sample.text}"
