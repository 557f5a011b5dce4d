"""What a story costs: CPU time an article and memory of the shelf, at 1,000, 10,000 and 100,000 live articles.

The stream is made up: every article tells one of many stories, with the story's names, place and words among words of
the language in their usual frequency; stories grow as in the news, a few large and most of one article.

    .venv/bin/python benchmarks/bench_story_cost.py [--most 100000] [--measured 1000]
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from tocsin.models.ids import DevelopmentId, StoryId
from tocsin.models.stories import Item
from tocsin.regions import PlaceKind, load_gazetteer
from tocsin.stories import Shelf, Signature, signature_of
from tocsin.stories.frequencies import rarities

_START = datetime(2024, 3, 1, tzinfo=UTC)
_DAYS = 10
_OUTLETS = 400
_SYLLABLES = (
    "ba",
    "ko",
    "ri",
    "mal",
    "ten",
    "sul",
    "dra",
    "vor",
    "nik",
    "hes",
    "al",
    "mun",
    "ster",
    "gar",
    "dov",
    "lin",
)


class Stream:
    """Articles in order of publication, ``rate`` a day; the same for the same seed."""

    def __init__(self, rate: float, seed: int = 7) -> None:
        self._random = random.Random(seed)
        words = rarities("en")
        self._words = list(words)
        self._shares = list(accumulate(2.718**-rare for rare in words.values()))
        self._places = [place.name for place in load_gazetteer().places(PlaceKind.CITY)][:4000]
        self._stories: list[tuple[list[str], str]] = []
        self._rate = rate
        self._made = 0

    def items(self, count: int) -> Iterator[Item]:
        """Yield the next articles."""
        for _ in range(count):
            self._made += 1
            names, place = self._story()
            said = self._random.choices(self._words, cum_weights=self._shares, k=38)
            telling = [*self._random.sample(names, 5), place, str(self._random.randrange(3, 900)), *said]
            self._random.shuffle(telling)
            yield Item(
                key=self._made,
                outlet=f"outlet {self._random.randrange(_OUTLETS)}",
                language="en",
                published_at=_START + timedelta(days=self._made / self._rate),
                title=" ".join((*self._random.sample(names, 2), place, *said[:6])).capitalize(),
                text=" ".join(telling),
                url=f"https://example.org/{self._made}",
            )

    def _story(self) -> tuple[list[str], str]:
        if self._stories and self._random.random() < 0.5:  # noqa: PLR2004 - half of all articles open a story
            return self._stories[-1 - int(min(len(self._stories), 300) * self._random.random() ** 3)]
        names = ["".join(self._random.choices(_SYLLABLES, k=3)).capitalize() for _ in range(8)]
        self._stories.append((names, self._random.choice(self._places)))
        return self._stories[-1]


def measured(live: int, count: int) -> None:
    """Fill a shelf with so many articles and print what the next ones cost."""
    stream, shelf = Stream(rate=live / _DAYS), Shelf(most=live)
    ids = 0
    signatures = [signature_of(item) for item in stream.items(live)]
    before = _resident()
    for signature in signatures:
        ids = _placed(shelf, signature, ids)
    # What the shelf keeps of a signature is its own: the list goes, as in the house.
    memory = _resident() - before
    del signatures
    times = [0.0, 0.0, 0.0]
    slowest = 0.0
    for item in stream.items(count):
        start = time.process_time()
        signature = signature_of(item)
        read = time.process_time()
        placement = shelf.place(signature)
        decided = time.process_time()
        ids += placement.story is None
        shelf.put(signature, placement.story or StoryId(ids), placement.development or DevelopmentId(ids))
        end = time.process_time()
        times = [sum(pair) for pair in zip(times, (read - start, decided - read, end - decided), strict=True)]
        slowest = max(slowest, end - start)
    read, decided, kept = (1e3 * one / count for one in times)
    print(
        f"{live:>7,} live: {read + decided + kept:5.2f} ms an article "
        f"(signature {read:.2f}, place {decided:.2f}, put {kept:.2f}; slowest {1e3 * slowest:.1f}); "
        f"{memory:.0f} MB, {1e3 * memory / live:.1f} kB an article; {len(signature.pack())} bytes packed"
    )


def _resident() -> float:
    """Return the memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def _placed(shelf: Shelf, signature: Signature, ids: int) -> int:
    placement = shelf.place(signature)
    ids += 1
    shelf.put(signature, placement.story or StoryId(ids), placement.development or DevelopmentId(ids))
    return ids


def main() -> None:
    """Measure at growing numbers of live articles."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=100_000)
    parser.add_argument("--measured", type=int, default=1_000)
    arguments = parser.parse_args()
    signature_of(next(Stream(1).items(1)))  # tables and automata are loaded once a process
    live = 1_000
    while live <= arguments.most:
        measured(live, arguments.measured)
        live *= 10


if __name__ == "__main__":
    main()
