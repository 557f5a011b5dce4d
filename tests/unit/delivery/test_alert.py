from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser

from alert_records import FIRST_AT, OUTLETS, a_burst, a_report, a_story, a_view, an_outlet
from match_records import BASE_URL, an_article
from tocsin.delivery.alert import AlertView, Notice, Report, build_alert, notice_of, render_alert
from tocsin.models.alerts import Rule
from tocsin.rendering.environment import environment


@pytest.fixture(scope="module")
def templates() -> Environment:
    return environment()


def lonely(timezone: str | None = None, **changes: str) -> AlertView:
    """An alert of an article that nobody else has, and that nobody can answer."""
    article = replace(an_article(7), **changes)  # type: ignore[arg-type]  # the texts of an article
    return a_view(a_report(article, outlets=(), links=None), timezone)


def links(html: str) -> list[str | None]:
    return [node.attributes["href"] for node in LexborHTMLParser(html).css("a")]


def test_the_subject_names_the_watch_and_the_headline(templates: Environment) -> None:
    assert render_alert(a_view(a_report()), templates).subject == "[Islamic State] Relief column reaches Deir el-Zour"


def test_the_text_has_all_that_is_needed_to_decide(templates: Environment) -> None:
    assert (
        render_alert(a_view(a_report(outlets=OUTLETS[:3])), templates).text
        == """\
Relief column reaches Deir el-Zour
Example Wire · Wed 6 Sep, 03:30 UTC (05:30 Europe/Berlin)
New story
<https://wire.example/7>

The ring that *Islamic State* held around Deir el-Zour has opened, residents
said.

[Islamic State]
Also in 2 outlets:
- Gazette: Siege is over
  <https://gazette.example/1>
- صحيفة الفرات (Arabic): سكان دير الزور يعودون بعد انسحاب داعش
  <https://furat.example/1>
Why: Names “Islamic State” once.
Full receipt: <http://127.0.0.1:8080/articles/7>
Why now: a story new to this watch
Whole story: <http://127.0.0.1:8080/stories/3>
Mute this story: <http://127.0.0.1:8080/alerts/mute/t0ken>
Not relevant: <http://127.0.0.1:8080/alerts/dismiss/t0ken>

Sent because the watch Islamic State alerts this address in the watchlist.
To change or stop it, ask whoever runs this Tocsin.
"""
    )


def test_the_html_marks_links_and_escapes(templates: Environment) -> None:
    rendered = render_alert(lonely(title="<b>ISIS</b>", text="ISIS & others"), templates)
    tree = LexborHTMLParser(rendered.html)
    assert [node.text(strip=True) for node in tree.css("h1")] == ["<b>ISIS</b>"]
    assert links(rendered.html) == [
        "https://wire.example/7",
        "http://127.0.0.1:8080/articles/7",
        "http://127.0.0.1:8080/stories/3",
    ]
    assert [node.text() for node in tree.css("mark")] == ["ISIS"]
    assert len(rendered.html.encode()) < 12_000


def test_html_and_text_lead_to_the_same_places(templates: Environment) -> None:
    for report in (a_report(), a_report(burst=a_burst())):
        rendered = render_alert(a_view(report), templates)
        told = {line.split("<", 1)[1].rstrip(">") for line in rendered.text.splitlines() if "<http" in line}
        assert told == set(links(rendered.html))


def test_a_development_says_its_number_what_is_new_and_when_the_story_was_told(templates: Environment) -> None:
    told = a_report(development=32, rule=Rule.DEVELOPMENT, told_at=FIRST_AT)
    view = a_view(told, None)
    assert view.occasion == "Development 2 of the story you were told of on Tue 5 Sep, 09:30 UTC"
    assert view.news == ("new place: Palmyra", "new number: 93 lorries")
    assert "new place: Palmyra" in render_alert(view, templates).html


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        (a_report(), "New story"),
        (a_report(development=32), "Development 2 of a running story"),
        (a_report(told_at=FIRST_AT), "More on the story you were told of on Tue 5 Sep, 09:30 UTC"),
    ],
    ids=["new", "running", "outlets"],
)
def test_the_occasion_says_what_the_alert_is(report: Report, expected: str) -> None:
    assert a_view(report, None).occasion == expected


def test_many_outlets_are_named_in_part_and_the_rest_counted(templates: Environment) -> None:
    many = tuple(an_outlet(f"Outlet {number}") for number in range(12))
    view = a_view(a_report(outlets=many))
    assert (len(view.outlets), view.more_outlets, view.in_outlets) == (8, 4, "also in 12 outlets")
    assert "- and 4 more\n" in render_alert(view, templates).text


def test_a_feed_without_a_title_is_called_by_its_outlet() -> None:
    nameless = replace(an_outlet("Gazette"), title="https://gazette.example/rss")
    assert [outlet.name for outlet in a_view(a_report(outlets=(nameless,))).outlets] == ["gazette.example"]


def test_a_hostile_outlet_is_shown_and_leads_nowhere(templates: Environment) -> None:
    evil = an_outlet("<script>alert(1)</script>", title="\u202eevil", url="javascript:alert(1)")
    rendered = render_alert(a_view(a_report(outlets=(evil,))), templates)
    assert "javascript:" not in rendered.html + rendered.text
    assert LexborHTMLParser(rendered.html).css("script") == []
    assert "\u202e" not in rendered.html + rendered.text


def test_a_burst_leads_with_its_figures_and_stories(templates: Environment) -> None:
    rendered = render_alert(a_view(a_report(burst=a_burst())), templates)
    assert rendered.subject == "[Islamic State] Burst: 6 stories in 3 hours, 0.8 usual"
    assert [node.text() for node in LexborHTMLParser(rendered.html).css("h1")] == [
        "Burst: 6 stories in 3 hours, 0.8 usual"
    ]
    assert "- Shelling of district 1 · 8 articles in 5 outlets\n" in rendered.text
    assert "- and 1 more story\n" in rendered.text
    assert "4 outlets: Example Wire, Gazette, صحيفة الفرات and Der Bote." in rendered.text


def test_times_are_in_utc_and_in_the_readers_zone_where_that_is_known() -> None:
    zones = (None, "UTC", "Asia/Beirut", "America/Los_Angeles")
    assert [lonely(zone).times for zone in zones] == [
        "Wed 6 Sep, 03:30 UTC",
        "Wed 6 Sep, 03:30 UTC",
        "Wed 6 Sep, 03:30 UTC (06:30 Asia/Beirut)",
        "Wed 6 Sep, 03:30 UTC (Tue 5 Sep, 20:30 America/Los_Angeles)",
    ]


def test_a_watch_that_was_removed_since_is_called_by_its_id() -> None:
    assert build_alert(a_report(), {}, base_url=BASE_URL).watch == "islamic-state"


def test_a_story_whose_development_was_merged_away_is_still_told() -> None:
    assert a_view(replace(a_report(development=32), story=a_story(developments=1))).news == ()


def test_a_notice_has_the_same_in_plain_lines() -> None:
    assert notice_of(a_view(a_report(), None)) == Notice(
        title="[Islamic State] Relief column reaches Deir el-Zour",
        body="Example Wire · Wed 6 Sep, 03:30 UTC\n"
        "New story · also in 3 outlets\n"
        "The ring that Islamic State held around Deir el-Zour has opened, residents said.\n"
        "Why: Names “Islamic State” once.\n"
        "https://wire.example/7\n"
        "Story: http://127.0.0.1:8080/stories/3\n"
        "Receipt: http://127.0.0.1:8080/articles/7\n"
        "Mute this story: http://127.0.0.1:8080/alerts/mute/t0ken\n"
        "Not relevant: http://127.0.0.1:8080/alerts/dismiss/t0ken",
    )


def test_a_notice_without_a_source_or_a_text_has_no_empty_lines() -> None:
    assert "\n\n" not in notice_of(lonely(url="", text="")).body
