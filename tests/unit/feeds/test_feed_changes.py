from __future__ import annotations

from dataclasses import replace

from tocsin.feeds.dedupe import NewAndChanged, changes
from tocsin.feeds.keys import content_hash, key_of, with_unique_keys
from tocsin.models.feeds import Entry

ENTRY = Entry(
    key="1",
    url="https://wire.example/1",
    title="The siege is broken",
    text="",
    author=None,
    language=None,
    published_at=None,
    published_raw=None,
    content_hash="a",
)


def test_an_entry_is_known_by_its_id_else_its_link_else_its_words() -> None:
    assert key_of(" id ", "https://a.example", "h") == "id"
    assert key_of("", "https://a.example", "h") == "https://a.example"
    assert key_of("", "", "h") == "sha256:h"


def test_a_long_key_is_hashed() -> None:
    assert key_of("x" * 251, "", "").startswith("sha256:")
    assert len(key_of("x" * 10_000, "", "")) < 80


def test_title_and_text_are_kept_apart_in_the_hash() -> None:
    assert content_hash("ab", "c") != content_hash("a", "bc")


def test_a_copy_within_the_document_collapses() -> None:
    assert with_unique_keys([ENTRY, ENTRY, replace(ENTRY, key="2")]) == (ENTRY, replace(ENTRY, key="2"))


def test_entries_under_one_id_with_different_links_are_all_kept() -> None:
    other = replace(ENTRY, url="https://wire.example/2")
    assert [entry.key for entry in with_unique_keys([ENTRY, other, ENTRY])] == [
        "1\nhttps://wire.example/1",
        "1\nhttps://wire.example/2",
    ]


def test_entries_under_one_id_and_link_with_different_titles_are_all_kept() -> None:
    other = replace(ENTRY, title="Another story")
    assert [entry.key for entry in with_unique_keys([ENTRY, other])] == ["1\nThe siege is broken", "1\nAnother story"]


def test_new_and_changed_entries_are_told_from_known_ones() -> None:
    second, third = replace(ENTRY, key="2"), replace(ENTRY, key="3")
    assert changes([ENTRY, second, third], {"1": "a", "2": "old"}) == NewAndChanged(new=(third,), changed=(second,))


def test_an_entry_that_left_the_feed_is_no_change() -> None:
    assert changes([], {"1": "a"}) == NewAndChanged(new=(), changed=())
