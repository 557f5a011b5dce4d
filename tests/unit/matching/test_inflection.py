from __future__ import annotations

import pytest

from tocsin.matching.inflection import NUMBERS, english


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("bus", "buses"), ("buses", "bus"), ("house", "houses"), ("houses", "house"), ("church", "churches"),
        ("churches", "church"), ("boxes", "box"), ("day", "days"), ("days", "day"), ("army", "armies"),
        ("armies", "army"), ("class", "classes"), ("crisis", "crises"), ("crises", "crisis"), ("embargo", "embargoes"),
        ("embargoes", "embargo"), ("gunman", "gunmen"), ("gunmen", "gunman"), ("child", "children"),
        ("children", "child"), ("gas", "gases"), ("gases", "gas"), ("virus", "viruses"), ("viruses", "virus"),
    ],
)  # fmt: skip
def test_an_english_noun_has_another_number(word: str, other: str) -> None:
    assert other in list(english(word))


@pytest.mark.parametrize(
    "word", ["news", "gas", "politics", "arms", "goods", "customs", "human", "tennis", "this", "others", "ones"]
)
def test_what_only_looks_like_a_plural_or_means_something_else_is_left_alone(word: str) -> None:
    wrong = {"new", "ga", "politic", "arm", "good", "custom", "humen", "tenni", "thi", "other", "one"}
    assert not wrong & set(english(word))


@pytest.mark.parametrize(
    ("language", "word", "others"),
    [
        ("de", "angriff", {"angriffe", "angriffen", "angriffs"}),
        ("de", "fluchtling", {"fluchtlinge", "fluchtlingen", "fluchtlings"}),
        ("de", "fluchtlinge", {"fluchtling", "fluchtlingen"}),
        ("de", "regierung", {"regierungen"}),
        ("de", "bundesland", {"bundeslander", "bundeslandern"}),
        ("de", "rakete", {"raketen"}),
        ("de", "ministerin", {"ministerinnen"}),
        ("de", "bundnis", {"bundnisse", "bundnisses", "bundnissen"}),
        ("fr", "journal", {"journaux"}),
        ("fr", "bateau", {"bateaux"}),
        ("fr", "migrants", {"migrant"}),
        ("es", "pais", {"paises"}),
        ("es", "paises", {"pais"}),
        ("es", "eleccion", {"elecciones"}),
        ("es", "voz", {"voces"}),
        ("es", "elecciones", {"eleccion"}),
        ("pt", "eleicao", {"eleicoes"}),
        ("pt", "homem", {"homens"}),
        ("pt", "hospitais", {"hospital"}),
        ("it", "attacco", {"attacchi"}),
        ("it", "rifugiati", {"rifugiato"}),
        ("it", "guerra", {"guerre"}),
        ("it", "problema", {"problemi"}),
        ("it", "terrorista", {"terroristi"}),
        ("nl", "aanval", {"aanvallen"}),
        ("nl", "brief", {"brieven"}),
        ("nl", "staat", {"staten"}),
        ("nl", "huis", {"huizen"}),
        ("nl", "minister", {"ministers"}),
        ("nl", "vluchteling", {"vluchtelingen"}),
    ],
)
def test_a_noun_has_another_number_in_its_language(language: str, word: str, others: set[str]) -> None:
    assert others <= set(NUMBERS[language](word))


@pytest.mark.parametrize(("word", "agent"), [("musik", "musiker"), ("politik", "politiker"), ("bank", "banker")])
def test_a_german_plural_is_not_the_one_who_does_it(word: str, agent: str) -> None:
    assert agent not in list(NUMBERS["de"](word))
