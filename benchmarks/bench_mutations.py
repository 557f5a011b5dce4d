"""Damages feeds by chance and has them parsed as a scheduler does; counts outcomes, dead judges, slow documents.

The seeds are the hostile documents of the tests; further feeds may be given::

    python benchmarks/bench_mutations.py [--documents 10000] [PATH...]

The same number always makes the same document. Ends with 1 if a judge died.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections import Counter
from pathlib import Path

from feed_documents import documents

TESTS = Path(__file__).parents[1] / "tests"
sys.path.insert(0, str(TESTS))

from feed_mutations import mutated  # noqa: E402 - found in the tests
from tocsin.feeds.parser import Parser  # noqa: E402 - as above
from tocsin.models.feeds import ParsedFeed  # noqa: E402 - as above

_LARGEST_SEED = 100_000
_SLOW = 1.0


def main() -> None:
    """Run through the documents and print what came of them."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("paths", nargs="*", type=Path, default=[TESTS / "unit/feeds/hostile"])
    arguments.add_argument("--documents", type=int, default=10_000)
    options = arguments.parse_args()
    seeds = [body for _, body in documents(options.paths) if len(body) < _LARGEST_SEED]
    outcomes: Counter[str] = Counter()
    slowest = (0.0, 0)
    with Parser() as parser:
        for number in range(options.documents):
            start = time.monotonic()
            found = parser.parse(mutated(seeds, number), "", "https://site.example/feed")
            took = time.monotonic() - start
            slowest = max(slowest, (took, number))
            outcomes["slow" if took > _SLOW else "in time"] += 1
            died = not isinstance(found, ParsedFeed) and "it took a feed parser more than" in found.message
            outcomes["judge died" if died else "read" if isinstance(found, ParsedFeed) else "refused in words"] += 1
    own, child = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{options.documents} documents of {len(seeds)} seeds: {dict(outcomes)}")
    print(f"slowest: {slowest[0]:.2f} s (number {slowest[1]}); CPU {own.ru_utime + child.ru_utime:.0f} s")
    print(f"largest resident size: {own.ru_maxrss / 1024:.0f} MB here, {child.ru_maxrss / 1024:.0f} MB in a judge")
    sys.exit(1 if outcomes["judge died"] else 0)


if __name__ == "__main__":
    main()
