"""Declined names of places and the citation forms that they are read as."""

from __future__ import annotations

import pytest

from tocsin.regions.declension import citation_forms, rules_of
from tocsin.regions.declension_tables import SPOKEN_IN, TABLES
from tocsin.text.fold import fold_term


@pytest.mark.parametrize(
    ("language", "declined", "citation"),
    [
        ("ru", "Сирии", "Сирия"),
        ("ru", "Москвой", "Москва"),
        ("ru", "Казанью", "Казань"),
        ("ru", "Нидерландах", "Нидерланды"),
        ("uk", "Празі", "Прага"),
        ("uk", "Петербурзі", "Петербург"),
        ("uk", "Харкова", "Харків"),
        ("uk", "Києві", "Київ"),
        ("uk", "Тернополя", "Тернопіль"),
        ("be", "Беларусі", "Беларусь"),
        ("bg", "Щатите", "Щати"),
        ("pl", "Warszawie", "Warszawa"),
        ("pl", "Chinach", "Chiny"),
        ("pl", "Niemczech", "Niemcy"),
        ("pl", "Włoszech", "Włochy"),
        ("pl", "Węgrzech", "Węgry"),
        ("pl", "Belfaście", "Belfast"),
        ("pl", "Mielcu", "Mielec"),
        ("pl", "Ameryce", "Ameryka"),
        ("cs", "Praze", "Praha"),
        ("cs", "Bruselem", "Brusel"),
        ("cs", "Německu", "Německo"),
        ("cs", "Košicích", "Košice"),
        ("sk", "Košiciach", "Košice"),
        ("sk", "Maďarsku", "Maďarsko"),
        ("sl", "Bruslju", "Bruselj"),
        ("sl", "Sloveniji", "Slovenija"),
        ("hr", "Hrvatskoj", "Hrvatska"),
        ("sr", "Србији", "Србија"),
        ("sr", "Beogradu", "Beograd"),
        ("lt", "Lietuvoje", "Lietuva"),
        ("lt", "Vilniuje", "Vilnius"),
        ("lv", "Latvijas", "Latvija"),
        ("fi", "Helsingissä", "Helsinki"),
        ("fi", "Yhdysvalloissa", "Yhdysvallat"),
        ("fi", "Suomessa", "Suomi"),
        ("et", "Tallinnas", "Tallinn"),
        ("hu", "Szíriában", "Szíria"),
        ("el", "Τουρκίας", "Τουρκία"),
        ("ro", "Franței", "Franța"),
        ("de", "Syriens", "Syrien"),
        ("sv", "Sveriges", "Sverige"),
        ("ko", "시리아에서", "시리아"),
    ],
)
def test_a_declined_name_leads_to_its_citation_form(language: str, declined: str, citation: str) -> None:
    rules = rules_of(language)

    assert rules is not None
    assert fold_term(citation) in set(citation_forms(fold_term(declined), rules))


def test_a_word_is_no_form_of_itself() -> None:
    rules = rules_of("pl")

    assert rules is not None
    assert "warszawa" not in set(citation_forms("warszawa", rules))


def test_a_short_word_is_taken_for_no_form() -> None:
    rules = rules_of("ru")

    assert rules is not None
    assert list(citation_forms("ами", rules)) == []


@pytest.mark.parametrize("language", ["en", "zh", "tr", None, ""])
def test_a_language_that_puts_no_endings_to_names_has_no_rules(language: str | None) -> None:
    assert rules_of(language) is None


def test_every_language_with_endings_has_countries_of_its_own() -> None:
    assert set(TABLES) == set(SPOKEN_IN)


@pytest.mark.parametrize("language", sorted(TABLES))
def test_the_endings_of_a_table_are_folded(language: str) -> None:
    rules = rules_of(language)

    assert rules is not None
    endings = {*rules.citations, *(one for others in rules.citations.values() for one in others)}
    assert {one for one in endings if fold_term(one) != one} == set()
