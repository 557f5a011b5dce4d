from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from match_records import (
    BASE_URL,
    END,
    ISLAMIC_STATE,
    START,
    SYRIA,
    WEEKDAYS,
    YEMEN,
    a_digest,
    a_match,
    an_article,
)
from tocsin.digests.background import Background
from tocsin.digests.content import build_digest
from tocsin.digests.coverage import Coverage
from tocsin.digests.folding import fold
from tocsin.digests.view import Bar, Box, DigestView, QuietWatch, WatchLine
from tocsin.models.digests import Digest
from tocsin.models.matches import Match
from tocsin.models.volumes import WatchVolume

WATCHES = (ISLAMIC_STATE, SYRIA, YEMEN)
SIEGE = an_article(1)
CALM = an_article(2, "Calm night in Idlib", "Nothing was heard in Idlib or elsewhere in Syria.", hours_ago=5)
CONVOY = an_article(3, "ISIS convoy seen", "An ISIS convoy was seen.", hours_ago=9)


def view_of(matches: Sequence[Match], digest: Digest | None = None, contact: str | None = None) -> DigestView:
    return build_digest(
        digest or a_digest(),
        matches,
        WATCHES,
        Coverage(checked=2, total=2),
        schedule=WEEKDAYS,
        base_url=f"{BASE_URL}/",
        contact=contact,
    )


def a_day() -> DigestView:
    met = ((SIEGE, ISLAMIC_STATE), (CONVOY, ISLAMIC_STATE), (SIEGE, SYRIA), (CALM, SYRIA))
    return view_of([a_match(article, watch) for article, watch in met])


def test_the_head_counts_stories_watches_places_and_feeds() -> None:
    view = a_day()
    assert view.heading == "3 stories on 2 watches"
    assert view.boxes == (Box(3, "stories"), Box(3, "articles"), Box(3, "places"), Box(2, "feeds checked"))
    assert view.web_url == "http://127.0.0.1:8080/digests/t0ken"


def test_articles_of_one_story_are_counted_apart_from_stories() -> None:
    articles = [an_article(1, story=7), an_article(2, story=7), an_article(3)]
    view = view_of([a_match(article, ISLAMIC_STATE) for article in articles])
    assert view.heading == "2 stories, 3 articles on 1 watch"


def test_each_article_is_shown_once_in_the_first_watch_that_it_meets() -> None:
    sections = a_day().sections
    assert [(section.title, [story.title for story in section.stories]) for section in sections] == [
        ("Islamic State", ["ISIS convoy seen", "Relief column reaches Deir el-Zour"]),
        ("Syria", ["Calm night in Idlib"]),
    ]
    assert [story.also for story in sections[0].stories] == [(), ("Syria",)]
    assert [section.note for section in sections] == ["2 stories", "1 more story, 1 not repeated from above"]


def test_the_overview_has_a_line_a_watch_with_its_first_story() -> None:
    assert a_day().lines == (
        WatchLine("Islamic State", "watch-islamic-state", "2 stories", "ISIS convoy seen"),
        WatchLine("Syria", "watch-syria", "1 more story", "Calm night in Idlib"),
    )


def test_a_watch_whose_articles_are_all_shown_above_says_so() -> None:
    view = view_of([a_match(SIEGE, ISLAMIC_STATE), a_match(SIEGE, SYRIA)])
    assert view.lines[1].words == "1 story, shown above"
    assert view.sections[1].note == "1 story, shown above"
    assert [section.title for section in fold(view).sections] == ["Islamic State"]
    assert fold(view).lines[1].anchor == ""


def test_a_region_watch_has_bars_for_its_places_but_not_for_the_region_itself() -> None:
    view = view_of([a_match(article, SYRIA) for article in (SIEGE, CALM, an_article(4))])
    assert view.sections[0].bars == (Bar("Deir ez-Zor", 2, 100), Bar("Idlib", 1, 50))


def test_one_place_alone_has_no_bars() -> None:
    assert view_of([a_match(article, SYRIA) for article in (SIEGE, an_article(4))]).sections[0].bars == ()


def test_evidence_in_the_headline_comes_first_then_more_of_it_then_the_newer() -> None:
    articles = [
        an_article(1, "Old", "ISIS", hours_ago=9),
        an_article(2, "New", "ISIS", hours_ago=1),
        an_article(3, "Much", "ISIS ISIS", hours_ago=9),
        an_article(4, "ISIS", "", hours_ago=20),
    ]
    view = view_of([a_match(article, ISLAMIC_STATE) for article in articles])
    assert [story.title for story in view.sections[0].stories] == ["ISIS", "Much", "New", "Old"]


def test_watches_without_a_match_are_quiet() -> None:
    assert a_day().quiet == (QuietWatch("Yemen ports"),)


def test_a_watch_that_was_removed_since_is_called_by_its_id_and_comes_last() -> None:
    view = build_digest(
        a_digest(),
        [a_match(CONVOY, ISLAMIC_STATE), a_match(CALM, SYRIA)],
        [SYRIA],
        Coverage(0, 0),
        schedule=WEEKDAYS,
        base_url="",
    )
    assert [section.title for section in view.sections] == ["Syria", "islamic-state"]


def test_a_quiet_day_says_that_nothing_matched_and_how_many_feeds_were_asked() -> None:
    view = view_of([])
    assert (view.heading, view.boxes) == ("Nothing matched", ())
    assert (view.sections, view.lines) == ((), ())
    assert view.quiet == tuple(map(QuietWatch, ("Islamic State", "Syria", "Yemen ports")))
    assert view.quiet_words == "Tocsin looked through 2 feeds."


def test_a_window_as_planned_has_no_excuse() -> None:
    assert a_day().notices == ()


def test_a_window_with_missed_digests_inside_says_how_long_it_is_and_why() -> None:
    view = view_of([], a_digest(START - timedelta(days=2)))
    [notice] = view.notices
    assert notice == (
        "This digest covers 3 days: 2 more were due in that time and did not go out, because Tocsin was not running "
        "or the schedule was changed. What feeds dropped meanwhile may be missing."
    )


def test_the_first_digest_of_a_new_subscriber_has_no_excuse() -> None:
    assert view_of([], a_digest(END - timedelta(hours=3))).notices == ()


def test_a_mail_has_fifteen_stories_in_full_then_titles_then_a_number() -> None:
    view = view_of([a_match(an_article(number), ISLAMIC_STATE) for number in range(1, 301)])
    folded = fold(view)
    assert [(len(part.stories), len(part.lines)) for part in folded.sections] == [(15, 40)]
    assert folded.hidden == 300 - 15 - 40
    assert (folded.heading, view.hidden) == ("300 stories on 1 watch", 0)


def test_titles_and_numbers_go_on_over_sections() -> None:
    matches = [a_match(an_article(number), ISLAMIC_STATE) for number in range(1, 21)]
    matches += [a_match(an_article(number), SYRIA) for number in range(21, 61)]
    folded = fold(view_of(matches))
    assert [(len(part.stories), len(part.lines)) for part in folded.sections] == [(15, 5), (0, 35)]
    assert folded.hidden == 5


def test_what_a_watch_brought_is_set_against_what_is_usual_wherever_it_is_told() -> None:
    met = ((SIEGE, ISLAMIC_STATE), (CONVOY, ISLAMIC_STATE), (SIEGE, SYRIA), (CALM, SYRIA))
    usual = {ISLAMIC_STATE.id: WatchVolume(usual=6), SYRIA.id: WatchVolume(usual=0)}
    view = build_digest(
        a_digest(),
        [a_match(article, watch) for article, watch in met],
        WATCHES,
        Coverage(2, 2),
        schedule=WEEKDAYS,
        base_url=BASE_URL,
        background=Background(volumes=usual),
    )
    assert [part.note for part in view.sections] == [
        "2 stories, 2 articles, usually 6",
        "1 more story, 1 not repeated from above; 2 articles, usually none",
    ]


def test_quiet_watches_say_how_long_ago_something_last_matched() -> None:
    background = Background(last_matched={YEMEN.id: END - timedelta(days=3), SYRIA.id: END - timedelta(hours=30)})
    view = build_digest(
        a_digest(), [], WATCHES, Coverage(2, 2), schedule=WEEKDAYS, base_url=BASE_URL, background=background
    )
    assert view.quiet == (
        QuietWatch("Islamic State"),
        QuietWatch("Syria", "last match 30 hours ago"),
        QuietWatch("Yemen ports", "last match 3 days ago"),
    )
