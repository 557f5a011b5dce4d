from __future__ import annotations

import pytest

from tocsin.models.receipts import Span, TextField
from tocsin.regions import Sighting, load_gazetteer, recognise
from tocsin.text.fold import fold


def places(text: str, language: str | None = "en", home: str | None = None) -> list[str]:
    """The places named in a text, by what stands there and what it was taken for; scanned without an automaton."""
    gazetteer = load_gazetteer()
    folded = fold(text)
    sightings = []
    for name in gazetteer.names():
        at = folded.scan.find(f" {name.folded} ")
        while at >= 0:
            start, end = folded.span(at + 1, at + 1 + len(name.folded))
            sightings.append(Sighting(name, Span(TextField.TEXT, start, end, text[start:end])))
            at = folded.scan.find(f" {name.folded} ", at + 1)
    mentions = recognise(
        sightings, "", text, language=language, home=gazetteer.resolve(home) if home is not None else None
    )
    return [f"{mention.span.text}={mention.name}/{mention.country}" for mention in mentions]


@pytest.mark.parametrize(
    "text",
    [
        "We ate turkey from fine china.",
        "A nice man in a mobile home, reading",
        "Tell us who is next, or not.",
        "Nice work by Jordan Peele, said Michael Jordan",
        "NICE READING FOR ALL",
        "TELL US MORE ABOUT IT",
        "Reading is a habit. Mobile phones are another.",
        "Rhode Island and the Isle of man",
    ],
)
def test_a_word_or_a_person_is_no_place(text: str) -> None:
    assert places(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Turkey and Chad signed in Nice, France.",
            ["Turkey=Turkey/TR", "Chad=Chad/TD", "Nice=Nice/FR", "France=France/FR"],
        ),
        ("The king of Jordan spoke.", ["Jordan=Jordan/JO"]),
        ("the U.S. and the UK", ["U.S=United States/US", "UK=United Kingdom/GB"]),
        ("fighting near Deir el-Zour and al-Raqqa", ["Deir el-Zour=Deir ez-Zor/SY", "al-Raqqa=Ar Raqqah/SY"]),
        ("from New York to York", ["New York=New York City/US"]),
        ("في دير الزور", ["دير الزور=Deir ez-Zor/SY"]),
        ("в Дейр-эз-Зор", ["Дейр-эз-Зор=Deir ez-Zor/SY"]),
        ("Côte d’Ivoire", ["Côte d’Ivoire=Côte d’Ivoire/CI"]),
    ],
)
def test_a_name_written_as_a_name_is_a_place(text: str, expected: list[str]) -> None:
    assert places(text) == expected


def test_a_name_of_one_language_counts_only_there() -> None:
    text = "Island erhöht die Zinsen"
    assert [places(text, "de"), places(text, "en"), places(text, None)] == [["Island=Iceland/IS"], [], []]


def test_a_name_of_several_cities_is_the_one_whose_country_is_named() -> None:
    assert places("Hyderabad")[0].endswith("/IN")
    assert places("Hyderabad, Pakistan")[0].endswith("/PK")
    assert places("Hyderabad", home="Pakistan")[0].endswith("/PK")
