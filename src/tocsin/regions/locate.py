"""From a folded article to its places: names scanned for, recognised and resolved, and what the article is about.

The names have an automaton of their own, built once a process however often a watchlist is compiled anew.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from tocsin.models.receipts import Mention, TextField
from tocsin.regions.focus import Focus, find_focus
from tocsin.regions.gazetteer import Gazetteer
from tocsin.regions.mentions import Sighting, recognise
from tocsin.regions.places import Name, PlaceKind
from tocsin.text.fold import Folded
from tocsin.text.patterns import padded
from tocsin.text.proclitics import prefixes_of
from tocsin.text.scanner import Scanner
from tocsin.text.spans import lead_back


@dataclass(frozen=True, slots=True)
class Located:
    """The places that an article names, in reading order, and those that it is about."""

    mentions: tuple[Mention, ...]
    focus: Focus


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A name and the range of its pattern that is the name itself."""

    name: Name
    start: int
    end: int


class Locator:
    """Finds the places of articles. Made by `locator_of`; its automaton is built for the first article."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def locate(self, title: Folded, text: Folded, *, language: str | None, home: str | None) -> Located:
        """Return the places of an article; ``home`` is its feed's home region, a name or code that `resolve` knows."""
        place = self._gazetteer.resolve(home) if home else None
        sightings = [*self._sightings(TextField.TITLE, title), *self._sightings(TextField.TEXT, text)]
        mentions = recognise(sightings, title.text, text.text, language=language, home=place)
        return Located(mentions, find_focus(mentions, place))

    def _sightings(self, field: TextField, folded: Folded) -> Iterator[Sighting]:
        scanner, patterns = self._scan
        for index, start, end in scanner.find(folded.scan):
            if not _is_cut(folded.scan, end):
                for one in patterns[index]:
                    yield Sighting(one.name, lead_back(field, folded, start + one.start, start + one.end))

    @cached_property
    def _scan(self) -> tuple[Scanner, tuple[tuple[_Pattern, ...], ...]]:
        found: dict[str, tuple[_Pattern, ...]] = {}
        for name in self._gazetteer.names():
            for pattern, one in _patterns(name):
                found[pattern] = (*found.get(pattern, ()), one)
        return Scanner(tuple(found)), tuple(found.values())


@lru_cache(maxsize=2)
def locator_of(gazetteer: Gazetteer) -> Locator:
    """Return the locator of a gazetteer, the same one at each call."""
    return Locator(gazetteer)


def _patterns(name: Name) -> Iterator[tuple[str, _Pattern]]:
    prefixes = prefixes_of(name.folded) if name.places[0].kind is PlaceKind.COUNTRY else ()
    for prefix in ("", *prefixes):
        head, pattern, tail = padded(prefix + name.folded)
        yield pattern, _Pattern(name, head + len(prefix), len(pattern) - tail)


def _is_cut(scan: str, end: int) -> bool:
    """Whether a pattern of an unspaced script ends before a mark that belongs to its last letter."""
    last, after = scan[end - 1], scan[end : end + 1]
    return last != " " and after not in {"", " "} and unicodedata.category(after)[0] == "M"
