r"""Learns what speaks for two articles being one: writes src/tocsin/stories/data/weights.json.

Two logistic regressions over the features of `tocsin.stories.features`: whether two articles tell of one event, and
whether they belong to one running story. What must speak for it may not weigh against it, and the other way round. As
articles of small labelled sets are few and far apart, articles of agencies that were published months apart are thrown
together as counter-examples, with what crowding takes off (`tocsin.stories.verdicts.crowding`) as an offset.

Run it where numpy and scipy are installed; the same files give the same weights::

    uv run --group learning python scripts/learn_stories.py [--check] [--event-least 0.7] [--story-least 1.2] \\
        --background ARTICLES.jsonl.gz tests/corpus/stories/own.jsonl OTHER.jsonl

With --check each set is left out in turn and the average precision of pairs printed; nothing is written. The labelled
sets have the columns of tests/corpus/stories/README.md, the background has id (ending in a number), title, text.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np  # type: ignore[import-not-found]  # only where this script runs, see above
from scipy.optimize import minimize  # type: ignore[import-not-found]

from tocsin.models.ids import DevelopmentId, StoryId
from tocsin.models.stories import Item
from tocsin.stories import Shelf, signature_of
from tocsin.stories.commonness import Commonness
from tocsin.stories.features import NAMES, features
from tocsin.stories.marks import kept_of, marks_of
from tocsin.stories.verdicts import CROWDING, crowding

_TARGET = Path(__file__).parent.parent / "src/tocsin/stories/data/weights.json"
_ACROSS = ("names", "city", "country", "numbers", "concepts", "hours", "meaning")
"""Features that weigh otherwise between two languages."""

_FOR = frozenset(
    ("words", "title", "title in the other", "rare words", "names", "city", "country", "numbers", "concepts",
     "meaning", "same day")
)  # fmt: skip
_AGAINST = frozenset(
    ("parallel", "other cities", "other countries", "other count", "hours", "other day", "unlike", "other happening")
)
_WEIGHT_NO, _WEIGHT_BACKGROUND, _WEIGHT_SAME_EVENT = 0.15, 0.02, 0.1
"""Weights of pairs: no is the usual answer; a story's verdict is asked for where no event was found."""

_RIDGE = 0.02
_BACKGROUND, _DAYS, _MONTHS_APART = 3_000, 5, 3_000


@dataclass(frozen=True)
class Pairs:
    """Features of pairs of articles, with the answers and what crowding takes off."""

    features: np.ndarray
    is_event: np.ndarray
    is_story: np.ndarray
    crowd: np.ndarray
    weight: float


def labelled_pairs(path: Path) -> Pairs:
    """Return all pairs of a labelled set, each article compared with those before it as on the shelf."""
    rows = sorted(map(json.loads, path.read_text("utf-8").splitlines()), key=lambda row: (row["published"], row["id"]))
    found, events, stories, common = [], [], [], Commonness()
    marks = [marks_of(signature_of(_item(key, row))) for key, row in enumerate(rows)]
    kept = [kept_of(one) for one in marks]
    seen: set[str] = set()
    for key, row in enumerate(rows):
        weighed = common.weighed(marks[key])
        for other in range(key):
            found.append(features(weighed, kept[other]))
            events.append(bool(row["event"]) and row["event"] == rows[other]["event"])
            stories.append(bool(row["story"]) and row["story"] == rows[other]["story"])
        event = row["event"] or row["id"]
        if event not in seen:
            seen.add(event)
            common.count(kept[key])
    return Pairs(np.array(found), np.array(events), np.array(stories), np.zeros(len(found)), 1.0)


def _item(key: int, row: dict[str, str]) -> Item:
    published = datetime.fromisoformat(row["published"])
    return Item(key, row["outlet"], row["lang"], published, row["title"], row["summary"], row["link"])


def background_pairs(path: Path) -> Pairs:
    """Return pairs of articles that cannot be one: published months apart, thrown together into a few days."""
    chosen = random.Random(11)
    with gzip.open(path, "rt") as file:
        rows = chosen.sample(list(map(json.loads, file)), _BACKGROUND)
    found, crowds = [], []
    shelf = Shelf()
    for key, row in enumerate(rows):
        item = Item(
            key, f"outlet {chosen.randrange(40)}", "en",
            datetime(2024, 3, 1, tzinfo=UTC) + timedelta(days=_DAYS * key / len(rows)),
            row["title"].strip().capitalize(), " ".join(row["text"].split())[: chosen.choice((200, 400, 1200))], "",
        )  # fmt: skip
        signature = signature_of(item)
        for other, values in shelf.compared(signature):
            if abs(_number(rows[other]) - _number(row)) > _MONTHS_APART:
                found.append(values)
                crowds.append(crowding(len(shelf), shelf.seconds) / CROWDING)
        shelf.put(signature, StoryId(key), DevelopmentId(key))
    none = np.zeros(len(found), bool)
    return Pairs(np.array(found), none, none, np.array(crowds), _WEIGHT_BACKGROUND)


def _number(row: dict[str, str]) -> int:
    return int(row["id"].rpartition("-")[2])


def columns(values: np.ndarray) -> np.ndarray:
    """Return the features with those between two languages once more behind them."""
    across = values[:, [NAMES.index(name) for name in _ACROSS]] * values[:, [NAMES.index("language")]]
    return np.hstack([values, across])


def learned(sets: Sequence[Pairs], *, story: bool) -> tuple[np.ndarray, float]:
    """Return the weights of the columns and the constant."""
    values = columns(np.vstack([one.features for one in sets]))
    answers = np.concatenate([one.is_story if story else one.is_event for one in sets]).astype(float)
    offsets = -CROWDING * np.concatenate([one.crowd for one in sets])
    weights = np.where(answers > 0, 1.0, _WEIGHT_NO)
    weights *= np.concatenate([np.full(len(one.crowd), min(1.0, one.weight / _WEIGHT_NO)) for one in sets])
    if story:
        weights[np.concatenate([one.is_event for one in sets])] = _WEIGHT_SAME_EVENT
    scale = values.std(0) + 1e-9
    scaled, total = values / scale, weights.sum()

    def loss(point: np.ndarray) -> tuple[float, np.ndarray]:
        logits = scaled @ point[:-1] + point[-1] + offsets
        wrong = weights * (1 / (1 + np.exp(-logits)) - answers) / total
        value = (weights * (np.logaddexp(0, logits) - answers * logits)).sum() / total
        ridge = _RIDGE / len(point)
        return value + ridge * (point[:-1] ** 2).sum(), np.append(
            scaled.T @ wrong + 2 * ridge * point[:-1], wrong.sum()
        )

    found = minimize(loss, np.zeros(len(scale) + 1), jac=True, method="L-BFGS-B", bounds=[*_bounds(), (None, None)],
                     options={"maxiter": 2_000, "ftol": 1e-12, "gtol": 1e-9})  # fmt: skip
    return found.x[:-1] / scale, float(found.x[-1])


def _bounds() -> Iterator[tuple[float | None, float | None]]:
    for name in (*NAMES, *_ACROSS[:-2], None, _ACROSS[-1]):
        yield (None if name is None or name not in _FOR else 0.0, 0.0 if name in _AGAINST else None)


def _written(weights: np.ndarray, constant: float, least: float) -> dict[str, object]:
    rounded = [round(float(weight), 3) for weight in weights]
    return {
        "constant": round(constant, 3),
        "least": least,
        "within": dict(zip(NAMES, rounded, strict=False)),
        "across": dict(zip(_ACROSS, rounded[len(NAMES) :], strict=True)),
    }


def _average_precision(answers: np.ndarray, logits: np.ndarray) -> float:
    ranked = answers[np.argsort(-logits, kind="stable")]
    return float((np.cumsum(ranked) / np.arange(1, len(ranked) + 1))[ranked].mean())


def check(names: Sequence[str], sets: Sequence[Pairs], background: Pairs) -> None:
    """Print how well pairs of each set are told by what the others teach."""
    for at, left_out in enumerate(sets):
        rest = [*sets[:at], *sets[at + 1 :], background]
        for what, answers in (("event", left_out.is_event), ("story", left_out.is_story)):
            weights, constant = learned(rest, story=what == "story")
            precision = _average_precision(answers, columns(left_out.features) @ weights + constant)
            print(f"{names[at]}: average precision of pairs, {what}: {precision:.3f}")


def main() -> None:
    """Learn the weights, or check them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", type=Path, nargs="+")
    parser.add_argument("--background", type=Path, required=True)
    parser.add_argument("--event-least", type=float, default=0.7)
    parser.add_argument("--story-least", type=float, default=1.2)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    sets, background = [labelled_pairs(path) for path in arguments.sets], background_pairs(arguments.background)
    if arguments.check:
        check([path.stem for path in arguments.sets], sets, background)
        return
    event, story = (learned([*sets, background], story=story) for story in (False, True))
    found = {
        "event": _written(*event, arguments.event_least),
        "story": _written(*story, arguments.story_least),
    }
    _TARGET.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
