"""Declined names of places found in texts, with the packaged gazetteer."""

from __future__ import annotations

import pytest

from tocsin.regions import load_gazetteer
from tocsin.regions.declined import DeclinedNames
from tocsin.text.fold import fold


@pytest.fixture(scope="module")
def names() -> DeclinedNames:
    return DeclinedNames(load_gazetteer())


def _found(names: DeclinedNames, text: str, language: str | None) -> dict[str, str]:
    folded = fold(text)
    return {
        folded.scan[seen.start : seen.end]: seen.name.bearers[0].place.country for seen in names.find(folded, language)
    }


@pytest.mark.parametrize(
    ("language", "text", "written", "country"),
    [
        ("pl", "Rozmowy w Warszawie trwają.", "warszawie", "PL"),
        ("pl", "Wojska stoją w Chinach.", "chinach", "CN"),
        ("pl", "Premier leci do Stanów Zjednoczonych.", "stanow zjednoczonych", "US"),
        ("cs", "Jednání v Bruselu skončilo.", "bruselu", "BE"),
        ("cs", "Vyrábí se ve Velké Británii.", "velke britanii", "GB"),
        ("cs", "Odletěl do Spojených arabských emirátů.", "spojenych arabskych emiratu", "AE"),
        ("ru", "Взрыв в Дамаске слышали многие.", "дамаске", "SY"),
        ("ru", "Учения в Северной Корее начались.", "севернои корее", "KP"),
        ("uk", "Про це повідомили в Празі.", "празі", "CZ"),
        ("sl", "Sestali so se v Sloveniji.", "sloveniji", "SI"),
        ("fi", "Kokous pidettiin Helsingissä.", "helsingissa", "FI"),
        ("hu", "A kormány Szíriában tárgyal.", "sziriaban", "SY"),
        ("el", "Η επίσκεψη της Τουρκίας.", "τουρκιασ", "TR"),
        ("de", "Die Zukunft Syriens ist offen.", "syriens", "SY"),
        ("ko", "미국은 협상을 제안했다.", "미국은", "US"),
    ],
)
def test_a_name_is_found_in_its_cases(
    names: DeclinedNames, language: str, text: str, written: str, country: str
) -> None:
    assert _found(names, text, language).get(written) == country


def test_the_longest_name_is_taken_where_several_begin(names: DeclinedNames) -> None:
    found = _found(names, "Учения в Северной Корее начались.", "ru")

    assert "севернои корее" in found
    assert "севернои" not in found


def test_a_word_in_small_letters_is_no_declined_name(names: DeclinedNames) -> None:
    assert _found(names, "Kupił kanapkę w chinach i Warszawie.", "pl").keys() == {"warszawie"}


def test_a_text_without_capitals_is_looked_through_all_the_same(names: DeclinedNames) -> None:
    assert _found(names, "rozmowy w warszawie trwają", "pl") == {"warszawie": "PL"}


def test_no_name_goes_over_the_end_of_a_sentence(names: DeclinedNames) -> None:
    assert "stanow zjednoczonych" not in _found(names, "Wiele Stanów. Zjednoczonych było mało.", "pl")


@pytest.mark.parametrize("language", ["en", None, "xx"])
def test_nothing_is_declined_in_a_language_without_endings(names: DeclinedNames, language: str | None) -> None:
    assert _found(names, "Rozmowy w Warszawie trwają.", language) == {}


def test_a_long_text_of_declined_names_takes_linear_time(names: DeclinedNames) -> None:
    found = list(names.find(fold("w Warszawie i Krakowie, " * 5_000), "pl"))

    assert len(found) == 10_000
