from __future__ import annotations

import pytest

from tocsin.regions.cues import Cue, cue_of, is_language


@pytest.mark.parametrize(
    ("before", "after", "behind", "language", "cue"),
    [
        ("fighting in", "says", " sa", "en", Cue.LOCATIVE),
        ("in the city of", "says", " sa", "en", Cue.LOCATIVE),
        ("a climber from", "was", " wa", "en", Cue.ORIGIN),
        ("eine frau aus der", "ist", " is", "de", Cue.ORIGIN),
        ("", "s president", "'s ", "en", Cue.POSSESSIVE),
        ("the", "led coalition", "-le", "en", Cue.MODIFIER),
        ("", "de bulundu", "'de", "tr", Cue.LOCATIVE),
        ("", "", "で洪水", "ja", Cue.LOCATIVE),
        ("", "", "の大統", "ja", Cue.POSSESSIVE),
        ("", "", "的总统", "zh", Cue.POSSESSIVE),
        ("中国医疗队在", "开设诊所", "开设诊", "zh", Cue.LOCATIVE),
        ("فرق تصل الي", "", "", "ar", Cue.LOCATIVE),
        ("said that", "would", " wo", "en", Cue.NONE),
    ],
)
def test_the_words_around_a_name_tell_what_it_does(
    before: str, after: str, behind: str, language: str, cue: Cue
) -> None:
    assert cue_of(before.split(), after.split(), behind, language) is cue


def test_the_name_of_a_people_may_be_its_language() -> None:
    assert is_language(["written", "in"], ["."])
    assert is_language(["a"], ["translation"])
    assert not is_language(["in"], ["hospitals"])
