from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from page_reader import every, links, shown, texts
from records import NOW
from running_story import RunningStory
from tocsin.delivery.feedback import Claim, feedback_links, token_of
from tocsin.delivery.tokens import Purpose
from tocsin.models.ids import AlertId
from tocsin.store.articles import get_article
from tocsin.store.database import Database
from tocsin.store.matches import withdraw_matches
from tocsin.store.mutes import is_muted
from tocsin.store.story_changes import merge_stories
from tocsin.store.tables import dismissals, mutes
from tocsin_web.app import build_app
from tocsin_web.security import FORM_POLICY
from web_client import SECRET, Answer, ask, house_on
from web_filling import Filled
from web_samples import GROUP

DESK = "Desk@example.org"

Ask = Callable[..., Answer]


@pytest.fixture
def send(sqlite: Database) -> Ask:
    """Ask for a path by a method; further arguments are fields of the house."""

    def asked(path: str, method: str = "POST", **house: object) -> Answer:
        return ask(build_app(house_on(sqlite, **house)), path, method=method)

    return asked


def path_of(story: RunningStory, purpose: Purpose, target: str = DESK) -> str:
    made = feedback_links(story.rang, target, base_url="", secret=SECRET)
    return made.mute_url if purpose is Purpose.MUTE else made.dismiss_url


def rows(database: Database, table: sa.Table) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(sa.select(table.c[1], table.c[2]).order_by(table.c.id))]


def test_the_page_of_a_link_says_what_it_is_about_and_has_one_button(story: RunningStory, send: Ask) -> None:
    answer = send(path_of(story, Purpose.MUTE), "GET")
    assert answer.status == 200
    assert shown(answer.text) == (
        "Mute this story? Army reaches the bridge at Deir el-Zour "
        "6 articles in 4 outlets · told by the watch Islamic State · the whole story "
        "No more alerts of this story will go to D…@example.org , of its developments neither. "
        "Other stories ring as before, and digests still have this one. Mute this story"
    )
    assert texts(answer.text, "button") == ["Mute this story"]
    assert f"/stories/{story.id}" in links(answer.text)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_a_link_does_nothing(
    story: RunningStory, send: Ask, sqlite: Database, purpose: Purpose, method: str
) -> None:
    statuses = [send(path_of(story, purpose) + ending, method).status for ending in ("", "/undo")]
    assert (statuses, rows(sqlite, mutes), rows(sqlite, dismissals)) == ([200, 200], [], [])


def test_the_button_mutes_the_story_for_its_reader_however_often_it_is_pressed(
    story: RunningStory, send: Ask, sqlite: Database
) -> None:
    path = path_of(story, Purpose.MUTE)
    [form] = every(send(path, "GET").text, "form")
    assert (form.attributes["method"], form.attributes["action"]) == ("post", path)
    answers = [send(path) for _ in range(2)]
    assert [texts(answer.text, "h1") for answer in answers] == [["This story is muted"]] * 2
    assert rows(sqlite, mutes) == [("desk@example.org", story.id)]
    assert texts(send(path, "GET").text, "h1, button") == ["This story is muted", "Unmute it"]


def test_a_mute_is_taken_back_by_a_button_too(story: RunningStory, send: Ask, sqlite: Database) -> None:
    [form] = every(send(path_of(story, Purpose.MUTE)).text, "form")
    undo = form.attributes["action"] or ""
    answers = [send(undo) for _ in range(2)]
    assert [texts(answer.text, "h1") for answer in answers] == [["The story is no longer muted"]] * 2
    assert rows(sqlite, mutes) == []
    assert texts(send(undo, "GET").text, "h1, button") == ["Mute this story?", "Mute this story"]


def test_a_link_mutes_the_story_that_its_own_was_merged_into(
    story: RunningStory, filled: Filled, send: Ask, sqlite: Database
) -> None:
    with sqlite.write() as connection:
        older = get_article(connection, filled.articles["relief"])
        assert older is not None
        assert older.story_id is not None
        survivor = merge_stories(connection, [story.id, older.story_id])
    assert survivor == older.story_id
    send(path_of(story, Purpose.MUTE))
    with sqlite.read() as connection:
        assert is_muted(connection, DESK, survivor)
        assert not is_muted(connection, "night@example.org", survivor)


def test_a_mute_goes_along_when_its_story_is_merged_later(
    story: RunningStory, filled: Filled, send: Ask, sqlite: Database
) -> None:
    path = path_of(story, Purpose.MUTE)
    send(path)
    with sqlite.write() as connection:
        older = get_article(connection, filled.articles["relief"])
        assert older is not None
        assert older.story_id is not None
        merge_stories(connection, [story.id, older.story_id])
    assert texts(send(path, "GET").text, "h1") == ["This story is muted"]
    send(f"{path}/undo")
    assert rows(sqlite, mutes) == []


def test_not_relevant_is_noted_of_the_match_and_mutes_nothing(story: RunningStory, send: Ask, sqlite: Database) -> None:
    path = path_of(story, Purpose.DISMISS)
    asked = send(path, "GET")
    assert texts(asked.text, "h1, button") == ["Not relevant?", "Not relevant"]
    assert "Nothing is muted by it." in shown(asked.text)
    answers = [send(path) for _ in range(2)]
    assert "can turn it into a test of the watch: tocsin check offers it. Nothing was muted." in shown(answers[1].text)
    assert rows(sqlite, dismissals) == [(story.matches["bridge", GROUP.id], "desk@example.org")]
    assert rows(sqlite, mutes) == []
    assert texts(send(f"{path}/undo").text, "h1") == ["No longer noted as not relevant"]
    assert rows(sqlite, dismissals) == []


def test_the_page_of_not_relevant_leads_to_that_of_muting(story: RunningStory, send: Ask, sqlite: Database) -> None:
    noted = send(path_of(story, Purpose.DISMISS)).text
    [mute] = [link for link in links(noted) if link.startswith("/alerts/mute/")]
    assert texts(send(mute).text, "h1") == ["This story is muted"]
    assert rows(sqlite, mutes) == [("desk@example.org", story.id)]


def test_what_stood_in_for_a_withdrawn_match_is_what_is_not_relevant(
    story: RunningStory, send: Ask, sqlite: Database
) -> None:
    with sqlite.write() as connection:
        withdraw_matches(connection, [(story.articles["bridge"], [])], NOW)
    send(path_of(story, Purpose.DISMISS))
    assert rows(sqlite, dismissals) == [(story.matches["copy", GROUP.id], "desk@example.org")]


def test_a_channel_without_an_address_is_called_by_its_name(story: RunningStory, send: Ask, sqlite: Database) -> None:
    text = shown(send(path_of(story, Purpose.MUTE, "DESK_CHAT")).text)
    assert "No more alerts of this story go to the channel desk , whatever happens" in text
    assert rows(sqlite, mutes) == [("DESK_CHAT", story.id)]


LATE = {"now": lambda: NOW + timedelta(days=91)}
UNKNOWN = f"/alerts/mute/{token_of(Claim(AlertId(10**9), DESK), Purpose.MUTE, NOW, secret=SECRET)}"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_link_that_cannot_be_taken_says_why_and_does_nothing(
    story: RunningStory, send: Ask, sqlite: Database, method: str
) -> None:
    path = path_of(story, Purpose.MUTE)
    answers = [
        send(path[:-3], method),
        send(path.replace("/mute/", "/dismiss/"), method),
        send(path, method, **LATE),
        send(UNKNOWN, method),
    ]
    assert [(answer.status, texts(answer.text, "h1")[0]) for answer in answers] == [
        (404, "This link is not whole"),
        (404, "This link is not whole"),
        (410, "This link has run out"),
        (410, "This alert is no longer kept"),
    ]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert "example.org" not in shown(answer.text)
    assert (rows(sqlite, mutes), rows(sqlite, dismissals)) == ([], [])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_refused(story: RunningStory, send: Ask, method: str) -> None:
    answer = send(path_of(story, Purpose.MUTE), method)
    assert answer.status == 405
    assert "This address answers GET, HEAD and POST alone." in shown(answer.text)


def test_the_pages_may_send_their_own_form_and_are_neither_stored_nor_told_of(story: RunningStory, send: Ask) -> None:
    answer = send(path_of(story, Purpose.MUTE), "GET")
    assert FORM_POLICY == (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    wanted = {
        "content-security-policy": FORM_POLICY,
        "cache-control": "no-store",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow",
    }
    assert {name: answer.headers[name] for name in wanted} == wanted
    assert "set-cookie" not in answer.headers
    assert every(answer.text, "script") == []


def test_the_form_goes_below_the_path_of_the_base_url(story: RunningStory, send: Ask) -> None:
    path = path_of(story, Purpose.MUTE)
    [form] = every(send(path, "GET", base_url="https://example.org/tocsin").text, "form")
    assert form.attributes["action"] == f"/tocsin{path}"


def test_what_comes_with_the_post_is_not_read(story: RunningStory, sqlite: Database) -> None:
    app = build_app(house_on(sqlite))
    answer = ask(app, path_of(story, Purpose.MUTE), method="POST", pieces=[b"x" * 1000] * 3)
    assert texts(answer.text, "h1") == ["This story is muted"]
