from __future__ import annotations

import html

import pytest

from tocsin.text.fold import fold
from tocsin.text.markup import without_entities


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        ("AT&amp;T", " at & t "),
        ("C&ocirc;te d&rsquo;Ivoire", " cote d ivoire "),
        ("C&#244;te d&#x2019;Ivoire", " cote d ivoire "),
        ("Islamic&nbsp;State, Is&shy;lamic&ensp;State", " islamic state . islamic state "),
        ("caf&eacute", " cafe "),
        ("R&D and Q&A; so", " r & d and q & a . so "),
        ("&CounterClockwiseContourIntegral;", " . "),
        ("&#0; &#xD800; &unknown;", " . & unknown . "),
    ],
)
def test_an_entity_is_what_it_means(text: str, scan: str) -> None:
    assert fold(text).scan == scan


@pytest.mark.parametrize(
    "text", ["&notit;", "&copy2024", "&NotEqualTilde;", "&#128;", "&#x110000;", "&amp;amp;", "&lt;&gt"]
)
def test_entities_mean_what_html_unescape_says(text: str) -> None:
    assert without_entities(text).replace("\x03", "") == html.unescape(text)


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        ("the <b>Islamic</b> State", " the islamic state "),
        ("<i>I</i>slamic <a href='https://a.example/?x=1>2'>State</a>", " islamic state "),
        ("Islamic<br/>State", " islamic state "),
        ("Islamic</p><p>State", " islamic . state "),
        ("&lt;b&gt;Islamic&lt;/b&gt; State", " islamic state "),
        ("<!-- Berlin -->Paris", " paris "),
        ("the <Islamic State> says 1 < 2 > 0", " the . islamic state . says 1 . 2 . 0 "),
    ],
)
def test_a_tag_vanishes_inside_a_line_and_ends_a_phrase_between_blocks(text: str, scan: str) -> None:
    assert fold(text).scan == scan


def test_a_span_holds_the_whole_of_an_entity_and_no_tag_behind_it() -> None:
    text = "le caf&eacute;</b> de C&ocirc;te"
    folded = fold(text)
    start = folded.scan.index(" cafe ") + 1
    first, last = folded.span(start, start + 4)
    assert text[first:last] == "caf&eacute;"
