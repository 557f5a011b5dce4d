"""Stories as tests want them: articles placed by the test itself, not by what they say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from tocsin.feeds.outlets import outlet_of
from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Evidence, Join, Placement
from tocsin.store.articles import Classified, mark_classified
from tocsin.store.bulk import reserve_ids
from tocsin.store.placements import NewPlacement, Placed, enter_placements
from tocsin.store.tables import developments, stories


def place(
    connection: sa.Connection,
    article: Article,
    at: datetime,
    *,
    into: Placed | None = None,
    join: Join = Join.OPENED,
    number: int = 1,
    news: Sequence[str] = (),
    evidence: Sequence[Evidence] = (),
    nearest: ArticleId | None = None,
) -> Placed:
    """Classify an article as of ``at`` and put it beside one that is placed; alone without ``into``.

    With `Join.DEVELOPMENT` it opens the development ``number`` of that story, which brings ``news``.
    """
    opens_development = into is None or join is Join.DEVELOPMENT
    story = into.story_id if into else StoryId(reserve_ids(connection, stories, 1)[0])
    development = (
        DevelopmentId(reserve_ids(connection, developments, 1)[0])
        if into is None or opens_development
        else into.development_id
    )
    placement = Placement(join, story, development, nearest, 0.9, tuple(evidence), news=tuple(news))
    placed = Placed(story, development, placement)
    new = NewPlacement(
        article_id=article.id,
        title=article.title,
        published_at=article.published_at,
        signature=b"",
        placed=placed,
        opens_story=into is None,
        opens_development=opens_development,
        number=number,
    )
    enter_placements(connection, [new], at)
    outlet = outlet_of(article.url, "", article.feed_title)
    mark_classified(connection, [Classified(article, article.language, story, development, outlet)], at)
    return placed
