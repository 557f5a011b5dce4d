"""From a watchlist to a program: trees flattened, leaves in one automaton, each watch anchored."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache

from tocsin.errors import Fault, WatchlistError
from tocsin.matching.flatten import Clause, Close, Flat
from tocsin.matching.leaves import PLACES, SCANNED, Leaf, Sort, Ways, Zone, needs_check, ways_of
from tocsin.matching.program import Anchors, Owners, Patterns, Program, Rules
from tocsin.matching.query import QueryError
from tocsin.matching.quick import QuickReader
from tocsin.matching.rarity import rarity
from tocsin.matching.trees import tree_of, wanted_of
from tocsin.matching.values import Values
from tocsin.models.ids import PlaceId, WatchId
from tocsin.models.watchlist import Watch, Watchlist
from tocsin.regions import Atlas, Gazetteer, Place, PlaceKind, UnknownPlaceError, locator_of
from tocsin.text.scanner import Scanner

_TREES = 4096
"""Trees kept; a watch's tree is made again when it is needed, for to keep a hundred thousand takes much room."""


def compile_program(watchlist: Watchlist, gazetteer: Gazetteer) -> Program:
    """Compile a watchlist; the names of places have an automaton of their own.

    Raises `WatchlistError` for a faulty query, or a region or watch that there is none of.
    """
    with _uncollected():
        return _compile(watchlist, gazetteer)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from going again and again through a million new records, none of which is garbage."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _compile(watchlist: Watchlist, gazetteer: Gazetteer) -> Program:
    build = _Build(watchlist, gazetteer)
    for index in range(len(watchlist.watches)):
        build.add(index)
    places = {leaf.written: build.place(leaf) for leaf in build.leaves if leaf.sort in PLACES}
    return Program(
        version=watchlist.version,
        languages=frozenset(watchlist.languages),
        watches=watchlist.watches,
        by_id=build.by_id,
        leaf=tuple(build.leaves),
        leaves=build.leaves,
        patterns=_patterns(build.leaves, frozenset(watchlist.languages)),
        rules=Rules(build.clauses, build.unwanted, build.plain, build.close),
        anchors=build.anchored(),
        values=Values(build.leaves),
        atlas=build.atlas,
        places=places,
        locator=locator_of(gazetteer),
        place_leaves=_place_leaves(build.leaves, places),
        area_leaves=_area_leaves(build.leaves, places),
        ways=Ways(frozenset(watchlist.languages)),
        tree=lru_cache(maxsize=_TREES)(lambda index: tree_of(watchlist.watches[index])),
        wanted=lru_cache(maxsize=_TREES)(lambda index: wanted_of(watchlist.watches[index])),
    )


class _Build:
    """What is gathered while the watches are gone through one by one."""

    def __init__(self, watchlist: Watchlist, gazetteer: Gazetteer) -> None:
        count = len(watchlist.watches)
        self.watchlist = watchlist
        self.atlas = _atlas_of(watchlist, gazetteer)
        self.by_id = {watch.id: index for index, watch in enumerate(watchlist.watches)}
        self.leaves: dict[Leaf, int] = {}
        self.shares: list[float] = []
        self.clauses: list[tuple[Clause, ...]] = [()] * count
        self.unwanted: list[Clause] = [()] * count
        self.plain = bytearray(count)
        self.anchor: list[Clause | None] = [None] * count
        self.close: dict[int, tuple[Close, ...]] = {}
        self.quick = QuickReader(self.index)
        self._open: list[int] = []

    def add(self, index: int) -> None:
        """Flatten a watch, and before it those whose verdict it asks for."""
        if self.anchor[index] is not None:
            return
        watch = self.watchlist.watches[index]
        if index in self._open:
            raise self.error(watch, f"its query asks for its own verdict: {self._circle(index)}")
        quick = self.quick.read(watch.query) if watch.query and not (watch.regions or watch.none) else None
        if quick:
            self._enter(index, quick.clauses, quick.unwanted)
            self.plain[index] = True
            return
        self._open.append(index)
        flat = Flat(self.index, self.cost, self.standing_for)
        try:
            flat.require(tree_of(watch))
        except QueryError as error:
            raise self.error(watch, f"query, column {error.offset + 1}: {error}") from error
        self._open.pop()
        self._enter(index, flat.clauses, tuple(flat.unwanted), flat.cheapest())
        self.plain[index] = flat.is_plain
        if flat.close:
            self.close[index] = tuple(flat.close)

    def _enter(self, index: int, clauses: list[Clause], unwanted: Clause, anchor: Clause | None = None) -> None:
        """Keep what a watch asks for: clauses that fail early first, the anchor, which a candidate has met, last.

        The anchor is the cheapest clause, unless another is given.
        """
        if len(clauses) > 1:
            clauses = sorted(clauses, key=self.cost)
        if anchor is None or (clauses and anchor is clauses[0]):
            anchor = clauses[0]
            clauses = [*clauses[1:], anchor]
        self.clauses[index] = tuple(clauses)
        self.unwanted[index] = unwanted
        self.anchor[index] = anchor

    def index(self, leaf: Leaf) -> int:
        known = self.leaves.get(leaf)
        if known is None:
            known = self.leaves[leaf] = len(self.shares)
            self.shares.append(rarity(leaf))
        return known

    def cost(self, clause: Sequence[int]) -> float:
        shares = self.shares
        return sum([shares[leaf] for leaf in clause])

    def standing_for(self, written: str) -> Clause:
        """Return the anchor of another watch; it stands for the watch where that is asked for."""
        watch = self.watchlist.watches[self._open[-1]]
        index = self.by_id.get(WatchId(written))
        if index is None:
            raise self.error(watch, f"its query asks for the watch {written!r}, which there is not")
        self.add(index)
        return self.anchor[index] or ()

    def place(self, leaf: Leaf) -> Place:
        found = self.atlas.resolve(leaf.written)
        if found is None:
            asking = next(watch for watch in self.watchlist.watches if leaf.written in f"{watch.regions}{watch.query}")
            raise self.error(asking, str(self.atlas.check(leaf.written)))
        return found

    def error(self, watch: Watch, message: str) -> WatchlistError:
        return WatchlistError((Fault(str(self.watchlist.path), 0, 0, f"watch {watch.id!r}: {message}"),))

    def anchored(self) -> Anchors:
        regexes = {index for leaf, index in self.leaves.items() if leaf.sort is Sort.REGEX}
        places = {index for leaf, index in self.leaves.items() if leaf.sort in PLACES}
        pairs: list[tuple[int, int]] = []
        always: list[int] = []
        on_places = False
        for index, anchor in enumerate(self.anchor):
            if not anchor:
                continue
            if not regexes.isdisjoint(anchor):
                always.append(index)
            else:
                pairs += [(leaf, index) for leaf in anchor]
                on_places = on_places or not places.isdisjoint(anchor)
        return Anchors(pairs, len(self.leaves), frozenset(always), on_places)

    def _circle(self, index: int) -> str:
        names = [self.watchlist.watches[one].id for one in (*self._open[self._open.index(index) :], index)]
        return " asks for ".join(names)


def _atlas_of(watchlist: Watchlist, gazetteer: Gazetteer) -> Atlas:
    try:
        return Atlas(gazetteer, watchlist.regions)
    except UnknownPlaceError as error:
        raise WatchlistError((Fault(str(watchlist.path), 0, 0, str(error)),)) from error


def _place_leaves(leaves: Mapping[Leaf, int], places: Mapping[str, Place]) -> dict[PlaceId, tuple[int, ...]]:
    found: dict[PlaceId, tuple[int, ...]] = {}
    for leaf, index in leaves.items():
        if leaf.sort in PLACES and places[leaf.written].kind is not PlaceKind.AREA:
            place = places[leaf.written].id
            found[place] = (*found.get(place, ()), index)
    return found


def _area_leaves(leaves: Mapping[Leaf, int], places: Mapping[str, Place]) -> tuple[int, ...]:
    return tuple(
        index for leaf, index in leaves.items() if leaf.sort in PLACES and places[leaf.written].kind is PlaceKind.AREA
    )


def _patterns(leaves: Mapping[Leaf, int], languages: frozenset[str]) -> Patterns:
    owner: dict[str, int] = {}
    shared: list[Owners] = []
    for leaf, index in leaves.items():
        if leaf.sort not in SCANNED:
            continue
        for way in ways_of(leaf, languages):
            pattern, checked = way.pattern, needs_check(way, leaf.sort)
            if pattern not in owner and not leaf.zone:
                owner[pattern] = ~(2 * index + 1) if checked else index
            else:
                _share(pattern, owner, shared, _asking(leaf, index, checked=checked))
    return Patterns(Scanner(tuple(owner)), array("q", owner.values()), tuple(shared))


def _share(pattern: str, owner: dict[str, int], shared: list[Owners], more: Owners) -> None:
    """Enter one more owner of a pattern."""
    known = owner.get(pattern)
    if known is not None and known < 0 and not ~known & 1:
        shared[~known >> 1] = _both(shared[~known >> 1], more)
        return
    owner[pattern] = ~(2 * len(shared))
    if known is None:
        shared.append(more)
    else:
        shared.append(_both(Owners((known,), (known,)) if known >= 0 else Owners(checked=(~known >> 1,)), more))


def _both(one: Owners, other: Owners) -> Owners:
    return Owners(
        one.title + other.title,
        one.body + other.body,
        one.checked + other.checked,
    )


def _asking(leaf: Leaf, index: int, *, checked: bool) -> Owners:
    if checked:
        return Owners(checked=(index,))
    return Owners((index,) if leaf.zone is not Zone.BODY else (), (index,) if leaf.zone is not Zone.TITLE else ())
