from __future__ import annotations

from tocsin.rendering.locales import locale_of
from tocsin.rendering.news_words import development_words, news_words
from tocsin.stories import explaining

GERMAN, ARABIC = locale_of("de"), locale_of("ar")


def test_what_is_new_of_one_kind_is_put_together() -> None:
    news = ("new place: Homs", "new number: 1,200 dead", "new place: Palmyra")
    assert development_words(2, news) == "Development 2 — new place: Homs, Palmyra; new number: 1,200 dead"
    assert (
        development_words(2, news, locale=GERMAN) == "Entwicklung 2 – neuer Ort: Homs, Palmyra; neue Zahl: 1.200 Tote"
    )
    assert development_words(2, news, locale=ARABIC) == "التطور 2 – مكان جديد: Homs، Palmyra؛ رقم جديد: القتلى: 1,200"


def test_a_development_without_news_has_its_number_alone() -> None:
    assert (development_words(3, ()), development_words(3, (), locale=GERMAN)) == ("Development 3", "Entwicklung 3")


def test_days_and_bare_numbers_are_written_as_the_language_does() -> None:
    assert news_words(("new number: 12 November", "new number: 80,000"), locale=GERMAN) == (
        "neue Zahl: 12. November, 80.000"
    )


def test_what_has_no_known_kind_is_said_as_it_stands() -> None:
    news = ("new twist: told\r\nin court", "quiet", "new number: 4.5 million", "new number: 31 February")
    assert news_words(news, locale=GERMAN) == "new twist: told in court; quiet; neue Zahl: 4.5 million, 31 February"


def test_everything_that_stories_count_can_be_said_in_german() -> None:
    counted = [f"new number: 7 {word}" for word in sorted(set(explaining._COUNTED.values()))]  # noqa: SLF001
    said = [news_words((one,), locale=GERMAN) for one in counted]
    assert [words for one, words in zip(counted, said, strict=True) if one.rpartition(" ")[2] in words.split()] == []
    months = [f"new number: 7 {month}" for month in explaining._MONTHS]  # noqa: SLF001
    assert [news_words((one,), locale=GERMAN) for one in months][2] == "neue Zahl: 7. März"
