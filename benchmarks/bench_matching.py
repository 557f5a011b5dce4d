"""What matching costs: microseconds an article and stage, and how many times faster than a regular expression a term.

The articles are made up of common words and names, so that no corpus is needed: 3 kB each, one name of a place in
about 60 words. Run it on a quiet machine::

    python benchmarks/bench_matching.py --watches 100 --articles 300
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from tocsin.matching import compile_watchlist
from tocsin.matching.compiler import compile_program
from tocsin.matching.reading import Reading
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch, Watchlist
from tocsin.regions import load_gazetteer
from tocsin.text.fold import fold
from tocsin.text.language import detect_language

_WORDS = [
    "the", "of", "and", "to", "in", "a", "that", "was", "for", "on", "with", "as", "by", "at", "from", "they", "were",
    "said", "have", "been", "which", "after", "would", "their", "more", "about", "when", "city", "people",
    "government", "army", "road", "water", "school", "market", "bridge", "river", "price", "border", "police",
    "court", "minister", "week", "year", "month", "hospital", "village", "winter", "harvest", "strike", "talks",
    "train", "power", "price", "region", "south", "north", "report", "new", "old", "small", "large", "late", "early",
    "closed", "opened", "began", "ended", "brought", "called", "asked", "built", "lost", "found", "moved", "held",
    "left", "kept", "told",
]  # fmt: skip
_PLACES = ["Syria", "Homs", "Berlin", "Germany", "Paris", "Iraq", "Mosul", "Cairo", "Deir el-Zour", "Kyiv", "Lagos"]
_ACRONYMS = ["IS", "UN", "EU", "US", "WHO"]
_LENGTH = 3_000
_ROUNDS = 5
_WITH_PLACE, _WITH_ACRONYM, _PLAIN = 0.25, 0.15, 0.8
"""Shares of the sentences."""


def article(rng: random.Random) -> Document:
    """Return an article of about 3 kB in sentences, with names of places, acronyms and curly quotes."""
    sentences: list[str] = []
    while sum(len(sentence) for sentence in sentences) < _LENGTH:
        words = rng.choices(_WORDS, k=rng.randint(8, 24))
        if rng.random() < _WITH_PLACE:
            words[rng.randrange(len(words))] = rng.choice(_PLACES)
        if rng.random() < _WITH_ACRONYM:
            words[rng.randrange(len(words))] = rng.choice(_ACRONYMS)
        sentences.append(" ".join(words).capitalize() if rng.random() < _PLAIN else f"“{' '.join(words)}”")
    title = " ".join([rng.choice(_PLACES), *rng.choices(_WORDS, k=7)])
    return Document(title, ". ".join(sentences) + ".", "en")


def watchlist(rng: random.Random, watches: int) -> Watchlist:
    """Return watches of three terms; every tenth has an acronym, every fifth a region, half of these nothing else."""
    made = []
    for number in range(watches):
        terms = (
            f"{rng.choice(_WORDS)} {rng.choice(_WORDS)}",
            f"project{number}",
            rng.choice(_ACRONYMS) if number % 10 == 1 else f"Group {number}",
        )
        regions = (rng.choice(_PLACES),) if number % 5 == 0 else ()
        made.append(Watch(WatchId(f"w{number}"), "", keywords=() if number % 10 == 0 else terms, regions=regions))
    return Watchlist(Path("bench"), "", "bench", (), (), tuple(made), (), ())


def cost(step: Callable[[Document], object], documents: Sequence[Document]) -> float:
    """Return the CPU time of a step in microseconds an article, the median of some rounds."""
    rounds = []
    for _ in range(_ROUNDS):
        started = time.process_time()
        for document in documents:
            step(document)
        rounds.append((time.process_time() - started) / len(documents) * 1e6)
    return median(rounds)


def expressions(watches: Watchlist) -> list[re.Pattern[str]]:
    """Return what most feed filters run: a regular expression for each term of each watch."""
    terms = [term for watch in watches.watches for term in watch.keywords]
    return [re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE) for term in terms]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--watches", type=int, default=100)
    parser.add_argument("--articles", type=int, default=300)
    options = parser.parse_args()
    rng = random.Random(7)
    documents = [article(rng) for _ in range(options.articles)]
    watches = watchlist(rng, options.watches)
    gazetteer = load_gazetteer()
    started = time.process_time()
    program = compile_program(watches, gazetteer)
    compiled = time.process_time() - started
    matcher = compile_watchlist(watches, gazetteer)
    scans = {document.text: fold(document.text).scan for document in documents}
    patterns = expressions(watches)

    fold_cost = cost(lambda document: fold(document.text), documents)
    scan_cost = cost(lambda document: program.patterns.scanner.find(scans[document.text]), documents)
    read_cost = cost(lambda document: Reading(program, document), documents)
    focus_cost = cost(lambda document: Reading(program, document).surroundings.focus, documents)
    match_cost = cost(matcher.match, documents)
    language_cost = cost(lambda document: detect_language(document.title, document.text), documents)
    re_cost = cost(lambda document: [pattern.search(document.text) for pattern in patterns], documents[:30])

    length = sum(len(document.text) for document in documents) // len(documents)
    print(f"{options.watches} watches, {len(program.patterns):,} patterns, compiled in {compiled:.2f} s")
    print(f"{options.articles} articles of {length:,} characters; CPU time, microseconds an article")
    print(f"  fold      {fold_cost:8.0f}")
    print(f"  scan      {scan_cost:8.0f}")
    print(f"  verify    {read_cost - fold_cost - scan_cost:8.0f}   terms led back to the text and checked")
    print(f"  regions   {focus_cost - read_cost:8.0f}   names led back, recognised, weighed")
    print(f"  verdicts  {match_cost - focus_cost:8.0f}")
    print(f"  match     {match_cost:8.0f}   {1e6 / match_cost:,.0f} articles a second and core")
    print(f"  language  {language_cost:8.0f}   beside it")
    print(f"  a regular expression a term: {re_cost:,.0f}, {re_cost / match_cost:.0f} times match, without regions")


if __name__ == "__main__":
    main()
