from __future__ import annotations

import random
from functools import cache

import pytest

from story_items import CORPUS, Labelled, an_item, b_cubed, f1, labelled
from tocsin.models.stories import Item
from tocsin.stories import Clustered, cluster

SETS = pytest.mark.parametrize("name", ["own", "held_out"])
"""The weights were learned on the first; nothing was learned on the second."""


@cache
def placed(name: str) -> tuple[list[Labelled], list[Clustered]]:
    rows = labelled(CORPUS / f"{name}.jsonl")
    found = {one.item.key: one for one in cluster(row.item for row in rows)}
    return rows, [found[row.item.key] for row in rows]


@SETS
def test_the_labelled_sets_are_clustered_as_well_as_the_documentation_says(name: str) -> None:
    rows, found = placed(name)
    events = b_cubed([row.event or row.name for row in rows], [one.event for one in found])
    stories = b_cubed([row.story or row.name for row in rows], [one.story for one in found])
    assert f1(*events) >= 0.82
    assert f1(*stories) >= 0.8
    assert events[0] >= 0.95


@SETS
def test_nothing_is_glued_to_templates_and_round_ups(name: str) -> None:
    rows, found = placed(name)
    sizes = [one.event for one in found]
    alone = [
        sizes.count(one.event) for row, one in zip(rows, found, strict=True) if row.role in {"template", "roundup"}
    ]
    assert set(alone) == {1}


@SETS
def test_half_of_the_pairs_across_languages_are_joined(name: str) -> None:
    rows, found = placed(name)
    pairs = [
        found[a].event == found[b].event
        for a in range(len(rows))
        for b in range(a)
        if rows[a].event and rows[a].event == rows[b].event and rows[a].item.language != rows[b].item.language
    ]
    assert sum(pairs) >= len(pairs) / 2


@SETS
def test_hardly_a_wrong_pair_inside_a_family(name: str) -> None:
    rows, found = placed(name)
    pairs = [
        found[a].event == found[b].event
        for a in range(len(rows))
        for b in range(a)
        if rows[a].family and rows[a].family == rows[b].family and rows[a].story != rows[b].story
    ]
    assert sum(pairs) <= 0.02 * len(pairs)


def test_an_archive_is_read_in_order_of_publication_whatever_order_it_comes_in() -> None:
    rows = [row.item for row in labelled(CORPUS / "own.jsonl")[:60]]
    shuffled = random.Random(3).sample(rows, len(rows))
    assert list(cluster(shuffled)) == list(cluster(rows))
    times = [one.item.published_at for one in cluster(shuffled)]
    assert times == sorted(times)


def test_developments_are_numbered_within_their_story() -> None:
    _, found = placed("own")
    by_story: dict[int, dict[int, int]] = {}
    for one in found:
        by_story.setdefault(one.story, {})[one.event] = one.development
    assert all(sorted(numbers.values()) == list(range(1, len(numbers) + 1)) for numbers in by_story.values())


def test_an_empty_archive_has_no_stories() -> None:
    assert list(cluster(())) == []


def test_equal_times_and_keys_in_any_order_end_in_one_way() -> None:
    items: list[Item] = [
        an_item(key, f"Vote {key}", "The council of Lusaka votes on a market hall.") for key in (3, 1, 2)
    ]
    assert [one.item.key for one in cluster(items)] == [1, 2, 3]
