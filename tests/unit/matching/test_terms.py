from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.matching.terms import Acronym, Term, Way, compile_term
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import Clause
from tocsin.models.watchlist import Watch

ENGLISH = frozenset(("en",))
GERMAN = frozenset(("de",))


def patterns(written: str, *, clause: Clause = Clause.KEYWORDS, languages: frozenset[str] = ENGLISH) -> set[str]:
    return {way.pattern for way in compile_term(clause, written, languages).ways}


def way_with(written: str, pattern: str, languages: frozenset[str] = frozenset()) -> Way:
    ways = compile_term(Clause.KEYWORDS, written, languages).ways
    return next(way for way in ways if way.pattern == pattern)


def test_a_common_noun_is_looked_for_in_both_numbers() -> None:
    assert patterns("refugee") == {" refugee ", " refugees "}
    assert patterns("refugees") == {" refugee ", " refugees "}
    assert patterns("aid convoy") == {" aid convoy ", " aid convoys ", "aidconvoy"}


def test_a_capitalised_word_is_a_name_and_has_no_plural() -> None:
    assert patterns("Paris") == {" paris "}
    assert " job " not in patterns("Jobs")
    assert patterns("Islamic State") == {" islamic state ", "islamicstate"}


def test_a_german_noun_has_a_capital_and_a_plural_in_german_articles() -> None:
    assert way_with("Angriff", " angriffe ") == Way(" angriffe ", 1, 9, languages=GERMAN, is_noun=True)


def test_the_watchlists_languages_decide_which_forms_are_made() -> None:
    assert patterns("Angriff", languages=GERMAN) == {
        " angriff ", " angriffe ", " angriffen ", " angriffs ", " angriffes "
    }  # fmt: skip
    assert patterns("Angriff") == {" angriff "}
    assert " attacchi " in patterns("attacco", languages=frozenset())


def test_one_form_of_two_languages_counts_in_both() -> None:
    assert way_with("ataque", " ataques ").languages >= {"es", "pt", "fr", "en"}  # English would write it so, too
    assert way_with("Assad", " assads ").languages >= {"de", "nl", "sv"}


def test_an_english_form_counts_in_any_article_unless_it_is_a_word_of_another_language() -> None:
    assert way_with("drones", " drone ", ENGLISH).languages == frozenset()
    assert way_with("drogas", " droga ", ENGLISH).languages == ENGLISH


def test_a_roman_numeral_is_known_by_its_letters() -> None:
    (numeral,) = compile_term(Clause.KEYWORDS, "XIX").ways[-1].acronyms
    (pointed,) = compile_term(Clause.KEYWORDS, "V.I.").ways[-1].acronyms
    assert (numeral.is_numeral, pointed.is_numeral) == (True, False)


def test_a_name_of_several_words_in_capitals_has_no_german_plural() -> None:
    assert patterns("Angela Merkel", languages=GERMAN) == {" angela merkel ", " angela merkels ", "angelamerkel"}


def test_a_name_has_no_plural() -> None:
    assert " peshmergas " not in patterns("peshmerga", clause=Clause.NAMES)


def test_a_phrase_of_a_romance_language_grows_at_its_head_or_in_all_its_words() -> None:
    french, spanish = frozenset(("fr",)), frozenset(("es",))
    assert " coups d etat " in patterns("coup d'état", languages=french)
    assert " refugiados sirios " in patterns("refugiado sirio", languages=spanish)


def test_a_word_in_capitals_must_stand_in_capitals() -> None:
    assert compile_term(Clause.KEYWORDS, "U.S.-led", ENGLISH).ways[-1] == Way(" us led ", 1, 7, (Acronym(1, 3, "US"),))


def test_an_acronym_may_have_a_small_plural_s() -> None:
    assert [way.acronyms for way in compile_term(Clause.KEYWORDS, "NGO", ENGLISH).ways] == [
        (Acronym(1, 5, "NGO", "s"),),
        (Acronym(1, 4, "NGO"),),
    ]


def test_an_arabic_word_is_found_under_its_prefixes() -> None:
    assert {" والدوله ", " بالدوله ", " للدوله ", " الدوله "} <= patterns("الدولة")
    assert patterns("داعش") >= {" وداعش ", " داعش "}


def test_an_arabic_word_is_found_with_its_article() -> None:
    assert {" الحرب ", " للحرب ", " وبالحرب "} <= patterns("حرب")
    assert {" المعارضه ", " للمعارضه "} <= patterns("معارضة", clause=Clause.NAMES)


def test_three_arabic_letters_under_a_prefix_are_not_another_common_word() -> None:
    assert " وغزه " in patterns("غزة", clause=Clause.NAMES)
    assert " وزير " not in patterns("زير")


def test_a_korean_word_is_found_before_its_particles() -> None:
    assert way_with("북한", " 북한에서 ") == Way(" 북한에서 ", 1, 3)
    assert " 북한산 " not in patterns("북한")


def test_a_word_that_can_be_written_in_look_alikes_is_looked_for_so() -> None:
    assert way_with("ISIS", " іѕіѕ ") == Way(" іѕіѕ ", 1, 5, (Acronym(1, 5, "ISIS"),), disguised="isis")
    assert patterns("drone") == {" drone ", " drones "}


def test_the_ways_of_a_term_are_bounded() -> None:
    assert len(compile_term(Clause.KEYWORDS, "peace " * 20 + "talk").ways) < 100


def test_a_term_without_a_word_has_no_way_of_writing() -> None:
    assert compile_term(Clause.KEYWORDS, "...") == Term(Clause.KEYWORDS, "...", ())


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("NGOs", "an NGO says", "NGO"),
        ("MP", "MPs said", "MPs"),
        ("F-16", "two F-16s", "F-16s"),
        ("gas", "toxic gases", "gases"),
        ("coup d'état", "two coups d'état", "coups d'état"),
        ("mother-in-law", "mothers-in-law", "mothers-in-law"),
    ],
)
def test_a_term_is_found_in_its_other_number(keyword: str, text: str, found: str) -> None:
    matcher = matcher_of(Watch(WatchId("w"), "", keywords=(keyword,)))
    assert [hit.span.text for hit in matcher.explain(Document("", text, "en"), WatchId("w")).hits] == [found]


def test_an_acronym_of_a_plural_counts_in_capitals_only() -> None:
    matcher = matcher_of(Watch(WatchId("w"), "", keywords=("MPs",)))
    assert matcher.explain(Document("", "an mp file", "en"), WatchId("w")).hits == ()
