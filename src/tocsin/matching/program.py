"""A compiled watchlist: flat structures that every article is held against. Made in `tocsin.matching.compiler`."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.matching.flatten import Clause, Close
from tocsin.matching.leaves import Leaf, Ways
from tocsin.matching.query import Node
from tocsin.matching.values import Values
from tocsin.models.ids import PlaceId, WatchId
from tocsin.models.watchlist import Watch
from tocsin.regions import Atlas, Locator, Place
from tocsin.text.scanner import Scanner


@dataclass(frozen=True, slots=True)
class Owners:
    """Who asked for a pattern: leaves by index.

    ``title`` and ``body`` stand as soon as the pattern is found there; ``checked`` must be looked at.
    """

    title: Clause = ()
    body: Clause = ()
    checked: Clause = ()

    def leaves(self) -> Clause:
        """Return all leaves that asked for the pattern."""
        return (*dict.fromkeys(self.title + self.body + self.checked),)


@dataclass(frozen=True, slots=True)
class Patterns:
    """The automaton and the owners of its patterns.

    ``owner[i]`` says who asked for pattern ``i``: a single leaf that stands wherever the pattern does, by its index;
    a single leaf that must be checked, by ``~(2 * index + 1)``; anybody else, by ``~(2 * k)`` for ``shared[k]``.
    """

    scanner: Scanner
    owner: Sequence[int]
    shared: Sequence[Owners]

    def __len__(self) -> int:
        return len(self.owner)

    def leaves_of(self, owner: int) -> Clause:
        """Return the leaves that asked for a pattern with this owner."""
        if owner >= 0:
            return (owner,)
        return (~owner >> 1,) if ~owner & 1 else self.shared[~owner >> 1].leaves()


@dataclass(frozen=True, slots=True)
class Rules:
    """What is asked, by the index of the watch.

    An article meets a watch only if it has a leaf of each of its ``clauses``, the anchor last; where the watch is
    ``plain``, it is enough that, besides, what must be ``close`` is, and that it has none of its ``unwanted``.
    """

    clauses: Sequence[tuple[Clause, ...]]
    unwanted: Sequence[Clause]
    plain: bytearray
    close: Mapping[int, Sequence[Close]]


class Anchors:
    """Watches by the leaves they are anchored on: only those need be looked at that an article has an anchor of.

    ``always`` are the watches that no scan can rule out; ``on_places`` says whether any is anchored on places.
    """

    def __init__(self, pairs: Sequence[tuple[int, int]], leaves: int, always: frozenset[int], on_places: bool) -> None:
        """Take pairs of leaf and watch, in any order."""
        self.always = always
        self.on_places = on_places
        self._starts = array("I", bytes(4 * (leaves + 1)))
        self._watches = array("I", bytes(4 * len(pairs)))
        for leaf, _ in pairs:
            self._starts[leaf + 1] += 1
        for leaf in range(leaves):
            self._starts[leaf + 1] += self._starts[leaf]
        filled = self._starts[:]
        for leaf, watch in pairs:
            self._watches[filled[leaf]] = watch
            filled[leaf] += 1

    def on(self, leaves: set[int]) -> set[int]:
        """Return the watches that are anchored on any of some leaves."""
        starts, watches = self._starts, self._watches
        found: set[int] = set()
        for leaf in leaves:
            start, end = starts[leaf], starts[leaf + 1]
            if start != end:
                found.update(watches[start:end])
        return found


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled watchlist; immutable but for what it remembers.

    ``leaf[i]`` has the index ``i`` in ``leaves``. ``places`` are those of the ``atlas`` that the watches name, as
    written, and ``locator`` finds them; ``place_leaves`` are the leaves that ask for a place, ``area_leaves`` those
    that ask for an area, which an article need not name to be about. ``tree`` gives the tree of a watch by its index,
    ``wanted`` the part that is neither regions nor exclusions, ``versions`` the digest of what decides it.
    """

    version: str
    languages: frozenset[str]
    watches: Sequence[Watch]
    by_id: Mapping[WatchId, int]
    leaf: Sequence[Leaf]
    leaves: Mapping[Leaf, int]
    patterns: Patterns
    rules: Rules
    anchors: Anchors
    values: Values
    atlas: Atlas
    places: Mapping[str, Place]
    locator: Locator
    place_leaves: Mapping[PlaceId, tuple[int, ...]]
    area_leaves: tuple[int, ...]
    ways: Ways
    tree: Callable[[int], Node]
    wanted: Callable[[int], Node | None]
    versions: dict[int, str] = field(default_factory=dict)
