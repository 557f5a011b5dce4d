"""The demo's watchlist, and the golden list of what it must match, fit the outlets."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tocsin.config import parse_watchlist
from tocsin.demo.feeds import feed_path
from tocsin.demo.outlets import load_outlets
from tocsin.demo.server import DEAD_OUTLET
from tocsin.demo.watchlist import demo_watchlist

BASE = "http://127.0.0.1:8642"
GOLDEN = Path(__file__).parents[2] / "pipeline" / "expected_matches.yaml"


def load(text: str) -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(text)
    return loaded


def watchlist(digest_at: datetime = datetime(2017, 9, 5, 15, 30, 59, tzinfo=UTC)) -> dict[str, Any]:
    return load(demo_watchlist(BASE, digest_at=digest_at))


def test_nothing_is_left_to_fill_in() -> None:
    text = demo_watchlist(BASE, digest_at=datetime(2017, 9, 5, 15, 30, tzinfo=UTC))
    assert "{base}" not in text
    assert "{time" not in text


def test_it_has_no_fault() -> None:
    text = demo_watchlist(BASE, digest_at=datetime(2017, 9, 5, 15, 30, tzinfo=UTC))
    checked = parse_watchlist(text, Path("watchlist.yaml"), check_region=lambda _: None)
    assert [watch.id for watch in checked.watches] == list(watchlist()["watches"])
    assert [len(subscriber.watches) for subscriber in checked.subscribers] == [2, 7]


def test_it_reads_every_feed_that_the_server_has() -> None:
    outlets = load_outlets()
    feeds = {feed["url"]: (feed["title"], feed["language"]) for feed in watchlist()["feeds"]}
    assert feeds == {f"{BASE}{feed_path(one.slug)}": (one.title, one.language) for one in outlets} | {
        f"{BASE}{feed_path(DEAD_OUTLET)}": ("Example Gazette", "en")
    }


@pytest.mark.parametrize(
    ("digest_at", "berlin", "beirut"),
    [
        (datetime(2017, 9, 5, 15, 30, 59, tzinfo=UTC), "17:30", "18:30"),
        (datetime(2017, 12, 31, 22, 5, tzinfo=UTC), "23:05", "00:05"),
    ],
)
def test_the_digests_are_due_at_one_instant_in_each_subscribers_zone(
    digest_at: datetime, berlin: str, beirut: str
) -> None:
    due = {one["email"]: (one["timezone"], one["digest"]["at"]) for one in watchlist(digest_at)["subscribers"]}
    assert due == {
        "zoe@example.org": ("Europe/Berlin", [berlin]),
        "omar@example.org": ("Asia/Beirut", [beirut]),
    }


def test_the_golden_list_names_every_watch_and_only_articles_that_exist() -> None:
    expected = load(GOLDEN.read_text(encoding="utf-8"))
    slugs = {article.slug for outlet in load_outlets() for article in outlet.articles}
    assert list(expected) == list(watchlist()["watches"])
    for matches in expected.values():
        assert len(matches) == len(set(matches))
        assert set(matches) <= slugs


def test_only_the_quiet_watch_expects_nothing() -> None:
    expected = load(GOLDEN.read_text(encoding="utf-8"))
    assert [watch for watch, matches in expected.items() if not matches] == ["yemen-ports"]
