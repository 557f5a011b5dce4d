"""How fast documents are parsed, cleaning included, against feedparser on the same documents in the same run.

Usage: ``python benchmarks/bench_parse.py PATH...`` with files or folders of feeds, such as they came from the web;
without any, made-up ones say little more than that it works.
Prints CPU seconds, feeds a second and the ratio, best of three interleaved rounds, and which lane read how many.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path

import feedparser
from feed_documents import documents, made_up

from tocsin.feeds import fast_lane
from tocsin.feeds.charset import to_utf8
from tocsin.feeds.parse import Doubt, examine, judged, parse_fast
from tocsin.feeds.repair import head
from tocsin.models.feeds import ParsedFeed, Problem

URL = "https://site.example/feeds/main.xml"


def ours(body: bytes) -> ParsedFeed | Problem:
    """Parse as a scheduler does, but with the judge in this process, so that its time counts here."""
    found = examine(body, "", URL)
    return judged(found) if isinstance(found, Doubt) else found


def uncleaned(body: bytes) -> object:
    """Read all fields of the documents that the fast lane takes, and leave their HTML as it is."""
    document = to_utf8(body, "").body
    return fast_lane.read(document[head(document).start :], URL)


def theirs(body: bytes) -> object:
    """Parse as feedparser does by default: with its sanitiser, since ours is included, too."""
    return feedparser.parse(BytesIO(body))


def theirs_unclean(body: bytes) -> object:
    """Parse as feedparser does when it leaves HTML as it is."""
    return feedparser.parse(BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


PARSERS: dict[str, Callable[[bytes], object]] = {
    "tocsin": ours,
    "tocsin, uncleaned": uncleaned,
    "feedparser": theirs,
    "feedparser, unsanitised": theirs_unclean,
}


def cpu_seconds(parse: Callable[[bytes], object], bodies: Iterable[bytes]) -> float:
    """Run over all documents and measure the time of this process."""
    start = time.process_time()
    for body in bodies:
        parse(body)
    return time.process_time() - start


def lanes(bodies: list[bytes]) -> Counter[str]:
    """Count which lane reads a document."""
    counted: Counter[str] = Counter()
    for body in bodies:
        if parse_fast(body, "", URL) is not None:
            counted["fast"] += 1
        elif isinstance(examine(body, "", URL), Doubt):
            counted["judge"] += 1
        else:
            counted["fast after repair, JSON or sitemap"] += 1
    return counted


def main() -> None:
    """Print the comparison."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("paths", nargs="*", type=Path)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    bodies = [body for _, body in documents(options.paths)] or made_up(60)
    best: dict[str, float] = {}
    for _ in range(options.rounds):
        for name, parse in PARSERS.items():
            best[name] = min(best.get(name, 1e9), cpu_seconds(parse, bodies))
    print(f"{len(bodies)} documents, {sum(map(len, bodies)) / 1e6:.1f} MB; lanes: {dict(lanes(bodies))}")
    for name, seconds in best.items():
        rate, ratio = len(bodies) / seconds, seconds / best["tocsin"]
        print(f"{name:25} {seconds:8.3f} s  {rate:8.1f}/s  {ratio:5.1f} times ours")


if __name__ == "__main__":
    main()
