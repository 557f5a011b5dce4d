"""Stories: articles on one running story, its developments, and where one article went and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId


@dataclass(frozen=True, slots=True)
class Item:
    """An article as stories see it.

    ``key`` names it (an article's id, or its place in an archive); ``outlet`` names who published it, the same for all
    feeds of one house; ``language`` is a BCP 47 primary subtag or None; ``published_at`` is aware UTC and never after
    the article was first seen.
    """

    key: int
    outlet: str
    language: str | None
    published_at: datetime
    title: str
    text: str
    url: str


class Join(StrEnum):
    """How an article came to where it is."""

    OPENED = "opened"
    """The first of its story."""
    SAME_ARTICLE = "same article"
    """An article that is known already, published again, perhaps under another title: an update, no second item."""
    NEAR_COPY = "near copy"
    """The text of another outlet or an agency, shortened or edited."""
    SAME_EVENT = "same event"
    OTHER_LANGUAGE = "same event, other language"
    DEVELOPMENT = "development"
    """The first of a new development of a known story."""
    TEMPLATE = "recurring headline"
    """Alone, since the outlet uses this headline again and again."""
    ROUND_UP = "round-up"
    """Alone, since it tells of several events."""
    BY_HAND = "by hand"
    """Moved by the operator."""


class EvidenceKind(StrEnum):
    """What speaks for, or against, two articles being on one event."""

    ADDRESS = "address"
    TITLE = "title"
    TEXT = "text"
    WORDS = "words"
    NAMES = "names"
    PLACES = "places"
    NUMBERS = "numbers"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of it.

    ``words`` are what was found, as written; ``weight`` is above 0 if it speaks for one event, else against.
    """

    kind: EvidenceKind
    words: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article goes and why.

    ``story`` is None where it opens a story, ``development`` None where it opens a development. ``nearest`` is the
    article that decided, ``score`` (0..1) how sure it is. ``merges`` are other developments that turn out to be the
    same happening as the one that is joined: their stories are one with it. ``news`` says in words what a new
    development brings ("new place: Palmyra").
    """

    join: Join
    story: StoryId | None = None
    development: DevelopmentId | None = None
    nearest: ArticleId | None = None
    score: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    merges: tuple[DevelopmentId, ...] = ()
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Development:
    """One happening of a story; ``number`` counts from 1 in it. ``news`` as in `Placement`."""

    id: DevelopmentId
    story_id: StoryId
    number: int
    title: str
    opened_at: datetime
    news: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its developments, the oldest first.

    ``merged_into`` is the story that this one turned out to be part of: its id keeps leading there. ``articles`` and
    ``outlets`` count what is in it now.
    """

    id: StoryId
    title: str
    opened_at: datetime
    latest_at: datetime
    developments: tuple[Development, ...]
    articles: int
    outlets: int
    merged_into: StoryId | None = None


@dataclass(frozen=True, slots=True)
class MergedStory:
    """A story that was merged into another one, and why, in words."""

    id: StoryId
    because: str


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article of a story and how it came there; ``placement`` has no ``merges`` and no ``news``."""

    article: Article
    placement: Placement
    placed_at: datetime


@dataclass(frozen=True, slots=True)
class StoryOutlet:
    """An outlet that tells a story, by the first article of it there; ``articles`` counts all of its articles.

    ``outlet`` is the name that is the same for all feeds of a house, ``title`` that of the feed.
    """

    outlet: str
    title: str
    article_id: ArticleId
    headline: str
    url: str
    language: str | None
    published_at: datetime
    development_id: DevelopmentId
    articles: int
