"""Stories of an archive: its articles placed one after the other, in order of publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count

from tocsin.models.ids import DevelopmentId, StoryId
from tocsin.models.stories import Item, Placement
from tocsin.stories.reading import signature_of
from tocsin.stories.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Clustered:
    """Where an item of an archive went: numbers of its own for event and story, and which development of it, from 1."""

    item: Item
    event: int
    story: int
    development: int
    placement: Placement


def cluster(items: Iterable[Item]) -> Iterator[Clustered]:
    """Yield the items of an archive with their events and stories, in order of publication, then of their keys.

    Decides as the live shelf does. What turns out later to be one has one number from the beginning.
    """
    ordered = sorted(items, key=lambda item: (item.published_at, item.key))
    archive = _Archive()
    placements = [archive.placed(item) for item in ordered]
    turns: dict[int, dict[int, int]] = {}
    for item, placement in zip(ordered, placements, strict=True):
        story, development = archive.where(item.key)
        known = turns.setdefault(story, {})
        turn = known.setdefault(development, len(known) + 1)
        yield Clustered(item, development, story, turn, placement)


class _Archive:
    """A shelf for all of an archive, with numbers of its own and the way from merged ones to those that stand."""

    def __init__(self) -> None:
        self._shelf = Shelf()
        self._numbers = count(1)
        self._where: dict[int, tuple[StoryId, DevelopmentId]] = {}
        self._stories: dict[int, int] = {}
        self._developments: dict[int, int] = {}

    def placed(self, item: Item) -> Placement:
        signature = signature_of(item)
        placement = self._shelf.place(signature)
        story, development = placement.story, placement.development
        if story is None:
            story = StoryId(next(self._numbers))
        if development is None:
            development = DevelopmentId(next(self._numbers))
        self._where[item.key] = story, development
        self._shelf.put(signature, story, development)
        for other in placement.merges:
            self._merge(other, development, story)
        return placement

    def where(self, key: int) -> tuple[int, int]:
        """Return the numbers of an item's story and development that stand in the end."""
        story, development = self._where[key]
        return _end(self._stories, story), _end(self._developments, development)

    def _merge(self, development: DevelopmentId, into: DevelopmentId, story: StoryId) -> None:
        other = next(one for one, known in self._where.values() if known == development)
        other = StoryId(_end(self._stories, other))
        self._shelf.merge(development, into, story)
        self._developments[development] = into
        if other != story:
            self._shelf.unite(other, story)
            self._stories[other] = story


def _end(ways: dict[int, int], start: int) -> int:
    while start in ways:
        start = ways[start]
    return start
