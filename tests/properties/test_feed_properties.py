from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tocsin.feeds.addresses import literal_address
from tocsin.feeds.caching import freshness, retry_after, used_up, validator
from tocsin.feeds.clean import LONGEST_TEXT, plain_to_text
from tocsin.feeds.dates import clamp_published, published_at
from tocsin.feeds.html_text import LONGEST_TITLE, clean_title, html_to_text
from tocsin.feeds.links import clean_link
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import ParsedFeed, Problem

SEEN = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
URL = "https://wire.example/rss"
HOSTILE = sorted((Path(__file__).parents[1] / "unit/feeds/hostile").glob("*.[xhj]*ml"))
SMALL = [path.read_bytes() for path in HOSTILE if path.stat().st_size < 12_000]

SNIPPETS = st.sampled_from(
    [
        *(b"<item>", b"</item>", b"<entry/>", b"<title>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#xD800;", b"&#0;"),
        *(b"&nbsp;", b"&x;", b"&", b"<", b'"', b"\x00", b"\xff", b"<?xml encoding='utf-16'?>", b"<!DOCTYPE a [", b"]>"),
        *(
            b"<x:y xmlns:x='u'>",
            b"xml:base='//'",
            b"<author>a@b.c</author>",
            b"<content type='xhtml'>",
            b"\xef\xbb\xbf",
        ),
        *(b"<updated>", b"<guid>", b"<link/>", b"<language>", b"<source>", b"<media:content/>", b"\xf0\x9f\x87\xa9"),
    ]
)


@st.composite
def mutated_feeds(draw: st.DrawFn) -> bytes:
    body = bytearray(draw(st.sampled_from(SMALL)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(body)))
        match draw(st.sampled_from(["put", "cut", "end", "twice"])):
            case "put":
                body[at:at] = draw(SNIPPETS | st.binary(max_size=4))
            case "cut":
                del body[at : at + draw(st.integers(1, 40))]
            case "end":
                del body[at:]
            case _:
                body[at:at] = body[at : at + 200]
    return bytes(body)


def assert_sound(outcome: ParsedFeed | Problem) -> None:
    if isinstance(outcome, Problem):
        assert outcome.message.startswith(URL)
        return
    assert len({entry.key for entry in outcome.entries}) == len(outcome.entries)
    for entry in outcome.entries:
        f"{entry}".encode()
        assert len(entry.title) <= LONGEST_TITLE
        assert len(entry.text) <= LONGEST_TEXT
        assert not {"\n", "\x00", "\u202e"} & set(entry.title)
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))
        assert entry.published_at is None or entry.published_at.tzinfo is UTC


@given(st.binary(), st.text(max_size=40))
def test_parsing_any_bytes_never_raises(body: bytes, content_type: str) -> None:
    assert_sound(parse_feed(body, content_type, URL))


@given(mutated_feeds(), st.sampled_from(["", "text/xml", "application/xml; charset=koi8-r", "text/xml; charset=utf-7"]))
@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_parsing_a_damaged_feed_never_raises(body: bytes, content_type: str) -> None:
    assert_sound(parse_feed(body, content_type, URL))


@given(mutated_feeds())
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_the_same_bytes_are_read_the_same_again(body: bytes) -> None:
    first, second = parse_feed(body, "", URL), parse_feed(body, "", URL)
    assert first == second


@given(st.text())
@example("<b>" * 1100 + "\ufdd0 <br>\ufdd1")
@example("a \x00 b")
def test_clean_text_is_clean_and_stays_so(text: str) -> None:
    for clean in (html_to_text(text), plain_to_text(text), clean_title(text)):
        clean.encode()
        assert clean == clean.strip()
        assert not any(character < " " and character != "\n" for character in clean)
        assert "\n\n" not in clean
        assert "  " not in clean


@given(st.text(max_size=30), st.none() | st.lists(st.integers(-(10**6), 10**6), min_size=6, max_size=9))
def test_dates_are_none_or_between_1990_and_the_first_sight(raw: str, numbers: list[int] | None) -> None:
    clamped = clamp_published(published_at(raw, numbers), SEEN)
    assert datetime(1990, 1, 1, tzinfo=UTC) <= clamped <= SEEN


@given(st.text())
def test_headers_of_any_kind_are_read_or_ignored(value: str) -> None:
    assert validator(value) in {None, value}
    fields = dict.fromkeys(("cache-control", "age", "expires", "date", "retry-after", "ratelimit"), value)
    assert freshness(fields, SEEN) in {None, *range(86_401)}
    for wish in (retry_after(fields, SEEN), used_up(fields, SEEN)):
        assert wish is None or SEEN <= wish.at <= SEEN + timedelta(hours=24)
    literal_address(value)


@given(st.text())
def test_a_link_is_dropped_or_stays_as_it_was_cleaned(link: str) -> None:
    clean = clean_link(link, URL)
    assert clean == "" or clean_link(clean, "") == clean
