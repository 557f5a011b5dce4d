"""The learned weights of the features, read from data/weights.json, which scripts/learn_stories.py writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from operator import mul
from typing import Any

from tocsin.stories.features import NAMES


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the features, in the order of `NAMES`, and the logit of two articles with nothing in common.

    ``across`` is added to them where the languages differ. Of a logit above ``least`` an article joins.
    """

    constant: float
    within: tuple[float, ...]
    across: tuple[float, ...]
    least: float

    def logit(self, found: Sequence[float]) -> float:
        """Return the logit that two articles are one, by their features."""
        weights = self.across if found[_LANGUAGE] else self.within
        total: float = sum(map(mul, weights, found))
        return self.constant + total


_LANGUAGE = NAMES.index("language")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The weights for being one event and for being one running story."""

    event: Weights
    story: Weights


@lru_cache(maxsize=1)
def judgement() -> Judgement:
    """Return the packaged weights."""
    read = json.loads(resources.files("tocsin.stories").joinpath("data/weights.json").read_text("utf-8"))
    return Judgement(_weights(read["event"]), _weights(read["story"]))


def _weights(read: dict[str, Any]) -> Weights:
    within = tuple(float(read["within"].get(name, 0.0)) for name in NAMES)
    more = (float(read["across"].get(name, 0.0)) for name in NAMES)
    across = tuple(one + other for one, other in zip(within, more, strict=True))
    return Weights(float(read["constant"]), within, across, float(read["least"]))
