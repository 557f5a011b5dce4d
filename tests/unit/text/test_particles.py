from __future__ import annotations

import pytest

from tocsin.text.particles import with_particles


@pytest.mark.parametrize(
    ("term", "forms"),
    [
        ("북한", {"북한은", "북한이", "북한을", "북한의", "북한에서", "북한에서는", "북한으로는", "북한까지도"}),
        ("러시아", {"러시아는", "러시아가", "러시아를", "러시아와", "러시아로", "러시아에는"}),
        ("서울", {"서울은", "서울로", "서울로는"}),
        ("북한 정부", {"북한 정부는", "북한 정부의"}),
    ],
)
def test_a_korean_term_takes_particles(term: str, forms: set[str]) -> None:
    assert forms <= set(with_particles(term))


def test_the_last_syllable_decides_between_two_forms() -> None:
    assert {"북한는", "북한가", "북한로", "러시아은", "러시아으로"}.isdisjoint(
        {*with_particles("북한"), *with_particles("러시아")}
    )


def test_a_longer_word_is_another() -> None:
    assert "북한산" not in with_particles("북한")
    assert "경기도" not in with_particles("경기")


def test_one_syllable_and_other_scripts_take_none() -> None:
    assert [with_particles(term) for term in ("미", "is", "東京", "")] == [()] * 4
