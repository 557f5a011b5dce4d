"""Boolean watches by the hundred thousand: what an article costs, stage by stage, beside regular expressions.

Run it alone on a machine at rest; it takes some minutes. All figures are CPU time of one thread, the engines taken in
turns, medians of rounds. News and watches are made up (see made_up.py).
"""

from __future__ import annotations

import argparse
import gc
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from made_up import MadeUp, Rule

from tocsin.matching.compiler import compile_program
from tocsin.matching.decide import candidates, met_by
from tocsin.matching.matcher import Matcher
from tocsin.matching.program import Program
from tocsin.matching.reading import Reading
from tocsin.models.articles import Document
from tocsin.regions import Gazetteer, load_gazetteer
from tocsin.text.fold import fold

_GROUP = 1000
_COMPARED = 10_000
_PAGE = 4096


@dataclass(frozen=True, slots=True)
class Engine:
    """Something to be measured on articles; ``share`` of them are enough for slow ones."""

    name: str
    run: Callable[[Document], object]
    share: float = 1.0


def costs(engines: Sequence[Engine], documents: Sequence[Document], rounds: int) -> dict[str, float]:
    """Return the median CPU time of each engine in microseconds an article, the engines taken in turns."""
    measured: dict[str, list[float]] = {engine.name: [] for engine in engines}
    for _ in range(rounds):
        for engine in engines:
            some = documents[: max(2, int(len(documents) * engine.share))]
            started = time.thread_time()
            for document in some:
                engine.run(document)
            measured[engine.name].append((time.thread_time() - started) / len(some) * 1e6)
    return {name: median(times) for name, times in measured.items()}


def _resident() -> float:
    """Return the memory of this process in megabytes."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE / 1e6


def _whole(document: Document) -> str:
    return f"{document.title}\n{document.text}"


def _one_of(terms: Sequence[str]) -> re.Pattern[str]:
    """Return an alternation for lower-case text, which is twice as fast as one that ignores case."""
    longest_first = sorted({term.lower() for term in terms}, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


def term_by_term(rules: Sequence[Rule]) -> Callable[[Document], int]:
    """Return what most filters do: a regular expression for each term of each watch, as long as they matter."""
    patterns: dict[str, re.Pattern[str]] = {}

    def of(terms: tuple[str, ...]) -> list[re.Pattern[str]]:
        return [patterns.setdefault(term, re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE)) for term in terms]

    ready = [([of(clause) for clause in rule.clauses], of(rule.unwanted)) for rule in rules]

    def run(document: Document) -> int:
        text = _whole(document)
        return sum(
            all(any(term.search(text) for term in clause) for clause in clauses)
            and not any(term.search(text) for term in unwanted)
            for clauses, unwanted in ready
        )

    return run


def clause_by_clause(rules: Sequence[Rule]) -> Callable[[Document], int]:
    """Return the same with one alternation for each clause of each watch."""
    ready = [([_one_of(clause) for clause in rule.clauses], rule.unwanted and _one_of(rule.unwanted))
             for rule in rules]  # fmt: skip

    def run(document: Document) -> int:
        text = _whole(document).lower()
        return sum(
            all(clause.search(text) for clause in clauses) and not (unwanted and unwanted.search(text))
            for clauses, unwanted in ready
        )

    return run


def group_by_group(rules: Sequence[Rule]) -> Callable[[Document], int]:
    """Return the best way with regular expressions: one alternation for the terms of a thousand watches."""
    ready = []
    for start in range(0, len(rules), _GROUP):
        group = rules[start : start + _GROUP]
        terms = [term for rule in group for clause in (*rule.clauses, rule.unwanted) for term in clause]
        lowered = [([{term.lower() for term in clause} for clause in rule.clauses], {t.lower() for t in rule.unwanted})
                   for rule in group]  # fmt: skip
        ready.append((_one_of(terms), lowered))

    def run(document: Document) -> int:
        text = _whole(document).lower()
        met = 0
        for pattern, group in ready:
            found = set(pattern.findall(text))
            met += sum(
                not any(found.isdisjoint(clause) for clause in clauses) and found.isdisjoint(unwanted)
                for clauses, unwanted in group
            )
        return met

    return run


def compiled(world: MadeUp, rules: Sequence[Rule], gazetteer: Gazetteer) -> tuple[Program, float, float]:
    """Return the program of some watches, the seconds it took, and the megabytes it holds."""
    watchlist = world.watchlist(list(rules))
    gc.collect()
    before, started = _resident(), time.thread_time()
    program = compile_program(watchlist, gazetteer)
    seconds = time.thread_time() - started
    gc.collect()
    return program, seconds, _resident() - before


def stages(program: Program, scans: dict[str, str], mark: str) -> list[Engine]:
    """Return the stages of matching, each with all those before it, but for the bare scan."""
    matcher = Matcher(program)
    return [
        Engine(f"scan{mark}", lambda document: program.patterns.scanner.find(scans[document.text])),
        Engine(f"read{mark}", lambda document: Reading(program, document)),
        Engine(f"candidates{mark}", lambda document: candidates(Reading(program, document))),
        Engine(f"decide{mark}", matcher.decide),
        Engine(f"receipts{mark}", matcher.match, 0.2),
    ]


def main() -> None:
    """Measure and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--most", type=int, default=100_000, help="watches of the largest set")
    options = parser.parse_args()
    gazetteer = load_gazetteer()
    world = MadeUp()
    documents = [world.article() for _ in range(options.articles)]
    fold(documents[0].text)
    sizes = [size for size in (1_000, 10_000, 100_000) if size <= options.most]
    rules = {size: world.rules(size) for size in reversed(sizes)}
    programs = {size: compiled(world, rules[size], gazetteer) for size in reversed(sizes)}
    _print_compiled(programs)
    scans = {document.text: fold(document.title).scan + fold(document.text).scan for document in documents}
    engines = [Engine("fold", lambda document: (fold(document.title), fold(document.text)))]
    for size in sizes:
        engines += stages(programs[size][0], scans, f" {size}")
    found = costs(engines, documents, options.rounds)
    _print_stages(found, sizes, programs, documents)
    if _COMPARED in sizes:
        _print_ratios(world, rules[_COMPARED], programs[_COMPARED][0], gazetteer, documents)


def _print_compiled(programs: dict[int, tuple[Program, float, float]]) -> None:
    for size, (program, seconds, megabytes) in programs.items():
        leaves, patterns = len(program.leaf), len(program.patterns)
        print(f"{size:>7,} watches: {leaves:,} leaves, {patterns:,} patterns; {seconds:.2f} s, {megabytes:.0f} MB")


def _print_stages(
    found: dict[str, float],
    sizes: Sequence[int],
    programs: dict[int, tuple[Program, float, float]],
    documents: Sequence[Document],
) -> None:
    print("microseconds an article; each stage holds those before it, the scan stands alone")
    print(f"{'watches':>9}{'fold':>9}{'scan':>9}{'read':>9}{'cand.':>9}{'decide':>9}{'receipts':>10}   met  looked at")
    for size in sizes:
        readings = [Reading(programs[size][0], document) for document in documents]
        met = sum(len(met_by(reading)) for reading in readings) / len(readings)
        looked_at = sum(len(candidates(reading)) for reading in readings) / len(readings)
        columns = "".join(f"{found[f'{stage} {size}']:9,.0f}" for stage in ("scan", "read", "candidates", "decide"))
        print(f"{size:>9,}{found['fold']:9,.0f}{columns}{found[f'receipts {size}']:10,.0f}{met:6.1f}{looked_at:9.1f}")
    ratio = found[f"decide {sizes[-1]}"] / found[f"decide {sizes[0]}"]
    print(f"{sizes[-1] // sizes[0]} times the watches cost {ratio:.1f} times the time")


def _print_ratios(
    world: MadeUp,
    rules: Sequence[Rule],
    program: Program,
    gazetteer: Gazetteer,
    documents: Sequence[Document],
) -> None:
    scans = {document.text: fold(document.title).scan + fold(document.text).scan for document in documents}
    matcher = Matcher(program)
    terms = world.pool(_COMPARED)
    bare = compiled(world, [Rule(((term,),), (), f'"{term}"') for term in terms], gazetteer)[0].patterns.scanner
    alternation = _one_of(terms)
    engines = [
        Engine("decide", matcher.decide),
        Engine("term by term", term_by_term(rules), 0.01),
        Engine("clause by clause", clause_by_clause(rules), 0.01),
        Engine("group by group", group_by_group(rules), 0.02),
        Engine("bare scan", lambda document: bare.find(scans[document.text])),
        Engine("fold and scan", lambda document: bare.find(fold(document.title).scan + fold(document.text).scan)),
        Engine("one alternation", lambda document: alternation.findall(_whole(document).lower()), 0.05),
    ]
    found = costs(engines, documents, 3)
    print("10,000 watches, microseconds an article")
    for name in ("term by term", "clause by clause", "group by group"):
        print(f"  {name:17}{found[name]:12,.0f}   {found[name] / found['decide']:8,.0f} times decide")
    print("10,000 terms, microseconds an article")
    for name in ("bare scan", "fold and scan"):
        ratio = found["one alternation"] / found[name]
        print(f"  {name:17}{found[name]:12,.0f}   one alternation takes {ratio:8,.0f} times that")


if __name__ == "__main__":
    main()
