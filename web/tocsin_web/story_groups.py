"""The matches of a watch told by story: one article in full, the others folded. Pure, but for `load_groups`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from tocsin.models.articles import Article
from tocsin.models.ids import DevelopmentId, MatchId, StoryId, WatchId
from tocsin.models.matches import Match
from tocsin.models.stories import Story
from tocsin.rendering.grouping import newest_versions
from tocsin.rendering.story import ArticleLine, StoryView, article_line, story_view
from tocsin.rendering.words import count
from tocsin.store.dossiers import dossier_of
from tocsin.store.story_matches import latest_stories, matches_in_stories

FOLDED = 20
"""Articles of a story that are listed below the one in full; the story's own page has them all."""


@dataclass(frozen=True, slots=True)
class FoldedArticle:
    """A further article of the story that meets the watch; ``path`` leads to its page."""

    line: ArticleLine
    path: str
    development: int


@dataclass(frozen=True, slots=True)
class StoryGroup:
    """A story with those of its articles that meet a watch.

    ``lead`` is the first report of the newest development among them, ``newest`` the match that was found last, by
    which the story has its place in a list. ``also`` says in how many outlets it is told beside the lead's, by any
    article, "" for none; ``development`` is the lead's number, 0 where there is only one. ``folded`` are the other
    articles, the latest first. What an outlet published again is told once, as it stands now. ``first_seen_at`` is when
    the story's first article was published.
    """

    id: StoryId
    newest: MatchId
    lead: StoryView
    path: str
    also: str
    first_seen_at: datetime
    development: int
    folded: tuple[FoldedArticle, ...]

    @property
    def is_single(self) -> bool:
        """Tell whether there is nothing more to say of it than its one article says."""
        return not (self.also or self.development or self.folded)


def load_groups(
    connection: sa.Connection, watch: WatchId, root: str, *, limit: int, before: Match | None = None
) -> list[StoryGroup]:
    """Give a watch's latest stories, those after ``before`` if it is given, in the order in which matches came last."""
    newest = dict(latest_stories(connection, watch, limit=limit, before=before))
    found = matches_in_stories(connection, watch, newest, each=FOLDED + 1)
    known = dossier_of(connection, (match.article for matches in found.values() for match in matches))
    # A story may be merged between two queries: then it is shown as part of the other one, at the next look.
    whole = [story for story in newest if story in found and story in known.began_at]
    return [
        story_group(
            known.stories[story],
            newest_versions(found[story], known.placements),
            newest[story],
            first_seen_at=known.began_at[story],
            root=root,
        )
        for story in whole
    ]


def story_group(
    story: Story, matches: Sequence[Match], newest: MatchId, *, first_seen_at: datetime, root: str
) -> StoryGroup:
    """Turn a story and its matches with one watch, of which there is one at least, into what is shown of them."""
    numbers = {development.id: development.number for development in story.developments}
    lead = lead_match(matches, numbers)
    others = [match.article for match in matches if match.id != lead.id]
    also = story.outlets - 1
    return StoryGroup(
        id=story.id,
        newest=newest,
        lead=story_view(lead, base_url=root),
        path=f"{root}/stories/{story.id}",
        also=f"also in {count('outlet', also)}" if also > 0 else "",
        first_seen_at=first_seen_at,
        development=number_of(lead.article, numbers) if len(numbers) > 1 else 0,
        folded=tuple(
            FoldedArticle(article_line(one), f"{root}/articles/{one.id}", number_of(one, numbers)) for one in others
        ),
    )


def lead_match(matches: Sequence[Match], numbers: Mapping[DevelopmentId, int]) -> Match:
    """Choose the match that is shown in full: the first report of the newest development."""
    return min(
        matches,
        key=lambda match: (-number_of(match.article, numbers), match.article.published_at, match.article.id),
    )


def number_of(article: Article, numbers: Mapping[DevelopmentId, int]) -> int:
    """Give the number of an article's development, 1 where it is not known."""
    return numbers.get(article.development_id, 1) if article.development_id is not None else 1
