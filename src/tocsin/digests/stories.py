"""A story under the watch that a digest tells it in: the article that stands for it, and what it is to the reader.
Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.digests.ranking import News, Standing, home_watch, rank
from tocsin.models.articles import Article
from tocsin.models.dossiers import Dossier
from tocsin.models.ids import ArticleId, DevelopmentId, WatchId
from tocsin.models.matches import Match
from tocsin.models.stories import Join
from tocsin.rendering.grouping import (
    StoryMatches,
    by_story,
    in_headline,
    lead_article,
    lead_development,
    main_language,
    newest_versions,
    outlet_key,
    spans,
)


@dataclass(frozen=True, slots=True)
class DigestStory:
    """A story as a digest has it.

    ``matches`` are those of its articles with all watches of the reader, ``articles`` these articles, the earliest
    first; ``lead`` is the match of the article that stands for the story with the watch that it is told in.
    ``headline`` counts the evidence for that watch in the headline of each article that meets it; ``language`` is that
    of most articles of the digest. ``is_marked_new`` tells it from others that the reader knows.
    """

    matches: tuple[Match, ...]
    articles: tuple[Article, ...]
    lead: Match
    headline: Mapping[ArticleId, int]
    language: str | None
    news: News
    is_marked_new: bool = False

    @property
    def watch(self) -> WatchId:
        """The watch under which the story is told."""
        return self.lead.watch

    @property
    def article(self) -> Article:
        """The article that stands for the story."""
        return self.lead.article

    @property
    def watches(self) -> set[WatchId]:
        """All watches that the story meets."""
        return {match.watch for match in self.matches}


def digest_stories(matches: Sequence[Match], order: Sequence[WatchId], dossier: Dossier) -> list[DigestStory]:
    """Sort matches into stories, best first; ``order`` is that of the watches."""
    newest = newest_versions(matches, dossier.placements)
    language = main_language({match.article.id: match.article for match in newest}.values())
    found = [_story(group, order, dossier, language) for group in by_story(newest)]
    return sorted(_marked(found), key=lambda story: rank(standing(story)))


def _marked(stories: Sequence[DigestStory]) -> Sequence[DigestStory]:
    """Mark the stories that are new to the reader, unless all are: that would tell them nothing."""
    if all(story.news is News.NEW for story in stories):
        return stories
    return [replace(story, is_marked_new=story.news is News.NEW) for story in stories]


def standing(story: DigestStory) -> Standing:
    """Give what decides a story's place among others."""
    return Standing(
        headline=story.headline[story.article.id],
        outlets=len({outlet_key(article) for article in story.articles}),
        news=story.news,
        evidence=len(spans(story.lead.receipt)),
        latest_at=story.articles[-1].published_at,
        article=story.article.id,
    )


def _story(group: StoryMatches, order: Sequence[WatchId], dossier: Dossier, language: str | None) -> DigestStory:
    watch = home_watch(group.matches, order)
    articles = group.articles
    of_watch = {match.article.id: match for match in group.matches if match.watch == watch}
    headline = {article_id: in_headline(match.receipt) for article_id, match in of_watch.items()}
    told = frozenset() if group.story_id is None else dossier.told.get(group.story_id, frozenset())
    lead = lead_article(lead_development([one for one in articles if one.id in of_watch], told), headline, language)
    return DigestStory(
        matches=group.matches,
        articles=articles,
        lead=of_watch[lead.id],
        headline=headline,
        language=language,
        news=_news(articles, told, dossier) if told else News.NEW,
    )


def _news(articles: Sequence[Article], told: frozenset[DevelopmentId], dossier: Dossier) -> News:
    """Say what a story is to a reader who was told of it before."""
    if any(article.development_id not in told for article in articles):
        return News.DEVELOPMENT
    joins = [placement.join for one in articles if (placement := dossier.placements.get(one.id))]
    return News.AGAIN if joins == [Join.SAME_ARTICLE] * len(articles) else News.GOES_ON
