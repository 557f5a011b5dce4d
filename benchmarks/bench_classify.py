"""Claim: one core classifies at least 500 articles a second through the real queue, with 100 watches.

Real parts: articles in SQLite, ids through Valkey and RQ in batches, the worker's own job, in this process. The texts
are made up as in `bench_matching`, 3 kB each. CPU time of this process, so that other programs do not count; the
baseline in the same run is one article a job, as queues are commonly used::

    python benchmarks/bench_classify.py --articles 10000
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from bench_matching import article, watchlist  # noqa: E402 -- a neighbour, found by the path above

from records import add_feed, entry  # noqa: E402 -- see above
from tocsin.bootstrap import Desk  # noqa: E402
from tocsin.matching import compile_watchlist  # noqa: E402
from tocsin.models.ids import ArticleId  # noqa: E402
from tocsin.models.watchlist import Watchlist  # noqa: E402
from tocsin.queueing import BATCHES, CLASSIFY, QueueWorker, Wakeups  # noqa: E402
from tocsin.regions import load_gazetteer  # noqa: E402
from tocsin.store import articles  # noqa: E402
from tocsin.store.articles import NewArticle  # noqa: E402
from tocsin.store.database import Database, database_now, open_database  # noqa: E402
from tocsin.store.migrate import upgrade  # noqa: E402
from tocsin.store.progress import progress  # noqa: E402
from tocsin_worker import classify  # noqa: E402
from tocsin_worker.bells import Bells  # noqa: E402
from valkey_server import Valkey  # noqa: E402

SECRET = b"s" * 32
WATCHES = 100
ROUNDS = 3


class Stages:
    """Sums the CPU seconds spent in functions of the classifier's module."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def timed(self, names: Sequence[str]) -> Iterator[None]:
        """Time these functions for the length of the block."""
        originals = {name: getattr(classify, name) for name in names}
        for name, function in originals.items():
            setattr(classify, name, self._timing(name, function))
        yield
        for name, function in originals.items():
            setattr(classify, name, function)

    def _timing(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            started = time.process_time()
            result = function(*arguments, **named)
            self.seconds[name] += time.process_time() - started
            return result

        return run


def stored(database: Database, rng: random.Random, number: int) -> list[ArticleId]:
    """Store articles that wait to be classified."""
    with database.write() as connection:
        feed, now = add_feed(connection), database_now(connection)
        new = []
        for one in range(number):
            document = article(rng)
            fresh = replace(
                entry(str(rng.random())), key=f"{rng.random()}-{one}", title=document.title, text=document.text
            )
            new.append(NewArticle(fresh, language=None, published_at=now, backlog=False))
        return articles.insert_articles(connection, feed.id, new, now)


def run(
    database: Database, server: Valkey, watches: Watchlist, ids: Sequence[int], size: int
) -> tuple[float, float, Stages]:
    """Classify the articles through the queue, so many a job; gives CPU and wall seconds and the stages."""
    client = server.client()
    wakeups = Wakeups(client, SECRET)
    desk = Desk(watches, compile_watchlist(watches, load_gazetteer()))
    classifier = classify.Classifier(database, wakeups, lambda: desk, Bells("bench.example"))
    for start in range(0, len(ids), size):
        wakeups.send(CLASSIFY, ids[start : start + size])
    worker = QueueWorker(client, SECRET, CLASSIFY, classifier.run, lambda: None)
    stages = Stages()
    with stages.timed(["begin_classifying", "detect_language", "classify", "newcomer", "place_articles", "record"]):
        cpu, wall = time.process_time(), time.perf_counter()
        worker.run_waiting()
        return time.process_time() - cpu, time.perf_counter() - wall, stages


def report(number: int, cpu: float, wall: float, stages: Stages) -> None:
    """Print what a run cost, in microseconds an article."""
    seconds = stages.seconds
    inside = sum(seconds[name] for name in ("begin_classifying", "classify", "newcomer", "record"))
    rows = {
        "load": seconds["begin_classifying"],
        "language": seconds["detect_language"],
        "match": seconds["classify"] - seconds["detect_language"],
        "read for the story": seconds["newcomer"],
        "place": seconds["place_articles"],
        "record": seconds["record"] - seconds["place_articles"],
        "queue": cpu - inside,
    }
    for name, value in rows.items():
        print(f"    {name:<20}{value / number * 1e6:8.0f} us")
    print(f"    {'all':<20}{cpu / number * 1e6:8.0f} us")
    print(f"    {number / cpu:,.0f} articles/s and core; {number / wall:,.0f}/s on the clock")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=10_000)
    options = parser.parse_args()
    rng = random.Random(7)
    watches = watchlist(rng, WATCHES)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, Valkey(Path(folder)) as server:
        database = open_database(f"sqlite:///{folder}/tocsin.sqlite3")
        upgrade(database)
        rates = []
        for number in range(ROUNDS):
            ids = stored(database, rng, options.articles // ROUNDS)
            cpu, wall, stages = run(database, server, watches, ids, BATCHES[CLASSIFY])
            rates.append(len(ids) / cpu)
            print(f"round {number + 1}: {len(ids):,} articles in batches of {BATCHES[CLASSIFY]}, {WATCHES} watches")
            report(len(ids), cpu, wall, stages)
        single = stored(database, rng, 300)
        cpu, wall, stages = run(database, server, watches, single, 1)
        print("baseline: one article a job")
        report(len(single), cpu, wall, stages)
        with database.read() as connection:
            now = progress(connection)
        database.close()
    if now.classified != now.articles:
        raise SystemExit(f"not all were classified: {now}")
    rates.sort()
    middle = rates[len(rates) // 2]
    print(
        f"median {middle:,.0f} articles/s and core, {rates[0]:,.0f}-{rates[-1]:,.0f} over {ROUNDS} rounds; target 500"
    )
    print(f"{middle / (len(single) / cpu):.1f} times the baseline; {now.matches:,} matches")


if __name__ == "__main__":
    main()
