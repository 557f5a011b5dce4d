from __future__ import annotations

from dataclasses import replace

from match_records import ISLAMIC_STATE, SYRIA, a_match, an_article
from tocsin.models.receipts import MAX_HITS, Receipt
from tocsin.models.watchlist import About
from tocsin.rendering.locales import ENGLISH, locale_of
from tocsin.rendering.reason_words import reason_words

GERMAN, FRENCH, ARABIC = (locale_of(code) for code in ("de", "fr", "ar"))


def both() -> Receipt:
    """Give the receipt of an article that has a term and is about a region."""
    article = an_article(7, "Calm in Syria", "Islamic State and Islamic State left Syria.")
    return a_match(article, replace(ISLAMIC_STATE, regions=("Syria",))).receipt


def test_english_says_what_the_row_says() -> None:
    receipt = replace(both(), reason="It has  what it\nneeds.")
    assert reason_words(receipt, locale=ENGLISH) == "It has what it needs."


def test_terms_and_regions_are_said_in_the_language_with_countries_by_their_names() -> None:
    assert [reason_words(both(), locale=locale) for locale in (GERMAN, FRENCH, ARABIC)] == [
        "Enthält „Islamic State“ (2-mal) und handelt von Syrien.",
        "Contient «\u00a0Islamic State\u00a0» (2 fois) et porte sur\u00a0: Syrie.",
        "يتضمن «Islamic State» (مرتين) ويدور حول سوريا.",
    ]


def test_terms_alone_and_regions_alone() -> None:
    terms = a_match(an_article(7), ISLAMIC_STATE).receipt
    regions = a_match(an_article(7, "Calm in Syria", "Quiet."), SYRIA).receipt
    assert reason_words(terms, locale=GERMAN) == "Enthält „Islamic State“."
    assert reason_words(regions, locale=GERMAN) == "Handelt von Syrien."
    assert reason_words(replace(terms, hits=()), locale=GERMAN) == "Entspricht dem, was das Thema verlangt."


def test_a_watch_that_asks_for_a_mention_only_is_said_so() -> None:
    receipt = a_match(an_article(7, "Calm in Syria", "Quiet."), replace(SYRIA, about=About.MENTION)).receipt
    mentioned = replace(
        receipt, regions=tuple(replace(one, reason=f"{one.region} is mentioned") for one in receipt.regions)
    )
    assert reason_words(mentioned, locale=GERMAN) == "Erwähnt Syrien."
    both_of_it = replace(both(), regions=mentioned.regions)
    assert reason_words(both_of_it, locale=GERMAN) == "Enthält „Islamic State“ (2-mal) und erwähnt Syrien."


def test_of_many_terms_three_are_named_and_a_full_count_is_no_count() -> None:
    receipt = both()
    hit = receipt.hits[0]
    many = replace(receipt, regions=(), hits=tuple(replace(hit, term=term) for term in "abcde"))
    assert reason_words(many, locale=GERMAN) == "Enthält „a“, „b“, „c“ und 2 weitere Begriffe."
    full = replace(receipt, regions=(), hits=(hit,) * MAX_HITS)
    assert reason_words(full, locale=GERMAN) == f"Enthält „Islamic State“ (mindestens {MAX_HITS}-mal)."


def test_hostile_terms_stay_on_one_line() -> None:
    hit = replace(both().hits[0], term="a\r\nBcc: x\u202e")
    assert reason_words(replace(both(), regions=(), hits=(hit,)), locale=GERMAN) == "Enthält „a Bcc: x“."
