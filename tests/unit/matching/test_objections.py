from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


def hits(keyword: str, text: str, language: str | None, *declared: str) -> list[str]:
    matcher = matcher_of(Watch(WatchId("w"), "", keywords=(keyword,)), languages=declared)
    return [hit.span.text for hit in matcher.explain(Document("", text, language), WatchId("w")).hits]


@pytest.mark.parametrize(
    ("keyword", "text", "language", "found"),
    [
        ("Flüchtling", "Tausende Flüchtlinge kamen an", "de", ["Flüchtlinge"]),
        ("Angriff", "Die Angriffe dauern an", "de", ["Angriffe"]),
        ("Assad", "Assads Truppen rücken vor", "de", ["Assads"]),
        ("Bank", "Die Banker streiken, die Banken nicht", "de", ["Banken"]),
        ("réfugié", "des milliers de réfugiés", "fr", ["réfugiés"]),
        ("coup d'État", "deux coups d’État en un an", "fr", ["coups d’État"]),
        ("misil", "lanzaron dos misiles", "es", ["misiles"]),
        ("eleição", "as eleições de outubro", "pt", ["eleições"]),
        ("attacco", "gli attacchi di ieri", "it", ["attacchi"]),
        ("aanval", "de aanvallen van gisteren", "nl", ["aanvallen"]),
    ],
)
def test_a_noun_is_found_in_its_other_number(keyword: str, text: str, language: str, found: list[str]) -> None:
    assert hits(keyword, text, language) == found


@pytest.mark.parametrize(
    ("keyword", "text", "language"),
    [
        ("Kind", "Kinder eggs were recalled", "en"),
        ("Bad", "the bathers of Baden", "en"),
        ("coma", "come at once", "en"),
        ("krieg", "wir kriegen das hin", "de"),
        ("Rat", "Sie raten ab", "de"),
        ("voz", "las voses de la plaza", "es"),
        ("drogas", "pokojowa droga", "pl"),
    ],
)
def test_a_form_of_one_language_is_no_hit_in_another_nor_a_verb_a_noun(keyword: str, text: str, language: str) -> None:
    assert hits(keyword, text, language) == []


def test_in_an_article_of_unknown_language_the_watchlists_languages_are_assumed() -> None:
    text = "Neue Angriffe gemeldet"
    assert hits("Angriff", text, None, "de") == ["Angriffe"]
    assert hits("Angriff", text, None) == []


def test_why_a_form_did_not_count_is_told() -> None:
    matcher = matcher_of(Watch(WatchId("w"), "", keywords=("Angriff",)))
    receipt = matcher.explain(Document("", "Angriffe", "en"), WatchId("w"))
    assert [(one.span.text, one.reason) for one in receipt.rejections] == [
        ("Angriffe", "a form of the word in de only, and the language of the article is en")
    ]


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        (
            "Islamic State",
            "#IslamicState #islamicstate #ISLAMICSTATE",
            ["IslamicState", "islamicstate", "ISLAMICSTATE"],
        ),
        ("Islamic State", "#IslamicStateInSyria and #WarOnIslamicState", ["IslamicState", "IslamicState"]),
        ("Islamic State", "the IslamicState, #panislamicstate, #islamicstatehood", []),
        ("#IslamicState", "the Islamic State", []),
        ("#IslamicState", "so #islamicstate", ["#islamicstate"]),
    ],
)
def test_a_phrase_is_found_in_a_hashtag_where_its_words_begin_and_end(
    keyword: str, text: str, found: list[str]
) -> None:
    assert hits(keyword, text, "en") == found


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        ("Hamas", "leaders of НАМАЅ said", ["НАМАЅ"]),
        ("Hamas", "leaders of Hаmаs said", ["Hаmаs"]),
        ("cop", "мусор и сор в городе", []),
        ("cop", "the word сор here", ["сор"]),
        ("Москва", "в Мoскве и Мoсква", ["Мoсква"]),
        ("НАТО", "Generals of НАТО said", ["НАТО"]),
    ],
)
def test_look_alikes_count_within_a_word_and_among_words_of_the_script(
    keyword: str, text: str, found: list[str]
) -> None:
    assert hits(keyword, text, None) == found
