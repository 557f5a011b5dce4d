"""Minimal pairs of matching, one JSON object a line: a rule, a text, and whether the one must be found in the other."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


@dataclass(frozen=True, slots=True)
class Case:
    """A rule of a kind (keyword, name or query), a text in a language, and ``why`` it must be found there or not."""

    id: str
    kind: str
    rule: str
    text: str
    lang: str
    expect: bool
    why: str

    def watch(self) -> Watch:
        """Return a watch that has the rule alone."""
        if self.kind == "query":
            return Watch(WatchId("w"), "", query=self.rule)
        rule = (self.rule.strip('"'),)
        return Watch(WatchId("w"), "", names=rule) if self.kind == "name" else Watch(WatchId("w"), "", keywords=rule)


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a file, in its order."""
    return [Case(**json.loads(line)) for line in path.read_text("utf-8").splitlines()]
