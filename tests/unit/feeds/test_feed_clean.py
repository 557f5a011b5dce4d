from __future__ import annotations

import time

import pytest

from tocsin.feeds.clean import LONGEST_TEXT, cut, one_line, plain_to_text
from tocsin.feeds.html_text import clean_title, html_to_text

FAMILY = "👨\u200d👩\u200d👧"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain", "plain"),
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<p>one\n  and <b>a</b>\thalf</p>two", "one and a half\ntwo"),
        ("a<br>b<br><br>c<br/> <br/>d", "a b\nc\nd"),
        ("<div>a<div></div>b</div>", "a\nb"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("<span>x</span><span>y</span>", "xy"),
        ("a&nbsp;b &eacute; &#8217; &amp;lt;", "a b é \u2019 &lt;"),
        ("a<script>x()</script><style>b{}</style><template>c</template><iframe>d</iframe>e", "ae"),
        ("a<svg><text>b</text></svg><button>c</button><select><option>d</select><textarea>e</textarea>f", "af"),
        ("<svg/onload=alert(1)>hello", "hello"),
        ("<figure><img src=x alt=no><figcaption>A caption</figcaption></figure>text", "A caption\ntext"),
        ("a<!-- b -->c <!-- d", "ac"),
        ("x\u202ey\u2066z\u2069 \x00\x07\x9bq\u2028r\ufeff", "xyz q r"),
        ("e\u0301", "é"),
        ("a\ud800b", "a\ufffdb"),
        ("", ""),
    ],
)
def test_html_becomes_paragraphs_of_plain_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_a_plain_text_keeps_its_paragraphs_and_its_brackets() -> None:
    assert plain_to_text("one\nand a\r\nhalf\n \n\n1 < 2 <b> &amp;\u2028x") == "one and a half\n1 < 2 <b> &amp; x"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("AT&T", "AT&T"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("R&D &copy 2020 & more;", "R&D &copy 2020 & more;"),
        ("a < b > c", "a < b > c"),
        ("List<String> explained", "List<String> explained"),
        ("How to use <template>", "How to use <template>"),
        ("<b>Bold</b> and <a href='x'>linked</a>", "Bold and linked"),
        ("&lt;i&gt;kept as text", "<i>kept as text"),
        ("<script>alert(1)</script>left", "left"),
        (" two\n lines\u2029", "two lines"),
        ("{0.__class__} %s ${x}", "{0.__class__} %s ${x}"),
    ],
)
def test_a_title_is_one_line_without_markup(title: str, text: str) -> None:
    assert clean_title(title) == text


def test_a_text_is_cut_between_clusters() -> None:
    assert cut(FAMILY * 3, 12) == FAMILY * 2
    assert cut("ab" + "e\u0301", 3) == "ab"
    assert cut("ab🇩🇪", 3) == "ab"
    assert cut("abc", 3) == "abc"


def test_titles_and_texts_are_bounded() -> None:
    assert len(clean_title("T" * 10_000_000)) == 500
    assert len(html_to_text("<p>" + "word " * 1_000_000)) <= LONGEST_TEXT
    assert len(one_line("\u0344" * 500, 500)) <= 500


def test_accents_without_end_are_thinned() -> None:
    assert len(clean_title("I" + "\u0301\u0316" * 5000 + "S")) < 40


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + "x",
        "<" * 2_000_000,
        "<li><ul>" * 100_000,
        "<b></p>" * 100_000,
        "".join(f"<b a={number}>" for number in range(50_000)),
        "<!--" * 100_000,
        "<a b='" * 100_000,
        "\u0301\u0316" * 150_000,
        "\n <br>" * 100_000,
        "&" * 300_000,
    ],
    ids=["div", "lt", "lists", "reopened", "attributes", "comments", "quotes", "accents", "breaks", "ampersands"],
)
def test_no_markup_takes_long(html: str) -> None:
    start = time.process_time()
    html_to_text(html)
    clean_title(html)
    plain_to_text(html)
    assert time.process_time() - start < 2


def test_words_between_too_many_open_elements_are_kept() -> None:
    assert html_to_text("<div>" * 2000 + "kept<script>not</script> &amp; <b>well</b>") == "kept & well"


def test_a_tag_that_the_cut_leaves_open_is_no_text() -> None:
    assert html_to_text("yy" + "<b>x</b>" * 32_768)[-3:] == "xxx"
