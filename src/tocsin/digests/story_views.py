"""What is shown of a story in a digest: the article that stands for it, who else has it, and what is new. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tocsin.digests.ranking import News
from tocsin.digests.reasons import because
from tocsin.digests.stories import DigestStory
from tocsin.models.articles import Article
from tocsin.models.dossiers import Dossier
from tocsin.models.ids import DevelopmentId, WatchId
from tocsin.models.stories import Development, Story
from tocsin.rendering.grouping import by_outlet, lead_article, outlet_key
from tocsin.rendering.locales import ENGLISH, Locale
from tocsin.rendering.news_words import development_words
from tocsin.rendering.story import DevelopmentView, OutletView, StoryContext, StoryView, article_line, story_view


def digest_story_view(
    story: DigestStory,
    titles: Mapping[WatchId, str],
    dossier: Dossier,
    base_url: str,
    locale: Locale = ENGLISH,
) -> StoryView:
    """Turn a story into what is shown of it, whole; ``titles`` are those of the watches, in their order."""
    others = story.watches - {story.watch}
    return story_view(
        story.lead,
        base_url=base_url,
        others=[one for one in story.matches if one.article.id == story.article.id and one.watch in others],
        also=[title for watch, title in titles.items() if watch in others],
        context=_context(story, dossier, base_url, locale),
        is_new=story.is_marked_new,
        locale=locale,
    )


def _context(story: DigestStory, dossier: Dossier, base_url: str, locale: Locale) -> StoryContext | None:
    whole = None if story.article.story_id is None else dossier.stories.get(story.article.story_id)
    if whole is None or (whole.articles <= 1 and story.news is News.NEW):
        return None
    began_at = dossier.began_at.get(whole.id)
    placements = [placement for one in story.articles if (placement := dossier.placements.get(one.id))]
    return StoryContext(
        url=f"{base_url}/stories/{whole.id}",
        news=_news(story, whole, locale),
        began_at=None if began_at == story.article.published_at else began_at,
        known=story.news is not News.NEW,
        outlets=_outlets(story, locale),
        developments=_developments(story, whole, locale),
        total=locale.text(
            "%(articles)s in %(outlets)s",
            articles=locale.count("article", whole.articles),
            outlets=locale.count("outlet", whole.outlets),
        ),
        because=because(placements, locale),
    )


def _news(story: DigestStory, whole: Story, locale: Locale) -> str:
    """Say what the article that stands for the story brings, if it is not the story's beginning."""
    if story.news is News.AGAIN:
        return locale.text("Published again")
    later = (one for one in whole.developments if one.id == story.article.development_id and one.number > 1)
    return next((development_words(one.number, one.news, locale=locale) for one in later), "")


def _outlets(story: DigestStory, locale: Locale) -> tuple[OutletView, ...]:
    """Give the further outlets that have the development of the article that stands for the story."""
    lead = story.article
    others = [
        one
        for one in story.articles
        if one.development_id == lead.development_id and outlet_key(one) != outlet_key(lead)
    ]
    return tuple(OutletView(article_line(of_one[0], locale=locale), len(of_one)) for of_one in by_outlet(others))


def _developments(story: DigestStory, whole: Story, locale: Locale) -> tuple[DevelopmentView, ...]:
    """Give the developments in this digest but the one that leads, in their order."""
    found: dict[DevelopmentId | None, list[Article]] = {}
    for article in story.articles:
        if article.development_id != story.article.development_id:
            found.setdefault(article.development_id, []).append(article)
    return tuple(_development(story, one, found[one.id], locale) for one in whole.developments if one.id in found)


def _development(
    story: DigestStory, development: Development, articles: Sequence[Article], locale: Locale
) -> DevelopmentView:
    lead = lead_article(articles, story.headline, story.language)
    return DevelopmentView(
        words=development_words(development.number, development.news, locale=locale),
        lead=article_line(lead, locale=locale),
        outlets=len({outlet_key(one) for one in articles} - {outlet_key(lead)}),
    )
