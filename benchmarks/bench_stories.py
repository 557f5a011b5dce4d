"""How well articles are gathered to events and stories, on labelled sets given by path, with baselines beside.

B-cubed precision, recall and F1 (Bagga and Baldwin 1998) over events and over running stories. Baselines: every article
alone, and TF-IDF with single link at the threshold that is best for it on the very set::

    python benchmarks/bench_stories.py tests/corpus/stories/own.jsonl [MORE.jsonl ...]

The columns are those of tests/corpus/stories/README.md.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from itertools import combinations
from pathlib import Path

from tocsin.models.stories import Item
from tocsin.stories import cluster
from tocsin.stories.tokens import tokens_of

Row = dict[str, str]
Labels = Sequence[Hashable]


def b_cubed(gold: Labels, found: Labels) -> tuple[float, float, float]:
    """Return precision, recall and F1, as means over items."""
    pairs = list(zip(gold, found, strict=True))
    together, true, predicted = Counter(pairs), Counter(gold), Counter(found)
    precision = sum(together[pair] / predicted[pair[1]] for pair in pairs) / len(pairs)
    recall = sum(together[pair] / true[pair[0]] for pair in pairs) / len(pairs)
    return precision, recall, 2 * precision * recall / (precision + recall)


def tf_idf(rows: Sequence[Row]) -> list[dict[str, float]]:
    """Return the articles' words with their weights, each of length 1."""
    words = [Counter(token.folded for token in tokens_of(f"{row['title']}\n{row['summary']}")) for row in rows]
    known = Counter(word for one in words for word in one)
    vectors = []
    for one in words:
        weights = {word: times * math.log(len(rows) / known[word]) for word, times in one.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        vectors.append({word: weight / length for word, weight in weights.items()})
    return vectors


def single_link(rows: Sequence[Row]) -> Callable[[float], list[int]]:
    """Return a clustering by threshold: articles are one that a chain of similar ones joins."""
    vectors = tf_idf(rows)
    cosines = [
        (sum(weight * vectors[b].get(word, 0.0) for word, weight in vectors[a].items()), a, b)
        for a, b in combinations(range(len(rows)), 2)
    ]

    def clustered(threshold: float) -> list[int]:
        leader = list(range(len(rows)))

        def first(one: int) -> int:
            while leader[one] != one:
                one = leader[one]
            return one

        for cosine, a, b in cosines:
            if cosine >= threshold:
                leader[first(b)] = first(a)
        return [first(one) for one in range(len(rows))]

    return clustered


def item_of(key: int, row: Row) -> Item:
    """Return a row as an article."""
    published = datetime.fromisoformat(row["published"])
    return Item(key, row["outlet"], row["lang"], published, row["title"], row["summary"], row["link"])


def shown(name: str, gold: tuple[Labels, Labels], events: Labels, stories: Labels) -> None:
    """Print the figures of one way."""
    figures = [f"P {p:.3f} R {r:.3f} F1 {f:.3f}" for p, r, f in (b_cubed(gold[0], events), b_cubed(gold[1], stories))]
    print(f"  {name:<34} events {figures[0]}   stories {figures[1]}")


def pairs_told(rows: Sequence[Row], events: Labels) -> str:
    """Return what became of the pairs that are hard."""
    across = joined = inside = wrong = 0
    for a, b in combinations(range(len(rows)), 2):
        one, other, same = rows[a], rows[b], events[a] == events[b]
        if one["event"] and one["event"] == other["event"]:
            across += one["lang"] != other["lang"]
            joined += same and one["lang"] != other["lang"]
        elif one["family"] and one["family"] == other["family"] and one["story"] != other["story"]:
            inside += 1
            wrong += same
    sizes = Counter(events)
    glued = sum(
        sizes[event] > 1 for row, event in zip(rows, events, strict=True) if row["role"] in ("template", "roundup")
    )
    told = f"across languages joined {joined}/{across}; wrong inside families {wrong}/{inside}"
    return f"  {told}; templates and round-ups glued {glued}"


def measured(path: Path) -> None:
    """Print the figures of a set."""
    rows: list[Row] = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    gold = [row["event"] or row["id"] for row in rows], [row["story"] or row["id"] for row in rows]
    print(f"{path.name}: {len(rows)} articles, {len(set(gold[0]))} events, {len(set(gold[1]))} stories")
    alone = range(len(rows))
    shown("every article alone", gold, alone, alone)
    linked = single_link(rows)
    thresholds = [step / 50 for step in range(2, 40)]
    best = [
        max((linked(one) for one in thresholds), key=lambda found, at=at: b_cubed(gold[at], found)[2]) for at in (0, 1)
    ]
    shown("TF-IDF, single link, best threshold", gold, best[0], best[1])
    items = [item_of(key, row) for key, row in enumerate(rows)]
    list(cluster(items[:1]))  # tables and automata are loaded once a process
    start = time.process_time()
    found = {one.item.key: one for one in cluster(items)}
    took = time.process_time() - start
    events = [found[key].event for key in alone]
    shown("tocsin", gold, events, [found[key].story for key in alone])
    print(pairs_told(rows, events))
    print(f"  {1e3 * took / len(rows):.2f} ms an article")


def main() -> None:
    """Print the figures of each set."""
    for name in sys.argv[1:]:
        measured(Path(name))


if __name__ == "__main__":
    main()
