"""How a term is found where a text writes more than the term: markup, dashes, apostrophes, grown-on prefixes."""

from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


def found(watch: Watch, text: str, language: str | None) -> list[str]:
    """Return what a watch finds in a text, the same as title and as body."""
    matcher = matcher_of(watch)
    in_text = matcher.explain(Document("", text, language), WatchId("w")).hits
    in_title = matcher.explain(Document(text, "", language), WatchId("w")).hits
    assert [hit.span.text for hit in in_text] == [hit.span.text for hit in in_title]
    return [hit.span.text for hit in in_text]


def by_keyword(term: str, text: str, language: str | None = "en") -> list[str]:
    return found(Watch(WatchId("w"), "", keywords=(term,)), text, language)


def by_name(term: str, text: str, language: str | None = "en") -> list[str]:
    return found(Watch(WatchId("w"), "", names=(term,)), text, language)


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("IS", "<h1>WHAT IS NEXT FOR THE EURO?</h1> Nobody knows."),
        ("IS", "WHAT IS NEXT<br>The text goes on"),
        ("IS", "<b>THIS IS IT</b>, they said"),
        ("IS", "WHAT IS NEXT &amp; WHY"),
        ("IS", "He shouted: WHO IS THERE"),
        ("IS", "Tom: WHAT IS THIS"),
        ("IS", "WHAT IS NEXT - BBC News"),
        ("US", "CONTACT US"),
        ("US", "JOIN US!"),
        ("US", "ABOUT US | CONTACT US | Privacy"),
        ("US", "FOLLOW US on Twitter"),
        ("US", "US AND UK AGREE. It was a normal day."),
    ],
)
def test_what_is_shouted_is_no_acronym(keyword: str, text: str) -> None:
    assert by_keyword(keyword, text) == []


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("IS", "IS, ISIL, ISIS, DAESH"),
        ("IS", "US, UK, IS"),
        ("US", "US, UK, IS"),
        ("IS", "#IS #ISIS #SYRIA"),
        ("IS", "<b>IS</b> fighters"),
        ("US", "THE US government said"),
    ],
)
def test_acronyms_beside_each_other_are_not_shouted(keyword: str, text: str) -> None:
    assert by_keyword(keyword, text) == [keyword]


def test_an_acronym_with_points_is_no_word() -> None:
    assert by_keyword("US", "U.S. TROOPS LEAVE THE TOWN") == by_keyword("US", "CONTACT U.S.") == ["U.S."]


@pytest.mark.parametrize(
    ("keyword", "text", "language"),
    [
        ("won", "She won't, she won\u2019t", "en"),
        ("can", "They can't", "en"),
        ("Don", "I don't know", "en"),
        ("ll", "we'll see", "en"),
        ("hell", "he'll see", "en"),
        ("hui", "aujourd'hui, aujourd\u2019hui", "fr"),
    ],
)
def test_a_contraction_is_one_word(keyword: str, text: str, language: str) -> None:
    assert by_keyword(keyword, text, language) == []


@pytest.mark.parametrize(
    ("keyword", "text", "written"),
    [
        ("won't", "She won\u2019t", "won\u2019t"),
        ("aujourd'hui", "aujourd\u2019hui", "aujourd\u2019hui"),
        ("homme", "l'homme", "homme"),
        ("Assad", "d'Assad", "Assad"),
        ("Assad", "Assad's men", "Assad"),
        ("Assad", "Assad\u02bcs men", "Assad"),
        ("п'ять", "п\u02bcять", "п\u02bcять"),
        ("US", "U. S. troops", "U. S."),
        ("U. S.", "the US", "US"),
        ("J. K. Rowling", "J.K. Rowling", "J.K. Rowling"),
        ("J.K. Rowling", "J. K. Rowling", "J. K. Rowling"),
        ("Islamic State", "Islamic\u2013State", "Islamic\u2013State"),
    ],
)
def test_apostrophes_initials_and_hyphens_do_not_hide_a_term(keyword: str, text: str, written: str) -> None:
    assert by_keyword(keyword, text) == by_name(keyword, text) == [written]


@pytest.mark.parametrize(
    "text", ["He is Islamic \u2013 State media said", "Islamic \u2014 State", "Islamic\u2014State", "Islamic - State"]
)
def test_no_phrase_goes_over_a_dash(text: str) -> None:
    assert by_keyword("Islamic State", text) == by_name("Islamic State", text) == []


@pytest.mark.parametrize(
    ("term", "text", "language", "written"),
    [
        ("حرب", "الحرب والحرب بالحرب للحرب", "ar", ["حرب"] * 4),
        ("معارضة", "المعارضة وللمعارضة", "ar", ["معارضة"] * 2),
        ("رئيس وزراء", "رئيس الوزراء", "ar", ["رئيس الوزراء"]),
        ("غزة", "وغزة بغزة لغزة", "ar", ["غزة"] * 3),
        ("قطر", "بقطر", "ar", ["قطر"]),
        ("مال", "كمال", "ar", []),
        ("زير", "وزير", "ar", []),
        ("ישראל", "שבישראל כשישראל שמישראל מהישראל", "he", ["ישראל"] * 4),
        ("북한", "북한은 북한이 북한을 북한의 북한에서는 북한산", "ko", ["북한"] * 5),
        ("국회", "국회에서 국회가 국회의원", "ko", ["국회"] * 2),
    ],
)
def test_what_grows_onto_a_word_does_not_hide_it(term: str, text: str, language: str, written: list[str]) -> None:
    assert by_keyword(term, text, language) == by_name(term, text, language) == written
