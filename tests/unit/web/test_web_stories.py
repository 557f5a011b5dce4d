from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from page_reader import every, links, rows, shown, texts
from records import NOW
from running_story import ARABIC_REPORT, RunningStory
from tocsin.models.ids import StoryId
from tocsin.store.articles import get_article
from tocsin.store.database import Database
from tocsin.store.placements import Placed
from tocsin.store.stories import articles_of_story, get_story
from tocsin.store.story_changes import merge_late, merge_stories, split_story
from tocsin_web.story_views import story_page_view
from web_client import Answer
from web_filling import Filled, add_sample
from web_samples import EURO, PORT, WIRE, Sample

Get = Callable[..., Answer]


def single(filled: Filled, sqlite: Database) -> StoryId:
    """Give the story of an article that is alone in it."""
    with sqlite.read() as connection:
        article = get_article(connection, filled.articles["relief"])
    assert article is not None
    assert article.story_id is not None
    return article.story_id


def test_a_story_says_when_it_was_first_seen_how_large_it_is_and_in_which_languages(
    story: RunningStory, get: Get
) -> None:
    html = get(f"/stories/{story.id}").text
    assert texts(html, "h1") == ["Army reaches the bridge at Deir el-Zour"]
    assert texts(html, "main > .small")[1] == (
        "First report Mon 9 Mar, 06:00 · latest Tue 10 Mar, 11:00 (60 minutes ago) · in English, Arabic and Chinese"
    )
    assert texts(html, ".boxes li") == ["6 articles", "4 outlets", "3 developments"]


def test_its_timeline_has_each_development_with_what_is_new_and_its_articles_by_time(
    story: RunningStory, get: Get
) -> None:
    html = get(f"/stories/{story.id}").text
    assert texts(html, ".head") == [
        "Development 1 Mon 9 Mar, 06:00",
        (
            "Development 2: Pontoon carries first lorries over the river at Deir el-Zour "
            "Tue 10 Mar, 06:00 · new number: 93 lorries; new place: pontoon"
        ),
        "Development 3: 代尔祖尔大桥重新通车 Deir el-Zour Tue 10 Mar, 11:00 · new day",
    ]
    assert [texts(node.html or "", ".title") for node in every(html, ".reports")] == [
        [
            "Army reaches the bridge at Deir el-Zour",
            "Bridge <b>at Deir el-Zour</b> reached by army",
            ARABIC_REPORT.title,
            "UPDATE 1 - Army reaches bridge at Deir el-Zour",
        ],
        ["Pontoon carries first lorries over the river at Deir el-Zour"],
        ["代尔祖尔大桥重新通车 Deir el-Zour"],
    ]


def test_each_article_has_its_outlet_its_language_its_page_its_source_and_why_it_is_there(
    story: RunningStory, get: Get
) -> None:
    [title, by, why] = every(every(get(f"/stories/{story.id}").text, ".reports li")[2].html or "", "p")
    [link] = every(title.html or "", "a")
    assert (title.attributes["dir"], link.attributes["lang"]) == ("rtl", "ar")
    assert link.attributes["href"] == f"/articles/{story.articles['jisr']}"
    assert " ".join(by.text().split()) == "صحيفة المثال · Mon 9 Mar, 08:00 · Arabic · Source"
    assert links(by.html or "") == ["https://arabic.example/jisr"]
    assert " ".join(why.text().split()) == (
        "Tells of the same event in another language (nearest: Army reaches the bridge at Deir el-Zour, Example Wire): "
        "places Deir ez-Zor; names Islamic State; 2 h apart"
    )
    assert links(why.html or "") == [f"/articles/{story.articles['bridge']}"]


def test_what_was_told_of_it_stands_apart_from_what_was_not_each_with_its_reason(story: RunningStory, get: Get) -> None:
    told, untold = every(get(f"/stories/{story.id}").text, "table")
    assert rows(told.html or "") == [
        ["Islamic State", "desk", "told Mon 9 Mar, 06:02", "the first report of a new story", "11"],
        [
            "Islamic State",
            "desk",
            "waits to be told with others Tue 10 Mar, 13:00",
            "held until 13:00, the end of quiet hours",
            "15",
        ],
    ]
    assert [row[2:4] for row in rows(untold.html or "")] == [
        ["not told Mon 9 Mar, 07:00", "told at 06:00 UTC, no new development since"],
        ["not told Mon 9 Mar, 07:00", "the same article, published again"],
        ["not told Mon 9 Mar, 07:00", "the story was muted"],
    ]


def test_a_story_of_one_article_has_a_page_too(filled: Filled, sqlite: Database, get: Get) -> None:
    html = get(f"/stories/{single(filled, sqlite)}").text
    assert texts(html, ".boxes li") == ["1 article", "1 outlet", "1 development"]
    assert texts(html, "h2") == ["The reports", "What was told of it"]


def test_the_address_of_a_merged_story_leads_to_the_one_that_it_is_part_of(
    filled: Filled, story: RunningStory, sqlite: Database, get: Get
) -> None:
    older = single(filled, sqlite)
    with sqlite.write() as connection:
        assert merge_stories(connection, [story.id, older]) == older
    answer = get(f"/stories/{story.id}", base_url="https://example.org/tocsin")
    assert (answer.status, answer.headers["location"]) == (308, f"/tocsin/stories/{older}")
    assert texts(get(f"/stories/{older}").text, ".boxes li")[0] == "7 articles"


def test_a_story_says_why_others_were_merged_into_it_and_hostile_words_are_text(
    filled: Filled, story: RunningStory, sqlite: Database, get: Get
) -> None:
    older = single(filled, sqlite)
    assert every(get(f"/stories/{older}").text, ".merged") == []
    with sqlite.write() as connection:
        merge_late(connection, {story.id, older}, (), "article 7, «<b>سد</b> \u202egnp», tells of both: 87%")
    [told] = every(get(f"/stories/{older}").text, ".merged")
    assert told.text() == f"Story {story.id} was merged into this one: article 7, «<b>سد</b> gnp», tells of both: 87%"
    assert texts(told.html or "", "bdi") == ["سد"]
    assert every(told.html or "", "b") == []


def test_the_reasons_of_many_merges_are_folded(sqlite: Database, get: Get) -> None:
    with sqlite.write() as connection:
        for number in range(5):
            _add_story(connection, f"n{number}", [WIRE], 1 + number)
        found = connection.execute(sa.text("SELECT id FROM stories ORDER BY id DESC LIMIT 5")).scalars()
        survivor = merge_stories(connection, [StoryId(one) for one in found])
    html = get(f"/stories/{survivor}").text
    assert "4 stories were merged into this one, and why" in texts(html, "summary")
    assert texts(html, ".merged li")[0] == f"Story {survivor + 1} was merged into this one: by hand"
    assert len(texts(html, ".merged li")) == 4


def test_a_story_that_was_split_keeps_its_page_and_what_left_has_its_own(
    story: RunningStory, sqlite: Database, get: Get
) -> None:
    with sqlite.write() as connection:
        new = split_story(connection, story.id, [story.articles["qiao"]])
    assert texts(get(f"/stories/{story.id}").text, ".boxes li") == ["5 articles", "3 outlets", "2 developments"]
    assert texts(get(f"/stories/{new}").text, ".reports .small")[-1] == "Put here by hand"


@pytest.mark.parametrize("number", ["999999", "0", "x", "-1", "9" * 30, "%00"])
def test_a_story_that_is_not_there_is_not_found(get: Get, number: str) -> None:
    answer = get(f"/stories/{number}")
    assert answer.status == 404
    if number == "999999":
        assert "There is no story 999999. It may have been removed with the last of its articles." in shown(answer.text)


def test_of_an_endless_story_the_first_articles_are_listed_and_the_others_counted(
    story: RunningStory, sqlite: Database
) -> None:
    with sqlite.read() as connection:
        found = get_story(connection, story.id)
        articles = articles_of_story(connection, story.id, limit=4)
    assert found is not None
    view = story_page_view(found, articles, [], root="")
    assert [len(development.reports) for development in view.developments] == [4, 0, 0]
    assert (view.articles, view.hidden) == (6, 2)


def test_running_stories_are_listed_with_their_size_and_what_is_new(story: RunningStory, get: Get) -> None:
    html = get("/stories").text
    assert rows(html) == [
        [
            "Army reaches the bridge at Deir el-ZourLatest: new day",
            "4",
            "6",
            "3",
            "Mon 9 Mar, 06:00 30 hours ago",
            "Tue 10 Mar, 11:00 60 minutes ago",
        ]
    ]
    assert f"/stories/{story.id}" in links(html)


@pytest.mark.usefixtures("story")
def test_a_story_that_most_outlets_told_lately_comes_first_and_one_of_yesterday_not_at_all(
    sqlite: Database, get: Get
) -> None:
    with sqlite.write() as connection:
        for key, outlets, hours in (
            ("small", [WIRE], 0.5),
            ("large", [WIRE, PORT, "https://gazette.example/feed.xml"], 5),
        ):
            _add_story(connection, key, outlets, hours)
    titles = [row[0].removesuffix("Latest: new day") for row in rows(get("/stories").text)]
    assert titles == ["Report large 0", "Army reaches the bridge at Deir el-Zour", "Report small 0"]
    later = get("/stories", now=lambda: NOW + timedelta(hours=23.2))
    assert [row[0] for row in rows(later.text)] == ["Report small 0"]


def test_stories_are_paged_by_fifty(sqlite: Database, get: Get) -> None:
    with sqlite.write() as connection:
        for number in range(60):
            _add_story(connection, f"n{number}", [WIRE], 1 + number / 60)
    first, second = get("/stories").text, get("/stories?page=2").text
    assert (len(rows(first)), len(rows(second))) == (50, 10)
    assert texts(first, ".pager a") == ["Page 2 →"]
    assert texts(second, ".pager a") == ["← Page 1"]
    assert len({row[0] for row in rows(first) + rows(second)}) == 60
    assert get("/stories?page=0").status == 400


def test_without_a_running_story_the_list_says_so(get: Get) -> None:
    assert "No story yet that two articles told in the last 24 hours." in shown(get("/stories").text)


def _add_story(connection: sa.Connection, key: str, outlets: list[str], hours: float) -> None:
    """Add a story with two articles of its first outlet and one each of the others."""
    first: Placed | None = None
    for number, outlet in enumerate([outlets[0], *outlets]):
        host = outlet.split("/")[2]
        sample = Sample(
            f"{key}{number}",
            outlet,
            f"Report {key} {number}",
            "inflation",
            "en",
            hours - number / 100,
            (EURO,),
            f"https://{host}/{key}{number}",
        )
        _, placed, _ = add_sample(connection, sample, into=first)
        first = first or placed


def test_the_page_of_an_article_says_which_story_it_is_in_and_why(story: RunningStory, get: Get) -> None:
    html = get(f"/articles/{story.articles['pontoon']}").text
    [section] = [node.html or "" for node in every(html, "section.evidence") if "Its story" in node.text()]
    assert texts(section, "p") == [
        "Army reaches the bridge at Deir el-Zour",
        "6 articles in 4 outlets · first report Mon 9 Mar, 06:00 · this is of development 2",
        (
            "Brought a new development (nearest: Army reaches the bridge at Deir el-Zour, Example Wire): "
            "places Deir ez-Zor; against it numbers 40 and 93."
        ),
    ]
    assert links(section) == [f"/stories/{story.id}", f"/articles/{story.articles['bridge']}"]


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("bridge", "desk: told Mon 9 Mar, 06:02 the first report of a new story"),
        ("copy", "desk: not told Mon 9 Mar, 07:00 told at 06:00 UTC, no new development since"),
        ("pontoon", "desk: waits to be told with others Tue 10 Mar, 13:00 held until 13:00, the end of quiet hours"),
    ],
)
def test_the_page_of_an_article_says_what_was_told_of_its_matches_and_why_not(
    story: RunningStory, get: Get, key: str, told: str
) -> None:
    of_group, of_syria = every(get(f"/articles/{story.articles[key]}").text, "section.receipt")
    assert told in texts(of_group.html or "", "p")
    assert "desk" not in of_syria.text()


def test_a_watch_tells_a_story_once_by_the_first_report_of_its_newest_development(
    story: RunningStory, get: Get
) -> None:
    first, *others = every(get("/watches/islamic-state").text, "article.story")
    html = first.html or ""
    assert texts(html, "h3") == ["代尔祖尔大桥重新通车 Deir el-Zour"]
    assert texts(html, ".whole") == [
        "The whole story · also in 3 outlets · first report Mon 9 Mar, 06:00 · development 3"
    ]
    assert texts(html, "summary") == ["4 more articles of it that match"]
    assert texts(html, "details li") == [
        "Pontoon carries first lorries over the river at Deir el-Zour Example Wire · Tue 10 Mar, 06:00 · development 2",
        # Published again, and told as it stands now.
        "UPDATE 1 - Army reaches bridge at Deir el-Zour Example Wire · Mon 9 Mar, 09:00 · development 1",
        f"{ARABIC_REPORT.title} صحيفة المثال · Mon 9 Mar, 08:00 · Arabic · development 1",
        (
            "Bridge <b>at Deir el-Zour</b> reached by army <script>alert('feed')</script> & Co · Mon 9 Mar, 07:00"
            " · development 1"
        ),
    ]
    assert f"/stories/{story.id}" in links(html)
    assert [texts(node.html or "", ".whole, summary") for node in others] == [[], []]


@pytest.mark.usefixtures("story")
def test_the_latest_matches_tell_a_story_once_a_watch(get: Get) -> None:
    sections = every(get("/").text, "main section")[:2]
    assert [len(every(node.html or "", "article")) for node in sections] == [3, 2]


def test_stories_are_paged_by_their_newest_match_and_come_once(sqlite: Database, get: Get) -> None:
    with sqlite.write() as connection:
        for number in range(120):
            _add_story(connection, f"n{number}", [WIRE], 1 + number / 60)
    path, pages = "/watches/euro", []
    while path:
        html = get(path).text
        pages.append(texts(html, "h3"))
        path = next((link for link in links(html) if "?before=" in link), "")
    assert [len(page) for page in pages] == [100, 21]
    assert len({title for page in pages for title in page}) == 121


def test_of_a_story_with_many_articles_the_latest_are_folded(sqlite: Database, get: Get) -> None:
    with sqlite.write() as connection:
        _add_story(connection, "many", [WIRE] * 30, 3)
    [first, _] = every(get("/watches/euro").text, "article.story")
    assert texts(first.html or "", "summary") == ["20 more articles of it that match"]
    assert texts(first.html or "", "details a")[-1] == "Report many 11"


def test_hostile_titles_of_a_story_are_shown_as_text(story: RunningStory, get: Get) -> None:
    for path in (f"/stories/{story.id}", "/stories", "/watches/islamic-state", f"/articles/{story.articles['copy']}"):
        html = get(path).text
        assert every(html, "script, .reports b, summary b") == []
        assert "\u202e" not in html
