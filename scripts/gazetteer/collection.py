"""The places and the names that they go by, and which of the names stay."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gazetteer import hygiene
from gazetteer.records import LOCALES, language_of

from tocsin.regions.places import Bearer, Name, Place, PlaceKind, Role
from tocsin.text.fold import fold_term

_ALL_LANGUAGES = frozenset(map(language_of, LOCALES))

MOST_BEARERS = 40
"""Of one name, the most likely ones."""

_CAPITAL = 1.0
_NOT_USUAL = 1.0
_NAMED_SO_IN_A_LANGUAGE = 0.3
_DWARFS = 5
"""How many times as large a place is of which English, too, uses a name, than one that usually has it: Odessa."""

_STANDING = {PlaceKind.COUNTRY: 4.0, PlaceKind.AREA: 2.0, PlaceKind.PROVINCE: -1.0, PlaceKind.CITY: 0.0}
_ROLES = {Role.NAME: 0, Role.DEMONYM: 1, Role.INSTITUTION: 2}


def _is_named_after(area: Place, other: Place) -> bool:
    """Whether an area has the name of a city of its country, or of a province that is a part of it.

    In a text these come first, which tell of the province as well; a watch on Gaza means the area.
    """
    is_city = other.kind is PlaceKind.CITY and other.country == area.country
    return bool(area.country) and (is_city or (other.kind is PlaceKind.PROVINCE and other.id in area.members))


@dataclass(slots=True)
class _Claim:
    """A name that a place bears: ``languages`` that sources name, ``open`` where a source names none."""

    main: bool = False
    trusted: bool = False
    open: bool = False
    languages: set[str] = field(default_factory=set)


class Collection:
    """Places by id, and for each folded name who claims it; ``both_han`` gives the forms of a Chinese name."""

    def __init__(self, words: hygiene.Words, both_han: Callable[[str], set[str]]) -> None:
        self.places: dict[str, Place] = {}
        self.capitals: set[str] = set()
        self.obscure: set[str] = set()
        self.known: set[str] = set()
        self._claims: dict[str, dict[tuple[str, Role], _Claim]] = defaultdict(dict)
        self._weak: set[str] = set()
        self._dropped: set[str] = set()
        self._words = words
        self._both_han = both_han

    def add_place(self, place: Place) -> None:
        """Add a place; its name is its usual one."""
        self.places[place.id] = place

    def claim(
        self,
        name: str,
        place: str,
        *,
        role: Role = Role.NAME,
        languages: Iterable[str] = (),
        main: bool = False,
        trusted: bool = False,
    ) -> None:
        """Enter a name of a place; ``trusted`` ones are written by hand and stay whatever else they mean."""
        forms = self._both_han(name) if hygiene.script_of(name) == "CJK" else {name}
        for folded in {fold_term(form) for form in forms}:
            if folded and "." not in folded.split():
                self._enter(folded, place, role, frozenset(languages), main=main, trusted=trusted)

    def _enter(
        self, folded: str, place: str, role: Role, languages: frozenset[str], *, main: bool, trusted: bool
    ) -> None:
        claim = self._claims[folded].setdefault((place, role), _Claim())
        claim.main |= main
        claim.trusted |= trusted
        claim.languages |= languages
        claim.open |= not languages

    def weaken(self, name: str) -> None:
        """Call a name weak whatever the word lists say."""
        self._weak.add(fold_term(name))

    def drop(self, name: str) -> None:
        """Let a name stand for no place of which it is not the usual name, but in the languages that have it so."""
        self._dropped.add(fold_term(name))

    def rename(self, place_id: str, name: str) -> None:
        """Give a place another usual name; the old one stays one of its names."""
        self.places[place_id] = replace(self.places[place_id], name=name)
        self.claim(name, place_id, main=True)

    def is_distinct(self, folded: str) -> bool:
        """Whether a folded name is no word and no person's name."""
        return not hygiene.is_common(folded, self._words)

    def claimed(self, kinds: Sequence[PlaceKind], *, usual: bool = False) -> Iterator[tuple[str, str]]:
        """Yield each folded name with the id of a place of these kinds that claims it, as its ``usual`` one or at all.

        Names written by hand are usual ones, too.
        """
        for folded, claims in self._claims.items():
            for (place, role), claim in claims.items():
                wanted = claim.main or claim.trusted or not usual
                if role is Role.NAME and wanted and self.places[place].kind in kinds:
                    yield folded, place

    def names(self) -> list[Name]:
        """Return the names that stay, each with its bearers, the most likely first."""
        found = []
        for folded in sorted(self._claims):
            bearers = sorted(self._bearers(folded), key=lambda one: one[0])[:MOST_BEARERS]
            if bearers:
                found.append(self._name(folded, [bearer for _, bearer in bearers]))
        return found

    def _bearers(self, folded: str) -> Iterator[tuple[tuple[Any, ...], Bearer]]:
        claims = self._claims[folded]
        usual = [self.places[place] for (place, _), claim in claims.items() if claim.main]
        common = hygiene.is_common(folded, self._words)
        for (place_id, role), claim in claims.items():
            place = self.places[place_id]
            known = "en" in claim.languages and place.population >= hygiene.LARGE
            distinct = (known or not (common or folded in self._dropped)) and not any(
                self._is_stranger(one, place, claim) for one in usual
            )
            languages = self._languages(claim, role, distinct=distinct)
            is_namesake = any(one.population >= hygiene.LARGE and one.id != place_id for one in usual)
            if place.kind is PlaceKind.CITY and not (claim.trusted or is_namesake or place_id in self.capitals):
                languages = self._without_words(folded, place, languages)
            if languages is not None and role is Role.NAME and not (claim.trusted or claim.main):
                languages = self._without_strangers(folded, place, claim, languages)
            if languages is not None:
                others = (self.places[one] for one, _ in claims)
                behind = place.kind is PlaceKind.AREA and any(_is_named_after(place, one) for one in others)
                rank = self._rank(place, role, claim, limited=bool(languages), behind=behind)
                yield rank, Bearer(place, role, languages)

    def _without_strangers(
        self, folded: str, place: Place, claim: _Claim, languages: frozenset[str]
    ) -> frozenset[str] | None:
        """Return the languages in which a name counts, without those to which it is a word and no place."""
        if hygiene.script_of(folded) == "LATIN" or place.kind is PlaceKind.AREA:
            return languages
        words = {
            language
            for language, (overuse, spoken) in self._words.overuse(folded, place).items()
            if language not in claim.languages
            # Another language's name of a country: India is "hind" to Persians, a woman to Arabs.
            and (place.kind is PlaceKind.COUNTRY or hygiene.is_no_name(overuse, spoken=spoken))
        }
        return ((languages or _ALL_LANGUAGES) - words or None) if words else languages

    def _without_words(self, folded: str, place: Place, languages: frozenset[str] | None) -> frozenset[str] | None:
        """Return the languages in which a name of a city counts, without those in which it is rather a word."""
        if languages is None or hygiene.is_mere_word(folded, place.population, self._words):
            return None
        if place.id in self.obscure and (strangers := self._words.strangers_to(folded, place.country)):
            return ((languages or _ALL_LANGUAGES) - strangers) or None
        return languages

    def _is_stranger(self, usual: Place, place: Place, claim: _Claim) -> bool:
        """Whether the place that usually has a name makes it doubtful for another that is also called so."""
        if usual.id in (place.id, place.province) or (usual.country == place.country and usual.province == place.id):
            return False
        return not ("en" in claim.languages and usual.population * _DWARFS < place.population)

    @staticmethod
    def _languages(claim: _Claim, role: Role, *, distinct: bool) -> frozenset[str] | None:
        """Return the languages in which a claim holds, the empty set for all, None where it holds in none."""
        if claim.main or (claim.trusted and claim.open):
            return frozenset()
        if claim.trusted or role is not Role.NAME:
            return frozenset() if claim.open else frozenset(claim.languages)
        if distinct:
            return frozenset()
        return frozenset(claim.languages) or None

    def _rank(self, place: Place, role: Role, claim: _Claim, *, limited: bool, behind: bool = False) -> tuple[Any, ...]:
        likely = math.log10(place.population + 1) + _STANDING[place.kind]
        if behind:
            likely = 0.0
        if place.id in self.capitals:
            likely += _CAPITAL
        if limited:
            likely -= _NOT_USUAL
        if not claim.main:
            likely -= _NAMED_SO_IN_A_LANGUAGE if claim.languages or claim.trusted else _NOT_USUAL
        return _ROLES[role], -likely, place.id

    def _name(self, folded: str, bearers: list[Bearer]) -> Name:
        if folded in self._weak:
            return Name(folded, tuple(bearers), weak=True)
        first = bearers[0]
        if first.role is not Role.NAME or first.place.kind in {PlaceKind.COUNTRY, PlaceKind.AREA}:
            return Name(folded, tuple(bearers))
        words = self._languages_of_words(folded, bearers)
        if first.place.id in self.capitals:
            return Name(folded, tuple(bearers), weak_in=self._words.languages_of(folded) | words)
        usual = fold_term(first.place.name)
        # The people of a province of the second level are only guessed at.
        people = 0 if first.place.kind is PlaceKind.PROVINCE and first.place.province else first.place.population
        weak, languages = hygiene.weakness(folded, usual, people, self._words)
        return Name(folded, tuple(bearers), weak, frozenset() if weak else languages | words)

    def _languages_of_words(self, folded: str, bearers: Sequence[Bearer]) -> frozenset[str]:
        """Return the languages in which a name is rather a word for each place that bears it there."""
        found: dict[str, bool] = {}
        for bearer in bearers:
            known = bearer.place.id in self.known or bearer.place.id in self.capitals
            for language, (overuse, spoken) in self._words.overuse(folded, bearer.place).items():
                if bearer.role is Role.NAME and (not bearer.languages or language in bearer.languages):
                    is_word = hygiene.is_rather_a_word(overuse, spoken=spoken, known=known)
                    found[language] = found.get(language, True) and is_word
        return frozenset(language for language, is_word in found.items() if is_word)

    def used_places(self, names: Iterable[Name]) -> list[Place]:
        """Return the places that bear one of these names, and all that are no cities."""
        used = {bearer.place.id for name in names for bearer in name.bearers}
        return [place for place in self.places.values() if place.id in used or place.kind is not PlaceKind.CITY]
