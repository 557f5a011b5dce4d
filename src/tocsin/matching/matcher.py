"""The matcher: a compiled watchlist that is asked article by article."""

from __future__ import annotations

from tocsin.matching.compiler import Program, Rule, compile_program
from tocsin.matching.reading import Reading
from tocsin.matching.verdict import judge_rule
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
        return judge_rule(rule, self._program, Reading(self._program, self._gazetteer, document))

    def _candidates(self, reading: Reading) -> list[Rule]:
        """Return the rules that could be met: a term was found, if they ask for any, and a region, if they do."""
        found = {index for term, hits in reading.hits.items() if hits for index in self._by_term.get(term, ())}
        rules = (self._program.rules[index] for index in sorted(found | self._always))
        return [rule for rule in rules if not rule.regions or any(reading.judge(region)[0] for region in rule.regions)]


def compile_watchlist(watchlist: Watchlist, gazetteer: Gazetteer) -> Matcher:
    """Return the matcher of a watchlist; takes about half a second where regions are asked for.

    Raises `WatchlistError` for a region that the gazetteer does not know.
    """
    return Matcher(compile_program(watchlist, gazetteer), gazetteer)
