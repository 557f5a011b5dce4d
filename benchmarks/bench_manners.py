"""Claim: no reader of feeds has better manners.

Every reader follows the same publishers on loopback, each with a trait of its own, and is run seven times within three
days and a quarter of made-up time (by faketime), as a timer would run it; ours is its scheduler, started and stopped as
often. What they ask is judged by the same rules (`judgements`). Rules that cannot be seen from outside, or not on
loopback, are left to the tests in ``tests/manners``; so the score is out of those that can::

    python benchmarks/bench_manners.py

Needs faketime, and newsboat, rss2email and sfeed for their columns (``apt-get install`` all four).
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from judgements import HOURS, Rule, rules  # noqa: E402 -- a neighbour, found by the path above
from manners_server import Publishers  # noqa: E402 -- see above
from other_readers import others  # noqa: E402 -- see above

SCHEDULER_SECONDS = 45
"""How long our scheduler runs each time: longer than an answer without end may take."""

Run = Callable[[Sequence[str]], None]


def main() -> None:
    """Judge all readers and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--environment", type=Path, default=Path("var/benchmark-readers"), help="of other readers")
    parser.add_argument("--alone", action="store_true", help="judge Tocsin only")
    options = parser.parse_args()
    if shutil.which("faketime") is None:
        print("faketime is not installed, so manners over days cannot be shown; apt-get install faketime")
        return
    start = datetime.now(UTC)
    judged = rules(_skipped(start))
    publishers = Publishers([rule.trait for rule in judged])
    urls = [rule.trait.url for rule in judged]
    table: dict[str, list[bool]] = {}
    with tempfile.TemporaryDirectory() as folder, publishers.served(), _ours(Path(folder), urls) as ours:
        readers: list[tuple[str, Run]] = [("tocsin", ours)]
        if not options.alone:
            readers += [(one.name, one.run_when_due) for one in others(Path(folder), urls, options.environment)]
        for name, run in readers:
            publishers.forget()
            for hour in HOURS:
                publishers.at(hour, start)
                run(["faketime", "-f", f"+{hour}h"])
            table[name] = [rule.is_kept(rule.trait.asked) for rule in judged]
    _print(judged, table)


def _skipped(start: datetime) -> str:
    hours = {(start + timedelta(hours=hour)).hour for hour in HOURS[1:3]}
    return "".join(f"<hour>{hour}</hour>" for hour in sorted(hours))


@contextmanager
def _ours(folder: Path, urls: Sequence[str]) -> Iterator[Run]:
    home = folder / "tocsin"
    home.mkdir()
    feeds = "\n".join(f"  - {url}" for url in urls)
    watches = "watches:\n  bridge:\n    keywords: [bridge]\n"
    (home / "watchlist.yaml").write_text(f"feeds:\n{feeds}\n{watches}")
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TOCSIN_")},
        "TOCSIN_HOME": str(home),
        "TOCSIN_WATCHLIST": str(home / "watchlist.yaml"),
        "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8",
        "TOCSIN_CONTACT": "https://tocsin.example/contact",
    }
    program = [sys.executable, "-m", "tocsin"]
    subprocess.run([*program, "db", "upgrade"], env=environment, check=True, stdout=subprocess.DEVNULL)
    with (home / "log").open("wb") as log:
        redis = subprocess.Popen([*program, "redis"], env=environment, stdout=log, stderr=log)

        def run(prefix: Sequence[str]) -> None:
            # A group of its own: faketime runs the program as its child, and passes no signals on.
            command = [*prefix, *program, "scheduler"]
            scheduler = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
            time.sleep(SCHEDULER_SECONDS)
            os.killpg(scheduler.pid, signal.SIGTERM)
            scheduler.wait()

        try:
            yield run
        finally:
            redis.terminate()
            redis.wait()


def _print(judged: Sequence[Rule], table: dict[str, list[bool]]) -> None:
    print(f"{'':50}" + "".join(f"{name[:12]:>14}" for name in table))
    for place, rule in enumerate(judged):
        marks = "".join(f"{'kept' if kept[place] else '-':>14}" for kept in table.values())
        print(f"{rule.number:>3} {rule.words:46}{marks}")
    print(f"{'of ' + str(len(judged)):50}" + "".join(f"{sum(kept):>14}" for kept in table.values()))


if __name__ == "__main__":
    main()
