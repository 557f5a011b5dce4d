from __future__ import annotations

import pytest

from tocsin.text.capitals import is_acronym, is_shouted


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
