"""Stories, placements and dossiers for tests of what is shown of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from match_records import END, START
from tocsin.models.articles import Article
from tocsin.models.dossiers import Dossier
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.stories import Development, Evidence, EvidenceKind, Join, Placement, Story


def a_story(
    number: int, developments: Sequence[tuple[str, ...]] = ((),), *, articles: int = 2, outlets: int = 2
) -> Story:
    """Make a story with a development for each of the news; the developments' ids are 10 times the story's and on."""
    return Story(
        id=StoryId(number),
        title="Siege of Deir el-Zour",
        opened_at=START,
        latest_at=END,
        developments=tuple(
            Development(DevelopmentId(10 * number + turn), StoryId(number), turn + 1, "A title", START, news)
            for turn, news in enumerate(developments)
        ),
        articles=articles,
        outlets=outlets,
    )


def placed(join: Join, nearest: int | None = None, *evidence: Evidence) -> Placement:
    return Placement(join, nearest=None if nearest is None else ArticleId(nearest), evidence=evidence)


def names(*words: str, weight: float = 1.0) -> Evidence:
    return Evidence(EvidenceKind.NAMES, words, weight)


def a_dossier(
    story: Story,
    articles: Sequence[Article],
    placements: Mapping[int, Placement] | None = None,
    told: Sequence[int] | None = None,
) -> Dossier:
    """Make a dossier that knows one story; ``told`` are the developments that the reader had before the window."""
    telling = None if told is None else frozenset(map(DevelopmentId, told))
    return Dossier(
        stories={story.id: story},
        placements={ArticleId(number): placement for number, placement in (placements or {}).items()},
        began_at={story.id: min(article.published_at for article in articles)},
        told={} if telling is None else {story.id: telling},
    )
