from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tocsin.rendering.bidi import isolate
from tocsin.rendering.columns import cells, rule, wrap
from tocsin.rendering.locales import ENGLISH
from tocsin.rendering.times import local_day, local_time, rough_length
from tocsin.rendering.words import count, listed, plural

AFTERNOON = datetime(2017, 9, 5, 14, 42, tzinfo=UTC)


def test_times_are_told_in_the_readers_zone() -> None:
    assert [local_time(AFTERNOON, zone) for zone in ("Europe/Berlin", "Asia/Kathmandu", "Pacific/Apia")] == [
        "Tue 5 Sep, 16:42",
        "Tue 5 Sep, 20:27",
        "Wed 6 Sep, 03:42",
    ]
    assert local_day(AFTERNOON, "Pacific/Apia") == "Wed 6 Sep"


def test_a_span_names_the_year_once_unless_it_goes_over_new_year() -> None:
    assert ENGLISH.span(AFTERNOON, AFTERNOON + timedelta(days=1), "UTC") == "Tue 5 Sep 14:42 – Wed 6 Sep 2017 14:42"
    night = datetime(2025, 12, 31, 7, 30, tzinfo=UTC)
    assert ENGLISH.span(night, night + timedelta(days=1), "UTC") == "Wed 31 Dec 2025 07:30 – Thu 1 Jan 2026 07:30"


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "1 minute"),
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=36), "36 hours"),
        (timedelta(hours=49), "2 days"),
        (timedelta(days=30), "30 days"),
    ],
)
def test_lengths_are_told_in_the_unit_a_person_would_use(length: timedelta, words: str) -> None:
    assert rough_length(length) == words


def test_numbers_and_nouns_agree() -> None:
    assert [count("story", 1), count("story", 0), count("more story", 3), count("watch", 1234)] == [
        "1 story",
        "0 stories",
        "3 more stories",
        "1,234 watches",
    ]
    assert plural("article", 2) == "articles"


def test_lists_are_joined_as_in_a_sentence() -> None:
    assert [listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_languages_are_named_in_english_and_rare_ones_by_their_code() -> None:
    assert [ENGLISH.language_name(code) for code in ("ar", "xx", None, "")] == ["Arabic", "xx", "", ""]


def test_right_to_left_words_are_isolated_and_all_is_escaped() -> None:
    assert isolate('names "دير الزور" 9 times <b>') == ("names &#34;<bdi>دير الزور</bdi>&#34; 9 times &lt;b&gt;")


def test_lines_are_wrapped_by_columns_and_wide_characters_take_two() -> None:
    assert wrap("one two three four", indent=2, width=11) == "  one two\n  three\n  four"
    assert wrap("北京" * 4, width=8) == "北京北京\n北京北京"
    assert cells("e\u0301北\u200d") == 3
    assert rule("Syria", "=") == "====="


def test_addresses_are_never_broken() -> None:
    link = "<https://example.org/" + "a" * 80 + ">"
    assert wrap(f"see {link} now", width=20).splitlines() == ["see", link, "now"]


def test_an_isolate_is_closed_at_the_end_of_a_line_and_opened_again() -> None:
    assert wrap("a \u2068one two three\u2069 b", width=7).splitlines() == [
        "a \u2068one\u2069",
        "\u2068two\u2069",
        "\u2068three\u2069 b",
    ]
    assert cells("\u2068one\u2069") == 3


def test_a_number_and_its_groups_stay_on_one_line() -> None:
    assert wrap("in 12\u202f345 mots", width=9) == "in 12\u202f345\nmots"
