"""The regions that a watchlist defines itself: what they become, and their faults at their places."""

# ruff: noqa: E501 - a message is compared in one piece, as it is printed

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import pytest

from tocsin.config import QueryProblem, parse_watchlist
from tocsin.errors import WatchlistError
from tocsin.models.watchlist import About, OwnRegion

START = "feeds: [https://example.org/feed]\nwatches: {siege: {keywords: siege}}\n"


def known_regions(name: str) -> str | None:
    return None if name in {"Syria", "Raqqa", "NO"} else f"unknown region '{name}'"


def own(regions: str) -> tuple[OwnRegion, ...]:
    return parse_watchlist(START + regions, Path("w.yaml"), check_region=known_regions).regions


def faults(source: str) -> list[str]:
    with pytest.raises(WatchlistError) as raised:
        parse_watchlist(source, Path("w.yaml"), check_region=known_regions)
    return [str(fault).removeprefix("w.yaml:") for fault in raised.value.faults]


def test_own_regions_are_lists_of_places_or_boxes_and_may_hold_each_other() -> None:
    assert own("regions: {gulf: {box: [42.5, 10, 51.5, 15.5]}, valley: [Raqqa, Raqqa], all-of-it: [valley, gulf, NO], one: Syria}") == (
        OwnRegion("gulf", box=(42.5, 10.0, 51.5, 15.5)),
        OwnRegion("valley", ("Raqqa",)),
        OwnRegion("all-of-it", ("valley", "gulf", "NO")),
        OwnRegion("one", ("Syria",)),
    )  # fmt: skip


def test_a_box_may_lie_across_the_antimeridian() -> None:
    assert own("regions: {fiji: {box: [176, -21, -178, -12]}}") == (
        OwnRegion("fiji", box=(176.0, -21.0, -178.0, -12.0)),
    )


def test_the_key_may_stay_whose_regions_are_commented_out() -> None:
    assert own("regions:") == ()


@pytest.mark.parametrize(
    ("regions", "fault"),
    [
        ("{a: [Raqa]}", "3:15: unknown region 'Raqa'"),
        ("{raqqa-valley: Syria, b: [raqa-valley]}", "3:36: unknown region 'raqa-valley'; did you mean 'raqqa-valley'?"),
        ("{a: [a]}", "3:15: the region 'a' contains itself; leave it out"),
        ("{a: [Syria, b], b: [c], c: [a]}", "3:38: the region 'a' contains itself: a contains b contains c contains a; leave one out"),
        ("{a: [b], b: [Syria, b]}", "3:30: the region 'b' contains itself; leave it out"),
        ("{a: }", "3:13: 'a' has no value; write a list, or remove it"),
        ("{a: []}", "3:14: 'a' is empty; put something in it or remove the key"),
        ("{a: [null]}", '3:15: YAML does not take null for a word; put it in quotes: "null"'),
        ("{a: [{b: c}]}", "3:15: 'a': expected text, found a mapping; text that holds ': ' needs quotes"),
        ("{My Valley: [Raqqa]}", "3:11: the id 'My Valley' may only hold a-z, 0-9 and single hyphens; write 'my-valley'"),
        ("[Raqqa]", "3:10: 'regions': expected a mapping of names, such as 'name: ...', found a list"),
        ("{a: {box: [1, 2, 3]}}", "3:20: a box is four numbers in degrees: west, south, east, north; write one such as [42.5, 10, 51, 15]"),
        ("{a: {box: 1}}", "3:20: a box is four numbers in degrees: west, south, east, north; write one such as [42.5, 10, 51, 15]"),
        ("{a: {box: [1, 2, 3, north]}}", "3:30: 'north' is no latitude; write degrees from -90 to 90, north of the equator, minus for south"),
        ("{a: {box: [1, 2, nan, 4]}}", "3:27: 'nan' is no longitude; write degrees from -180 to 180, east of Greenwich, minus for west"),
        ("{a: {box: [-181, 2, 3, 4]}}", "3:21: '-181' is no longitude; write degrees from -180 to 180, east of Greenwich, minus for west"),
        ("{a: {box: [1, 4, 3, 4]}}", "3:20: its south, 4, is not below its north, 4; the order is west, south, east, north"),
        ("{a: {box: [3, 2, 3, 4]}}", "3:20: its west and its east are both 3; the order is west, south, east, north"),
        ("{a: {box: [1, 2, 3, 4], name: x}}", "3:34: unknown key 'name'; the keys here are box"),
    ],
)  # fmt: skip
def test_a_fault_of_an_own_region_stands_at_its_place_with_a_remedy(regions: str, fault: str) -> None:
    assert faults(f"{START}regions: {regions}\n") == [fault]


def test_two_circles_are_two_faults_and_a_long_one_is_told_in_short() -> None:
    ring = ", ".join(f"r{number}: [r{(number + 1) % 9}]" for number in range(9))
    told = faults(f"{START}regions: {{{ring}, a: [b], b: [a, r0]}}\n")
    assert [fault.split(": ", 1)[1] for fault in told] == [
        "the region 'r0' contains itself: r0 contains r1 contains r2 contains r3 contains ... contains r0; leave one out",
        "the region 'a' contains itself: a contains b contains a; leave one out",
    ]


def test_a_chain_of_ten_thousand_regions_is_no_circle() -> None:
    chain = "\n".join(f"  r{number}: [r{number + 1}]" for number in range(10_000))
    assert len(own(f"regions:\n{chain}\n  r10000: Syria\n")) == 10_001


def test_watches_take_own_regions_and_homes_do_not() -> None:
    regions = "regions: {valley: [Raqqa]}\n"
    right = f"feeds: [https://a.org]\n{regions}watches: {{a: {{regions: [valley, Syria]}}}}\n"
    assert parse_watchlist(right, Path("w.yaml"), check_region=known_regions).watches[0].regions == ("valley", "Syria")
    assert faults(f"feeds: [{{url: https://a.org, home: valley}}]\n{regions}watches: {{a: {{keywords: x}}}}\n") == [
        "1:36: 'valley' is a region of your own; a feed's home is a country, province or city"
    ]


def test_what_checks_the_queries_is_told_of_the_own_regions() -> None:
    told: list[str] = []

    def check(queries: Mapping[str, str], watches: Collection[str], regions: Collection[str]) -> Iterable[QueryProblem]:
        told.extend((*queries, *watches, *regions))
        return ()

    source = "feeds: [https://a.org]\nregions: {valley: [Raqqa]}\nwatches: {a: {query: about:valley}}\n"
    parse_watchlist(source, Path("w.yaml"), check_region=known_regions, check_queries=check)
    assert told == ["a", "a", "valley"]


def about(keys: str) -> About:
    source = f"feeds: [https://a.org]\nwatches: {{a: {{{keys}}}}}\n"
    return parse_watchlist(source, Path("w.yaml"), check_region=known_regions).watches[0].about


def test_a_watch_is_about_its_regions_unless_it_says_that_a_mention_is_enough() -> None:
    assert [about("regions: NO"), about("regions: NO, about: focus"), about("regions: NO, about: mention")] == [
        About.FOCUS,
        About.FOCUS,
        About.MENTION,
    ]


@pytest.mark.parametrize(
    ("keys", "fault"),
    [
        ("regions: NO, about: mentions", "2:35: unknown choice 'mentions'; did you mean 'mention'?"),
        ("regions: NO, about: Syria", "2:35: unknown choice 'Syria'; write 'focus' (about the region) or 'mention' (names it)"),
        ("keywords: x, about: mention", "2:28: 'about' says what an article must do with the watch's 'regions'; add those, or remove it"),
    ],
)  # fmt: skip
def test_about_takes_two_words_and_regions_beside_it(keys: str, fault: str) -> None:
    assert faults(f"feeds: [https://a.org]\nwatches: {{a: {{{keys}}}}}\n") == [fault]
