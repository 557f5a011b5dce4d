"""Every number that decides what an article is about, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a mention by where it stands, and the bounds of a verdict.

    ``lead`` holds for the first ``lead_length`` characters of the text. Of one place only the first ``repeats``
    mentions count, so that a city named in each sentence does not dwarf all others. A region is in focus with
    ``min_score`` or more that is at least ``min_share`` of the strongest's. ``home`` is the score of the feed's home
    region in an article that names no place. ``context`` is what a country named elsewhere in the article adds to
    the tenth logarithm of a place's population where places share a name.
    """

    title: float = 3.0
    lead: float = 2.0
    body: float = 1.0
    lead_length: int = 300
    repeats: int = 6
    min_score: float = 2.0
    min_share: float = 0.5
    home: float = 2.0
    context: float = 1.0


WEIGHTS = Weights()
