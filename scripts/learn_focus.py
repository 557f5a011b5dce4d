"""Learns the numbers of src/tocsin/regions/learned.py from a directory of corpora, and prints cross-validated figures.

Logistic regression on `tocsin.regions.features.FEATURES`, one example a country of an article; signs are held to what
the features mean, so that a mention in a title never hurts. Corpora whose labels were derived from counted toponyms
weigh less than those that people labelled. Run it in an environment with the dependency group ``learning``::

    python scripts/learn_focus.py DATA_DIR
"""

from __future__ import annotations

import argparse
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from tocsin.regions import load_gazetteer, locator_of
from tocsin.regions.features import FEATURES, SIGNS
from tocsin.text.fold import fold
from tocsin.text.language import detect_language

sys.path.insert(0, str(Path(__file__).parents[1] / "benchmarks"))
from region_sets import SETS, TRAPS, WITH_HOME, Sample, Verdict, accuracy, by_tag, focus_f, is_exact, read_set

_TARGET = Path(__file__).parents[1] / "src" / "tocsin" / "regions" / "learned.py"
_FOLDS = 5
_PENALTY = 1.0
_SET_WEIGHT = {
    "reuters21578_places": 2000.0, TRAPS: 450.0, "cliff_focus": 120.0, "tudloc2013": 160.0, "lgl": 160.0,
    "lgl at home": 160.0, "trnews": 60.0, "trnews at home": 60.0, "geowebnews": 120.0, "geovirus": 120.0,
}  # fmt: skip
"""How many articles a set counts as, whatever its size."""
_NEGATIVES_OF_DERIVED = 0.3
"""What a country not among the labels weighs in sets where these are but the most frequent toponyms."""
_GOAL_F = {"reuters21578_places": 4.0, TRAPS: 3.0, "cliff_focus": 1.0, "tudloc2013": 1.0}
"""What the F of a set weighs beside its accuracy when the thresholds are chosen."""
_DERIVED = ("lgl", "trnews", "geowebnews", "geovirus")


@dataclass(frozen=True)
class Example:
    """An article with the features of its countries, and the part of the cross-validation that it belongs to."""

    set: str
    sample: Sample
    countries: tuple[str, ...]
    vectors: np.ndarray
    fold: int


def examples(directory: Path) -> list[Example]:
    """Return the articles of all sets that have labels; those with a home twice."""
    return [one for name in (*SETS, TRAPS) for one in _of_set(directory, name)]


def _of_set(directory: Path, name: str) -> Iterator[Example]:
    for sample in read_set(directory, name):
        if sample.about is not None:
            yield _example(name, sample, None)
            if name in WITH_HOME and sample.home:
                yield _example(f"{name} at home", sample, sample.home)


def _example(name: str, sample: Sample, home: str | None) -> Example:
    language = sample.language or detect_language(sample.title, sample.text)
    found = locator_of(load_gazetteer()).vectors(fold(sample.title), fold(sample.text), language=language, home=home)
    part = zlib.crc32(sample.id.encode()) % _FOLDS
    rows = np.array(list(found.values()), dtype=float).reshape(len(found), len(FEATURES))
    return Example(name, sample, tuple(found), rows, part)


def learn(examples: Sequence[Example]) -> np.ndarray:
    """Return the weights that make the labels of the examples likeliest, within their signs."""
    rows = np.vstack([one.vectors for one in examples])
    wanted = np.array([float(code in one.sample.about) for one in examples for code in one.countries])
    weights = np.array([weight for one in examples for weight in _weights(one, examples)])
    signs = [SIGNS.get(name, "") for name in FEATURES]
    bounds = [(0.0 if sign == "+" else None, 0.0 if sign == "-" else None) for sign in signs]
    free = np.array([0.0 if name == "bias" else 1.0 for name in FEATURES])

    def loss(numbers: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ numbers
        chances = 1 / (1 + np.exp(-scores))
        losses = np.logaddexp(0, scores) - wanted * scores
        gradient = rows.T @ (weights * (chances - wanted)) + _PENALTY * free * numbers
        return float((weights * losses).sum() + _PENALTY / 2 * (free * numbers**2).sum()), gradient

    found: np.ndarray = minimize(loss, np.zeros(len(FEATURES)), jac=True, bounds=bounds, method="L-BFGS-B").x
    return found


def _weights(one: Example, among: Sequence[Example]) -> Iterator[float]:
    size = sum(other.set == one.set for other in among) if (one.set, len(among)) not in _SIZES else 0
    size = _SIZES.setdefault((one.set, len(among)), size)
    for code in one.countries:
        if code in one.sample.optional:
            yield 0.0
        elif code not in one.sample.about and one.set.split()[0] in _DERIVED:
            yield _NEGATIVES_OF_DERIVED * _SET_WEIGHT[one.set] / size
        else:
            yield _SET_WEIGHT[one.set] / size


_SIZES: dict[tuple[str, int], int] = {}


def verdict(one: Example, numbers: np.ndarray, within: float, first: float) -> Verdict:
    """Return the focus set of an article by these weights and thresholds."""
    if not one.countries and one.set.endswith("at home"):
        return Verdict(frozenset((one.sample.home or "",)), frozenset())
    scores = dict(zip(one.countries, 1 / (1 + np.exp(-(one.vectors @ numbers))), strict=True))
    strongest = max(scores, key=scores.__getitem__, default="")
    return Verdict(
        frozenset(code for code, score in scores.items() if score >= (first if code == strongest else within)),
        frozenset(),
    )


def report(held_out: Sequence[tuple[Example, np.ndarray]], within: float, first: float, *, tags: bool = False) -> float:
    """Print the figures of examples judged by weights learned without them; return what is best made large."""
    goal = 0.0
    for name in _SET_WEIGHT:
        pairs = [(one.sample, verdict(one, numbers, within, first)) for one, numbers in held_out if one.set == name]
        if pairs:
            exact = sum(is_exact(*pair) for pair in pairs) / len(pairs)
            figures = (accuracy(pairs) if name != TRAPS else exact, focus_f(pairs))
            goal += (4 if name == TRAPS else 1) * figures[0] + _GOAL_F.get(name, 0.5) * figures[1]
            if tags:
                print(f"{name:24} {len(pairs):5}  accuracy {figures[0]:.3f}  focus F {figures[1]:.3f}")
                for tag, (right, of) in by_tag(pairs).items() if name == TRAPS else ():
                    print(f"    {tag:24} {right:3} of {of:3}  {right / of:.2f}")
    return goal


def main() -> None:
    """Learn, print the figures, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    arguments = parser.parse_args()
    all_examples = examples(arguments.directory)
    held_out = []
    for part in range(_FOLDS):
        numbers = learn([one for one in all_examples if one.fold != part])
        held_out += [(one, numbers) for one in all_examples if one.fold == part]
    grid = [(within, first) for within in (0.35, 0.38, 0.4, 0.42, 0.44) for first in (0.1, 0.15, 0.2, 0.25, 0.3)]
    within, first = max(grid, key=lambda bounds: report(held_out, *bounds))
    print(f"in focus from {within}, the first from {first}; cross-validated in {_FOLDS} parts:")
    report(held_out, within, first, tags=True)
    numbers = learn(all_examples)
    for name, number in zip(FEATURES, numbers, strict=True):
        print(f"    {name:20} {number:7.3f}")
    if not arguments.dry:
        _write(numbers, within, first)


def _write(numbers: np.ndarray, within: float, first: float) -> None:
    lines = "".join(f'    "{name}": {number:.3f},\n' for name, number in zip(FEATURES, numbers, strict=True))
    _TARGET.write_text(
        '"""The numbers that scripts/learn_focus.py learned; not edited by hand."""\n\n'
        "from __future__ import annotations\n\n"
        f"FOCUS: dict[str, float] = {{\n{lines}}}\n"
        '"""The weight of each feature of a country."""\n\n'
        f"IN_FOCUS = {within}\n"
        '"""The score from which a country is in focus."""\n\n'
        f"ENOUGH_FOR_THE_FIRST = {first}\n"
        '"""The score from which the strongest is even if it is less."""\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
