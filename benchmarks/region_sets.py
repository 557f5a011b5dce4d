"""The corpora that places are measured on, read from a directory of theirs, and the figures that are drawn from them.

The corpora are not part of the project. Each is a file of JSON lines, gzipped or not, named after its set:
``lgl.dev.jsonl.gz``. A line has ``id``, ``title``, ``text`` and what people found in it: ``labels`` (ISO 3166-1 codes
of the countries it is about), ``mention_countries`` (codes with counts), or ``focus``, ``focus_optional`` and
``furniture`` of a story with traps.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SETS = ("cliff_focus", "tudloc2013", "lgl", "trnews", "geowebnews", "geovirus", "reuters21578_places")
SLAVIC = "bsnlp2021_slavic"
TRAPS = "traps"
WITH_HOME = ("lgl", "trnews")


@dataclass(frozen=True, slots=True)
class Sample:
    """An article of a set with what people found in it.

    ``home`` is the country that most of the other articles of its site are about, None where there are none.
    ``about`` and ``mentioned`` are None where nobody asked. ``optional`` countries are neither asked for nor wrong.
    """

    id: str
    title: str
    text: str
    language: str | None
    home: str | None
    about: frozenset[str] | None
    mentioned: frozenset[str] | None
    optional: frozenset[str] = frozenset()
    mentioned_optional: frozenset[str] = frozenset()
    furniture: frozenset[str] = frozenset()
    provinces: frozenset[str] = frozenset()
    cities: frozenset[str] = frozenset()
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a tool says of an article: the countries that it is about and those that it names."""

    about: frozenset[str]
    mentioned: frozenset[str]


def read_set(directory: Path, name: str) -> list[Sample]:
    """Return the articles of a set; none where the directory does not have it."""
    for path in sorted(directory.glob(f"{name}.*jsonl*")):
        packed = path.read_bytes()
        text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
        return list(_samples([json.loads(line) for line in text.split("\n") if line]))
    return []


def _samples(records: Sequence[dict[str, Any]]) -> Iterator[Sample]:
    homes = _homes(records)
    for record in records:
        if "tags" in record:
            yield _story(record)
        else:
            yield Sample(
                record["id"],
                record["title"].strip(),
                record["text"],
                record.get("lang"),
                homes.get(record["id"]),
                frozenset(record["labels"]) if record.get("labels") else None,
                frozenset(record["mention_countries"]) if "mention_countries" in record else None,
            )


def _story(record: dict[str, Any]) -> Sample:
    def found(key: str) -> frozenset[str]:
        return frozenset(record.get(key, ()))

    return Sample(
        record["id"], record["title"], record["text"], record["lang"], None,
        about=found("focus"), mentioned=found("mentions"), optional=found("focus_optional"),
        mentioned_optional=found("mentions_optional"), furniture=found("furniture"),
        provinces=found("focus_admin1"), cities=found("focus_place"), tags=tuple(record["tags"]),
    )  # fmt: skip


def _homes(records: Sequence[dict[str, Any]]) -> dict[str, str]:
    """Return by article the country that most of the other articles of its site are about."""
    of_site: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        if record.get("domain"):
            of_site[record["domain"]].update(record.get("labels", ()))
    homes = {}
    for record in records:
        others = of_site[record["domain"]] - Counter(record.get("labels", ())) if record.get("domain") else None
        if others:
            homes[record["id"]] = others.most_common(1)[0][0]
    return homes


def accuracy(pairs: Iterable[tuple[Sample, Verdict]]) -> float:
    """Return the share of the articles of which a country of theirs is in the focus set."""
    met = [bool(sample.about & verdict.about) for sample, verdict in pairs if sample.about is not None]
    return sum(met) / len(met) if met else float("nan")


def focus_f(pairs: Iterable[tuple[Sample, Verdict]]) -> float:
    """Return the micro F1 of the focus sets."""
    return _micro_f((sample.about, verdict.about) for sample, verdict in pairs if sample.about is not None)


def mention_f(pairs: Iterable[tuple[Sample, Verdict]]) -> float:
    """Return the micro F1 of the countries mentioned."""
    return _micro_f(
        (sample.mentioned, verdict.mentioned - sample.mentioned_optional)
        for sample, verdict in pairs
        if sample.mentioned is not None
    )


def _micro_f(pairs: Iterable[tuple[frozenset[str], frozenset[str]]]) -> float:
    right = given = asked = 0
    for gold, found in pairs:
        right += len(gold & found)
        given += len(found)
        asked += len(gold)
    return 2 * right / (given + asked) if given + asked else float("nan")


def is_exact(sample: Sample, verdict: Verdict) -> bool:
    """Whether a story's focus set is exactly right, its optional countries aside and none of its page furniture in."""
    return verdict.about - sample.optional == sample.about and not verdict.about & sample.furniture


def by_tag(pairs: Sequence[tuple[Sample, Verdict]]) -> dict[str, tuple[int, int]]:
    """Return by trap how many stories are exactly right, and of how many."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for sample, verdict in pairs:
        for tag in sample.tags:
            found[tag][0] += is_exact(sample, verdict)
            found[tag][1] += 1
    return {tag: (right, of) for tag, (right, of) in sorted(found.items())}
