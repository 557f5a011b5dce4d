"""Finds declined names of places in a scan text, in languages that put endings to names."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from tocsin.regions.declension import Rules, citation_forms, rules_of
from tocsin.regions.gazetteer import Gazetteer
from tocsin.regions.places import Name, Place, PlaceKind, Role
from tocsin.regions.sight import Sighting
from tocsin.text.fold import Folded, fold_term

_CAPITAL = "[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĢĪĮİĶĹĻĽŁŃŅŇŌŐŘŚŞŠȘŢŤȚŪŮŰŲŹŻŽΆΈΉΊΌΎΏΑ-ΩЀ-Я\u0490\u04d8]"
_CAPITALISED = re.compile(rf"\b{_CAPITAL}[^\W\d_]{{2,}}")

_LEAST = ((5, 1_000_000), (6, 100_000))
"""Letters and inhabitants of cities and provinces that are looked for in the declined forms of any language; shorter
words ("Ale", "Ten") are met by chance. A syllable of a script of syllables is two letters.
"""

_LONG_AT_HOME = 5
"""Letters from which those of countries where the language is spoken are, however small."""

_MOST_KEPT = 50_000
"""Words of a language that are remembered, each kind; then all are forgotten."""

_MOST_WORDS = 3
"""Words of a declined name: "Spojených arabských emirátech"."""

_RANKS = {PlaceKind.COUNTRY: 3, PlaceKind.AREA: 2, PlaceKind.PROVINCE: 1, PlaceKind.CITY: 0}


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a word may be: a declined name, and the citation forms in which it begins names of several words."""

    name: Name | None
    firsts: tuple[str, ...]


_Value = TypeVar("_Value")

_NOTHING = _Reading(None, ())


@dataclass(frozen=True, slots=True)
class _Memory:
    """What has been found out of words of a language: their folded forms, their readings, those of several words."""

    language: str
    rules: Rules
    folded: dict[str, str] = field(default_factory=dict)
    readings: dict[str, _Reading] = field(default_factory=dict)
    phrases: dict[str, Name | None] = field(default_factory=dict)

    @staticmethod
    def keep(known: dict[str, _Value], key: str, value: _Value) -> _Value:
        """Remember a value and return it; a memory that is full begins anew."""
        if len(known) >= _MOST_KEPT:
            known.clear()
        known[key] = value
        return value


class DeclinedNames:
    """The names of a gazetteer as they stand behind prepositions and in oblique cases."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._of_language: dict[str, _Memory] = {}

    def find(self, folded: Folded, language: str | None) -> Iterator[Sighting]:
        """Yield the declined names of a text, the longest at each place; those of places small and far are left out."""
        rules = rules_of(language)
        if rules is None or language is None:
            return
        memory = self._of_language.setdefault(language, _Memory(language, rules))
        readings = self._readings(_candidates(folded, memory), memory)
        if readings:
            yield from self._sightings(folded.scan, readings, memory)

    def _readings(self, words: Iterable[str], memory: _Memory) -> dict[str, _Reading]:
        found = {}
        for word in words:
            reading = memory.readings.get(word)
            if reading is None:
                reading = memory.keep(memory.readings, word, self._reading(word, memory))
            if reading is not _NOTHING:
                found[word] = reading
        return found

    def _sightings(self, scan: str, readings: dict[str, _Reading], memory: _Memory) -> Iterator[Sighting]:
        words = scan.split(" ")
        start = 0
        for at, word in enumerate(words):
            reading = readings.get(word)
            if reading:
                name, length = self._longest(words[at : at + _MOST_WORDS], reading, memory)
                if name:
                    yield Sighting(name, start, start + length)
            start += len(word) + 1

    def _longest(self, words: list[str], reading: _Reading, memory: _Memory) -> tuple[Name | None, int]:
        """Return the longest declined name that begins here, None where there is none, and its length."""
        if reading.firsts:
            for count in range(len(words), 1, -1):
                written = " ".join(words[:count])
                if written not in memory.phrases:
                    memory.keep(memory.phrases, written, self._phrase(words[:count], reading.firsts, memory))
                name = memory.phrases[written]
                if name:
                    return name, len(written)
        return reading.name, len(words[0])

    def _phrase(self, words: list[str], firsts: tuple[str, ...], memory: _Memory) -> Name | None:
        """Return what several words may be a declined name of, the first of them in these citation forms."""
        begun = list(firsts)
        for word in words[1:-1]:
            begun = [form for form in _continued(begun, word, memory) if form in self._beginnings]
        written = " ".join(words)
        last = words[-1]
        if not last.isalnum():
            return None
        return self._best((form for form in _continued(begun, last, memory) if form != written), memory)

    def _reading(self, word: str, memory: _Memory) -> _Reading:
        forms = list(dict.fromkeys(citation_forms(word, memory.rules)))
        firsts = tuple(form for form in (word, *forms) if form in self._beginnings)
        name = self._best(forms, memory)
        return _Reading(name, firsts) if name or firsts else _NOTHING

    def _best(self, forms: Iterable[str], memory: _Memory) -> Name | None:
        """Return the name of the best known place among these that is known well enough."""
        best, rank = None, (-1, 0)
        for form in forms:
            name = self._gazetteer.named(form)
            place = _place_of(name, memory) if name else None
            if place and (_RANKS[place.kind], place.population) > rank:
                best, rank = name, (_RANKS[place.kind], place.population)
        return best

    @cached_property
    def _beginnings(self) -> frozenset[str]:
        """What names of several words begin with: their first word, their first two words."""
        return frozenset(_beginnings(self._gazetteer.patterns()))


def _beginnings(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        end = name.find(" ")
        while end > 0:
            yield name[:end]
            end = name.find(" ", end + 1)


def _continued(begun: Iterable[str], word: str, memory: _Memory) -> Iterator[str]:
    forms = (word, *citation_forms(word, memory.rules))
    return (f"{one} {form}" for one in begun for form in forms)


def _candidates(folded: Folded, memory: _Memory) -> Collection[str]:
    """Return the folded words that may be names: those with capitals, all where there are none."""
    capitalised = set(_CAPITALISED.findall(folded.text)) if memory.rules.cased else ()
    if not capitalised:
        return set(folded.scan.split())
    known = memory.folded
    return {known.get(word) or memory.keep(known, word, fold_term(word)) for word in capitalised}


def _place_of(name: Name, memory: _Memory) -> Place | None:
    """Return the place that a name means in a language if it is known well enough to be looked for in other forms."""
    if name.is_weak(memory.language):
        return None
    for bearer in name.bearers:
        if bearer.role is Role.NAME and (not bearer.languages or memory.language in bearer.languages):
            return bearer.place if _is_known(bearer.place, name, memory.rules) else None
    return None


def _is_known(place: Place, name: Name, rules: Rules) -> bool:
    if place.kind in {PlaceKind.COUNTRY, PlaceKind.AREA}:
        return True
    length = len(name.folded) if rules.cased else 2 * len(name.folded)
    if place.country in rules.home and length >= _LONG_AT_HOME:
        return True
    return any(length >= letters and place.population >= people for letters, people in _LEAST)
