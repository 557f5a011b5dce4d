from __future__ import annotations

import pytest

from tocsin.text.language import detect_language, is_right_to_left


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The army said on Monday that the road to the city had been opened again.", "en"),
        ("Die Armee teilte am Montag mit, die Straße in die Stadt sei wieder offen.", "de"),
        ("L'armée a annoncé lundi que la route de la ville était de nouveau ouverte.", "fr"),
        ("قال الجيش يوم الاثنين إن الطريق إلى المدينة فتح من جديد", "ar"),
        ("军方星期一表示，通往这座城市的道路已经重新开放。", "zh"),
    ],
)
def test_what_the_text_says_counts_more_than_what_the_feed_declares(text: str, language: str) -> None:
    assert detect_language("", text, "pt-BR") == language


def test_a_short_text_is_in_the_declared_language() -> None:
    declared = ("de-AT", "EN_us", "", None, "x-klingon!", "12")
    assert [detect_language("Goal!", "", code) for code in declared] == ["de", "en", None, None, None, None]


def test_a_likely_language_is_better_than_none_where_nothing_is_declared() -> None:
    title = "Predsednik vlade je danes obiskal poplavljene kraje"

    assert detect_language(title, "") == "sl"
    assert detect_language(title, "", "hr") == "hr"


def test_a_lone_surrogate_is_no_reason_to_fail() -> None:
    assert detect_language("\ud800", "The army said on Monday that the road had been opened again.\udfff") == "en"


def test_a_text_runs_as_its_first_strong_character_does() -> None:
    texts = ("«داعش» and IS", "IS داعش", "12 - ישראל", "12", "")
    assert [is_right_to_left(text) for text in texts] == [True, False, True, False, False]
