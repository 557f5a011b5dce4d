from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tocsin.models.watchlist import LANGUAGES
from tocsin.rendering.locales import ENGLISH, locale_of
from tocsin.rendering.nouns import NOUNS

EVENING = datetime(2017, 9, 5, 21, 42, tzinfo=UTC)
ZONE = "Europe/Berlin"


@pytest.mark.parametrize(
    ("code", "moment"),
    [
        ("en", "Tue 5 Sep, 23:42"),
        ("de", "Di., 5. Sept., 23:42"),
        ("fr", "mar. 5 sept., 23:42"),
        ("ar", "الثلاثاء، 5 سبتمبر، 23:42"),
    ],
)
def test_times_are_written_as_the_language_does(code: str, moment: str) -> None:
    assert locale_of(code).moment(EVENING, ZONE) == moment


@pytest.mark.parametrize(
    ("code", "span"),
    [
        ("en", "Tue 5 Sep 23:42 – Wed 6 Sep 2017 23:42"),
        ("de", "Di., 5. Sept., 23:42 – Mi., 6. Sept. 2017, 23:42"),
        ("fr", "mar. 5 sept., 23:42 – mer. 6 sept. 2017, 23:42"),
        ("ar", "الثلاثاء، 5 سبتمبر، 23:42 – الأربعاء، 6 سبتمبر 2017، 23:42"),
    ],
)
def test_a_span_names_the_year_once(code: str, span: str) -> None:
    assert locale_of(code).span(EVENING, EVENING + timedelta(days=1), ZONE) == span


def test_days_of_any_year_and_of_one_year() -> None:
    assert [locale_of(code).day_of_month(11, 12) for code in LANGUAGES] == [
        "12 November",
        "12. November",
        "12 novembre",
        "12 نوفمبر",
    ]
    assert locale_of("de").date(date(2017, 9, 5)) == "Di., 5. Sept. 2017"


def test_numbers_have_the_groups_and_digits_of_their_language() -> None:
    narrow = "\u202f"
    assert [locale_of(code).number(12345) for code in LANGUAGES] == ["12,345", "12.345", f"12{narrow}345", "12,345"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "لا مقالات"),
        (1, "مقال واحد"),
        (2, "مقالان"),
        (3, "3 مقالات"),
        (10, "10 مقالات"),
        (11, "11 مقالًا"),
        (99, "99 مقالًا"),
        (100, "100 مقال"),
        (102, "102 مقال"),
        (103, "103 مقالات"),
        (1211, "1,211 مقالًا"),
    ],
)
def test_arabic_has_six_forms_of_a_counted_noun(number: int, words: str) -> None:
    assert locale_of("ar").count("article", number) == words


def test_french_counts_nothing_as_one() -> None:
    assert [locale_of("fr").count("story", number) for number in (0, 1, 2)] == ["0 sujet", "1 sujet", "2 sujets"]


@pytest.mark.parametrize("noun", NOUNS)
def test_english_says_nouns_as_its_own_plural_does(noun: str) -> None:
    one, many = NOUNS[noun]
    assert (one, many) == (f"%(num)s {noun}", ENGLISH.count(noun, 2).replace("2", "%(num)s"))


def test_a_noun_that_only_operators_read_is_said_in_english() -> None:
    assert ENGLISH.count("vote", 3) == "3 votes"


def test_lists_series_and_clauses_have_the_marks_of_the_language() -> None:
    items = ["a", "b", "c"]
    assert [locale_of(code).listed(items) for code in LANGUAGES] == ["a, b and c", "a, b und c", "a, b et c", "a وb وc"]
    assert (ENGLISH.series(items), locale_of("ar").series(items)) == ("a, b, c", "a، b، c")
    assert (ENGLISH.clauses(items), locale_of("ar").clauses(items)) == ("a; b; c", "a؛ b؛ c")
    assert locale_of("fr").clauses(items) == "a\u00a0; b\u00a0; c"
    assert [locale_of(code).quoted("x") for code in LANGUAGES] == ["“x”", "„x“", "«\u00a0x\u00a0»", "«x»"]


def test_lengths_are_told_in_the_unit_a_person_would_use() -> None:
    lengths = (timedelta(minutes=90), timedelta(hours=36), timedelta(hours=49), timedelta(days=30))
    assert [locale_of("de").length(one) for one in lengths] == ["90 Minuten", "36 Stunden", "2 Tage", "30 Tage"]
    assert locale_of("ar").length(timedelta(days=2)) == "يومين"


def test_languages_and_countries_have_names_in_each_language() -> None:
    assert [locale_of(code).language_name("ar") for code in LANGUAGES] == ["Arabic", "Arabisch", "arabe", "العربية"]
    assert [locale_of(code).place_name("SY", "Syria") for code in LANGUAGES] == ["Syria", "Syrien", "Syrie", "سوريا"]
    assert locale_of("de").place_name("163763", "Raqqa") == "Raqqa"
    assert [locale_of(code).name for code in LANGUAGES] == ["English", "Deutsch", "Français", "العربية"]
    assert [locale_of(code).direction for code in LANGUAGES] == ["ltr", "ltr", "ltr", "rtl"]


def test_a_language_that_tocsin_does_not_speak_is_english() -> None:
    assert locale_of("xx") is not None
    assert locale_of("xx").code == "en"


def test_a_message_without_placeholders_may_have_a_per_cent_sign_written_twice() -> None:
    assert ENGLISH.text("100%% of it") == "100% of it"
