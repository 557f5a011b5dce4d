"""From a folded article to its places: names scanned for, recognised and resolved, and what the article is about.

The names have an automaton of their own, built once a process however often a watchlist is compiled anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tocsin.models.receipts import Mention, TextField
from tocsin.regions.features import Tally, count_areas, count_commerce, tallies, vectors
from tocsin.regions.finder import Finder
from tocsin.regions.focus import Focus, find_focus
from tocsin.regions.gazetteer import Gazetteer
from tocsin.regions.mentions import Candidates, recognise
from tocsin.regions.passage import Passage
from tocsin.regions.persons import without_persons
from tocsin.regions.places import Place, PlaceKind
from tocsin.regions.resolution import Placed, resolve
from tocsin.regions.sight import Sight
from tocsin.text.fold import Folded


@dataclass(frozen=True, slots=True)
class Located:
    """The places that an article names, in reading order, those that it is about, and the page furniture of its text.

    ``countries`` are the codes of those named, by their names, those of places in them or of their people ("Syrian",
    but no adjective of a Slavic language), in reading order; an institution or a company is evidence but no name.
    ``furniture`` are half-open ranges of the stored text, in which no place counts.
    """

    mentions: tuple[Mention, ...]
    focus: Focus
    countries: tuple[str, ...] = ()
    furniture: tuple[tuple[int, int], ...] = ()


class Locator:
    """Finds the places of articles. Made by `locator_of`; its automaton is built for the first article."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._finder = Finder(gazetteer)
        self._candidates: dict[str | None, Candidates] = defaultdict(dict)
        self._inside: dict[tuple[str, str], bool] = {}

    def locate(self, title: Folded, text: Folded, *, language: str | None, home: str | None) -> Located:
        """Return the places of an article; ``home`` is its feed's home region, a name or code that `resolve` knows."""
        place = self._gazetteer.resolve(home) if home else None
        body = Passage(TextField.TEXT, text)
        placed, found = self._read(title, body, language, place)
        mentions = tuple(one.mention for one in placed if not one.sight.organisation)
        codes = {*found, place.country if place else ""}
        countries = {code: known for code in codes if (known := self._gazetteer.place(code))}
        named = tuple(dict.fromkeys(one.country for one in placed if one.country and one.names_country(language)))
        return Located(mentions, find_focus(placed, found, place, countries), named, body.furniture)

    def mentions(self, title: Folded, text: Folded, *, language: str | None) -> tuple[Mention, ...]:
        """Return the places that an article names, as `locate` does, without asking what it is about."""
        placed = self._placed(Passage(TextField.TITLE, title), Passage(TextField.TEXT, text), language, None)
        return tuple(one.mention for one in placed if not one.sight.organisation)

    def vectors(
        self, title: Folded, text: Folded, *, language: str | None, home: str | None
    ) -> dict[str, tuple[float, ...]]:
        """Return what the focus of an article is decided by: the features of each country."""
        place = self._gazetteer.resolve(home) if home else None
        placed, found = self._read(title, Passage(TextField.TEXT, text), language, place)
        return vectors(found, place.country if place else None, unnamed=not placed)

    def _read(
        self, title: Folded, body: Passage, language: str | None, home: Place | None
    ) -> tuple[list[Placed], dict[str, Tally]]:
        placed = self._placed(Passage(TextField.TITLE, title), body, language, home)
        for one in placed:
            one.provinces = tuple(self._provinces(one.place))
        found = tallies(placed, body, _repeated(title.text, body.folded.text))
        count_areas(found, placed, self._members(placed, found))
        count_commerce(found, title, body.folded)
        return placed, found

    def _placed(self, headline: Passage, body: Passage, language: str | None, home: Place | None) -> list[Placed]:
        sights = [*self._sights(headline, language), *self._sights(body, language)]
        passages = {TextField.TITLE: headline, TextField.TEXT: body}
        return resolve(without_persons(sights, passages, language), home)

    def _members(self, placed: Sequence[Placed], countries: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return by area named which of these countries lie in it; a continent says too little."""
        areas = {one.place.id: one.place for one in placed if one.place.kind is PlaceKind.AREA}
        return {
            area: frozenset(country for country in countries if self._lies_in(country, place))
            for area, place in areas.items()
            if 0 < len(place.members) <= _MOST_MEMBERS
        }

    def _lies_in(self, country: str, area: Place) -> bool:
        key = (country, area.id)
        if key not in self._inside:
            place = self._gazetteer.place(country)
            self._inside[key] = place is not None and self._gazetteer.contains(area, place)
        return self._inside[key]

    def _provinces(self, place: Place) -> Iterator[Place]:
        if place.kind is PlaceKind.PROVINCE:
            yield place
        above = self._gazetteer.place(place.province) if place.province else None
        if above:
            yield from self._provinces(above)

    def _sights(self, passage: Passage, language: str | None) -> list[Sight]:
        found = self._finder.find(passage.folded, language)
        return recognise(found, passage, language, self._candidates[language])


_MOST_MEMBERS = 15
"""Members of an area whose name says something about each of them."""


@lru_cache(maxsize=2)
def locator_of(gazetteer: Gazetteer) -> Locator:
    """Return the locator of a gazetteer, the same one at each call."""
    return Locator(gazetteer)


def _repeated(title: str, text: str) -> int:
    """Return where a text goes on after the headline that it repeats, 0 where it does not."""
    bare = title.strip()
    begin = len(text) - len(text.lstrip())
    return begin + len(bare) if bare and text.startswith(bare, begin) else begin
