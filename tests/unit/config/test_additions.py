"""Feeds written into a watchlist's text: its other bytes stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.config import parse_watchlist, with_feeds
from tocsin.config.additions import NoPlaceError
from tocsin.models.watchlist import FeedSource

WATCHES = "watches: {siege: {keywords: siege}}\n"
BARE = FeedSource("https://new.example/rss")
FULL = FeedSource(
    "https://full.example/rss?a=1,2", 'The "New": #1', "ar", "Syria", ("local news", "a, b", "no"), full_text=True
)


def feeds_in(text: str) -> tuple[FeedSource, ...]:
    return parse_watchlist(text, Path("w.yaml"), check_region=lambda _: None).feeds


def test_lines_are_added_behind_the_last_feed_and_comments_stay() -> None:
    source = (
        "# mine\nfeeds:\n  - https://a.example/rss   # first\n  - url: https://b.example/rss\n    tags:\n      - x\n\n"
        f"  # - https://off.example/rss\n\n# what to look for\n{WATCHES}"
    )
    assert with_feeds(source, [BARE, FULL]) == (
        "# mine\nfeeds:\n  - https://a.example/rss   # first\n  - url: https://b.example/rss\n    tags:\n      - x\n"
        "  - https://new.example/rss\n"
        '  - url: "https://full.example/rss?a=1,2"\n'
        '    title: "The \\"New\\": #1"\n    language: ar\n    home: Syria\n'
        '    tags: [local news, "a, b", "no"]\n    full_text: true\n'
        f"\n  # - https://off.example/rss\n\n# what to look for\n{WATCHES}"
    )


@pytest.mark.parametrize(
    "source",
    [
        f"feeds:\n- https://a.example/rss\n{WATCHES}",
        f"{WATCHES}feeds:\n    - https://a.example/rss",
        f"feeds: [https://a.example/rss]\n{WATCHES}",
        f"feeds: [\n  https://a.example/rss, # first\n]\n{WATCHES}",
        f"feeds: [{{url: https://a.example/rss}} ,]\n{WATCHES}",
        f"feeds:\n  -\n    url: >-\n      https://a.example/rss\n\n\n{WATCHES}",
        f"feeds:\r\n  - https://a.example/rss\r\n{WATCHES}",
        f"feeds:\n  - {{url: https://a.example/rss,\n     title: A}}\n# end\n{WATCHES}",
        "{feeds: ['https://a.example/rss'], watches: {siege: {keywords: siege}}}",
    ],
)
def test_any_form_of_list_takes_feeds(source: str) -> None:
    before, after = feeds_in(source), feeds_in(with_feeds(source, [BARE, FULL]))
    assert after == (*before, BARE, FULL)


def test_a_key_that_is_switched_off_by_a_comment_stays_with_its_feed() -> None:
    source = (
        f"feeds:\n  - url: https://a.example/rss\n    tags: [x]\n    # every: 30m\n  # - https://b.example/\n{WATCHES}"
    )
    assert with_feeds(source, [BARE]) == source.replace("30m\n", "30m\n  - https://new.example/rss\n")


def test_a_file_with_carriage_returns_keeps_them() -> None:
    text = with_feeds("feeds:\r\n  - https://a.example/rss\r\nwatches: {}\r\n", [BARE])
    assert text == "feeds:\r\n  - https://a.example/rss\r\n  - https://new.example/rss\r\nwatches: {}\r\n"


@pytest.mark.parametrize("source", [WATCHES, f"feeds:\n{WATCHES}", f"feeds: []\n{WATCHES}", "- a\n", ""])
def test_where_there_is_no_list_nothing_is_added(source: str) -> None:
    with pytest.raises(NoPlaceError, match="there is no list under 'feeds:'; write one with a first feed in it"):
        with_feeds(source, [BARE])
