"""How well articles were sorted into stories, pair by pair, against what a careful reader says."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from ruamel.yaml import YAML

Pair = frozenset[str]


@dataclass(frozen=True, slots=True)
class ExpectedStories:
    """The story and the development of each article by its slug; ``either`` are pairs of stories that nobody asks
    about.
    """

    stories: Mapping[str, str]
    developments: Mapping[str, tuple[str, int]]
    either: frozenset[Pair]

    def story_of(self, slug: str) -> str:
        """Give an article's story, its own if none is named."""
        return self.stories.get(slug, slug)

    def development_of(self, slug: str) -> tuple[str, int]:
        """Give an article's story and development there, its own if none is named."""
        return self.developments.get(slug, (slug, 0))


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs of articles that were rightly put together, wrongly put together, and wrongly left apart."""

    right: frozenset[Pair]
    wrong: frozenset[Pair]
    missed: frozenset[Pair]

    @property
    def precision(self) -> float:
        return len(self.right) / max(1, len(self.right) + len(self.wrong))

    @property
    def recall(self) -> float:
        return len(self.right) / max(1, len(self.right) + len(self.missed))


def load_expected(path: Path) -> ExpectedStories:
    """Read a file of expected stories; raises KeyError where ``either`` names an unknown one."""
    loaded = YAML(typ="safe", pure=True).load(path)
    found = {
        slug: (story, number)
        for story, developments in loaded["stories"].items()
        for number, slugs in enumerate(developments)
        for slug in slugs
    }
    for name in (name for pair in loaded["either"] for name in pair):
        loaded["stories"][name]
    return ExpectedStories(
        stories={slug: story for slug, (story, _) in found.items()},
        developments=found,
        either=frozenset(map(frozenset, loaded["either"])),
    )


def judged_stories(found: Mapping[str, Hashable], expected: ExpectedStories) -> Judged:
    """Judge every pair of articles by the story that each was put into."""
    return _judged(found, expected.story_of, expected)


def judged_developments(found: Mapping[str, Hashable], expected: ExpectedStories) -> Judged:
    """Judge every pair of articles by the development that each was put into, which is in one story."""
    return _judged(found, expected.development_of, expected)


def _judged(found: Mapping[str, Hashable], label: Callable[[str], Hashable], expected: ExpectedStories) -> Judged:
    right: set[Pair] = set()
    wrong: set[Pair] = set()
    missed: set[Pair] = set()
    for one, other in combinations(sorted(found), 2):
        if frozenset({expected.story_of(one), expected.story_of(other)}) in expected.either:
            continue
        pair, together = frozenset({one, other}), found[one] == found[other]
        if label(one) == label(other):
            (right if together else missed).add(pair)
        elif together:
            wrong.add(pair)
    return Judged(frozenset(right), frozenset(wrong), frozenset(missed))
