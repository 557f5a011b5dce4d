from __future__ import annotations

import io
import json
from typing import Any

import pytest

from command_line import CommandLine

WATCHLIST = """\
feeds: [https://wire.example/rss]
regions:
  valley: [Deir ez-Zor, Raqqa]
  fiji-waters: {box: [176, -21, -178, -12]}
  sahel: [Mali]
watches:
  valley: {regions: valley}
"""
TEXT = """Army ends siege of Deir el-Zour
Deir el-Zour in eastern Syria is open again. Lorries reached the city on Tuesday.
They had come from Iraq by the desert road, a driver said.
Photo: Example Agency/Paris
"""


def lines(*records: object) -> str:
    return "".join(f"{record if isinstance(record, str) else json.dumps(record)}\n" for record in records)


def record(tocsin: CommandLine, **keys: object) -> Any:
    tocsin.write(lines(keys), "in.jsonl")
    ran = tocsin("regions", "locate", "--jsonl", "in.jsonl", "--json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def test_a_province_is_shown_with_its_code_what_it_lies_in_and_its_names(tocsin: CommandLine) -> None:
    ran = tocsin("regions", "show", "دير الزور")
    assert (ran.code, ran.err) == (0, "")
    first, *rest = ran.out.splitlines()
    assert first == "Deir ez-Zor (SY-DY), province"
    [around] = [line for line in rest if line.startswith("lies in: ")]
    assert around.startswith("lies in: Syria (SY), ")
    assert [line for line in rest if line.startswith("coordinates: 35.")]
    assert [line for line in rest if line.startswith("names, ")]


def test_a_country_is_shown_with_its_provinces_and_programs_get_all_of_it(tocsin: CommandLine) -> None:
    card = tocsin("regions", "show", "NO", "--json").json
    assert (card["place"], card["name"], card["kind"], card["own"]) == ("NO", "Norway", "country", False)
    assert "NO-03" in {one["place"] for one in card["members"]}
    assert "norwegian" in card["demonyms"]["en"]
    assert {"place": "scandinavia", "name": "Scandinavia", "kind": "area"} in card["lies_in"]


def test_the_others_of_a_name_are_shown(tocsin: CommandLine) -> None:
    card = tocsin("regions", "show", "Georgia", "--json").json
    assert card["place"] == "GE"
    assert {"place": "US-GA", "name": "Georgia", "kind": "province"} in card["others"]


def test_an_own_region_is_shown_before_one_of_the_gazetteer(tocsin: CommandLine) -> None:
    tocsin.write(WATCHLIST)
    card = tocsin("regions", "show", "sahel", "--json").json
    assert (card["own"], [one["place"] for one in card["members"]]) == (True, ["ML"])
    assert [(one["place"], one["name"]) for one in card["others"]] == [("sahel", "Sahel")]
    ran = tocsin("regions", "show", "fiji-waters")
    assert ran.out.splitlines() == [
        "fiji-waters (fiji-waters), a region of the watchlist",
        "box: 176° E to 178° W, 21° S to 12° S",
    ]


def test_a_named_watchlist_is_read_and_must_be_right(tocsin: CommandLine) -> None:
    path = tocsin.write(WATCHLIST, "other.yaml")
    assert tocsin("regions", "show", "valley", "--watchlist", str(path)).out.startswith("valley (valley), a region of")
    path.write_text(WATCHLIST.replace("Raqqa", "Raqqqa"), "utf-8")
    ran = tocsin("regions", "show", "valley", "--watchlist", str(path))
    assert (ran.code, ran.out) == (2, "")
    assert "unknown region 'Raqqqa'" in ran.err


def test_a_faulty_watchlist_that_was_not_asked_for_does_not_stand_in_the_way(tocsin: CommandLine) -> None:
    tocsin.write("feeds: nonsense\n")
    ran = tocsin("regions", "show", "Syria")
    assert (ran.code, ran.out.splitlines()[0]) == (0, "Syria (SY), country")
    assert ran.err == "watchlist.yaml is faulty, so its own regions are not known; run `tocsin check`\n"


def test_a_name_that_no_region_has_ends_with_two_and_the_nearest(tocsin: CommandLine) -> None:
    ran = tocsin("regions", "show", "Syrai")
    assert (ran.code, ran.out, ran.err) == (2, "", "tocsin: unknown region 'Syrai'; did you mean 'Syria'?\n")


def test_a_text_is_told_what_it_is_about_what_it_names_and_what_was_left_out(tocsin: CommandLine) -> None:
    tocsin.write(TEXT, "article.txt")
    ran = tocsin("regions", "locate", "--file", "article.txt")
    assert (ran.code, ran.err) == (0, "")
    told = [line.split()[:2] for line in ran.out.splitlines()]
    assert told[:3] == [["About"], ["country", "Syria"], ["province", "Deir"]]
    assert ["Also", "weighed"] in told
    assert ran.out.splitlines()[-2:] == [
        "Countries named: IQ, SY",
        "Page furniture, left out: Photo: Example Agency/Paris",
    ]


def test_a_text_may_stand_in_the_call_or_come_from_standard_input(
    tocsin: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tocsin("regions", "locate", "Floods in Norway.", "--json").json
    assert (told["id"], [one["place"] for one in told["focus"]["countries"]]) == ("text", ["NO"])
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"Floods in Norway.")))
    assert tocsin("regions", "locate", "-", "--json").json == told


def test_programs_get_the_focus_apart_from_what_was_weighed(tocsin: CommandLine) -> None:
    title, _, text = TEXT.partition("\n")
    told = record(tocsin, id=7, title=title, text=text)
    assert (told["id"], told["language"], told["mentions"]) == (7, "en", ["IQ", "SY"])
    assert {key: [one["place"] for one in found] for key, found in told["focus"].items()} == {
        "countries": ["SY"],
        "admin1": ["SY-DY"],
        "places": ["geonames:170794"],
        "areas": [],
    }
    assert [one["place"] for one in told["candidates"]["countries"]] == ["SY", "IQ"]
    assert told["focus"]["countries"][0] == told["candidates"]["countries"][0]
    assert told["focus"]["countries"][0]["share"] == 1
    assert [text[start:end].strip() for start, end in told["furniture"]] == ["Photo: Example Agency/Paris"]


@pytest.mark.parametrize("keys", [{"title": None}, {"title": ""}, {}])
def test_a_line_needs_no_title(tocsin: CommandLine, keys: dict[str, object]) -> None:
    assert record(tocsin, id="a", text="Floods in Norway.", **keys)["mentions"] == ["NO"]


def test_a_text_of_no_place_is_about_none_unless_its_feed_has_a_home(tocsin: CommandLine) -> None:
    nowhere = record(tocsin, id="a", text="The council met again.")
    assert (nowhere["focus"]["countries"], nowhere["mentions"], nowhere["candidates"]["countries"]) == ([], [], [])
    at_home = record(tocsin, id="a", text="The council met again.", home="Syria")
    assert ([one["place"] for one in at_home["focus"]["countries"]], at_home["mentions"]) == (["SY"], [])


def test_the_language_that_a_line_gives_is_believed(tocsin: CommandLine) -> None:
    assert record(tocsin, id="a", text="Floods in Norway.", lang="en-GB")["language"] == "en"


def test_bad_lines_are_told_and_the_others_go_on(tocsin: CommandLine) -> None:
    tocsin.write(lines({"id": 1, "text": "Oslo"}, "{nonsense", {"id": 3}, "", {"text": "Bergen"}), "in.jsonl")
    ran = tocsin("regions", "locate", "--jsonl", "in.jsonl", "--json")
    assert ran.code == 1
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == [1, "in.jsonl:5"]
    first, second, last = ran.err.splitlines()
    assert first.startswith("in.jsonl:2: not a JSON object on one line (")
    assert second.startswith('in.jsonl:3: needs an object with a "title" or a "text", such as {"id": "1", ')
    assert last == "2 bad lines passed over"


def test_a_home_that_no_region_has_is_told_once(tocsin: CommandLine) -> None:
    tocsin.write(lines(*[{"id": at, "text": "Oslo", "home": "Narnia"} for at in range(3)]), "in.jsonl")
    ran = tocsin("regions", "locate", "--jsonl", "in.jsonl")
    assert ran.code == 0
    assert ran.err.startswith("in.jsonl:1: \"home\": unknown region 'Narnia'")
    assert ran.err.endswith("; read as if it had none\n")
    assert ran.err.count("\n") == 1
    assert len(ran.out.splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "give one of: a text, --file FILE, --jsonl FILE"),
        (("Oslo", "--file", "a.txt"), "give one of: a text, --file FILE, --jsonl FILE"),
        (("--file", "a.txt"), "a.txt: No such file or directory; check the name and the permissions"),
        (("--jsonl", "a.jsonl"), "a.jsonl: No such file or directory; check the name and the permissions"),
    ],
)
def test_input_that_cannot_be_read_ends_with_two(tocsin: CommandLine, arguments: tuple[str, ...], words: str) -> None:
    ran = tocsin("regions", "locate", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", f"{words}\n")


def test_nothing_of_a_text_changes_the_terminal(tocsin: CommandLine) -> None:
    tocsin.write(
        lines({"id": "\u001b[2Ja", "text": "Oslo\u202e \u001b[31m [bold]\nPhoto: \u001b[31mX/Y\n"}), "in.jsonl"
    )
    ran = tocsin("regions", "locate", "--jsonl", "in.jsonl")
    assert [letter for letter in ran.out if not letter.isprintable() and letter != "\n"] == []


def test_check_counts_own_regions_and_warns_of_those_that_may_not_be_meant(tocsin: CommandLine) -> None:
    tocsin.write(WATCHLIST)
    ran = tocsin("check")
    assert (ran.code, ran.out) == (0, "watchlist.yaml: 1 feed, 3 own regions, 1 watch, 0 subscribers\n")
    box, hidden = ran.err.splitlines()
    assert box == (
        "watchlist.yaml:4:3: warning: the box of 'fiji-waters' goes from 176 eastwards across the antimeridian to "
        "-178, 6 degrees; if that is not meant, its west and east are exchanged"
    )
    assert hidden == (
        "watchlist.yaml:5:3: warning: 'sahel' is also a name of Sahel (sahel), an area; in this file it means your own "
        "region"
    )


def test_check_asks_which_of_several_regions_is_meant(tocsin: CommandLine) -> None:
    tocsin.write(
        "feeds: [{url: https://a.org, home: Georgia}]\nregions: {a: [Georgia]}\n"
        "watches:\n  w: {regions: Georgia}\n  q: {query: 'siege AND about:Georgia'}\n"
    )
    ran = tocsin("check")
    assert ran.code == 2
    told = [line for line in ran.err.splitlines() if line.startswith("watchlist.yaml:")]
    assert [line.split(": ")[0] for line in told] == [f"watchlist.yaml:{at}" for at in ("1:36", "2:15", "4:16", "5:31")]
    question = "Georgia: GE (Georgia) or US-GA (Georgia, United States)? write the code of the one that is meant"
    assert all(line.endswith(question) for line in told)


def test_a_code_or_what_a_place_lies_in_leaves_no_question(tocsin: CommandLine) -> None:
    tocsin.write("feeds: [https://a.org]\nwatches: {w: {regions: [GE, US-GA, 'Georgia, United States']}}\n")
    ran = tocsin("check")
    assert (ran.code, ran.err) == (0, "")
