from __future__ import annotations

import pytest

from tocsin.regions import load_gazetteer, locator_of
from tocsin.text.fold import fold


def places(text: str, language: str | None = "en", home: str | None = None, title: str = "") -> list[str]:
    """The places named in a text, by what stands there and the country it lies in."""
    found = locator_of(load_gazetteer()).locate(fold(title), fold(text), language=language, home=home)
    return [f"{mention.span.text}/{mention.country}" for mention in found.mentions]


@pytest.mark.parametrize(
    "text",
    [
        "We ate turkey from fine china.",
        "A nice man in a mobile home, reading",
        "Tell us who is next, or not.",
        "It was nice work by Jordan Peele, said Michael Jordan",
        "NICE READING FOR ALL",
        "TELL US MORE ABOUT IT",
        "Reading is a habit. Mobile phones are another.",
        "They live in Gladstone Road, opposite the church.",
    ],
)
def test_a_word_a_person_or_a_street_is_no_place(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Turkey and Chad signed in Nice, France.", ["Turkey/TR", "Chad/TD", "Nice/FR", "France/FR"]),
        ("The king of Jordan spoke.", ["Jordan/JO"]),
        ("in the U.S. and the UK", ["U.S./US", "UK/GB"]),
        ("fighting near Deir el-Zour and al-Raqqa", ["Deir el-Zour/SY", "al-Raqqa/SY"]),
        ("trains from New York to Boston", ["New York/US", "Boston/US"]),
        ("في دير الزور", ["دير الزور/SY"]),
        ("انفجار بدير الزور اليوم", ["دير الزور/SY"]),
        ("в Дейр-эз-Зор", ["Дейр-эз-Зор/SY"]),
    ],
)
def test_a_name_written_as_a_name_is_a_place(text: str, expected: list[str]) -> None:
    assert places(text, None) == expected


def test_a_surname_is_a_person_in_the_whole_article_unless_something_happens_there() -> None:
    assert places("The prize went to Mr Lincoln. They praised Lincoln for it.") == []
    assert "Berlin/DE" in places("The prize went to Mr Berlin. They met him in Berlin.")


def test_german_nouns_beside_a_place_do_not_make_a_person_of_it() -> None:
    assert places("Die Stadt Kassel und der Flughafen Leipzig melden Verspätungen.", "de") == [
        "Kassel/DE",
        "Leipzig/DE",
    ]


def test_a_name_of_one_language_counts_only_there() -> None:
    text = "Island erhöht die Zinsen"
    assert [places(text, "de"), places(text, "en")] == [["Island/IS"], []]


def test_a_name_of_several_cities_is_the_one_whose_country_is_named_or_whose_province_follows() -> None:
    assert places("The mayor of Hyderabad spoke.") == ["Hyderabad/IN"]
    assert places("The mayor of Hyderabad spoke in Karachi and Lahore.")[0] == "Hyderabad/PK"
    assert places("The mayor of London, Ontario, spoke. London is calm.")[::2] == ["London/CA", "London/CA"]
    assert places("In Hyderabad it rained.", home="Pakistan") == ["Hyderabad/PK"]


def test_a_place_the_gazetteer_lacks_counts_as_the_province_that_follows() -> None:
    assert {place[-2:] for place in places("A house burned in Paris, Kentucky. Nobody in Paris was hurt.")} == {"US"}


@pytest.mark.parametrize(
    "text",
    ["fighting in syria spreads, says germany", "FIGHTING IN SYRIA SPREADS, SAYS GERMANY", "Fighting In Syria Spreads"],
)
def test_a_text_without_telling_capitals_still_names_countries(text: str) -> None:
    assert places(text)[0].casefold() == "syria/sy"


def test_a_company_a_paper_and_a_club_named_after_a_city_are_no_mentions() -> None:
    assert places("He left Leeds United for the Boston Globe.") == []


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("French toast is easy. Serve it with Turkish coffee and a Danish pastry.", "en"),
        ("A Guinea pig likes company, and so does a German shepherd.", "en"),
        ("A Panama hat, a Persian rug, Brussels sprouts, Russian roulette.", "en"),
        ("Prepara una ensalada griega y luego un café turco.", "es"),
        ("Ein griechischer Salat und ein türkischer Kaffee.", "de"),
        ("Essen sollte gut sein. Essen ist wichtig.", "de"),
    ],
)
def test_a_dish_a_breed_or_a_game_called_after_a_place_is_no_mention_of_it(text: str, language: str) -> None:
    assert places(text, language) == []


def test_goods_that_are_traded_are_mentions() -> None:
    assert places("Colombian coffee and Danish bacon cost more.") == ["Colombian/CO", "Danish/DK"]
    assert places("Panama hat gewählt.", "de") == ["Panama/PA"]
    assert places("In Essen tagt der Rat.", "de") == ["Essen/DE"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("UK AND US AGREE ON TRADE", ["UK/GB", "US/US"]),
        ("the uk and us agree on trade at last", ["uk/GB", "us/US"]),
        ("UAE TO HOST A SUMMIT", ["UAE/AE"]),
        ("SEND US YOUR PHOTOS AND WIN", []),
        ("send us your photos of the day and win", []),
        ("fighting in deir el-zour went on today", ["deir el-zour/SY"]),
    ],
)
def test_abbreviations_and_smaller_cities_are_found_without_telling_capitals(text: str, expected: list[str]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    ("name", "home", "province"),
    [("Alexandria", "US-LA", "US-LA"), ("Springfield", "US-MA", "US-MA"), ("Springfield", "US-IL", "US-IL"),
     ("Paris", "US-KY", "US-KY")],
)  # fmt: skip
def test_a_city_of_several_provinces_is_the_one_in_the_feeds_home(name: str, home: str, province: str) -> None:
    found = locator_of(load_gazetteer()).locate(
        fold(f"{name} gets a bridge"), fold("It opens soon."), language="en", home=home
    )
    assert [one.place for one in found.focus.provinces] == [province]


def test_a_country_is_named_by_its_people_and_not_by_its_institutions_or_companies() -> None:
    def named(text: str, language: str) -> tuple[str, ...]:
        return locator_of(load_gazetteer()).locate(fold(""), fold(text), language=language, home=None).countries

    assert named("Sie trafen syrische Truppen.", "de") == ("SY",)
    assert named("Видели сирийские войска.", "ru") == ()
    assert named("The Kremlin and the Bank of China agreed.", "en") == ()
