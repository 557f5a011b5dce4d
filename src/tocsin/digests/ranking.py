"""In which order a watch's stories are told, and under which of several watches. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from tocsin.models.ids import ArticleId, WatchId
from tocsin.models.matches import Match

_EVIDENCE_THAT_COUNTS = 10


class News(IntEnum):
    """What a story is to its reader; the higher is told first."""

    AGAIN = 0
    """An article that the reader had already, published again."""
    GOES_ON = 1
    """More on what the reader knows."""
    DEVELOPMENT = 2
    """Something new in a story that the reader knows."""
    NEW = 3
    """A story that the reader has not heard of."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides a story's place. ``headline`` counts the evidence in the headline of the article that stands for
    it, ``evidence`` all of it; ``outlets`` those of the story in this digest; ``latest_at`` is its latest article's.
    """

    headline: int
    outlets: int
    news: News
    evidence: int
    latest_at: datetime
    article: ArticleId


def rank(standing: Standing) -> tuple[bool, int, int, int, float, int]:
    """Order stories: evidence in the headline first; then more outlets, of which 4 to 7 weigh the same, and so each
    doubling; then what is newer to the reader; then more evidence; then the later.
    """
    return (
        standing.headline == 0,
        -standing.outlets.bit_length(),
        -standing.news,
        -min(standing.evidence, _EVIDENCE_THAT_COUNTS),
        -standing.latest_at.timestamp(),
        standing.article,
    )


def home_watch(matches: Sequence[Match], order: Sequence[WatchId]) -> WatchId:
    """Choose the watch under which a story is told: the first in ``order`` that at least half of its articles meet,
    else the one that most of them meet.
    """
    met = Counter(match.watch for match in matches)
    articles = len({match.article.id for match in matches})
    half = (watch for watch in order if 2 * met[watch] >= articles)
    return next(half, None) or max(order, key=lambda watch: met[watch])
