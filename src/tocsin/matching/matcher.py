"""The matcher: a compiled watchlist that is asked article by article."""

from __future__ import annotations

from tocsin.matching.compiler import compile_program
from tocsin.matching.decide import met_by
from tocsin.matching.program import Program
from tocsin.matching.reading import Reading
from tocsin.matching.verdict import judge_watch, speaks
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt
from tocsin.models.watchlist import Watchlist
from tocsin.regions import Gazetteer


class UnknownWatchError(KeyError):
    """A watch that the watchlist does not have; ``watch`` is its id."""

    def __init__(self, watch: WatchId) -> None:
        super().__init__(watch)
        self.watch = watch


class Matcher:
    """Decides which watches an article meets. Immutable; made by `compile_watchlist`."""

    def __init__(self, program: Program) -> None:
        self._program = program

    @property
    def version(self) -> str:
        """The version of the watchlist that this was compiled from."""
        return self._program.version

    def __contains__(self, watch_id: object) -> bool:
        return watch_id in self._program.by_id

    def decide(self, document: Document) -> tuple[WatchId, ...]:
        """Return the watches that the article meets, in the order of the watchlist, without receipts."""
        reading = self._read(document)
        return tuple(self._program.watches[index].id for index in self._met(reading))

    def match(self, document: Document) -> tuple[Receipt, ...]:
        """Return the receipts of the watches that the article meets, in the order of the watchlist."""
        reading = self._read(document)
        return tuple(judge_watch(index, reading) for index in self._met(reading))

    def explain(self, document: Document, watch_id: WatchId) -> Receipt:
        """Return the receipt of one watch, also where it is not met: which clause failed, and what came nearest.

        Raises `UnknownWatchError`.
        """
        index = self._program.by_id.get(watch_id)
        if index is None:
            raise UnknownWatchError(watch_id)
        return judge_watch(index, self._read(document))

    def _read(self, document: Document) -> Reading:
        return Reading(self._program, document)

    def _met(self, reading: Reading) -> list[int]:
        return met_by(reading) if speaks(reading) else []


def compile_watchlist(watchlist: Watchlist, gazetteer: Gazetteer) -> Matcher:
    """Return the matcher of a watchlist; takes about half a second where regions are asked for.

    Raises `WatchlistError` for a faulty query, or a region or watch that there is none of.
    """
    return Matcher(compile_program(watchlist, gazetteer))
