"""Finds the gazetteer's names in a scan text: one scan for all, then the declined forms of languages that have them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cached_property

from tocsin.regions.declined import DeclinedNames
from tocsin.regions.gazetteer import Gazetteer
from tocsin.regions.places import Name, PlaceKind, Role
from tocsin.regions.sight import Sighting
from tocsin.text.fold import Folded
from tocsin.text.patterns import padded
from tocsin.text.proclitics import prefixes_of
from tocsin.text.scanner import Scanner

_SPACED, _NO_HEAD, _NO_TAIL, _GROWN, _BEHIND_A_STOP = 0, 1, 2, 4, 8
"""Shapes of patterns: gaps on both sides, none before, none behind; in Arabic and Hebrew, prefixes may come before;
abbreviations stand behind a comma.
"""

_SHORT = 3
"""Letters up to which a weak name is an abbreviation."""

_ARABIC_OR_HEBREW = re.compile("[\u0590-\u06ff]")


class Finder:
    """The automaton of a gazetteer's names; built for the first text."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._declined = DeclinedNames(gazetteer)

    def find(self, folded: Folded, language: str | None) -> list[Sighting]:
        """Return all names in a text, overlapping ones too: by their start, the longest and the likeliest first."""
        found = list(self._scanned(folded.scan))
        declined = list(self._declined.find(folded, language))
        if declined:
            ranked = [(_rank(seen, 0, language), seen) for seen in found]
            ranked += [(_rank(seen, 3 if _begins(folded.scan, seen) else 1, language), seen) for seen in declined]
            ranked.sort(key=_first_of)
            return [seen for _, seen in ranked]
        order = [(seen.start, -seen.end, at) for at, seen in enumerate(found)]
        order.sort()
        return [found[at] for _, _, at in order]

    def _scanned(self, scan: str) -> Iterator[Sighting]:
        scanner, shapes = self._automaton
        name = self._gazetteer.name
        for index, start, end in scanner.find(scan):
            shape = shapes[index]
            if shape == _SPACED:
                yield Sighting(name(index), start + 1, end - 1)
            elif shape == _BEHIND_A_STOP:
                yield Sighting(name(index), start + len(" . "), end - 1)
            elif shape == _GROWN:
                if _stands_apart(scan, start):
                    yield Sighting(name(index), start, end - 1)
            elif not (shape & _NO_TAIL and _is_cut(scan, end)):
                yield Sighting(name(index), start + (not shape & _NO_HEAD), end - (not shape & _NO_TAIL))

    @cached_property
    def _automaton(self) -> tuple[Scanner, bytes]:
        """The scanner and, for each pattern, which of its sides have no gap."""
        made, shapes = [], bytearray()
        for folded in self._gazetteer.patterns():
            head, pattern, tail = padded(folded)
            grown = head == tail == 1 and _ARABIC_OR_HEBREW.match(folded) is not None and bool(prefixes_of(folded))
            if len(folded) <= _SHORT and folded.isascii() and _is_code(self._gazetteer.name(len(shapes))):
                # " . pa " for "Scottdale, Pa.": as a word of its own it would be met in every sentence.
                pattern = f" .{pattern}"
            made.append(pattern[head:] if grown else pattern)
            shape = _GROWN if grown else (1 - head) * _NO_HEAD + (1 - tail) * _NO_TAIL
            shapes.append(_BEHIND_A_STOP if pattern.startswith(" . ") else shape)
        return Scanner(made), bytes(shapes)


def _rank(seen: Sighting, declined: int, language: str | None) -> tuple[int, int, int]:
    """Return the order of names at a place: a country in another case goes before a village or a people so called.

    "Irski" is the locative of Irska, unless it begins a sentence: the adjective has a small letter elsewhere.
    """
    bearers = (one for one in seen.name.bearers if not one.languages or language in one.languages)
    first = next(bearers, seen.name.bearers[0])
    is_country = first.place.kind is PlaceKind.COUNTRY and first.role is Role.NAME
    return seen.start, -seen.end, declined + (0 if is_country else 2)


def _begins(scan: str, seen: Sighting) -> bool:
    """Whether a name stands at the beginning of a sentence, where any word has a capital."""
    return scan[max(0, seen.start - len(". ")) : seen.start] in {" ", ". "}


def _first_of(hit: tuple[tuple[int, int, int], Sighting]) -> tuple[int, int, int]:
    return hit[0]


def _is_code(name: Name) -> bool:
    return name.weak and all(one.place.kind is PlaceKind.PROVINCE for one in name.bearers)


def _stands_apart(scan: str, start: int) -> bool:
    """Whether a word of Arabic or Hebrew begins here, or a conjunction or preposition is grown onto it."""
    gap = scan.rfind(" ", 0, start)
    grown = scan[gap + 1 : start]
    return not grown or (grown in _PROCLITICS)


_PROCLITICS = frozenset((*prefixes_of("دمشق"), *prefixes_of("ירושלים")))


def _is_cut(scan: str, end: int) -> bool:
    """Whether a pattern of an unspaced script ends before a mark that belongs to its last letter."""
    after = scan[end : end + 1]
    return after not in {"", " "} and unicodedata.category(after)[0] == "M"
