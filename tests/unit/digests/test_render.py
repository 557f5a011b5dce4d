from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser

from match_records import (
    BASE_URL,
    END,
    ISLAMIC_STATE,
    SYRIA,
    WEEKDAYS,
    YEMEN,
    a_digest,
    a_feed,
    a_match,
    about_deir,
    an_article,
)
from tocsin.digests.content import build_digest
from tocsin.digests.coverage import Coverage, coverage
from tocsin.digests.render import SIZE_LIMIT, render_digest, subject
from tocsin.digests.size import encoded_size
from tocsin.digests.view import DigestView
from tocsin.models.feeds import Feed, ProblemKind
from tocsin.models.matches import Match
from tocsin.models.watchlist import About
from tocsin.rendering.bidi import FIRST_STRONG, POP
from tocsin.rendering.columns import cells
from tocsin.rendering.environment import environment
from tocsin.rendering.rendered import Rendered

ARABIC = an_article(
    2, "كسر حصار دير الزور", "انسحب عناصر داعش من دير الزور نحو الشرق.", outlet="صحيفة المثال", language="ar"
)


@pytest.fixture(scope="module")
def templates() -> Environment:
    return environment()


def isolated(text: str) -> str:
    """Put isolates where single quotation marks stand for them, which can be seen."""
    return text.replace("‹", FIRST_STRONG).replace("›", POP)


def seen_of(feeds: Sequence[Feed]) -> Coverage:
    return coverage(feeds, a_digest().window)


def view_of(matches: Sequence[Match], feeds: Sequence[Feed] = (), contact: str | None = None) -> DigestView:
    watches = (ISLAMIC_STATE, SYRIA, YEMEN)
    return build_digest(
        a_digest(), matches, watches, seen_of(feeds), schedule=WEEKDAYS, base_url=BASE_URL, contact=contact
    )


def a_day(templates: Environment) -> Rendered:
    silent = a_feed(
        2, "Example <Gazette>", succeeded_at=END - timedelta(days=1), failures=3, problem_kind=ProblemKind.HTTP
    )
    matches = [
        a_match(an_article(1), ISLAMIC_STATE, "Names “Islamic State” once."),
        a_match(ARABIC, ISLAMIC_STATE, "Names “داعش” 3 times."),
        a_match(an_article(1), SYRIA),
        a_match(
            an_article(3, "Ruhe in Idlib", "Aus Idlib wird nichts gemeldet.", language="de", url=""), SYRIA, "About it."
        ),
    ]
    return render_digest(view_of(matches, [a_feed(1), silent], "desk@example.org"), templates)


_TEXT_OF_A_DAY = """\
3 stories on 2 watches
Tue 5 Sep 07:30 – Wed 6 Sep 2017 07:30 · times in Europe/Berlin
View in browser: <http://127.0.0.1:8080/digests/t0ken>

3 stories · 3 articles · 2 places · 1 feed checked

Islamic State — 2 stories: Relief column reaches Deir el-Zour
Syria — 1 more story: Ruhe in Idlib


Islamic State
=============
Islamic State, ISIS, ‹داعش›, Daesh — 2 stories

Relief column reaches Deir el-Zour
  Example Wire · Wed 6 Sep, 05:30
  <https://wire.example/1>

  The ring that *Islamic State* held around *Deir el-Zour* has opened,
  residents said.

  [Deir ez-Zor, SY] [Islamic State] [also matches: Syria]
  Why this? Names “Islamic State” once.
  <http://127.0.0.1:8080/articles/1>

كسر حصار دير الزور
  ‹صحيفة المثال› · Wed 6 Sep, 05:30 · Arabic
  <https://wire.example/2>

  انسحب عناصر *داعش* من دير الزور نحو الشرق.

  [‹داعش›]
  Why this? Names “‹داعش›” 3 times.
  <http://127.0.0.1:8080/articles/2>


Syria
=====
any article about Syria — 1 more story, 1 not repeated from above

     1  Deir ez-Zor
     1  Idlib

Ruhe in Idlib
  Example Wire · Wed 6 Sep, 05:30 · German

  Aus *Idlib* wird nichts gemeldet.

  [Idlib, SY]
  Why this? About it.
  <http://127.0.0.1:8080/articles/3>


--------------------------------------------------------------------------
Quiet: Yemen ports
Feeds: 1 of 2 checked.
Example <Gazette> has not answered since Tue 5 Sep, 07:30 (its server
reports an error); its stories may be missing here.

You get this because the operator of this Tocsin subscribed the address
zoe@example.org: 07:30 Europe/Berlin on weekdays.
To change it, write to desk@example.org.
"""


def test_the_text_says_all_of_it_in_columns(templates: Environment) -> None:
    assert a_day(templates).text == isolated(_TEXT_OF_A_DAY)


def test_the_page_has_headings_in_order_and_languages_and_directions(templates: Environment) -> None:
    tree = LexborHTMLParser(a_day(templates).html)
    assert [(node.tag, node.text(strip=True)) for node in tree.css("h1, h2, h3")] == [
        ("h1", "3 stories on 2 watches"),
        ("h2", "Islamic State"),
        ("h3", "Relief column reaches Deir el-Zour"),
        ("h3", "كسر حصار دير الزور"),
        ("h2", "Syria"),
        ("h3", "Ruhe in Idlib"),
    ]
    stories = [(node.attributes["lang"], node.attributes["dir"]) for node in tree.css("[role=article]")]
    assert stories == [("en", "ltr"), ("ar", "rtl"), ("de", "ltr")]


def test_titles_link_to_the_source_and_reasons_to_the_receipt(templates: Environment) -> None:
    tree = LexborHTMLParser(a_day(templates).html)
    assert [node.attributes["href"] for node in tree.css("h3 a, .why a")] == [
        "https://wire.example/1",
        "http://127.0.0.1:8080/articles/1",
        "https://wire.example/2",
        "http://127.0.0.1:8080/articles/2",
        "http://127.0.0.1:8080/articles/3",
    ]


def test_matched_words_are_marked_and_foreign_words_isolated(templates: Environment) -> None:
    tree = LexborHTMLParser(a_day(templates).html)
    assert [node.text() for node in tree.css("mark")] == ["Islamic State", "Deir el-Zour", "داعش", "Idlib"]
    assert "<bdi>داعش</bdi>” 3 times" in a_day(templates).html


def test_what_a_story_is_about_is_said_in_words_in_html_and_in_text(templates: Environment) -> None:
    mail = render_digest(view_of([about_deir(a_match(ARABIC, ISLAMIC_STATE))]), templates)
    chips = LexborHTMLParser(mail.html).css(".chip.about")
    assert [chip.text() for chip in chips] == ["about Syria", "about Deir ez-Zor, SY"]
    assert [(chip.attributes["lang"], chip.attributes["dir"]) for chip in chips] == [("en", "ltr")] * 2
    assert [chip.css("bdi")[0].text() for chip in chips] == ["Syria", "Deir ez-Zor, SY"]
    assert isolated("  [about Syria] [about Deir ez-Zor, SY] [‹داعش›]") in mail.text.splitlines()


def test_a_watch_for_which_a_mention_is_enough_says_so(templates: Environment) -> None:
    naming = replace(SYRIA, about=About.MENTION, keywords=("siege",))
    match = a_match(an_article(1), naming)
    view = build_digest(a_digest(), [match], (naming,), Coverage(0, 0), schedule=WEEKDAYS, base_url=BASE_URL)
    mail = render_digest(view, templates)
    assert "siege; naming Syria — 1 story" in mail.text.splitlines()
    assert "siege; naming Syria — 1 story" in LexborHTMLParser(mail.html).css("div.head p")[0].text()


def test_in_page_links_lead_somewhere(templates: Environment) -> None:
    tree = LexborHTMLParser(a_day(templates).html)
    targets = [node.attributes["href"] or "" for node in tree.css('a[href^="#"]')]
    assert targets == ["#watch-islamic-state", "#watch-syria"]
    assert [len(tree.css(target)) for target in targets] == [1, 1]


def test_nothing_is_loaded_or_tracked_and_styles_are_inlined(templates: Environment) -> None:
    html = a_day(templates).html
    tree = LexborHTMLParser(html)
    assert tree.css("img, script, link, iframe, form, object") == []
    assert "url(" not in html
    assert "prefers-color-scheme" in html
    assert tree.css("mark")[0].attributes["style"]


def test_hostile_texts_stay_texts(templates: Environment) -> None:
    article = an_article(
        1, "<script>alert(1)</script>\"'", "<img src=x onerror=alert(1)> ISIS {{ 7*7 }}", url='https://x.example/"><b>'
    )
    rendered = render_digest(view_of([a_match(article, ISLAMIC_STATE, "<b>why</b>")]), templates)
    tree = LexborHTMLParser(rendered.html)
    assert tree.css("script, img") == []
    assert [node.text() for node in tree.css("h3 a")] == ["<script>alert(1)</script>\"'"]
    assert tree.css("h3 a")[0].attributes["href"] == 'https://x.example/"><b>'
    assert "{{ 7*7 }}" in rendered.html


def test_the_subject_is_the_top_story_and_how_many_more() -> None:
    matches = [a_match(an_article(number), ISLAMIC_STATE) for number in (1, 2, 3)]
    assert [subject(view_of(matches[:1])), subject(view_of(matches))] == [
        "Relief column reaches Deir el-Zour · Wed 6 Sep",
        "Relief column reaches Deir el-Zour + 2 more stories · Wed 6 Sep",
    ]
    assert subject(view_of([])) == "Nothing matched until Wed 6 Sep, 07:30"


def test_the_subject_is_short_and_clean_whatever_the_headline() -> None:
    title = "\u202eSiege\r\nBcc: x\u2028" + "of the city " * 20
    line = subject(view_of([a_match(an_article(number, title), ISLAMIC_STATE) for number in (1, 2)]))
    assert line.startswith("Siege Bcc: x of the city")
    assert line.endswith("… + 1 more story · Wed 6 Sep")
    assert len(line) <= 90


def test_the_preheader_goes_on_where_the_subject_ends(templates: Environment) -> None:
    rendered = a_day(templates)
    assert rendered.preheader == "كسر حصار دير الزور · Ruhe in Idlib"
    quiet = render_digest(view_of([], [a_feed(1)]), templates)
    assert quiet.preheader == "Tocsin looked through 1 feed."


def test_a_quiet_digest_is_short_and_names_what_was_watched(templates: Environment) -> None:
    assert (
        render_digest(view_of([], [a_feed(1)]), templates).text
        == """\
Nothing matched
Tue 5 Sep 07:30 – Wed 6 Sep 2017 07:30 · times in Europe/Berlin
View in browser: <http://127.0.0.1:8080/digests/t0ken>

Tocsin looked through 1 feed.


--------------------------------------------------------------------------
Quiet: Islamic State · Syria · Yemen ports
Feeds: 1 of 1 checked.

You get this because the operator of this Tocsin subscribed the address
zoe@example.org: 07:30 Europe/Berlin on weekdays.
To change it, ask whoever runs this Tocsin.
"""
    )


WORST = {
    "latin": ("Headline of many words " * 20, "ISIS and the Islamic State and Daesh went " * 40),
    "arabic": ("كسر حصار دير الزور اليوم " * 20, "انسحب عناصر داعش من دير الزور نحو الشرق " * 40),
    "chinese": ("北京日报" * 100, "伊斯兰国ISIS" * 200),
    "marks": ("&<>\"'" * 80, "ISIS <&> " * 200),
}


@pytest.mark.parametrize("kind", WORST)
def test_three_hundred_stories_of_the_worst_kind_stay_below_the_limit(kind: str, templates: Environment) -> None:
    title, text = WORST[kind]
    matches = [
        a_match(an_article(number, title, text, url="https://wire.example/" + "a" * 150), ISLAMIC_STATE, title)
        for number in range(1, 301)
    ]
    rendered = render_digest(view_of(matches), templates)
    assert encoded_size(rendered.html) + encoded_size(rendered.text) <= SIZE_LIMIT
    assert " more stories on the web" in rendered.html


def test_hundreds_of_watches_stay_below_the_limit(templates: Environment) -> None:
    watches = [replace(ISLAMIC_STATE, id=f"w{number}", title=f"Watch {number} " * 9) for number in range(400)]  # type: ignore[arg-type]  # an id is text
    matches = [a_match(an_article(number + 1), watch) for number, watch in enumerate(watches[:300])]
    feeds = [
        a_feed(number, "Feed " * 40, succeeded_at=None, failures=1, problem="words " * 90) for number in range(200)
    ]
    view = build_digest(a_digest(), matches, watches, seen_of(feeds), schedule=WEEKDAYS, base_url=BASE_URL)
    rendered = render_digest(view, templates)
    assert encoded_size(rendered.html) + encoded_size(rendered.text) <= SIZE_LIMIT
    assert "and 280 more watches" in rendered.html


def test_no_line_of_the_text_is_wider_than_a_terminal_but_for_addresses(templates: Environment) -> None:
    for title, text in WORST.values():
        rendered = render_digest(view_of([a_match(an_article(1, title, text), ISLAMIC_STATE, title)]), templates)
        assert [line for line in rendered.text.splitlines() if cells(line) > 78 and "<http" not in line] == []
