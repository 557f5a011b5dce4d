"""Which of the gazetteer's names found in a text are places, and which places they are.

Takes sightings (name and range) in both fields of one article; returns mentions. Case is judged here by script:
"turkey" is a bird. Names of several places are told apart by population and by the countries named beside them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.models.receipts import Mention, Span, TextField
from tocsin.regions.places import Name, Place, PlaceKind
from tocsin.regions.weights import WEIGHTS
from tocsin.text.capitals import is_acronym, is_shouted, letters_of

_SHORT = 3
"""Letters up to which a Latin name is an abbreviation (US, UAE) and must stand in capitals."""

_ARTICLE = re.compile(r"(?:[Aae][ltdnrszh]|[ae]sh|[Tt]he|[Ll]a|[Ll]e|[Ll]es|[Ee]l)[-\s’']")  # noqa: RUF001 - an apostrophe
_WORD_BEFORE = re.compile(r"([^\W\d_]+)[ ’]\Z")  # noqa: RUF001 - an apostrophe
_WORD_AFTER = re.compile(r" ([^\W\d_]+)")
_NO_NAME = frozenset(
    ("In", "The", "For", "From", "To", "And", "But", "At", "On", "When", "While", "If", "As", "Of", "By", "With",
     "After", "Before", "Since", "Why", "How")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name of the gazetteer found at a range of a field, before anything is known of its case or company."""

    name: Name
    span: Span


def recognise(
    sightings: Iterable[Sighting], title: str, text: str, *, language: str | None = None, home: Place | None = None
) -> tuple[Mention, ...]:
    """Return the mentions among the sightings, in reading order; of overlapping names the longest."""
    fields = {TextField.TITLE: title, TextField.TEXT: text}
    written = [seen for seen in _longest(sightings) if _is_written_as_a_name(seen, fields[seen.span.field], language)]
    countries = _countries_named(seen for seen in written if not seen.name.weak)
    if home:
        countries |= {home.country}
    return tuple(
        _mention(seen, countries)
        for seen in written
        if not seen.name.weak or _is_supported(seen, fields[seen.span.field], countries)
    )


def _longest(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Return the sightings in reading order without those that overlap an earlier or, at one start, a longer one."""
    kept: list[Sighting] = []
    order = {TextField.TITLE: 0, TextField.TEXT: 1}
    for seen in sorted(sightings, key=lambda seen: (order[seen.span.field], seen.span.start, -seen.span.end)):
        span = seen.span
        if not kept or kept[-1].span.field != span.field or kept[-1].span.end <= span.start:
            kept.append(seen)
    return kept


def _is_written_as_a_name(seen: Sighting, text: str, language: str | None) -> bool:
    name, span = seen.name, seen.span
    if name.languages and language not in name.languages:
        return False
    first = span.text[:1]
    if first.lower() == first.upper():
        return True
    if len(letters_of(name.folded)) <= _SHORT:
        return is_acronym(span.text) and not is_shouted(text, span.start, span.end)
    if not _has_capitals(span.text):
        return False
    # In a headline of capitals a weak name is any word: "NICE DAY".
    return not (name.weak and span.text.isupper() and is_shouted(text, span.start, span.end))


def _has_capitals(written: str) -> bool:
    """Whether the first word, an article aside, and the last begin with a capital."""
    bare = _ARTICLE.sub("", written, count=1) or written
    last = re.split(r"[\s\-’']+", written)[-1]  # noqa: RUF001 - an apostrophe
    return bare[:1].isupper() and (last[:1].isupper() or last[:1].lower() == last[:1].upper())


def _countries_named(sightings: Iterable[Sighting]) -> frozenset[str]:
    """Return the countries that are named, or meant by a name that no place of another country bears."""
    named = set()
    for seen in sightings:
        countries = {place.country for place in seen.name.places}
        if seen.name.places[0].kind is PlaceKind.COUNTRY or len(countries) == 1:
            named.add(seen.name.places[0].country)
    return frozenset(named)


def _is_supported(seen: Sighting, text: str, countries: frozenset[str]) -> bool:
    """Whether a weak name is a place: one of its country stands beside it, or, for a country, it stands alone."""
    if any(place.country in countries for place in seen.name.places):
        return True
    return seen.name.places[0].kind is PlaceKind.COUNTRY and not _is_part_of_a_name(text, seen.span)


def _is_part_of_a_name(text: str, span: Span) -> bool:
    """Whether another capitalised word stands beside the range: "Jordan Peele", "Michael Jordan"."""
    before = _WORD_BEFORE.search(text, max(0, span.start - 30), span.start)
    after = _WORD_AFTER.match(text, span.end)
    words = [match[1] for match in (before, after) if match]
    return any(word[0].isupper() and word not in _NO_NAME for word in words)


def _mention(seen: Sighting, countries: frozenset[str]) -> Mention:
    place = _most_likely(seen.name.places, countries)
    return Mention(place.id, place.name, place.country, seen.span)


def _most_likely(places: Sequence[Place], countries: frozenset[str]) -> Place:
    """Return the country of this name, else the city that is largest, with more weight where its country is named."""
    if len(places) == 1 or places[0].kind is PlaceKind.COUNTRY:
        return places[0]
    return max(places, key=lambda place: _likelihood(place, countries))


def _likelihood(place: Place, countries: frozenset[str]) -> float:
    return math.log10(max(place.population, 1)) + (WEIGHTS.context if place.country in countries else 0.0)
