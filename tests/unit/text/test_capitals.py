from __future__ import annotations

import pytest

from tocsin.text.capitals import is_acronym, is_shouted
from tocsin.text.fold import fold


def test_a_word_in_capitals_is_an_acronym() -> None:
    words = ("IS", "U.S.", "COVID-19", "Is", "is", "A", "G7", "京都", "داعش")
    assert [word for word in words if is_acronym(word)] == ["IS", "U.S.", "COVID-19"]


@pytest.mark.parametrize(
    ("text", "word", "shouted"),
    [
        ("THE SITUATION IS TENSE, SAYS UN", "IS", True),
        ("WHAT IS NEXT FOR THE EURO?", "IS", True),
        ("It was calm. WHAT IS NEXT? Nobody knows.", "IS", True),
        ("DEIR EL-ZOUR - IS fighters fled", "IS", False),
        ("IS", "IS", False),
        ("US-EU", "US", False),
        ("IS I\u00adS", "IS", False),
        ("مقاتلو IS في سوريا", "IS", False),
    ],
)
def test_capitals_say_nothing_where_all_words_around_are_in_capitals(text: str, word: str, shouted: bool) -> None:
    start = text.index(word)
    assert is_shouted(text, start, start + len(word)) is shouted


def is_shouted_at(text: str, word: str) -> bool:
    """Return whether a word of a text is shouted, where a few words are known."""
    start = text.index(word)
    known = {"contact", "join", "about", "follow", "what", "who", "there", "the"}
    return is_shouted(fold(text).context, start, start + len(word), known.__contains__)


@pytest.mark.parametrize(
    "text",
    [
        "<h1>WHAT IS NEXT FOR THE EURO?</h1> Nobody knows.",
        "<p>WHAT IS NEXT</p><p>Nobody knows</p>",
        "WHAT IS NEXT<br>Nobody knows",
        "<b>THAT IS IT</b> &ndash; so he said",
        "WHAT IS NEXT &amp; WHY",
    ],
)
def test_markup_has_no_small_letters_and_its_blocks_end_a_sentence(text: str) -> None:
    assert is_shouted_at(text, "IS")


@pytest.mark.parametrize(
    "text", ["He shouted: WHO IS THERE", "Tom: WHAT IS THIS", "WHAT IS NEXT - BBC News", "The News | WHAT IS NEXT"]
)
def test_a_colon_a_dash_and_a_bar_part_what_is_shouted_from_what_is_not(text: str) -> None:
    assert is_shouted_at(text, "IS")


@pytest.mark.parametrize("text", ["CONTACT US", "JOIN US!", "ABOUT US | CONTACT US | Privacy", "FOLLOW US on Twitter"])
def test_a_known_word_in_capitals_shouts_by_itself(text: str) -> None:
    assert is_shouted_at(text, "US")


@pytest.mark.parametrize("text", ["US, UK, IS", "IS/US", "#US #UK #SYRIA", "THE US army has left", "NATO, US at odds"])
def test_a_row_of_acronyms_and_the_article_that_begins_a_text_are_no_shouting(text: str) -> None:
    assert not is_shouted_at(text, "US")


def test_words_in_capitals_between_others_are_no_row() -> None:
    assert is_shouted_at("US AND UK AGREE. It was a normal day.", "US")
