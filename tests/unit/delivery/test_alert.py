from __future__ import annotations

from dataclasses import replace

import pytest
from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser

from match_records import BASE_URL, ISLAMIC_STATE, a_match, an_article
from tocsin.delivery.alert import AlertView, Notice, build_alert, notice_of, render_alert
from tocsin.rendering.environment import environment


@pytest.fixture(scope="module")
def templates() -> Environment:
    return environment()


def an_alert(timezone: str | None = "Europe/Berlin", **changes: str) -> AlertView:
    article = replace(an_article(7), **changes)  # type: ignore[arg-type]  # the texts of an article
    match = a_match(article, ISLAMIC_STATE, "Names “Islamic State” once.")
    return build_alert(match, ISLAMIC_STATE, base_url=f"{BASE_URL}/", timezone=timezone)


def test_the_subject_names_the_watch_and_the_headline(templates: Environment) -> None:
    assert render_alert(an_alert(), templates).subject == "[Islamic State] Relief column reaches Deir el-Zour"


def test_the_text_has_all_that_is_needed_to_decide(templates: Environment) -> None:
    assert (
        render_alert(an_alert(), templates).text
        == """\
Relief column reaches Deir el-Zour
Example Wire · Wed 6 Sep, 03:30 UTC (05:30 Europe/Berlin)
<https://wire.example/7>

The ring that *Islamic State* held around Deir el-Zour has opened, residents
said.

[Islamic State]
Why: Names “Islamic State” once.
Full receipt: <http://127.0.0.1:8080/articles/7>

Sent at once because the watch Islamic State alerts this address in the
watchlist. To change or stop it, ask whoever runs this Tocsin.
"""
    )


def test_the_html_marks_links_and_escapes(templates: Environment) -> None:
    rendered = render_alert(an_alert(title="<b>ISIS</b>", text="ISIS & others"), templates)
    tree = LexborHTMLParser(rendered.html)
    assert [node.text(strip=True) for node in tree.css("h1")] == ["<b>ISIS</b>"]
    assert [node.attributes["href"] for node in tree.css("a")] == [
        "https://wire.example/7",
        "http://127.0.0.1:8080/articles/7",
    ]
    assert [node.text() for node in tree.css("mark")] == ["ISIS"]
    assert len(rendered.html.encode()) < 12_000


def test_times_are_in_utc_and_in_the_readers_zone_where_that_is_known() -> None:
    zones = (None, "UTC", "Asia/Beirut", "America/Los_Angeles")
    assert [an_alert(zone).times for zone in zones] == [
        "Wed 6 Sep, 03:30 UTC",
        "Wed 6 Sep, 03:30 UTC",
        "Wed 6 Sep, 03:30 UTC (06:30 Asia/Beirut)",
        "Wed 6 Sep, 03:30 UTC (Tue 5 Sep, 20:30 America/Los_Angeles)",
    ]


def test_a_watch_that_was_removed_since_is_called_by_its_id() -> None:
    match = a_match(an_article(7), ISLAMIC_STATE)
    assert build_alert(match, None, base_url=BASE_URL).watch == "islamic-state"


def test_a_notice_has_the_same_in_plain_lines() -> None:
    assert notice_of(an_alert(None)) == Notice(
        title="[Islamic State] Relief column reaches Deir el-Zour",
        body="Example Wire · Wed 6 Sep, 03:30 UTC\n"
        "The ring that Islamic State held around Deir el-Zour has opened, residents said.\n"
        "Why: Names “Islamic State” once.\n"
        "https://wire.example/7\n"
        "Receipt: http://127.0.0.1:8080/articles/7",
    )


def test_a_notice_without_a_source_or_a_text_has_no_empty_lines() -> None:
    assert "\n\n" not in notice_of(an_alert(None, url="", text="")).body
