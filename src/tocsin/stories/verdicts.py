"""From comparisons of articles to verdicts on developments and stories. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from tocsin.models.ids import DevelopmentId, StoryId

_BEST_COUNTS = 0.5
"""Share of the best comparison in the verdict on a group; the mean of all has the rest."""

_PAUSE, _PAUSED, _MOST_PAUSED = 18 * 3600, 6.0, 4.5
"""Seconds of quiet behind which a development is less likely to go on, by how many nats for each as long, at most."""

CROWDING, _LEARNED_AT = 0.8, 30.0
"""How much the number of articles a day counts, and at how many a day the weights were learned."""

_SHORTEST = 0.125
_DAY = 24 * 3600
_LARGEST = 20.0


@dataclass(slots=True)
class Compared:
    """A group of articles that a new one was compared with: their logits, and the verdict on all of them."""

    keys: list[int] = field(default_factory=list)
    logits: list[float] = field(default_factory=list)
    allowance: float = 0.0

    @property
    def verdict(self) -> float:
        """The logit that the new article belongs to the group."""
        mean = sum(self.logits) / len(self.logits)
        return _BEST_COUNTS * max(self.logits) + (1 - _BEST_COUNTS) * mean - self.allowance

    @property
    def nearest(self) -> int:
        """The article that speaks most for it."""
        return self.keys[self.logits.index(max(self.logits))]


class Groups:
    """Comparisons by development and by story."""

    def __init__(self) -> None:
        self.events: dict[DevelopmentId, Compared] = {}
        self.stories: dict[StoryId, Compared] = {}

    def add(self, key: int, story: StoryId, development: DevelopmentId, event: float, running: float) -> None:
        """Add a comparison with an article: the logits of being one event and one running story."""
        for group, logit in (
            (self.events.setdefault(development, Compared()), event),
            (self.stories.setdefault(story, Compared()), running),
        ):
            group.keys.append(key)
            group.logits.append(logit)

    def best_event(self, at: int, latest_of: Callable[[DevelopmentId], int]) -> Compared | None:
        """Return the development that an article of a time most likely tells of; one long quiet is less likely to."""
        for development, group in self.events.items():
            quiet = abs(at - latest_of(development)) / _PAUSE
            group.allowance = min(_MOST_PAUSED, _PAUSED * max(0.0, quiet - 1.0))
        return max(self.events.values(), key=_verdict, default=None)

    def evident(self, least: float, without: Compared) -> list[DevelopmentId]:
        """Return the other developments that an article as evidently tells of, the likeliest first."""
        found = [
            (group.verdict, -development)
            for development, group in self.events.items()
            if group is not without and group.verdict > least
        ]
        return [DevelopmentId(-development) for _, development in sorted(found, reverse=True)]

    def best_story(self) -> Compared | None:
        """Return the story that an article most likely belongs to."""
        return max(self.stories.values(), key=_verdict, default=None)


def _verdict(group: Compared) -> float:
    return group.verdict


def crowding(articles: int, seconds: int) -> float:
    """Return by how many nats it is less likely that two articles are one than where the weights were learned.

    An article belongs to one story however many there are: with the number of articles a day grows that of the wrong
    ones.
    """
    days = max(_SHORTEST, seconds / _DAY)
    return CROWDING * math.log(max(1.0, articles / days / _LEARNED_AT))


def certainty(logit: float) -> float:
    """Return a logit as a probability (0..1)."""
    return round(1 / (1 + math.exp(-max(-_LARGEST, min(_LARGEST, logit)))), 3)
