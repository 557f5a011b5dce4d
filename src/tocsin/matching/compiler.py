"""A watchlist made ready to scan: its terms with their ways of writing, its regions resolved, one automaton for all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tocsin.errors import Fault, WatchlistError
from tocsin.matching.scanner import Scanner
from tocsin.matching.terms import Term, Way, compile_term, prefixes_of
from tocsin.models.receipts import Clause
from tocsin.models.watchlist import Watch, Watchlist
from tocsin.regions import Gazetteer, Name, Place, PlaceKind
from tocsin.text.patterns import padded

_VERSION_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Region:
    """A region of a watch: as written, and the place it was resolved to."""

    written: str
    place: Place


@dataclass(frozen=True, slots=True)
class Rule:
    """A watch ready to be judged: its terms by index in the program; ``version`` changes when its verdicts may."""

    watch: Watch
    version: str
    wanted: tuple[int, ...]
    unwanted: tuple[int, ...]
    regions: tuple[Region, ...]

    @property
    def is_by_region_alone(self) -> bool:
        """Whether the watch asks for no term, only for regions."""
        return not self.wanted and bool(self.regions)


@dataclass(frozen=True, slots=True)
class NamePattern:
    """A name of the gazetteer and the range of its pattern that is the name itself."""

    name: Name
    start: int
    end: int


@dataclass(slots=True)
class Owners:
    """Who asked for a pattern: terms, each by index with its way of writing, and names of places."""

    terms: list[tuple[int, Way]] = field(default_factory=list)
    names: list[NamePattern] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled watchlist. ``owners[i]`` belongs to the scanner's pattern ``i``."""

    version: str
    languages: frozenset[str]
    rules: tuple[Rule, ...]
    terms: tuple[Term, ...]
    scanner: Scanner
    owners: tuple[Owners, ...]


def compile_program(watchlist: Watchlist, gazetteer: Gazetteer) -> Program:
    """Compile a watchlist; names of places are scanned for only if a watch asks for a region.

    Raises `WatchlistError` for a region that the gazetteer does not know.
    """
    terms: dict[tuple[Clause, str], int] = {}
    rules = tuple(_rule(watch, watchlist, gazetteer, terms) for watch in watchlist.watches)
    compiled = tuple(compile_term(clause, written) for clause, written in terms)
    names = gazetteer.names() if any(rule.regions for rule in rules) else iter(())
    patterns = _patterns(compiled, names)
    return Program(
        version=watchlist.version,
        languages=frozenset(watchlist.languages),
        rules=rules,
        terms=compiled,
        scanner=Scanner(tuple(patterns)),
        owners=tuple(patterns.values()),
    )


def _rule(watch: Watch, watchlist: Watchlist, gazetteer: Gazetteer, terms: dict[tuple[Clause, str], int]) -> Rule:
    def indexes(clause: Clause, written: Iterable[str]) -> tuple[int, ...]:
        return tuple(terms.setdefault((clause, term), len(terms)) for term in dict.fromkeys(written))

    return Rule(
        watch=watch,
        version=_version(watch, watchlist.languages),
        wanted=indexes(Clause.KEYWORDS, watch.keywords) + indexes(Clause.NAMES, watch.names),
        unwanted=indexes(Clause.NONE, watch.none),
        regions=tuple(_region(written, watch, watchlist, gazetteer) for written in watch.regions),
    )


def _region(written: str, watch: Watch, watchlist: Watchlist, gazetteer: Gazetteer) -> Region:
    place = gazetteer.resolve(written)
    if place is None:
        message = f"watch {watch.id!r}: {gazetteer.check(written)}"
        raise WatchlistError((Fault(str(watchlist.path), 0, 0, message),))
    return Region(written, place)


def _version(watch: Watch, languages: Iterable[str]) -> str:
    """Return a digest of all that decides the watch's verdicts, so that a changed title or channel does not count."""
    deciding = [watch.keywords, watch.names, watch.regions, watch.none, sorted(languages)]
    return hashlib.sha256(json.dumps(deciding).encode()).hexdigest()[:_VERSION_LENGTH]


def _patterns(terms: Iterable[Term], names: Iterable[Name]) -> dict[str, Owners]:
    patterns: dict[str, Owners] = {}
    for index, term in enumerate(terms):
        for way in term.ways:
            patterns.setdefault(way.pattern, Owners()).terms.append((index, way))
    for name in names:
        for pattern, found in _name_patterns(name):
            patterns.setdefault(pattern, Owners()).names.append(found)
    return patterns


def _name_patterns(name: Name) -> Iterator[tuple[str, NamePattern]]:
    prefixes = prefixes_of(name.folded) if name.places[0].kind is PlaceKind.COUNTRY else ()
    for prefix in ("", *prefixes):
        head, pattern, tail = padded(prefix + name.folded)
        yield pattern, NamePattern(name, head + len(prefix), len(pattern) - tail)
