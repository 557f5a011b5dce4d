"""Invented stories in many languages, each with a trap: a homograph, a dateline, a visitor, page furniture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tocsin.regions import load_gazetteer, locator_of
from tocsin.text.fold import fold

_STORIES = [json.loads(line) for line in Path(__file__).with_name("stories.jsonl").read_text("utf-8").splitlines()]
_ENOUGH = 50


def focus_of(story: dict[str, Any]) -> set[str]:
    found = locator_of(load_gazetteer()).locate(
        fold(story["title"]), fold(story["text"]), language=story["lang"], home=None
    )
    return set(found.focus.focused)


def test_the_focus_of_most_stories_is_exactly_right() -> None:
    wrong = [one["id"] for one in _STORIES if focus_of(one) - set(one["focus_optional"]) != set(one["focus"])]
    assert len(_STORIES) - len(wrong) >= _ENOUGH, wrong


@pytest.mark.parametrize("story", [one for one in _STORIES if one["furniture"]], ids=lambda story: story["id"])
def test_no_country_that_only_furniture_names_is_in_focus(story: dict[str, Any]) -> None:
    assert not focus_of(story) & set(story["furniture"])
