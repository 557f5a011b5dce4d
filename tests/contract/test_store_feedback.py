from __future__ import annotations

from datetime import timedelta

import pytest

from records import NOW
from running_story import RunningStory, add_running_story
from tocsin.models.alerts import Decision
from tocsin.models.deliveries import DeliveryState
from tocsin.models.ids import AlertId, StoryId, WatchId
from tocsin.store.alert_log import alerts_of_articles, alerts_of_story, get_alert
from tocsin.store.database import Database
from tocsin.store.dismissals import dismiss_match, is_dismissed, latest_dismissals, restore_match
from tocsin.store.matches import get_match, withdraw_matches
from tocsin.store.story_matches import latest_stories, matches_in_stories
from web_filling import Filled, fill
from web_samples import GROUP, SYRIA

DESK = "Desk@example.org"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def filled(database: Database) -> Filled:
    return fill(database)


@pytest.fixture
def story(filled: Filled, database: Database) -> RunningStory:  # noqa: ARG001 -- the story needs the feeds
    with database.write() as connection:
        return add_running_story(connection)


def test_a_match_is_dismissed_once_a_reader_whatever_the_capitals_of_the_address(
    story: RunningStory, database: Database
) -> None:
    match = story.matches["bridge", GROUP.id]
    with database.write() as connection:
        for at, target in enumerate((DESK, DESK.lower(), "DESK_CHAT")):
            dismiss_match(connection, match, target, NOW + at * MINUTE)
        assert is_dismissed(connection, match, DESK)
        assert not is_dismissed(connection, match, "desk_chat")
        [found] = latest_dismissals(connection, [GROUP.id])
    assert (found.match.id, found.readers, found.dismissed_at) == (match, 2, NOW + 2 * MINUTE)


def test_a_dismissal_is_taken_back_for_its_reader_alone(story: RunningStory, database: Database) -> None:
    match = story.matches["bridge", GROUP.id]
    with database.write() as connection:
        for target in (DESK, "DESK_CHAT"):
            dismiss_match(connection, match, target, NOW)
        assert restore_match(connection, match, DESK.upper())
        assert not restore_match(connection, match, DESK)
        assert (is_dismissed(connection, match, DESK), is_dismissed(connection, match, "DESK_CHAT")) == (False, True)


def test_dismissals_are_given_of_standing_matches_of_the_watches_asked_for_the_latest_first(
    story: RunningStory, database: Database
) -> None:
    keys = [("bridge", GROUP.id), ("copy", GROUP.id), ("jisr", GROUP.id), ("bridge", SYRIA.id)]
    with database.write() as connection:
        for at, key in enumerate(keys):
            dismiss_match(connection, story.matches[key], DESK, NOW + at * MINUTE)
        withdraw_matches(connection, [(story.articles["copy"], [])], NOW)
        found = latest_dismissals(connection, [GROUP.id])
        assert [one.match.id for one in found] == [story.matches["jisr", GROUP.id], story.matches["bridge", GROUP.id]]
        assert latest_dismissals(connection, [GROUP.id], limit=1) == found[:1]
        assert latest_dismissals(connection, []) == []


def test_decisions_are_given_by_article_and_by_story_with_what_became_of_them(
    story: RunningStory, database: Database
) -> None:
    with database.read() as connection:
        told = alerts_of_story(connection, story.id, told=True, limit=100)
        untold = alerts_of_story(connection, story.id, told=False, limit=100)
        of_article = alerts_of_articles(connection, [story.articles["bridge"]])
        last = alerts_of_story(connection, story.id, told=False, limit=2)
        nothing = (alerts_of_articles(connection, []), alerts_of_story(connection, StoryId(999), told=True, limit=9))
    assert [(one.article_id, one.alert.decision, one.state) for one in (*told, *untold)] == [
        (story.articles["bridge"], Decision.RING, DeliveryState.SENT),
        (story.articles["pontoon"], Decision.BUNDLE, None),
        (story.articles["copy"], Decision.SUPPRESS, None),
        (story.articles["again"], Decision.SUPPRESS, None),
        (story.articles["qiao"], Decision.SUPPRESS, None),
    ]
    assert of_article == told[:1]
    assert of_article[0].sent_at == NOW - timedelta(hours=29, minutes=58)
    assert last == untold[-2:]
    assert nothing == ([], [])


def test_a_decision_is_found_by_its_id(story: RunningStory, database: Database) -> None:
    with database.read() as connection:
        assert get_alert(connection, story.rang.id) == story.rang
        assert get_alert(connection, AlertId(10**9)) is None


def test_the_stories_of_a_watch_come_by_their_newest_standing_match_each_once(
    filled: Filled, story: RunningStory, database: Database
) -> None:
    with database.write() as connection:
        whole = latest_stories(connection, GROUP.id, limit=10)
        withdraw_matches(connection, [(story.articles["qiao"], []), (filled.articles["relief"], [])], NOW)
        after = latest_stories(connection, GROUP.id, limit=10)
        assert latest_stories(connection, WatchId("nobody"), limit=10) == []
    newest = [match for _, match in whole]
    relief, arabic = filled.matches["relief", GROUP.id], filled.matches["arabic", GROUP.id]
    assert newest == [story.matches["qiao", GROUP.id], relief, arabic]
    assert whole[0][0] == story.id
    assert after == [whole[2], (story.id, story.matches["pontoon", GROUP.id])]


def test_a_list_of_stories_goes_on_after_a_match_and_gives_none_again(
    story: RunningStory, filled: Filled, database: Database
) -> None:
    with database.read() as connection:
        whole = latest_stories(connection, GROUP.id, limit=10)
        first = latest_stories(connection, GROUP.id, limit=1)
        before = get_match(connection, first[0][1])
        rest = latest_stories(connection, GROUP.id, limit=10, before=before)
    assert (story.id, filled.matches["arabic", GROUP.id]) == (first[0][0], rest[-1][1])
    assert first + rest == whole


def test_of_each_story_the_latest_articles_that_meet_the_watch_are_given(
    story: RunningStory, filled: Filled, database: Database
) -> None:
    with database.write() as connection:
        withdraw_matches(connection, [(story.articles["again"], [SYRIA.id])], NOW)
        stories = [one for one, _ in latest_stories(connection, GROUP.id, limit=10)]
        whole = matches_in_stories(connection, GROUP.id, stories, each=9)
        few = matches_in_stories(connection, GROUP.id, stories, each=2)
        assert matches_in_stories(connection, GROUP.id, [], each=9) == {}
    keys = {article: key for key, article in (story.articles | filled.articles).items()}
    assert [[keys[match.article.id] for match in whole[one]] for one in stories] == [
        ["qiao", "pontoon", "jisr", "copy", "bridge"],
        ["relief"],
        ["arabic"],
    ]
    assert few == {one: whole[one][:2] for one in stories}
