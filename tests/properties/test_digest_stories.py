from __future__ import annotations

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from match_records import BASE_URL, ISLAMIC_STATE, SYRIA, WEEKDAYS, YEMEN, a_digest, a_match, an_article
from tocsin.digests.background import Background
from tocsin.digests.content import build_digest
from tocsin.digests.coverage import Coverage
from tocsin.digests.folding import fold
from tocsin.digests.stories import digest_stories
from tocsin.models.dossiers import Dossier
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.matches import Match
from tocsin.models.stories import Development, Join, Placement, Story

WATCHES = (ISLAMIC_STATE, SYRIA, YEMEN)
ORDER = [watch.id for watch in WATCHES]


@st.composite
def days(draw: st.DrawFn) -> list[Match]:
    """Articles of few stories, outlets and languages, each of which meets one watch or more."""
    matches = []
    for number in range(1, 1 + draw(st.integers(0, 12))):
        story = draw(st.sampled_from([None, 1, 2, 3]))
        article = an_article(
            number,
            draw(st.sampled_from(["", "ISIS", "Deir el-Zour and ISIS", "دير الزور"])),
            draw(st.sampled_from(["", "ISIS", "Idlib " * 5])),
            outlet=draw(st.sampled_from(["Wire", "Post"])),
            language=draw(st.sampled_from([None, "en", "ar"])),
            hours_ago=draw(st.integers(0, 5)),
            story=story,
            development=None if story is None else 10 * story + draw(st.integers(0, 1)),
        )
        met = draw(st.sets(st.sampled_from(range(3)), min_size=1))
        matches += [a_match(article, WATCHES[turn]) for turn in sorted(met)]
    return draw(st.permutations(matches))


@st.composite
def dossiers(draw: st.DrawFn) -> Dossier:
    stories = {
        StoryId(number): Story(
            StoryId(number),
            "A title",
            a_digest().created_at,
            a_digest().created_at,
            tuple(
                Development(DevelopmentId(10 * number + turn), StoryId(number), turn + 1, "", a_digest().created_at)
                for turn in (0, 1)
            ),
            9,
            3,
        )
        for number in draw(st.sets(st.integers(1, 3)))
    }
    again = draw(st.dictionaries(st.integers(1, 12), st.integers(1, 12), max_size=4))
    told = draw(st.dictionaries(st.integers(1, 3), st.frozensets(st.integers(10, 31))))
    return Dossier(
        stories=stories,
        placements={ArticleId(one): Placement(Join.SAME_ARTICLE, nearest=ArticleId(two)) for one, two in again.items()},
        told={StoryId(story): frozenset(map(DevelopmentId, developments)) for story, developments in told.items()},
    )


@given(days())
def test_every_article_is_in_exactly_one_story_and_every_story_under_one_of_its_watches(matches: list[Match]) -> None:
    stories = digest_stories(matches, ORDER, Dossier())
    found = Counter(article.id for story in stories for article in story.articles)
    assert found == Counter({match.article.id: 1 for match in matches})
    for story in stories:
        assert story.lead in story.matches
        assert story.article.id in {article.id for article in story.articles}


@given(days(), dossiers())
def test_counts_agree_whatever_is_known_of_the_stories(matches: list[Match], dossier: Dossier) -> None:
    view = build_digest(
        a_digest(),
        matches,
        WATCHES,
        Coverage(0, 0),
        schedule=WEEKDAYS,
        base_url=BASE_URL,
        background=Background(dossier),
    )
    shown = [story for part in view.sections for story in part.stories]
    if not matches:
        assert view.heading == "Nothing matched"
        return
    assert view.boxes[0].number == len(shown) <= view.boxes[1].number
    folded = fold(view, full=2, titles=2)
    told = sum(len(part.stories) + len(part.lines) for part in folded.sections)
    assert told + folded.hidden == len(shown)


@given(days(), dossiers(), st.randoms(use_true_random=False))
def test_the_order_in_which_matches_are_read_changes_nothing(
    matches: list[Match], dossier: Dossier, chance: Random
) -> None:
    before = digest_stories(matches, ORDER, dossier)
    chance.shuffle(matches)
    after = digest_stories(matches, ORDER, dossier)
    assert [(story.lead, story.articles) for story in after] == [(story.lead, story.articles) for story in before]
