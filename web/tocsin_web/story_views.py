"""A story as its page shows it: its developments, its articles by time, why each is in it, and what was told. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Development, Join, MergedStory, Story, StoryArticle
from tocsin.rendering.clean import one_line
from tocsin.rendering.locales import ENGLISH
from tocsin.rendering.placement_words import evidence_words, join_words, merged_openers
from tocsin.rendering.story import TITLE_LIMIT, ArticleLine, article_line
from tocsin.rendering.words import listed
from tocsin.text.language import is_right_to_left
from tocsin_web.alert_rows import AlertRow

_EVIDENCE_LIMIT = 400
_NEWS_LIMIT = 160

_NEEDS_NO_OTHER = {Join.OPENED, Join.TEMPLATE, Join.ROUND_UP, Join.BY_HAND}
"""Ways of an article into its story that no other article explains."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The article that decided where another one went; ``line`` is None where nothing more is known of it."""

    id: ArticleId
    path: str
    line: ArticleLine | None


@dataclass(frozen=True, slots=True)
class PlacementView:
    """Why an article is in its story: how it came there, by which other article, and on what evidence ("" for none)."""

    how: str
    nearest: Nearest | None
    evidence: str


@dataclass(frozen=True, slots=True)
class ReportRow:
    """An article in the timeline."""

    id: ArticleId
    line: ArticleLine
    placement: PlacementView


@dataclass(frozen=True, slots=True)
class DevelopmentSection:
    """A development with its articles, the earliest first; ``title`` is "" where the story has the same one.

    ``began_at`` is when the first of them was published, ``news`` says what it brought.
    """

    number: int
    title: str
    direction: str
    began_at: datetime
    news: tuple[str, ...]
    reports: tuple[ReportRow, ...]


@dataclass(frozen=True, slots=True)
class StoryPageView:
    """A story. ``languages`` are those of the articles, in words; ``hidden`` counts articles that are not listed.
    ``first_seen_at`` and ``latest_at`` are when the first and the last of them were published.

    ``merged`` says of each story that was merged into this one why. ``told`` is what channels were told or will be,
    ``untold`` what they were not, with the reasons; both the latest last.
    """

    id: StoryId
    title: str
    direction: str
    first_seen_at: datetime
    latest_at: datetime
    articles: int
    outlets: int
    languages: str
    merged: tuple[str, ...]
    developments: tuple[DevelopmentSection, ...]
    hidden: int
    told: tuple[AlertRow, ...]
    untold: tuple[AlertRow, ...]


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in the list; ``news`` is what its latest development brought, or "", ``developments`` how many it has."""

    id: StoryId
    title: str
    direction: str
    outlets: int
    articles: int
    developments: int
    news: str
    first_seen_at: datetime
    latest_at: datetime


def story_page_view(
    story: Story,
    articles: Sequence[StoryArticle],
    alerts: Sequence[AlertRow],
    gone: Sequence[MergedStory] = (),
    *,
    root: str,
) -> StoryPageView:
    """Turn a story into what its page shows; ``articles`` are sorted by time, ``gone`` were merged into it."""
    title = shown_story_title(story)
    return StoryPageView(
        id=story.id,
        title=title,
        direction=_direction(title),
        first_seen_at=articles[0].article.published_at if articles else story.opened_at,
        latest_at=story.latest_at,
        articles=story.articles,
        outlets=story.outlets,
        languages=_languages([one.article for one in articles]),
        merged=tuple(f"Story {one.id} was merged into this one: {one_line(one.because)}" for one in gone),
        developments=_sections(story, articles, root),
        hidden=story.articles - len(articles),
        told=tuple(row for row in alerts if row.is_told),
        untold=tuple(row for row in alerts if not row.is_told),
    )


def story_row(story: Story, began_at: datetime) -> StoryRow:
    """Turn a story into a row of the list; its first article was published at ``began_at``."""
    title, latest = shown_story_title(story), story.developments[-1] if story.developments else None
    return StoryRow(
        id=story.id,
        title=title,
        direction=_direction(title),
        outlets=story.outlets,
        articles=story.articles,
        developments=len(story.developments),
        news=one_line(listed(latest.news), _NEWS_LIMIT) if latest else "",
        first_seen_at=began_at,
        latest_at=story.latest_at,
    )


def shown_story_title(story: Story) -> str:
    """Give a story's title on one line; one without goes by its number."""
    return one_line(story.title, TITLE_LIMIT) or f"Story {story.id}, untitled"


def placement_view(
    placed: StoryArticle, others: Mapping[ArticleId, Article], root: str, *, merged: bool
) -> PlacementView:
    """Say why an article is in its story; ``others`` are those that can be named, ``merged`` tells
    that it opened a story that is one with this one now.
    """
    placement = placed.placement
    evidence = "" if placement.join is Join.OPENED else evidence_words(placement.evidence)
    nearest = None if placement.join in _NEEDS_NO_OTHER else placement.nearest
    return PlacementView(
        how=join_words(placement.join, merged=merged),
        nearest=None if nearest is None else _nearest(nearest, others.get(nearest), root),
        evidence=one_line(evidence, _EVIDENCE_LIMIT),
    )


def _nearest(article_id: ArticleId, article: Article | None, root: str) -> Nearest:
    return Nearest(article_id, f"{root}/articles/{article_id}", article_line(article) if article else None)


def _sections(story: Story, articles: Sequence[StoryArticle], root: str) -> tuple[DevelopmentSection, ...]:
    others = {one.article.id: one.article for one in articles}
    merged = merged_openers(articles)
    found: defaultdict[DevelopmentId | None, list[ReportRow]] = defaultdict(list)
    for one in articles:
        why = placement_view(one, others, root, merged=one.article.id in merged)
        report = ReportRow(one.article.id, article_line(one.article), why)
        found[one.article.development_id].append(report)
    return tuple(_section(story, development, found[development.id]) for development in story.developments)


def _section(story: Story, development: Development, reports: Sequence[ReportRow]) -> DevelopmentSection:
    title = one_line(development.title, TITLE_LIMIT)
    return DevelopmentSection(
        number=development.number,
        title="" if title == shown_story_title(story) else title,
        direction=_direction(title),
        began_at=reports[0].line.published_at if reports else development.opened_at,
        news=tuple(one_line(words, _NEWS_LIMIT) for words in development.news),
        reports=tuple(reports),
    )


def _languages(articles: Sequence[Article]) -> str:
    return listed(
        [ENGLISH.language_name(code) for code in dict.fromkeys(one.language for one in articles if one.language)]
    )


def _direction(title: str) -> str:
    return "rtl" if is_right_to_left(title) else "ltr"
