from __future__ import annotations

import pytest

from tocsin.text.lookalikes import disguises, in_latin, is_among_latin, unmixed


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("ІSIS", "ISIS"),
        ("Pаris", "Paris"),
        ("Mоѕсоw", "Moscow"),
        ("Мoсква", "Москва"),
        ("ΝATO", "NATO"),
        ("Αθήνa", "Αθήνα"),
        ("TNFβ", "TNFβ"),
        ("iPhoneов", "iPhoneов"),
    ],
)
def test_a_word_of_two_scripts_is_made_one(text: str, made: str) -> None:
    assert unmixed(text) == made


@pytest.mark.parametrize(
    "text",
    [
        "Россия и США ведут переговоры",
        "IT-компания, CNN и ВВС",
        "Η Αθήνα",
        "СССР",
        "Paris",
        "сор",
        "东京 ISIS",
        "\ud800а",
    ],
)
def test_words_of_one_script_stay_as_they_are(text: str) -> None:
    assert unmixed(text) == text


def test_only_a_word_of_look_alikes_alone_can_be_disguised() -> None:
    assert [list(disguises(word)) for word in ("isis", "hamas", "army", "a", "москва")] == [
        ["іѕіѕ"], ["намаѕ"], [], [], []
    ]  # fmt: skip


def test_a_disguise_looks_like_what_it_stands_for() -> None:
    assert in_latin(next(disguises("cop"))) == "cop"


def test_letters_nearby_tell_the_script_of_a_text() -> None:
    text = "by НАМАЅ, said; а НАМАЅ"
    places = [at for at in range(len(text)) if text.startswith("НАМАЅ", at)]
    assert [is_among_latin(text, at, at + 5) for at in places] == [True, False]
