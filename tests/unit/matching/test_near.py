from __future__ import annotations

import pytest

from tocsin.matching.near import Place, WordCount, closest, near


@pytest.mark.parametrize("asked_before", [0, 100])
def test_words_are_counted_and_stops_are_not(asked_before: int) -> None:
    scan = " troops left homs . the siege . is over "
    words = WordCount(scan)
    for _ in range(asked_before):
        words.place(1, 3)
    first = words.place(1, 7)[0]
    places = [words.place(scan.index(word), scan.index(word) + len(word)) for word in ("homs", "the siege", "over")]
    assert [(start - first, end - first) for start, end in places] == [(2, 2), (3, 4), (6, 6)]


@pytest.mark.parametrize(
    ("operands", "distance", "ordered", "expected"),
    [
        ([[(0, 0)], [(4, 4)]], 3, False, {(0, (0, 0)), (1, (4, 4))}),
        ([[(0, 0)], [(5, 5)]], 3, False, set()),
        ([[(4, 4)], [(0, 0)]], 3, False, {(0, (4, 4)), (1, (0, 0))}),
        ([[(4, 4)], [(0, 0)]], 3, True, set()),
        ([[(0, 1)], [(1, 1)]], 3, False, set()),
        ([[(0, 1)], [(1, 1), (3, 3)]], 3, False, {(0, (0, 1)), (1, (3, 3))}),
        ([[(0, 0), (2, 2)], [(0, 0), (2, 2)]], 1, False, {(0, (0, 0)), (0, (2, 2)), (1, (0, 0)), (1, (2, 2))}),
        ([[(0, 0)], [(2, 2)], [(4, 4)]], 2, False, {(0, (0, 0)), (1, (2, 2)), (2, (4, 4))}),
        ([[(0, 0)], [(2, 2)], [(4, 4)]], 1, False, set()),
        ([[(0, 0)], [(2, 2)], [(4, 4)]], 2, True, {(0, (0, 0)), (1, (2, 2)), (2, (4, 4))}),
        ([[(0, 0)], []], 9, False, set()),
    ],
)
def test_places_are_near_by_the_words_between_them(
    operands: list[list[Place]], distance: int, ordered: bool, expected: set[tuple[int, Place]]
) -> None:
    assert near(operands, distance, ordered=ordered) == expected


def test_the_closest_places_are_told() -> None:
    assert closest([[(0, 0), (10, 10)], [(7, 7)]], ordered=False) == 2
    assert closest([[(10, 10)], [(7, 7)]], ordered=True) is None


def test_thousands_of_places_take_no_longer_than_they_must() -> None:
    every_word = [(at, at) for at in range(20_000)]
    assert len(near([every_word, every_word], 0, ordered=False)) == 40_000
