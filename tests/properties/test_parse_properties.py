"""Generated feeds: the fast lane against feedparser, and text by splitting against text by a tree."""

from __future__ import annotations

from datetime import datetime
from html import escape, unescape
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import feedparser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tocsin.feeds.clean import paragraphs
from tocsin.feeds.dates import date_of, published_at
from tocsin.feeds.entries import parsed_feed
from tocsin.feeds.html_text import html_to_text
from tocsin.feeds.html_tree import tree_text
from tocsin.feeds.judge import judge
from tocsin.feeds.parse import parse_fast
from tocsin.models.feeds import ParsedFeed

URL = "https://wire.example/rss"
WORDS = st.sampled_from(["Rain", "Zürich", "Дамаск", "دمشق", "AT&T", "a < b", "“so”", "naïve", "—", "5 > 4", "e\u0301"])
PHRASES = st.lists(WORDS, min_size=1, max_size=6).map(" ".join)
INLINE = st.sampled_from(["b", "i", "em", "span class='x'", 'a href="/y?a=1&amp;b=2"', "SUP"])
BLOCKS = st.sampled_from(["p", "div", "li", "h2", "blockquote", 'p style="a: b"'])


def wrapped(tag: str, inside: str) -> str:
    return f"<{tag}>{inside}</{tag.split(maxsplit=1)[0]}>"


INNER = st.recursive(
    PHRASES.map(lambda text: escape(text, quote=False)),
    lambda inside: st.builds(wrapped, INLINE, inside) | st.lists(inside, min_size=1, max_size=3).map("<br/>".join),
    max_leaves=5,
)
PARAGRAPH = (
    st.builds(wrapped, BLOCKS, INNER)
    | INNER
    | st.sampled_from(
        [
            "<!-- no -->",
            "<script>if (a) {b()}</script>",
            "<img src='a.png'>",
            "<hr>",
            "\n\n",
            "<svg><path d='M0'/></svg>",
        ]
    )
)
HTML = st.lists(PARAGRAPH, max_size=6).map(" ".join)
DATES = st.sampled_from(
    [
        *("Tue, 05 Sep 2017 14:00:00 +0200", "5 Sep 2017 14:00:00 GMT", "2017-09-05T14:00:00Z", "2017-09-05"),
        *("2017-09-05T14:00:00.123-03:30", "Tue, 5 Sep 17 14:00 EST", "1970-01-01", "yesterday", ""),
    ]
)


IDS = st.sampled_from(["id 1", "https://wire.example/x", "tag:x,2020:1"])


@st.composite
def rss_items(draw: st.DrawFn) -> str:
    fields = [
        f"<title>{escape(draw(PHRASES))}</title>",
        f"<link>{draw(st.sampled_from(['/a', 'https://wire.example/b?c=1&amp;d=2', 'no address', '']))}</link>",
        f"<guid isPermaLink='{draw(st.sampled_from(['true', 'false']))}'>{draw(IDS)}</guid>",
        f"<description>{escape(draw(HTML))}</description>",
        f"<content:encoded><![CDATA[{draw(HTML)}]]></content:encoded>",
        f"<pubDate>{draw(DATES)}</pubDate>",
        f"<dc:date>{draw(DATES)}</dc:date>",
        f"<dc:creator>{escape(draw(PHRASES))}</dc:creator>",
        f"<media:content url='/p.jpg'><media:title>{escape(draw(PHRASES))}</media:title></media:content>",
        "<category>news</category>",
    ]
    title, *chosen = fields[:1], *draw(st.lists(st.sampled_from(fields[1:]), unique=True))
    return f"<item>{''.join(draw(st.permutations([*title, *chosen])))}</item>"


@st.composite
def rss(draw: st.DrawFn) -> bytes:
    items = "".join(draw(st.lists(rss_items(), min_size=1, max_size=4)))
    return (
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' "
        "xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:media='http://search.yahoo.com/mrss/'><channel>"
        f"<title>{escape(draw(PHRASES))}</title><language>en</language>{items}</channel></rss>"
    ).encode()


@st.composite
def atom(draw: st.DrawFn) -> bytes:
    entries = [
        f"<entry><id>urn:{number}</id><title type='html'>{escape(escape(draw(PHRASES)))}</title>"
        f"<link href='{draw(st.sampled_from(['/a', 'b/c', 'https://else.example/']))}'/>"
        f"<updated>{draw(DATES)}</updated><summary>{escape(draw(PHRASES))}</summary>"
        f"<content type='html'>{escape(draw(HTML))}</content></entry>"
        for number in range(draw(st.integers(1, 4)))
    ]
    base = draw(st.sampled_from(["", " xml:base='https://blog.example/x/'", " xml:lang='fr'"]))
    return f"<feed xmlns='http://www.w3.org/2005/Atom'{base}><title>t</title>{''.join(entries)}</feed>".encode()


def letters(html: str) -> str:
    """What an HTML parser of its own shows of a fragment, as letters and digits."""
    return "".join(filter(str.isalnum, paragraphs(tree_text(html))))


def their_texts(entry: Any) -> list[str]:
    constructs = [entry.get("summary_detail") or {"value": ""}, *entry.get("content", ())]
    return [
        letters(each["value"] if each.get("type") != "text/plain" else escape(each["value"])) for each in constructs
    ]


@given(rss() | atom())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_fast_lane_says_what_feedparser_says(document: bytes) -> None:
    fast = parse_fast(document, "", URL)
    assert isinstance(fast, ParsedFeed)
    assert fast == parsed_feed(judge(document, URL), URL, [])
    theirs = feedparser.parse(BytesIO(document), sanitize_html=False, response_headers={"content-location": URL})
    assert len(fast.entries) <= len(theirs.entries)
    if len(fast.entries) < len(theirs.entries):
        return  # two that are the same in all are one
    for ours, entry in zip(fast.entries, theirs.entries, strict=True):
        assert letters(escape(ours.title)) == letters(escape(unescape(entry.title)))
        said = "".join(filter(str.isalnum, ours.text))
        assert all(text in said for text in their_texts(entry))
        if entry.get("link", "").startswith("http") and entry["link"] != entry.get("id"):
            assert unquote(ours.url) == entry["link"]


@given(
    st.datetimes(datetime(1980, 1, 1), datetime(2110, 1, 1)),  # noqa: DTZ001 - the zones are in the formats
    st.sampled_from(
        [
            *("%a, %d %b %Y %H:%M:%S +0545", "%d %b %Y %H:%M:%S GMT", "%A, %d %b %Y %H:%M:%S -1500", "%d %b %Y"),
            *("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S+05:45", "%Y-%m-%dT%H:%M:%S.%f-03:30", "%Y-%m-%dT%H:%MZ"),
        ]
    ),
)
@settings(max_examples=200, deadline=None)
def test_dates_in_the_usual_forms_are_read_as_feedparser_reads_them(when: datetime, form: str) -> None:
    raw = when.strftime(form)
    assert date_of(raw) == published_at(raw, feedparser.datetimes._parse_date(raw))  # noqa: SLF001 - no other way


@given(HTML)
@settings(max_examples=200, deadline=None)
def test_text_by_splitting_is_text_by_a_tree(html: str) -> None:
    assert html_to_text(html) == paragraphs(tree_text(html))
