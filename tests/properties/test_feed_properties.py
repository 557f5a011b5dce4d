from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tocsin.feeds.addresses import literal_address
from tocsin.feeds.caching import max_age, retry_at, validator
from tocsin.feeds.clean import LONGEST_TEXT, LONGEST_TITLE, clean_title, html_to_text, plain_to_text
from tocsin.feeds.dates import clamp_published, published_at
from tocsin.feeds.dedupe import changes
from tocsin.feeds.links import clean_link
from tocsin.feeds.next_check import next_check_at
from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Entry, ParsedFeed, Problem, ProblemKind
from tocsin.models.ids import FeedId

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
ENTRIES = st.lists(
    st.builds(
        Entry,
        key=st.sampled_from("abcdefgh"),
        url=st.just(""),
        title=st.just(""),
        text=st.just(""),
        author=st.none(),
        language=st.none(),
        published_at=st.none(),
        published_raw=st.none(),
        content_hash=st.sampled_from("xyz"),
    ),
    unique_by=lambda entry: entry.key,
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
def test_parsing_the_same_bytes_again_brings_nothing_new(body: bytes) -> None:
    first, second = parse_feed(body, "", URL), parse_feed(body, "", URL)
    assert first == second
    if isinstance(first, ParsedFeed) and isinstance(second, ParsedFeed):
        known = {entry.key: entry.content_hash for entry in first.entries}
        assert changes(second.entries, known) == changes([], {})


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


@given(ENTRIES, st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz")), st.randoms(use_true_random=False))
def test_changes_do_not_depend_on_the_order(entries: list[Entry], known: dict[str, str], chance: object) -> None:
    shuffled = sorted(entries, key=lambda _: chance.random())  # type: ignore[attr-defined]  # hypothesis' Random
    one, other = changes(entries, known), changes(shuffled, known)
    assert (set(one.new), set(one.changed)) == (set(other.new), set(other.changed))


@given(ENTRIES, st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from("xyz")))
def test_what_was_stored_is_neither_new_nor_changed_again(entries: list[Entry], known: dict[str, str]) -> None:
    found = changes(entries, known)
    stored = known | {entry.key: entry.content_hash for entry in (*found.new, *found.changed)}
    assert changes(entries, stored) == changes([], {})
    assert {entry.key for entry in found.new}.isdisjoint(known)


@given(st.text(max_size=30), st.none() | st.lists(st.integers(-(10**6), 10**6), min_size=6, max_size=9))
def test_dates_are_none_or_between_1990_and_the_first_sight(raw: str, numbers: list[int] | None) -> None:
    clamped = clamp_published(published_at(raw, numbers), SEEN)
    assert datetime(1990, 1, 1, tzinfo=UTC) <= clamped <= SEEN


@given(st.text())
def test_headers_of_any_kind_are_read_or_ignored(value: str) -> None:
    assert validator(value) in {None, value}
    assert max_age({"Cache-Control": value, "Age": value}) in {None, *range(86_401)}
    wished = retry_at(value, SEEN)
    assert wished is None or SEEN <= wished <= SEEN + timedelta(hours=24)
    literal_address(value)


@given(st.text())
def test_a_link_is_dropped_or_stays_as_it_was_cleaned(link: str) -> None:
    clean = clean_link(link, URL)
    assert clean == "" or clean_link(clean, "") == clean


@given(
    st.none() | st.sampled_from(ProblemKind),
    st.integers(0, 10**9),
    st.timedeltas(timedelta(seconds=1), timedelta(days=30)),
    st.none() | st.integers(0, 10**12),
    st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone comes with `timezones`
)
def test_the_next_check_lies_in_the_future_and_not_too_far(
    problem: ProblemKind | None,
    failures: int,
    interval: timedelta,
    max_age: int | None,
    retry_at: datetime | None,
) -> None:
    due = next_check_at(FeedId(1), problem, failures, SEEN, interval, max_age=max_age, retry_at=retry_at)
    assert SEEN < due <= SEEN + max(interval, timedelta(hours=24)) * 1.2
