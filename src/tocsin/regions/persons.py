"""Names of places that are parts of other names: of persons ("Paula Hessen"), companies, clubs ("Leeds United")."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from tocsin.models.receipts import TextField
from tocsin.regions.cues import FILLERS, Cue
from tocsin.regions.given_names import given_names
from tocsin.regions.name_parts import (
    AFTER_A_PLACE,
    BEFORE_A_PLACE,
    CLUBS_AFTER,
    CLUBS_BEFORE,
    COMPANIES,
    LANDSCAPE,
    OFFICES,
    ORGANISATIONS_AFTER,
    ORGANISATIONS_BEFORE,
    OTHER_BEFORE,
    PERSON_TITLES,
    STREETS,
    TITLES_BEHIND,
)
from tocsin.regions.passage import Passage, Style
from tocsin.regions.places import PlaceKind, Role
from tocsin.regions.sight import Sight
from tocsin.text.fold import fold_term

_LARGE = 300_000
"""Inhabitants of a city that is meant even behind another word with a capital."""

_REACH = 24
"""Characters that the word before a name is looked for in."""

_FIRST_BESIDE = 2
"""The first offset at which a name may have a word before it."""

_SPACES = (" ", "\u00a0")
_LETTERS = re.compile(r"[^\W\d_]+")


def without_persons(found: Sequence[Sight], passages: Mapping[TextField, Passage], language: str | None) -> list[Sight]:
    """Return the sights without the names of persons; a surname is one wherever it stands without a locative."""
    neighbourhood = _Neighbourhood(found, passages, nouns=language in _CAPITAL_NOUNS)
    kept = [sight for sight in found if neighbourhood.is_place(sight)]
    persons = neighbourhood.persons
    return [sight for sight in kept if sight.name.folded not in persons or sight.cue is Cue.LOCATIVE]


class _Neighbourhood:
    """The names of an article beside each other.

    ``nouns``: the language writes all nouns with a capital, so that a neighbour's says nothing. ``persons`` are the
    names seen as parts of persons' names so far.
    """

    def __init__(self, found: Sequence[Sight], passages: Mapping[TextField, Passage], *, nouns: bool) -> None:
        self._passages = passages
        self._nouns = nouns
        self._longer = frozenset(word for one in found if " " in one.name.folded for word in one.name.folded.split())
        self._ends = {(one.span.field, end) for one in found for end in (one.span.start, one.span.end)}
        self._alone: set[str] = set()
        self.persons: set[str] = set()

    def is_place(self, sight: Sight) -> bool:
        """Whether a sight is no part of another name; the sights come in reading order."""
        passage = self._passages[sight.span.field]
        if sight.role is Role.INSTITUTION or passage.style in {Style.UPPER, Style.LOWER}:
            return True
        if passage.style is Style.UNCASED:
            return not _is_addressed(sight, passage.folded.text)
        if sight.weak and sight.name.folded in self._longer:
            return False
        if not _has_capitals_beside(sight, passage.folded.text):
            self._alone.add(sight.name.folded)
            return True
        beside = _beside(sight, passage.folded.text)
        if any(beside) and not self._stands_alone(sight, beside, titled=passage.style is Style.TITLED):
            return False
        self._alone.add(sight.name.folded)
        return True

    def _stands_alone(self, sight: Sight, beside: tuple[str, str], *, titled: bool) -> bool:
        name = sight.name.folded
        if _is_named(sight, beside[0], titled=titled) or (not (titled or self._nouns) and _is_given(sight, beside[1])):
            self.persons.add(name)
            return False
        if _is_of_another_name(sight, beside) or (not (titled or self._nouns) and self._is_part(sight, beside)):
            return False
        sight.organisation = _is_organisation(sight, beside)
        return not (sight.organisation and _is_club(beside, sight))

    def _is_part(self, sight: Sight, beside: tuple[str, str]) -> bool:
        before, after = beside
        field, name = sight.span.field, sight.name.folded
        if (field, sight.span.end + 1) not in self._ends and _is_part_of_a_name(sight, after):
            return True
        if (field, sight.span.start - 1) in self._ends or not _is_behind_a_name(sight, before):
            return False
        # What was named alone before is no person, who is named in full at first.
        if name not in self._alone:
            self.persons.add(name)
        return True


def _is_of_another_name(sight: Sight, beside: tuple[str, str]) -> bool:
    """Whether a name is a part of one that is not its place's: "St. Paris", "Gladstone Road"."""
    before, after = beside
    if before[:1].isupper() and before.lower() in OTHER_BEFORE:
        return True
    if not after[:1].isupper():
        return False
    small = sight.weak or sight.role is Role.DEMONYM or sight.bearers[0].place.population < _LARGE
    return after.lower() in STREETS or (small and after.lower() in LANDSCAPE)


def _is_part_of_a_name(sight: Sight, after: str) -> bool:
    """Whether a weak name stands before another word with a capital that is no place: "Western Digital"."""
    if not sight.weak or not after[:1].isupper() or sight.before[-1:] == ["the"]:
        return False
    return after.lower() not in AFTER_A_PLACE


def _is_behind_a_name(sight: Sight, before: str) -> bool:
    """Whether a weak name or one of a small city stands behind another word with a capital: "Senator Norfolk"."""
    place = sight.bearers[0].place
    if not before[:1].isupper() or sight.before[-2:-1] in ([], ["."]):
        return False
    if not sight.weak and (place.kind is not PlaceKind.CITY or place.population >= _LARGE):
        return False
    return before.lower() not in BEFORE_A_PLACE and sight.before[-1] not in FILLERS


def _has_capitals_beside(sight: Sight, text: str) -> bool:
    """Whether the word before or after a name, parted by a gap only, has a capital, or "of" stands before it."""
    start, end = sight.span.start, sight.span.end
    if text[end : end + 1] in _SPACES and text[end + 1 : end + 2].isupper():
        return True
    if start < _FIRST_BESIDE or text[start - 1] not in _SPACES:
        return False
    last = text[max(0, start - _REACH) : start - 1].split()[-1:]
    return bool(last) and (last[0] == "of" or last[0][0].isupper())


def _beside(sight: Sight, text: str) -> tuple[str, str]:
    """Return the words that stand right before and after a name, parted by one space only; empty where none does."""
    start, end = sight.span.start, sight.span.end
    before = after = ""
    if start > 1 and text[start - 1] in _SPACES:
        last = text[max(0, start - _REACH) : start - 1].split()[-1:]
        before = last[0].rstrip(".") if last and last[0].rstrip(".").isalpha() else ""
    if text[end : end + 1] in _SPACES:
        match = _LETTERS.match(text, end + 1)
        after = match[0] if match else ""
    return before, after


def _is_addressed(sight: Sight, text: str) -> bool:
    """Whether a form of address stands beside a name, in a script without capitals."""
    end = sight.span.end
    return not PERSON_TITLES.isdisjoint(sight.before[-1:]) or text[end : end + 2] in TITLES_BEHIND


def _is_named(sight: Sight, before: str, *, titled: bool) -> bool:
    """Whether a given name, an office or a form of address stands before a name: "Jakob Polen", "President Lincoln"."""
    folded = sight.before[-1] if before and sight.before else ""
    if sight.cue is Cue.LOCATIVE or not folded:
        return False
    well_known = sight.bearers[0].place.kind is PlaceKind.COUNTRY and not sight.weak
    if folded in PERSON_TITLES or (before[:1].isupper() and folded in OFFICES and not well_known):
        return True
    if not before[:1].isupper() or folded not in given_names():
        return False
    return not well_known or (not titled and sight.before[-2:-1] not in ([], ["."]))


def _is_given(sight: Sight, after: str) -> bool:
    """Whether a name is itself a given name, or might be, before another word with a capital: "Jordan Peele"."""
    if sight.cue is Cue.LOCATIVE or not after[:1].isupper() or sight.before[-1:] == ["the"]:
        return False
    if sight.bearers[0].place.kind is PlaceKind.COUNTRY and not sight.weak:
        return False
    return (sight.weak or sight.name.folded in given_names()) and after.lower() not in AFTER_A_PLACE


_CAPITAL_NOUNS = frozenset(("de", "lb"))


def _is_club(beside: tuple[str, str], sight: Sight) -> bool:
    before, after = beside[0].lower(), fold_term(beside[1])
    is_city = after == "city" and "city" in COMPANIES.get(sight.name.folded, "").split()
    return is_city or (after in CLUBS_AFTER and beside[1][:1].isupper()) or (before in CLUBS_BEFORE and bool(beside[0]))


def _is_organisation(sight: Sight, beside: tuple[str, str]) -> bool:
    before, after = beside
    if after[:1].isupper() and (
        after.lower() in ORGANISATIONS_AFTER or after.lower() in COMPANIES.get(sight.name.folded, "").split()
    ):
        return True
    if before[:1].isupper() and before.lower() in ORGANISATIONS_BEFORE:
        return True
    return len(sight.before) > 1 and sight.before[-1] == "of" and sight.before[-2] in ORGANISATIONS_BEFORE
