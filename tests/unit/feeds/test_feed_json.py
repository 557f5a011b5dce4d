from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest

from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Entry, Hub, ParsedFeed, Problem, ProblemKind

URL = "https://blog.example/feed.json"
FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "A blog",
    "language": "pt-BR",
    "home_page_url": "https://blog.example/",
    "feed_url": "https://blog.example/feed.json",
    "hubs": [{"type": "rssCloud", "url": "https://no.example/"}, {"type": "WebSub", "url": "https://hub.example/"}],
}


def read(*items: object, **head: object) -> ParsedFeed:
    found = parse_feed(json.dumps({**FEED, "items": items, **head}).encode(), "application/feed+json", URL)
    assert isinstance(found, ParsedFeed)
    return found


def only(**item: object) -> Entry:
    [entry] = read(item).entries
    return entry


def test_a_json_feed_is_read() -> None:
    found = read({"id": "1", "url": "/1", "title": "One"})
    assert (found.title, found.language, found.format) == ("A blog", "pt", "JSON Feed 1.1")
    assert found.document_id == "https://blog.example/feed.json"
    assert found.hub == Hub("https://hub.example/", "https://blog.example/feed.json")


def test_an_item_is_read_into_a_clean_record() -> None:
    entry = only(
        id=7,
        url="https://blog.example/7",
        title="AT&amp;T <b>wins</b>",
        content_html="<p>One</p><script>no</script><p>two</p>",
        content_text="One\n\ntwo",
        summary="In short",
        date_published="2024-02-03T04:05:06+01:00",
        authors=[{"name": ""}, {"name": "Ada"}],
        language="fr",
    )
    assert (entry.key, entry.url, entry.title) == ("7", "https://blog.example/7", "AT&T wins")
    assert entry.text == "In short\nOne\ntwo"
    assert (entry.author, entry.language) == ("Ada", "fr")
    assert entry.published_at == datetime(2024, 2, 3, 3, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("item", "key", "url"),
    [
        ({"id": 1.5}, "1.5", ""),
        ({"id": True, "url": "/x"}, "https://blog.example/x", "https://blog.example/x"),
        ({"id": "a", "external_url": "https://else.example/"}, "a", "https://else.example/"),
        ({"id": "a", "url": "javascript:alert(1)"}, "a", ""),
        ({"id": ["a"], "url": {"b": 1}, "external_url": "/y"}, "https://blog.example/y", "https://blog.example/y"),
    ],
)
def test_ids_and_links_fall_back(item: dict[str, object], key: str, url: str) -> None:
    entry = only(**item)
    assert (entry.key, entry.url) == (key, url)


def test_the_older_version_and_its_author_are_read() -> None:
    found = read({"id": "1", "author": {"name": "Bo"}}, version="https://jsonfeed.org/version/1")
    assert (found.format, found.entries[0].author) == ("JSON Feed 1", "Bo")


def test_what_is_no_item_is_passed_over() -> None:
    assert [entry.key for entry in read(None, 3, "x", [], {"id": "1"}).entries] == ["1"]


def test_of_too_many_items_the_newest_are_kept() -> None:
    items = [
        {"id": str(day), "date_published": f"20{day // 28:02}-01-{day % 28 + 1:02}T00:00:00Z"} for day in range(600)
    ]
    oldest_first, newest_first = read(*items), read(*reversed(items))
    assert (oldest_first.entries[0].key, oldest_first.entries[-1].key) == ("100", "599")
    assert (newest_first.entries[0].key, newest_first.entries[-1].key) == ("599", "100")
    assert oldest_first.note == "only the newest 500 of 600 entries are read"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested too deep"),
        (b"[" + b"1," * 1_500_000 + b"1]", "more than 1000000 values"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [NaN,]}', "not valid JSON"),
        (b'{"error": "gone"}', "sent JSON, not a feed"),
    ],
    ids=["deep", "many", "invalid", "other"],
)
def test_json_that_is_no_feed_is_told_in_words(body: bytes, words: str) -> None:
    start = time.process_time()
    found = parse_feed(body, "", URL)
    assert time.process_time() - start < 2
    assert isinstance(found, Problem)
    assert found.kind is ProblemKind.NOT_A_FEED
    assert words in found.message


def test_half_a_surrogate_pair_is_stored_as_a_replacement() -> None:
    body = b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": "\\ud800", "title": "a\\ud800b"}]}'
    found = parse_feed(body, "", URL)
    assert isinstance(found, ParsedFeed)
    assert (found.entries[0].key, found.entries[0].title) == ("\ufffd", "a\ufffdb")
