"""The set of hostile documents beside this file, and generated ones, against what each must come to."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.feeds.parse import parse_fast, parse_feed
from tocsin.models.feeds import Entry, ParsedFeed, Problem, ProblemKind

FOLDER = Path(__file__).parent / "hostile"
CASES = [json.loads(line) for line in (FOLDER / "index.jsonl").read_text().splitlines()]
URL = "http://feed.test/rss"


def outcome_of(name: str) -> ParsedFeed | Problem:
    return parse_feed((FOLDER / name).read_bytes(), "application/xml", URL)


def entries_of(name: str) -> tuple[Entry, ...]:
    outcome = outcome_of(name)
    assert isinstance(outcome, ParsedFeed)
    return outcome.entries


def only(name: str) -> Entry:
    [entry] = entries_of(name)
    return entry


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_each_case_ends_soon_with_text_that_can_be_stored_mailed_and_logged(case: dict[str, str]) -> None:
    start = time.process_time()
    outcome = outcome_of(case["file"])
    assert time.process_time() - start < 5
    if isinstance(outcome, Problem):
        return
    for entry in outcome.entries:
        written = f"{entry.key}{entry.url}{entry.title}{entry.text}{entry.author}"
        written.encode()
        assert not any(bad in f"{entry.title}{entry.text}" for bad in "\x00\x1b\r\u2028\u2029\u202e\u2066\u2069")
        assert "\n" not in entry.title
        assert entry.url == "" or entry.url.startswith(("http://", "https://"))


@pytest.mark.parametrize("case", [each for each in CASES if "token" in each], ids=lambda case: str(case["id"]))
def test_hostile_markup_leaves_its_words_only(case: dict[str, str]) -> None:
    assert set(only(case["file"]).text.split()) <= {case["token"], "after", "]]>", "click", "x", "z", "a", "b"}
    assert case["token"] in only(case["file"]).text


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("xml_attrs_20k.xml", ProblemKind.MALFORMED),
        ("xml_unclosed.xml", ProblemKind.MALFORMED),
        ("empty.xml", ProblemKind.MALFORMED),
        ("not_a_feed.html", ProblemKind.NOT_A_FEED),
        ("json_not_feed.json", ProblemKind.NOT_A_FEED),
        ("json_deep.json", ProblemKind.NOT_A_FEED),
    ],
)
def test_what_cannot_be_read_is_a_problem(name: str, kind: ProblemKind) -> None:
    outcome = outcome_of(name)
    assert isinstance(outcome, Problem)
    assert outcome.kind is kind


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("xml_external_entity_file.xml", "&x;"),
        ("xml_external_entity_http.xml", "&x;"),
        ("xml_external_dtd.xml", "Syrian army breaks siege"),
        ("xml_wrong_encoding.xml", "Ünïcode Zürich"),
        ("xml_utf16_no_bom.xml", "Syrian army breaks siege"),
        ("xml_utf7.xml", "+ADw-script+AD4-alert(1)+ADw-/script+AD4-"),
        ("xml_overlong_utf8.xml", "\ufffd\ufffdscript\ufffd\ufffd"),
        ("xml_surrogates.xml", "x\ufffdy\ufffdz"),
        ("xml_surrogate_single.xml", "Islamic \ufffd State"),
        ("text_format_title.xml", "{0.__class__} %s %(x)s $x ${x}"),
        ("text_log_forge.xml", "ok 2026-01-01 ERROR forged line"),
        ("html_in_author.xml", "Syrian army breaks siege"),
    ],
)
def test_titles_are_read_as_harmless_text(name: str, title: str) -> None:
    assert only(name).title == title


def test_markup_in_names_is_no_name() -> None:
    assert only("html_in_author.xml").author is None


@pytest.mark.parametrize(
    ("name", "url"),
    [
        *((f"link_{name}.xml", "") for name in ("javascript", "js_tab", "js_case", "data", "vbscript", "file", "crlf")),
        ("link_quote.xml", "https://feed.test/%22%20onmouseover=%22alert(1)"),
        ("link_jinja.xml", "https://feed.test/%7B%7B7*7%7D%7D"),
        ("atom_relative.xml", "http://feed.test/rel"),
        ("atom_src.xml", ""),
    ],
)
def test_hostile_links_are_dropped_or_quoted(name: str, url: str) -> None:
    assert only(name).url == url
    assert only(name).title


@pytest.mark.parametrize("date", ["year0", "far_future", "neg", "epoch0", "tz_huge", "empty"])
def test_impossible_dates_are_none(date: str) -> None:
    assert only(f"date_{date}.xml").published_at is None


def test_a_leap_second_is_the_second_after() -> None:
    assert only("date_leapsec.xml").published_at == datetime(2017, 1, 1, tzinfo=UTC)


def test_colliding_and_missing_ids_lose_nothing_and_bring_nothing_twice() -> None:
    assert [entry.title for entry in entries_of("id_collision.xml")] == ["First story", "Second different story"]
    assert [entry.title for entry in entries_of("id_missing.xml")] == ["No id A", "No id B"]
    assert entries_of("id_missing.xml") == entries_of("id_missing.xml")


def test_cut_titles_end_between_clusters() -> None:
    assert not only("text_emoji_flags.xml").title.endswith("\u200d")
    assert len(only("text_zalgo.xml").title) < 40
    assert len(only("text_nfkc_bomb.xml").title) == 500


def rss(inside: bytes) -> bytes:
    return b"<rss version='2.0'><channel><title>t</title><item><title>x</title>" + inside + b"</item></channel></rss>"


# Made one at a time: together they are 100 MB.
GENERATED: dict[str, Callable[[], bytes]] = {
    "big_title": lambda: rss(b"<title>" + b"T" * 10_000_000 + b"</title>"),
    "one_big_text": lambda: rss(b"<description>" + b"A" * 19_000_000 + b"</description>"),
    "entries_1e5": lambda: (
        b"<rss><channel>" + b"".join(b"<item><guid>%d</guid></item>" % i for i in range(10**5)) + b"</channel></rss>"
    ),
    "tags_1e6": lambda: rss(b"<description>" + b"&lt;b&gt;" * 1_000_000 + b"</description>"),
    "many_lt": lambda: rss(b"<description>" + b"&lt;" * 2_000_000 + b"</description>"),
    "many_raw_lt": lambda: rss(b"<description>" + b"<" * 2_000_000 + b"</description>"),
    "attrs_40k": lambda: rss(b"<a " + b" ".join(b'a%d="1"' % i for i in range(40_000)) + b"/>"),
    "attrs_after_bracket": lambda: rss(b'<a x=">" ' + b" ".join(b'a%d="1"' % i for i in range(40_000)) + b"/>"),
    "nested_div_1e5": lambda: rss(b"<description>" + b"&lt;div&gt;" * 100_000 + b"</description>"),
    "nested_elements": lambda: rss(b"<a>" * 200_000 + b"</a>" * 200_000),
    "unclosed_elements": lambda: rss(b"<a>" * 500_000),
    "unclosed_cdata": lambda: rss(b"<![CDATA[" * 200_000),
    "categories": lambda: rss(b"".join(b"<category>%d</category>" % i for i in range(40_000))),
    "namespaces": lambda: rss(b"".join(b'<n%d:x xmlns:n%d="u%d"/>' % (i, i, i) for i in range(20_000))),
    "author": lambda: rss(b"<author>" + b"a" * 300_000 + b"</author>"),
    "bases": lambda: rss(b"<a xml:base='" + b"x" * 1_000_000 + b"'>" + b"<b/>" * 100_000 + b"</a>"),
    "ill_formed": lambda: rss(b"<a>x</b>" * 300_000),
    "references": lambda: rss(b"<title>" + b"&#1086;" * 2_500_000 + b"</title>"),
    "links": lambda: rss(b'<link href="http://a.example/"/>' * 250_000),
    "comments": lambda: b"<!-- -->" * 500_000 + rss(b""),
    "white_head": lambda: b"\n" * 5_000_000 + rss(b""),
    "doctypes": lambda: b"<!DOCTYPE a []>" * 200_000 + rss(b""),
    "too_big": lambda: rss(b"x" * 20_000_001),
}


@pytest.mark.parametrize("name", GENERATED)
def test_no_document_takes_longer_than_five_seconds(name: str) -> None:
    body = GENERATED[name]()
    start = time.process_time()
    outcome = parse_feed(body, "application/xml", URL)
    assert time.process_time() - start < 5
    assert isinstance(outcome, ParsedFeed | Problem)


GROWTH = """
import resource, sys
from tocsin.feeds import judge
from tocsin.feeds.parse import parse_feed
body = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
parse_feed(body, "application/xml", "http://feed.test/rss")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize(
    "name", ["xml_quadratic_blowup", "html_depth_20k_escaped", "xml_attrs_20k", "big_title", "entries_1e5"]
)
def test_no_document_takes_much_memory(name: str) -> None:
    body = GENERATED[name]() if name in GENERATED else (FOLDER / f"{name}.xml").read_bytes()
    grown = subprocess.run([sys.executable, "-c", GROWTH], input=body, capture_output=True, check=True)
    assert int(grown.stdout) < 200_000


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("attrs_40k", "an element has more than 500 attributes"),
        ("attrs_after_bracket", "an element has more than 500 attributes"),
        ("nested_elements", "its elements are nested more than 1000 deep"),
        ("unclosed_elements", "its elements are nested more than 1000 deep"),
        ("namespaces", "more than 200 namespaces are declared"),
        ("author", "an author's name has a word of more than 500 letters"),
        ("bases", "an xml:base or language is longer than 2000 characters"),
        ("links", "it has more than 200000 elements"),
        ("references", "it has more than 1000000 character references"),
        ("ill_formed", "it is not well-formed XML (mismatched tag"),
        ("too_big", "sent more than 20 MB"),
    ],
)
def test_what_would_stop_the_judge_is_told_instead(name: str, words: str) -> None:
    # Ill-formed at its end, so that the fast lane, which bears most of these, hands it over.
    outcome = parse_feed(GENERATED[name]().replace(b"</channel>", b"<x></y></channel>"), "application/xml", URL)
    assert isinstance(outcome, Problem)
    assert words in outcome.message


@pytest.mark.parametrize("name", ["references", "namespaces", "author", "bases"])
def test_the_fast_lane_reads_what_would_stop_the_judge(name: str) -> None:
    outcome = parse_fast(GENERATED[name](), "application/xml", URL)
    assert isinstance(outcome, ParsedFeed)
    assert len(outcome.entries) == 1


def test_a_flood_of_entries_is_cut_and_noted() -> None:
    outcome = parse_feed(GENERATED["entries_1e5"](), "application/xml", URL)
    assert isinstance(outcome, ParsedFeed)
    assert len(outcome.entries) == 500
    assert outcome.note == "only the newest 500 of 100000 entries are read"
