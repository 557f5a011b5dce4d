"""A match: an article that meets a watch, as stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.models.articles import Article
from tocsin.models.ids import MatchId, WatchId
from tocsin.models.receipts import Receipt


@dataclass(frozen=True, slots=True)
class Match:
    """A stored match. ``withdrawn_at`` is set when a later revision of the article no longer met the watch, with the
    reason in words.
    """

    id: MatchId
    watch: WatchId
    article: Article
    receipt: Receipt
    matched_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_because: str | None = None


@dataclass(frozen=True, slots=True)
class Classification:
    """All verdicts that matched one revision of an article, and its language as detected (BCP 47, primary subtag) or
    None.

    ``unmet`` are the verdicts of those watches that an earlier revision met and this one does not.
    """

    article: Article
    language: str | None
    receipts: tuple[Receipt, ...]
    unmet: tuple[Receipt, ...] = ()
