from __future__ import annotations

import pytest

from tocsin.matching.terms import Acronym, Term, Way, compile_term, other_numbers
from tocsin.models.receipts import Clause


def patterns(written: str, clause: Clause = Clause.KEYWORDS) -> set[str]:
    return {way.pattern for way in compile_term(clause, written).ways}


def test_a_common_noun_is_looked_for_in_both_numbers() -> None:
    assert patterns("refugee") == {" refugee ", " refugees "}
    assert patterns("refugees") == {" refugee ", " refugees "}
    assert patterns("aid convoy") == {" aid convoy ", " aid convoys ", " # aidconvoy "}


def test_a_capitalised_word_is_a_name_and_has_no_plural() -> None:
    assert patterns("Jobs") == {" jobs "}
    assert patterns("Islamic State") == {" islamic state ", " # islamicstate "}


def test_a_name_has_no_plural() -> None:
    assert patterns("peshmerga", Clause.NAMES) == {" peshmerga "}


def test_a_word_in_capitals_must_stand_in_capitals() -> None:
    assert compile_term(Clause.NAMES, "U.S.-led") == Term(
        Clause.NAMES, "U.S.-led", (Way(" us led ", 1, 7, (Acronym(1, 3, "US"),)),)
    )


def test_an_acronym_may_have_a_small_plural_s() -> None:
    assert [way.acronyms for way in compile_term(Clause.KEYWORDS, "NGO").ways] == [
        (Acronym(1, 5, "NGO", "s"),),
        (Acronym(1, 4, "NGO"),),
    ]


def test_an_arabic_word_is_found_under_its_prefixes() -> None:
    assert {" والدوله ", " بالدوله ", " للدوله ", " الدوله "} <= patterns("الدولة")
    assert patterns("داعش") >= {" وداعش ", " داعش "}


def test_a_term_without_a_word_has_no_way_of_writing() -> None:
    assert compile_term(Clause.KEYWORDS, "...") == Term(Clause.KEYWORDS, "...", ())


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("bus", []),
        ("news", []),
        ("church", ["churches"]),
        ("boxes", ["box"]),
        ("day", ["days"]),
        ("crisis", []),
        ("class", ["classes"]),
    ],
)
def test_only_regular_numbers_are_made(word: str, other: list[str]) -> None:
    assert list(other_numbers(word)) == other
