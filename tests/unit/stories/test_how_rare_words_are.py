"""How rare words are: tables that come with the package, and a guess where there is none."""

from __future__ import annotations

import pytest

from tocsin.stories.frequencies import RAREST, by_length, rarities, rarity
from tocsin.text.fold import fold_term

_COMMON_AND_RARE = [
    ("en", "the", "people", "siege"),
    ("de", "und", "menschen", "belagerung"),
    ("fr", "de", "gouvernement", "otages"),
    ("es", "de", "gobierno", "terremoto"),
    ("ru", "и", "правительство", "землетрясение"),
    ("ar", "في", "الحكومة", "زلزال"),
    ("uk", "і", "уряд", "землетрус"),
    ("fa", "و", "دولت", "زلزله"),
    ("hi", "के", "सरकार", "भूकंप"),
    ("zh", "的", "政府", "地震"),
]


@pytest.mark.parametrize(("language", "everywhere", "usual", "rare"), _COMMON_AND_RARE, ids=lambda value: value)
def test_the_commonest_words_say_nothing_and_those_of_events_much(
    language: str, everywhere: str, usual: str, rare: str
) -> None:
    first, second, third = (rarity(fold_term(word), language) for word in (everywhere, usual, rare))

    assert first < 1.5 < second < third < RAREST


def test_what_no_table_has_is_the_rarest() -> None:
    assert rarity("xqzzt", "en") == RAREST


def test_a_word_is_as_rare_as_its_own_language_says() -> None:
    assert rarity("die", "de") < 1 < rarity("die", "en")


@pytest.mark.parametrize(("language", "same"), [("no", "nb"), ("hr", "sh"), ("sr", "bs"), ("tl", "fil")])
def test_close_languages_share_a_table(language: str, same: str) -> None:
    assert rarities(language) is rarities(same)


def test_serbian_is_there_in_both_alphabets() -> None:
    assert rarity("људи", "sr") == rarity("ljudi", "sr") < 5


@pytest.mark.parametrize("language", [None, "xx", "", "../etc", "en/"])
def test_without_a_table_long_words_pass_for_rarer_ones(language: str | None) -> None:
    found = [rarity(word, language) for word in ("", "a", "abc", "abcdefgh", "a" * 17, "a" * 100_000)]

    assert found == sorted(found)
    assert found[0] == 1.0
    assert found[-1] == RAREST == by_length("a" * 40)
