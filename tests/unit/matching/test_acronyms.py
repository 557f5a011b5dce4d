from __future__ import annotations

from typing import Any

import pytest

from matching_setup import matcher_of
from tocsin.matching.acronyms import is_defined, letters_written
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Receipt
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


def receipt_of(title: str, text: str, **terms: Any) -> Receipt:
    """Return the receipt of a watch, after all ways to ask for it have agreed."""
    matcher, document = matcher_of(Watch(WatchId("w"), "", **terms)), Document(title, text, "en")
    receipt = matcher.explain(document, WatchId("w"))
    assert matcher.match(document) == ((receipt,) if receipt.matched else ())
    assert matcher.decide(document) == ((WatchId("w"),) if receipt.matched else ())
    return receipt


SHOUT = "IS LOSES LAST TOWN IN SYRIA"
REPORT = "Fighters of the Islamic State have left."


@pytest.mark.parametrize(
    "terms",
    [
        {"keywords": ("IS", "Islamic State")},
        {"keywords": ("IS",), "names": ("Islamic State",)},
        {"query": 'IS OR "Islamic State"'},
        {"query": 'title:(IS OR "Islamic State")'},
        {"query": '(IS OR (Daesh OR "Islamic State")) AND town'},
        {"query": '(IS OR "Islamic State") NEAR/3 town'},
        {"query": "title:((IS OR Islamic*) NEAR/3 town)"},
        {"query": '(title:(IS OR "Islamic State") AND NOT flood) OR earthquake'},
    ],
)
def test_another_term_of_its_group_makes_a_headline_in_capitals_evidence(terms: dict[str, Any]) -> None:
    receipt = receipt_of(SHOUT, REPORT, **terms)
    hit = next(hit for hit in receipt.hits if hit.term == "IS")
    assert (receipt.matched, hit.span.start, receipt.rejections) == (True, 0, ())
    assert hit.support.startswith("Islamic")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The fighters have left.", {"keywords": ("IS", "Islamic State")}),
        ("The fighters have left.", {"keywords": ("IS", "IN", "LAST")}),
        (REPORT, {"keywords": ("IS",)}),
        (REPORT, {"query": 'title:IS AND "Islamic State"'}),
        (REPORT, {"query": 'title:IS OR ("Islamic State" AND flood)'}),
        (REPORT, {"query": 'IS NEAR/3 (town OR "Islamic State")'}),
        (REPORT, {"query": "title:IS OR source:example", "none": ("flood",)}),
    ],
)
def test_without_another_term_that_stands_by_itself_it_is_none(text: str, terms: dict[str, Any]) -> None:
    receipt = receipt_of(SHOUT, text, **terms)
    assert not receipt.matched
    assert not [hit for hit in receipt.hits if hit.term == "IS"]


@pytest.mark.parametrize("terms", [{"none": ("IS",)}, {"query": 'town AND NOT title:(IS OR "Islamic State")'}])
def test_in_what_a_watch_excludes_a_term_counts_by_itself_only(terms: dict[str, Any]) -> None:
    wanted = {"keywords": ("town",)} if "none" in terms else {}
    assert receipt_of(SHOUT, REPORT, **wanted, **terms).matched


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
        ("II", "Part II, my brother and I.I am", ["II"]),
        ("V.I.", "a V.I. Corp", ["V.I."]),
    ],
)
def test_an_acronym_is_found_in_its_capitals(keyword: str, text: str, found: list[str]) -> None:
    assert hits(keyword, text) == found
