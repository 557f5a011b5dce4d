from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest

from command_line import CommandLine
from placing_house import SANK, SANK_TOO, STRIKE, PlacingHouse
from records import NOW
from tocsin.models.ids import ArticleId
from tocsin.models.stories import Join
from tocsin.store.database import Database

HOUR = timedelta(hours=1)
AGES = f"{24 * 366}"
"""Hours that reach back to the records' time."""


@pytest.fixture
def house(sqlite: Database) -> PlacingHouse:
    return PlacingHouse(sqlite)


@pytest.fixture
def story(house: PlacingHouse, tocsin: CommandLine) -> tuple[CommandLine, list[ArticleId]]:
    """The command line over two copies of one article, and a third one of its own."""
    ids = [
        house.store("wire", "Dozens drown off Libya", SANK, at=NOW - HOUR),
        house.store("post", "40 drown off\x1b[31m Libya", SANK_TOO),
        house.store("post", "Ferry crews in Piraeus to strike", STRIKE),
    ]
    house.place(*ids)
    tocsin.monkeypatch.setenv("DATABASE_URL", str(house.database.engine.url))
    return tocsin, ids


def test_running_stories_are_listed_with_their_size(story: tuple[CommandLine, list[ArticleId]]) -> None:
    tocsin, _ = story
    ran = tocsin("story", "list", "--hours", AGES)
    assert (ran.code, ran.out) == (
        0,
        "1  Dozens drown off Libya\n    2 articles, 2 outlets, 1 development, latest 2026-03-10 12:00Z\n",
    )
    assert len(tocsin("story", "list", "--hours", AGES, "--singles", "--json").json) == 2


def test_that_nothing_runs_is_said_with_where_to_look(story: tuple[CommandLine, list[ArticleId]]) -> None:
    tocsin, _ = story
    ran = tocsin("story", "list", "--hours", "1")
    assert ran.code == 0
    assert "--hours" in ran.out


def test_a_story_is_shown_with_why_each_article_is_in(story: tuple[CommandLine, list[ArticleId]]) -> None:
    tocsin, (first, second, _) = story
    ran = tocsin("story", "show", "1")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "Story 1: Dozens drown off Libya"
    assert lines[1].endswith("; first report 2026-03-10 11:00Z, latest 2026-03-10 12:00Z")
    assert "  2026-03-10 11:00Z  wire.example [en]: Dozens drown off Libya" in lines
    assert f"      article {first}: opened the story" in lines
    assert any(line.startswith(f"      article {second}, like article {first}: ") for line in lines)
    assert "\x1b" not in ran.out
    told = tocsin("story", "show", "1", "--json").json
    assert [one["id"] for one in told["articles"]] == [first, second]
    assert told["articles"][1]["evidence"][0].keys() == {"kind", "words", "weight"}


def test_what_has_no_headline_is_called_untitled(house: PlacingHouse, tocsin: CommandLine) -> None:
    house.place(house.store("wire", "", SANK))
    tocsin.monkeypatch.setenv("DATABASE_URL", str(house.database.engine.url))
    assert tocsin("story", "list", "--hours", AGES, "--singles").out.startswith("1  (untitled)\n")
    assert "Development 1: (untitled)" in tocsin("story", "show", "1").out


@pytest.mark.parametrize("number", ["99", "0", "99999999999999999999"])
def test_a_story_that_is_not_there_is_named(story: tuple[CommandLine, list[ArticleId]], number: str) -> None:
    tocsin, _ = story
    for arguments in (("show", number), ("merge", "1", number), ("split", number, "1")):
        ran = tocsin("story", *arguments)
        assert (ran.code, ran.out) == (2, "")
        assert f"there is no story {number}" in ran.err


def test_merged_stories_are_found_by_either_number(
    story: tuple[CommandLine, list[ArticleId]], house: PlacingHouse
) -> None:
    tocsin, (_, _, third) = story
    other = house.get(third).story_id
    ran = tocsin("story", "merge", f"{other}", "1")
    assert (ran.code, ran.out.splitlines()[0][:26]) == (0, f"Merged into story 1: {other}. `t"[:26])
    shown = tocsin("story", "show", f"{other}").out
    assert f"Story {other} is part of story 1 now." in shown
    assert "Development 2: Ferry crews" in shown
    assert f"article {third}: opened a story that was merged into this one" in shown
    again = tocsin("story", "merge", "1", f"{other}")
    assert (again.code, again.out) == (0, "Nothing to do: that is one story.\n")


def test_a_story_shows_why_others_were_merged_into_it(
    story: tuple[CommandLine, list[ArticleId]], house: PlacingHouse
) -> None:
    tocsin, (_, _, third) = story
    other = house.get(third).story_id
    assert tocsin("story", "show", "1", "--json").json["merged"] == []
    tocsin("story", "merge", f"{other}", "1")
    assert f"Story {other} was merged into this one: by hand" in tocsin("story", "show", "1").out.splitlines()
    assert tocsin("story", "show", "1", "--json").json["merged"] == [{"id": other, "because": "by hand"}]


def test_stories_of_one_event_are_merged_into_one_development(
    story: tuple[CommandLine, list[ArticleId]], house: PlacingHouse
) -> None:
    tocsin, (first, _, third) = story
    other = house.get(third).story_id
    assert tocsin("story", "merge", "1", f"{other}", "--same-event").code == 0
    assert house.get(third).development_id == house.get(first).development_id


def test_which_of_several_developments_is_the_same_has_to_be_said(
    story: tuple[CommandLine, list[ArticleId]], house: PlacingHouse
) -> None:
    tocsin, (_, _, third) = story
    tocsin("story", "merge", "1", f"{house.get(third).story_id}")
    [alone] = house.place(house.store("gazette", "Mayor opens the new library", "It has 40,000 books."))
    ran = tocsin("story", "merge", "1", f"{alone.story_id}", "--same-event")
    assert ran.code == 2
    assert "story 1 has 2 developments" in ran.err


def test_a_split_makes_a_story_of_its_own(story: tuple[CommandLine, list[ArticleId]], house: PlacingHouse) -> None:
    tocsin, (_, second, _) = story
    ran = tocsin("story", "split", "1", f"{second}")
    new = house.get(second).story_id
    assert (ran.code, ran.out) == (0, f"Story {new}: 1 article from story 1.\n")
    told = tocsin("story", "show", f"{new}", "--json").json["articles"]
    assert [one["join"] for one in told] == [Join.BY_HAND.value]


def test_a_split_that_cannot_be_says_why(story: tuple[CommandLine, list[ArticleId]], house: PlacingHouse) -> None:
    tocsin, (first, second, third) = story
    for ids, words in (
        ((first, second), "these are all articles of story 1"),
        ((third,), f"article {third} is in story {house.get(third).story_id}"),
        ((99,), "there is no article 99"),
    ):
        ran = tocsin("story", "split", "1", *map(str, ids))
        assert ran.code == 2
        assert words in ran.err


def test_two_articles_are_compared(story: tuple[CommandLine, list[ArticleId]]) -> None:
    tocsin, (first, second, third) = story
    alike = tocsin("story", "compare", f"{second}", f"{first}")
    apart = tocsin("story", "compare", f"{second}", f"{third}")
    nobody = tocsin("story", "compare", f"{second}", "99")
    assert (alike.code, apart.code, nobody.code) == (0, 1, 2)
    assert alike.out.startswith(f"article {second} ")
    assert "one event: " in alike.out
    assert "opens a story of its own" in apart.out
    assert "there is no article 99" in nobody.err
    itself = tocsin("story", "compare", f"{second}", f"{second}")
    assert (itself.code, f"article {second} is named twice" in itself.err) == (2, True)


def archive(*changes: Mapping[str, object]) -> str:
    one = {"outlet": "Wire", "lang": "en", "published": "2026-03-10T12:00:00Z", "title": "Dozens drown off Libya"}
    rows = [{"id": f"a{number}"} | one | {"summary": SANK} | dict(change) for number, change in enumerate(changes)]
    return "\n".join(json.dumps(row) for row in rows)


def test_an_archive_is_sorted_into_events_and_stories(tocsin: CommandLine) -> None:
    later = {"outlet": "Post", "summary": SANK_TOO, "published": "2026-03-10T15:00:00+01:00", "id": 7}
    strike = {"title": "Ferry crews in Piraeus to strike", "summary": STRIKE, "published": "2026-03-10T11:00:00Z"}
    tocsin.write(archive(later, {"link": None, "lang": None}, strike | {"title": None}) + "\n\n", "archive.jsonl")
    ran = tocsin("story", "cluster", "--jsonl", "archive.jsonl", "--json")
    told = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 0
    assert [one["id"] for one in told] == ["a2", "a1", 7]
    assert told[1]["event"] == told[2]["event"]
    assert told[0]["event"] != told[1]["event"]
    assert [one["development"] for one in told] == [1, 1, 1]
    assert (told[1]["nearest"], told[2]["nearest"]) == (None, "a1")
    words = tocsin("story", "cluster", "--jsonl", "archive.jsonl").out
    assert "Dozens drown off Libya (2 articles, 1 development)" in words
    assert words.endswith("1 article alone in its story.\n")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not a JSON object on one line"),
        ("[" * 100_000, "not a JSON object on one line"),
        ("[1]", "not an object; write {...} with id, outlet, published, title"),
        (archive({"title": None, "summary": ""}), '"title" missing; needed are id, outlet, published, title'),
        (archive({"id": ""}), '"id" missing'),
        (archive({"title": 3}), '"title" must be a string; put it in quotes\n'),
        (archive({"lang": ["en"]}), '"lang" must be a string; put it in quotes or leave it out\n'),
        (archive({"lang": "English!"}), "is no language code"),
        (archive({"id": 1.5}), '"id" must be a string or a whole number'),
        (archive({"published": "yesterday"}), "\"published\" is 'yesterday', no time; write date, time and zone"),
        (archive({"published": "2026-03-10T12:00:00"}), "without a zone"),
        (archive({"published": "0001-01-01T00:00:00+14:00"}), "out of all time"),
        (archive({"id": "good"}), "the id 'good' stands in line 1 too"),
    ],
    ids=[
        "cut",
        "deep",
        "list",
        "untitled",
        "unnamed",
        "number",
        "languages",
        "language",
        "half",
        "word",
        "naive",
        "early",
        "twice",
    ],
)
def test_a_bad_line_is_named_with_its_remedy_and_the_rest_goes_on(tocsin: CommandLine, line: str, words: str) -> None:
    tocsin.write("\ufeff" + archive({"id": "good"}) + "\n" + line + "\n", "archive.jsonl")
    ran = tocsin("story", "cluster", "--jsonl", "archive.jsonl", "--json")
    assert ran.code == 1
    assert ran.err.startswith("archive.jsonl:2: ")
    assert words in ran.err
    assert [json.loads(one)["id"] for one in ran.out.splitlines()] == ["good"]


def test_half_a_character_goes_through(tocsin: CommandLine) -> None:
    tocsin.write(archive({"id": "\ud800", "title": "\udfff Dozens"}), "archive.jsonl")
    ran = tocsin("story", "cluster", "--jsonl", "archive.jsonl", "--json")
    assert (ran.code, ran.json["id"]) == (0, "\ud800")


def test_an_archive_that_cannot_be_read_is_named(tocsin: CommandLine) -> None:
    missing = tocsin("story", "cluster", "--jsonl", "nothing.jsonl")
    assert (missing.code, "cannot read nothing.jsonl" in missing.err) == (2, True)
    tocsin.write("no\n", "bad.jsonl")
    bad = tocsin("story", "cluster", "--jsonl", "bad.jsonl")
    assert (bad.code, "no line of bad.jsonl is an article" in bad.err) == (2, True)
    tocsin.write("", "empty.jsonl")
    empty = tocsin("story", "cluster", "--jsonl", "empty.jsonl")
    assert (empty.code, empty.out) == (0, "The archive is empty.\n")
