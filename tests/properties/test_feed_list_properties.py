"""Lists of feeds: whatever the text, a list or a fault; and what is exported comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.config import FeedList, opml_of, parse_watchlist, with_feeds
from tocsin.config.opml import decoded_list, read_list
from tocsin.config.opml_survey import OpmlFault
from tocsin.config.values import MAX_WORDS, words
from tocsin.models.watchlist import FeedSource

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
SOURCE = "feeds:\n  - https://old.example/rss # kept\n# kept\nwatches: {siege: {keywords: siege}}\n"
PIECES = (
    "<opml>", "</opml>", "<body>", "</body>", '<outline text="a">', "</outline>", "<!--", "-->", "<![CDATA[", "]]>",
    '<outline xmlUrl="https://a.example/"/>', "<!DOCTYPE x [", "]>", "&amp;", "&#0;", "&x;", "é", "\x00", "<?xml?>",
)  # fmt: skip

patient = settings(deadline=None)


def _is_sayable(text: str) -> bool:
    """Say whether a watchlist may hold the text, and XML can carry it."""
    try:
        return words(text) == text == text.strip() and not set(text) & {"\ufffe", "\uffff", "\ufeff"}
    except ValueError:
        return False


def list_or_fault(content: str | bytes) -> FeedList | OpmlFault:
    try:
        return read_list(content if isinstance(content, str) else decoded_list(content))
    except OpmlFault as fault:
        return fault


WORDS = st.text(min_size=1, max_size=30).filter(_is_sayable)
TAGS = st.lists(st.sampled_from(["Levant", "agency", "a, b", "x/y", "no", "<&>\"'"]) | WORDS, unique=True, max_size=4)
FEEDS = st.lists(
    st.builds(
        FeedSource,
        st.integers(0, 10**6).map("https://f.example/{}?a=1&b=2".format),
        st.none() | WORDS,
        st.sampled_from([None, "en", "ar"]),
        tags=TAGS.map(tuple),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda feed: feed.url,
)


@patient
@given(FEEDS)
def test_an_exported_list_gives_the_same_feeds_titles_and_tags(feeds: list[FeedSource]) -> None:
    listed = read_list(decoded_list(opml_of(feeds, NOW).encode()))
    assert {(feed.url, feed.title or None, feed.language or None, feed.tags) for feed in listed.feeds} == {
        (feed.url, feed.title, feed.language, feed.tags) for feed in feeds
    }
    assert listed.warnings == ()


@patient
@given(FEEDS)
def test_feeds_written_into_a_watchlist_are_read_from_it(feeds: list[FeedSource]) -> None:
    text = with_feeds(SOURCE, feeds)
    watchlist = parse_watchlist(text, Path("w.yaml"), check_region=lambda _: None)
    assert watchlist.feeds == (FeedSource("https://old.example/rss"), *feeds)
    assert text.startswith(SOURCE.partition("# kept\nw")[0])
    assert text.endswith("# kept\nwatches: {siege: {keywords: siege}}\n")


@patient
@given(st.text() | st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_text_is_a_list_or_a_fault_at_one_of_its_lines(text: str) -> None:
    found = list_or_fault(text)
    if isinstance(found, OpmlFault):
        assert 1 <= found.line <= text.count("\n") + text.count("\r") + 1
    else:
        assert all(len(feed.title) <= MAX_WORDS for feed in found.feeds)


@patient
@given(
    st.binary(max_size=100) | st.lists(st.sampled_from(PIECES), max_size=20).map(lambda all_: "".join(all_).encode())
)
def test_any_bytes_are_a_list_or_a_fault(content: bytes) -> None:
    found = list_or_fault(content)
    assert not isinstance(found, OpmlFault) or found.line >= 1
