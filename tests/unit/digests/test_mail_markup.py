"""The digest's HTML against what mail programs understand.

Facts by caniemail.com, for Gmail (web and apps), Outlook for Windows (which draws mails with Word), and Apple Mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from digest_samples import a_digest_of, mail_of


@dataclass(frozen=True, slots=True)
class Support:
    """Which programs obey a property; ``without`` says what its absence does where one does not."""

    gmail: bool = True
    outlook: bool = True
    apple: bool = True
    without: str = ""


EVERYWHERE = Support()

INLINE = {
    "background-color": EVERYWHERE,
    "border": EVERYWHERE,
    "border-bottom": EVERYWHERE,
    "border-left": EVERYWHERE,
    "border-right": EVERYWHERE,
    "border-left-color": EVERYWHERE,
    "border-right-color": EVERYWHERE,
    "color": EVERYWHERE,
    "font-family": EVERYWHERE,
    "font-size": EVERYWHERE,
    "font-weight": EVERYWHERE,
    "line-height": EVERYWHERE,
    "text-align": EVERYWHERE,
    "text-decoration": EVERYWHERE,
    "width": EVERYWHERE,
    "height": EVERYWHERE,
    "margin": EVERYWHERE,
    "padding": Support(outlook=False, without="Word pads cells only; blocks and chips stand a little closer"),
    "padding-left": Support(outlook=False, without="a watch's heading stands closer to its line"),
    "padding-right": Support(outlook=False, without="a watch's heading stands closer to its line"),
    "display": Support(outlook=False, without="only display: none is used, which Word obeys"),
    "max-width": Support(outlook=False, without="the table has a width of 600 pixels besides"),
    "max-height": Support(outlook=False, without="the preheader is not displayed anyway"),
    "overflow": Support(outlook=False, without="the preheader is not displayed anyway"),
    "overflow-wrap": Support(outlook=False, without="a word longer than the line widens it"),
    "word-break": Support(outlook=False, without="a word longer than the line widens it"),
    "color-scheme": Support(gmail=False, outlook=False, without="the colours stay those for light screens"),
}

NOWHERE_NEAR = re.compile(
    r"(?i)display\s*:\s*(flex|grid|inline-flex)|float\s*:|position\s*:|background-image|background\s*:|\burl\(|calc\("
    r"|var\(|data:|@import|@font-face|expression\(|behavior\s*:"
)

DROPPED_OR_DANGEROUS = "script, link, iframe, form, input, object, embed, img, svg, video, audio, base, style[media]"

MAILS = [("en", 0), ("en", 1), ("en", 15), ("ar", 15), ("en", 60)]


@pytest.fixture(scope="module", params=MAILS, ids=lambda case: f"{case[0]}-{case[1]}")
def html(request: pytest.FixtureRequest) -> str:
    language, stories = request.param
    return mail_of(a_digest_of(stories, language)).html


@pytest.fixture(scope="module")
def tree(html: str) -> LexborHTMLParser:
    return LexborHTMLParser(html)


def declarations(tree: LexborHTMLParser) -> Iterator[tuple[str, str]]:
    for node in tree.css("[style]"):
        for declaration in filter(str.strip, (node.attributes["style"] or "").split(";")):
            name, _, value = declaration.partition(":")
            yield name.strip(), value.strip()


def test_every_inlined_property_is_obeyed_or_known_to_be_dispensable(tree: LexborHTMLParser) -> None:
    used = {name for name, _ in declarations(tree)}
    assert used - set(INLINE) == set()
    dispensable = [name for name in used if not (INLINE[name].gmail and INLINE[name].outlook and INLINE[name].apple)]
    assert [name for name in dispensable if not INLINE[name].without] == []


def test_only_the_preheader_is_not_displayed(tree: LexborHTMLParser) -> None:
    assert [node.attributes["class"] for node in tree.css("[style*='display']")] == ["preheader"]


def test_nothing_is_used_that_mail_programs_drop_or_block(html: str, tree: LexborHTMLParser) -> None:
    assert NOWHERE_NEAR.findall(html) == []
    assert tree.css(DROPPED_OR_DANGEROUS) == []
    assert [name for node in tree.css("*") for name in node.attributes if name.startswith("on")] == []


def test_the_sheet_that_is_left_holds_only_what_a_mail_can_do_without(tree: LexborHTMLParser) -> None:
    """Gmail drops it for accounts of other houses, and Word does not read it."""
    [sheet] = tree.css("style")
    outside = re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", sheet.text())
    assert outside.strip() == ""


def test_the_sheet_is_smaller_than_what_gmail_reads(tree: LexborHTMLParser) -> None:
    assert sum(len(sheet.text()) for sheet in tree.css("style")) < 8192


def test_tables_that_lay_out_say_so_and_the_one_that_tells_has_headers(tree: LexborHTMLParser) -> None:
    telling = [table for table in tree.css("table") if table.attributes.get("role") != "presentation"]
    assert [table.attributes["class"] for table in telling] == ["bars"] * len(telling)
    assert all(table.css("th[scope=row]") and table.attributes["aria-label"] for table in telling)


def test_headings_go_down_one_step_at_a_time(tree: LexborHTMLParser) -> None:
    levels = [int((node.tag or "").removeprefix("h")) for node in tree.css("h1, h2, h3, h4, h5, h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_document_and_each_story_say_their_language_and_direction(tree: LexborHTMLParser) -> None:
    [root] = tree.css("html")
    assert (root.attributes["lang"], root.attributes["dir"]) in {("en", "ltr"), ("ar", "rtl")}
    stories = tree.css("[role=article]")
    assert {(node.attributes["lang"], node.attributes["dir"]) for node in stories} <= {("en", "ltr"), ("ar", "rtl")}


def test_each_coloured_bar_has_its_colour_and_size_as_attributes_too(tree: LexborHTMLParser) -> None:
    bars = tree.css("td.bar")
    assert all(node.attributes["bgcolor"] and node.attributes["height"] for node in bars)


def test_the_chart_is_said_in_words_beside_it(tree: LexborHTMLParser) -> None:
    charts = tree.css("table.chart")
    assert all(columns(chart) == 14 for chart in charts)
    assert all(chart.css("td.said")[0].text().strip() for chart in charts)


def columns(chart: LexborNode) -> int:
    return len(chart.css("td.day"))


def test_colours_stand_with_a_ground_of_their_own_wherever_a_ground_is_set(tree: LexborHTMLParser) -> None:
    """A program that turns colours for dark screens turns both or neither."""
    grounds = [node.attributes["style"] or "" for node in tree.css("mark, .chip, .notice, .boxes td")]
    assert [style for style in grounds if not re.search(r"(^|;)\s*color:", style)] == []
