from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.matching.acronyms import is_defined, letters_written
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


def hits(keyword: str, text: str, *, title: str = "", language: str | None = "en") -> list[str]:
    matcher = matcher_of(Watch(WatchId("w"), "", keywords=(keyword,)))
    return [hit.span.text for hit in matcher.explain(Document(title, text, language), WatchId("w")).hits]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("U.S.", "US"),
        ("ＩＳ", "IS"),
        ("<b>I</b>S", "IS"),
        ("ІЅ", "IS"),
        ("&#73;S", "IS"),
        ("É.-U.", "ÉU"),
        ("ОТАН", "OTAH"),
    ],
)
def test_letters_are_read_as_they_look(text: str, letters: str) -> None:
    assert letters_written(text) == letters


@pytest.mark.parametrize(
    "text",
    [
        "the so-called Islamic State (IS) said",
        'the "Islamic State" ("IS") said',
        "fighters of the Irish Sea (IS; a ship) said",
        "Islamischer Staat (IS) bekannte sich",
    ],
)
def test_an_acronym_is_defined_by_the_words_before_its_parenthesis(text: str) -> None:
    assert is_defined("IS", text)


@pytest.mark.parametrize(
    "text",
    [
        "the group (IS) said",
        "Islamic State said it IS",
        "In a speech on State television (IS)",
        "Islamic fighters (IS)",
    ],
)
def test_words_that_do_not_fit_define_nothing(text: str) -> None:
    assert not is_defined("IS", text)


def test_small_words_may_stand_between_the_initials() -> None:
    assert is_defined("AQAP", "Al-Qaeda in the Arabian Peninsula (AQAP) said")
    assert is_defined("ISIL", "the Islamic State of Iraq and the Levant (ISIL)")


def test_in_a_headline_of_capitals_only_an_acronym_that_is_no_word_counts() -> None:
    assert hits("NATO", "RUSSIA WARNS NATO OVER BALTIC DRILLS") == ["NATO"]
    assert hits("NATO", "UN BAMBINO NATO IN VOLO VERSO ROMA", language="it") == []
    assert hits("IS", "WHAT IS NEXT FOR THE EURO?") == []


def test_a_definition_in_the_article_makes_its_headline_evidence() -> None:
    headline = "IS LOSES LAST TOWN IN SYRIA"
    assert hits("IS", "The Islamic State (IS) has lost it.", title=headline) == ["IS", "IS"]
    assert hits("IS", "The town is lost, fighters of IS said.", title=headline) == ["IS"]


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("US", "the U.S. and US-led forces, the US’ and #US", ["U.S.", "US", "US", "US"]),
        ("U.S.", "the US, told us", ["US"]),
        ("NGO", "many NGOs and an NGO", ["NGOs", "NGO"]),
        ("ISIS", "Isis, the goddess; ІSIS fighters", ["ІSIS"]),
        ("EU", "the ＥＵ, the eu", ["ＥＵ"]),
        ("NATO", "НАТО заявило", []),
        ("FPÖ", "die FPO, die FPÖ", ["FPO", "FPÖ"]),
        ("SEC", "SEC, 22:00 SEČ", ["SEC"]),
    ],
)
def test_an_acronym_is_found_in_its_capitals(keyword: str, text: str, found: list[str]) -> None:
    assert hits(keyword, text) == found
