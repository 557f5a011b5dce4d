"""What an article is about, as a vector: near for the same subject, whatever the words and the language."""

from __future__ import annotations

import math
import zipfile
from functools import lru_cache
from importlib import resources
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.stories.meanings import DIMENSIONS, likeness, meaning
from tocsin.text.fold import fold_term

_SUBJECTS = {
    "en": ("earthquake rubble rescue", "election parliament votes", "court sentenced murder"),
    "de": ("Erdbeben Trümmer Rettung", "Wahl Parlament Stimmen", "Gericht verurteilt Mord"),
    "fr": ("séisme décombres sauvetage", "élection parlement voix", "tribunal condamné meurtre"),
    "es": ("terremoto escombros rescate", "elecciones parlamento votos", "tribunal condenado asesinato"),
    "ru": ("землетрясение завалы спасение", "выборы парламент голоса", "суд приговорил убийство"),
    "ar": ("زلزال أنقاض إنقاذ", "انتخابات البرلمان أصوات", "محكمة حكم قتل"),
}


def of(words: str, language: str) -> bytes:
    """Return the meaning of a few words as they are written."""
    return meaning(map(fold_term, words.split()), language)


@pytest.mark.parametrize("language", _SUBJECTS)
def test_a_subject_is_nearest_to_itself_in_another_language(language: str) -> None:
    english = [of(words, "en") for words in _SUBJECTS["en"]]

    for at, words in enumerate(_SUBJECTS[language]):
        near = [likeness(of(words, language), other) for other in english]
        assert near.index(max(near)) == at
        assert near[at] > 0.2


def test_other_words_on_the_same_subject_are_nearer_than_another_subject() -> None:
    quake = of("earthquake rubble rescue", "en")

    assert likeness(quake, of("tremor aftershock survivors", "en")) > 0.5
    assert likeness(quake, of("championship striker goalkeeper", "en")) < 0.2


def test_rare_words_count_more_than_common_ones() -> None:
    both = of("said earthquake", "en")

    assert likeness(both, of("earthquake", "en")) > 0.9


def test_an_unknown_form_of_a_word_counts_as_the_known_one() -> None:
    assert of("earthquakexyz", "en") == of("earthquake", "en")


@pytest.mark.parametrize(("words", "language"), [("storm", None), ("storm", "xx"), ("", "en"), ("the", "en")])
def test_without_a_known_word_there_is_no_meaning(words: str, language: str | None) -> None:
    found = of(words, language or "en") if language else meaning([words], None)

    assert found == b""
    assert likeness(found, of("storm", "en")) == likeness(of("storm", "en"), found) == 0.0


def test_an_endless_text_is_bounded() -> None:
    assert likeness(meaning(["storm"] * 100_000, "en"), of("storm", "en")) == pytest.approx(1.0, abs=0.02)


_SOME = ("storm", "flood", "minister", "strike", "court", "the", "bank", "refugees", "vaccine", "qqqqq")


@given(st.lists(st.sampled_from(_SOME), max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_words_tells_nothing(words: list[str], random: Random) -> None:
    mixed = random.sample(words, len(words))

    assert meaning(mixed, "en") == meaning(words, "en")


@given(st.lists(st.sampled_from(_SOME), min_size=1, max_size=30), st.lists(st.text(max_size=12), max_size=10))
def test_likeness_is_even_handed_and_never_beyond_one(words: list[str], others: list[str]) -> None:
    first, second = meaning(words, "en"), meaning([*others, "storm"], "en")

    assert likeness(first, second) == likeness(second, first)
    assert -1.0 <= likeness(first, second) <= 1.0
    assert len(first) in {0, DIMENSIONS}
    assert likeness(first, first) == pytest.approx(1.0 if first else 0.0, abs=0.02)


@given(st.lists(st.sampled_from(_SOME), min_size=1, max_size=60))
def test_sums_in_lanes_are_those_of_arithmetic(words: list[str]) -> None:
    slow = mean_in_floats(words)
    fast = meaning(words, "en")

    assert bool(fast) == any(slow)
    if fast:
        length = math.hypot(*slow)
        for value, expected in zip(memoryview(fast).cast("b"), slow, strict=True):
            assert value == pytest.approx(expected / length * 254, abs=0.51)


def mean_in_floats(words: list[str]) -> list[float]:
    """Return the weighted sum of the vectors of known words, as the file has them, by plain arithmetic."""
    vectors = english_vectors()
    known = [vectors[word] for word in words if word in vectors]
    return [sum(weight * vector[at] for weight, vector in known) for at in range(DIMENSIONS)]


@lru_cache(maxsize=1)
def english_vectors() -> dict[str, tuple[int, tuple[float, ...]]]:
    """Return the weight and the vector of each English word of the tests that has any."""
    with resources.files("tocsin.stories").joinpath("data/meanings.zip").open("rb") as file:
        archive = zipfile.ZipFile(file)
        text, packed = archive.read("en.txt").decode(), archive.read("en.bin")
    words = [(word, int(weight)) for weight, *line in map(str.split, text.splitlines()) for word in line]
    size = len(packed) // len(words)
    return {
        word: (weight, tuple(half - 7.5 for byte in packed[at * size :][:size] for half in (byte & 15, byte >> 4)))
        for at, (word, weight) in enumerate(words)
        if word in _SOME
    }
