"""The matcher: a compiled watchlist that is asked article by article."""

from __future__ import annotations

from dataclasses import replace

from tocsin.matching.compiler import Program, Rule, compile_program
from tocsin.matching.nearest import nearest_in
from tocsin.matching.reading import Reading
from tocsin.matching.verdict import judge_rule
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Mention, Receipt
from tocsin.models.watchlist import Watchlist
from tocsin.regions import Gazetteer


class UnknownWatchError(KeyError):
    """A watch that the watchlist does not have; ``watch`` is its id."""

    def __init__(self, watch: WatchId) -> None:
        super().__init__(watch)
        self.watch = watch


class Matcher:
    """Decides which watches an article meets. Immutable; made by `compile_watchlist`."""

    def __init__(self, program: Program, gazetteer: Gazetteer) -> None:
        self._program = program
        self._gazetteer = gazetteer
        self._rules = {rule.watch.id: rule for rule in program.rules}
        self._by_term: dict[int, list[int]] = {}
        for index, rule in enumerate(program.rules):
            for term in rule.wanted:
                self._by_term.setdefault(term, []).append(index)
        self._always = frozenset(index for index, rule in enumerate(program.rules) if rule.is_by_region_alone)

    @property
    def version(self) -> str:
        """The version of the watchlist that this was compiled from."""
        return self._program.version

    def match(self, document: Document) -> tuple[Receipt, ...]:
        """Return the receipts of the watches that the article meets, in the order of the watchlist."""
        reading = Reading(self._program, self._gazetteer, document)
        receipts = (judge_rule(rule, self._program, reading) for rule in self._candidates(reading))
        return tuple(receipt for receipt in receipts if receipt.matched)

    def explain(self, document: Document, watch_id: WatchId) -> Receipt:
        """Return the receipt of one watch, also where it is not met: which clause failed, and what came nearest.

        Raises `UnknownWatchError`.
        """
        rule = self._rules.get(watch_id)
        if rule is None:
            raise UnknownWatchError(watch_id)
        reading = Reading(self._program, self._gazetteer, document)
        receipt = judge_rule(rule, self._program, reading)
        if receipt.matched or receipt.hits or receipt.rejections or not rule.wanted:
            return receipt
        near = nearest_in(reading.scan, [self._program.terms[term].written for term in rule.wanted])
        return replace(receipt, reason=f"{receipt.reason.rstrip('.')}; {near}.") if near else receipt

    def mentions(self, document: Document) -> tuple[Mention, ...]:
        """Return the places that an article names; none if no watch asks for a region."""
        return Reading(self._program, self._gazetteer, document).mentions

    def _candidates(self, reading: Reading) -> list[Rule]:
        """Return the rules that could be met: a term of theirs was found, or they ask for none."""
        found = {index for term, hits in reading.hits.items() if hits for index in self._by_term.get(term, ())}
        return [self._program.rules[index] for index in sorted(found | self._always)]


def compile_watchlist(watchlist: Watchlist, gazetteer: Gazetteer) -> Matcher:
    """Return the matcher of a watchlist; takes about half a second where regions are asked for.

    Raises `WatchlistError` for a region that the gazetteer does not know.
    """
    return Matcher(compile_program(watchlist, gazetteer), gazetteer)
