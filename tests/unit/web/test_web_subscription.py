from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from page_reader import every, links, shown, texts
from records import subscriber
from subscribing_reader import OPEN, ZOE, Visitor
from tocsin.delivery.tokens import Purpose, sign_token
from tocsin.models.digests import Window
from tocsin.models.subscribers import Owner, SubscriberState
from tocsin.models.watchlist import Channel, ChannelKind, DigestSchedule, QuietPolicy, SelfService, Subscriber
from tocsin.store.database import Database
from tocsin.store.digests import close_window
from tocsin.store.subscriber_states import pause, suppress, unsubscribe
from tocsin.store.suppressions import is_suppressed
from web_client import SECRET, Answer
from web_samples import EURO, GROUP, PORTS, SYRIA

FORM = {
    "which": "some",
    "watch": ["euro"],
    "timezone": "Asia/Beirut",
    "at": ["06:15"],
    "day": ["6", "7"],
    "quiet": "skip",
    "language": "de",
}
ACTS = ("pause", "resume", "delete", "renew")
BODIES = {"pause": {"for": "week"}, "delete": {"sure": "yes"}}
GONE_PAGE = (410, ["There is no subscription"])


@pytest.fixture
def visitor(sqlite: Database) -> Visitor:
    return Visitor(sqlite)


def seen(answer: Answer) -> tuple[int, list[str]]:
    return answer.status, texts(answer.text, "h1")


def state_of(visitor: Visitor) -> SubscriberState:
    stored = visitor.stored()
    assert stored is not None
    return stored.state


def test_the_page_says_how_things_stand_and_when_the_next_digest_is_due(visitor: Visitor) -> None:
    visitor.joined()
    answer = visitor.get(visitor.settings())
    assert seen(answer) == (200, ["Your news digests"])
    words = shown(answer.text)
    assert f"Digests go to {ZOE}. The next one is due on" in words
    assert "07:30" in words
    assert [box.attributes["value"] for box in every(answer.text, "input[name=watch][checked]")] == ["syria"]
    assert texts(answer.text, "h2") == [
        "What you get, and when",
        "Pause",
        "End the digests",
        "Latest digests",
        "Your data",
    ]


def test_what_is_changed_holds_and_the_page_speaks_the_new_language(visitor: Visitor) -> None:
    visitor.joined()
    path = visitor.settings()
    answers = [visitor.post(path, FORM) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 200]
    [html] = every(answers[0].text, "html")
    assert html.attributes["lang"] == "de"
    stored = visitor.stored()
    assert stored is not None
    schedule = DigestSchedule((6, 7), ("06:15",), QuietPolicy.SKIP)
    assert stored.subscriber == Subscriber(ZOE, "Asia/Beirut", (EURO.id,), schedule, "de")
    assert len(every(answers[1].text, "[role=status]")) == 1


def test_the_address_is_not_changed_by_a_form(visitor: Visitor) -> None:
    visitor.joined()
    visitor.post(visitor.settings(), FORM | {"email": "mallory@example.org"})
    assert visitor.stored() is not None
    assert visitor.stored("mallory@example.org") is None


def test_what_is_wrong_is_said_and_changes_nothing(visitor: Visitor) -> None:
    before = visitor.joined()
    answer = visitor.post(visitor.settings(), FORM | {"at": ["late"], "watch": []})
    assert answer.status == 422
    assert [link.attributes["href"] for link in every(answer.text, ".faults a")] == ["#watch", "#at"]
    assert visitor.stored() == before


def test_a_topic_that_a_reader_has_may_be_kept_though_it_is_closed_to_others(visitor: Visitor) -> None:
    visitor.joined(replace(subscriber(ZOE, (PORTS.id, SYRIA.id)), language="en"))
    visitor.post(visitor.settings(), FORM | {"watch": ["ports", "islamic-state"]})
    stored = visitor.stored()
    assert stored is not None
    assert stored.subscriber.watches == (GROUP.id, PORTS.id)


def test_a_reader_may_change_and_end_what_they_get_after_self_service_was_closed(visitor: Visitor) -> None:
    visitor.joined()
    visitor.watchlist = replace(OPEN, self_service=SelfService(is_open=False))
    assert visitor.post(visitor.settings(), FORM | {"watch": ["syria"]}).status == 200
    stored = visitor.stored()
    assert stored is not None
    assert (stored.subscriber.timezone, stored.subscriber.watches) == ("Asia/Beirut", (SYRIA.id,))


def test_a_schedule_by_cron_is_shown_until_times_take_its_place(visitor: Visitor) -> None:
    schedule = DigestSchedule((), (), QuietPolicy.SHORT, "30 7 * * 1-5")
    visitor.joined(replace(subscriber(ZOE, (SYRIA.id,)), digest=schedule, language="en"))
    path = visitor.settings()
    assert "Your times follow the cron expression 30 7 * * 1-5." in shown(visitor.get(path).text)
    assert visitor.post(path, FORM | {"at": [], "day": []}).status == 422
    visitor.post(path, FORM)
    stored = visitor.stored()
    assert stored is not None
    assert (stored.subscriber.digest.cron, stored.subscriber.digest.at) == ("", ("06:15",))


def test_a_zone_that_is_no_longer_known_is_told_and_stands_in_the_form(visitor: Visitor) -> None:
    visitor.joined(replace(subscriber(ZOE, (SYRIA.id,)), timezone="Europe/Atlantis", language="en"))
    page = visitor.get(visitor.settings()).text
    assert "The time zone Europe/Atlantis is no longer known; times are those of UTC" in shown(page)
    assert [zone.attributes["value"] for zone in every(page, "option[selected]")] == ["Europe/Atlantis"]


@pytest.mark.parametrize(("wanted", "days"), [("week", 7), ("fortnight", 14), ("month", 30), ("open", None)], ids=str)
def test_a_pause_lasts_as_long_as_is_asked_for_and_is_ended_by_a_button(
    visitor: Visitor, wanted: str, days: int | None
) -> None:
    visitor.joined()
    path = visitor.settings()
    page = visitor.post(f"{path}/pause", {"for": wanted}).text
    stored = visitor.stored()
    assert stored is not None
    assert stored.state is SubscriberState.PAUSED
    lasts = None if stored.paused_until is None else (stored.paused_until - stored.state_since).days
    assert lasts == days
    assert ("are paused until you resume them" if days is None else "are paused until ") in shown(page)
    assert "News that comes meanwhile is kept" in shown(page)
    [resume] = every(page, f"form[action='{path}/resume']")
    assert texts(visitor.post(resume.attributes["action"] or "").text, "[role=status]") == ["✓ The digests go on."]
    assert state_of(visitor) is SubscriberState.ACTIVE


def test_a_pause_of_no_length_is_none(visitor: Visitor) -> None:
    visitor.joined()
    for body in ({}, {"for": "ever"}, {"for": "\0"}):
        assert visitor.post(f"{visitor.settings()}/pause", body).status == 200
    assert state_of(visitor) is SubscriberState.ACTIVE


def test_a_dead_address_is_told_and_resumed(visitor: Visitor) -> None:
    stored = visitor.joined()
    with visitor.database.write() as connection:
        suppress(connection, stored.id, visitor.now(), because="550 5.1.1 <script> no such user")
    path = visitor.settings()
    words = shown(visitor.get(path).text)
    assert "its mail server said that there is no such address." in words
    assert "What the mail server said: 550 5.1.1 <script> no such user" in words
    visitor.post(f"{path}/resume")
    assert state_of(visitor) is SubscriberState.ACTIVE


def test_who_unsubscribed_comes_back_by_a_mail_and_not_by_an_old_link(visitor: Visitor) -> None:
    stored = visitor.joined()
    with visitor.database.write() as connection:
        unsubscribe(connection, stored.id, visitor.now(), because="a test")
    path = visitor.settings()
    visitor.post(f"{path}/resume")
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED
    page = visitor.get(path).text
    assert len(every(page, "form.subscription")) == 0
    [back] = every(page, "form[action$='/return']")
    assert seen(visitor.post(back.attributes["action"] or "")) == (200, ["Look into your mailbox"])
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED
    visitor.post(visitor.link())
    back_again = visitor.stored()
    assert back_again is not None
    assert (back_again.state, back_again.subscriber.watches) == (SubscriberState.ACTIVE, (SYRIA.id,))


@pytest.mark.parametrize("act", ["", *ACTS])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_any_address_of_a_subscription_changes_nothing(visitor: Visitor, act: str, method: str) -> None:
    stored = visitor.joined()
    with visitor.database.write() as connection:
        pause(connection, stored.id, visitor.now())
    path, before = visitor.settings(), visitor.content()
    answer = visitor.get(f"{path}/{act}".rstrip("/"), method)
    assert seen(answer) == (200, ["Your news digests"])
    assert visitor.content() == before


@pytest.mark.parametrize("act", ["pause", "resume", "delete"])
def test_an_act_that_comes_twice_leaves_what_it_left_once(visitor: Visitor, act: str) -> None:
    stored = visitor.joined()
    if act == "resume":
        with visitor.database.write() as connection:
            pause(connection, stored.id, visitor.now())
    path = f"{visitor.settings()}/{act}"
    body = {"for": "open"} if act == "pause" else BODIES.get(act, {})
    visitor.post(path, body)
    before = visitor.content()
    visitor.post(path, body)
    assert visitor.content() == before


def test_whoever_the_watchlist_names_may_pause_and_end_and_no_more(visitor: Visitor) -> None:
    before = visitor.named(replace(subscriber(ZOE, (SYRIA.id,)), language="en"))
    assert before.owner is Owner.WATCHLIST
    path = visitor.settings()
    page = visitor.get(path).text
    assert "Topics and times are set by whoever runs this site; you can pause and end them." in shown(page)
    assert every(page, "form.subscription") == []
    assert "Syria" in shown(page)
    visitor.post(path, FORM)
    assert visitor.stored() == before
    visitor.post(f"{path}/pause", {"for": "open"})
    assert state_of(visitor) is SubscriberState.PAUSED
    [ends] = every(visitor.get(path).text, "form[action^='/unsubscribe/']")
    visitor.post(ends.attributes["action"] or "")
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED


def test_whoever_set_their_own_and_is_named_by_the_watchlist_too_is_told_what_holds(visitor: Visitor) -> None:
    stored = visitor.joined()
    words = "The operator's list names your address too; what you set here is what holds."
    assert words not in shown(visitor.get(visitor.settings()).text)
    entry = replace(subscriber(ZOE.upper(), (PORTS.id,)), language="de")
    visitor.watchlist = replace(OPEN, subscribers=(entry,))
    page = visitor.get(visitor.settings()).text
    assert words in shown(page)
    assert len(every(page, "form.subscription")) == 1
    assert visitor.stored() == stored


def test_the_latest_digests_are_listed_with_what_became_of_them(visitor: Visitor) -> None:
    stored = visitor.joined()
    end = visitor.now() + timedelta(hours=1)
    window = Window(stored.closed_until, end, date(2026, 3, 10), "07:30")
    with visitor.database.write() as connection:
        close_window(connection, stored, window, token="an-unguessable-name-of-it", coverage=None, now=end)
    page = visitor.get(visitor.settings()).text
    assert "/digests/an-unguessable-name-of-it" in links(page)
    assert "0 matches · no mail: there was no news" in shown(page)


def test_everything_kept_is_given_as_a_file(visitor: Visitor) -> None:
    visitor.joined()
    visitor.subscribe()
    answer = visitor.get(f"{visitor.settings()}/export")
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="tocsin-my-data.json"'
    assert answer.headers["cache-control"] == "no-store"
    data = json.loads(answer.text)
    assert data["subscription"]["email"] == ZOE
    assert [signup["timezone"] for signup in data["signups"]] == ["Asia/Beirut"]
    assert visitor.get(f"{visitor.settings()}/export", "POST").status == 405


def test_deleting_asks_once_more_and_then_leaves_a_mark_alone(visitor: Visitor) -> None:
    visitor.joined()
    visitor.subscribe()
    path = visitor.settings()
    before = visitor.content()
    asked = visitor.post(f"{path}/delete")
    assert seen(asked) == (200, ["Delete everything about you?"])
    assert visitor.content() == before
    [form] = every(asked.text, "form")
    assert form.attributes["action"] == f"{path}/delete"
    assert seen(visitor.post(f"{path}/delete", {"sure": "yes"})) == (200, ["Everything is deleted"])
    assert ZOE not in repr(visitor.content())
    with visitor.database.read() as connection:
        assert is_suppressed(connection, ZOE, secret=SECRET)
    assert seen(visitor.get(path)) == GONE_PAGE
    assert [seen(visitor.post(f"{path}/{act}", BODIES.get(act, {}))) for act in ("pause", "resume", "delete")] == [
        GONE_PAGE
    ] * 3


def test_deleting_leaves_what_a_channel_of_the_house_muted(visitor: Visitor) -> None:
    visitor.joined()
    visitor.watchlist = replace(OPEN, channels=(Channel("desk", ChannelKind.MAIL, ZOE),))
    assert visitor.post(f"{visitor.settings()}/delete", {"sure": "yes"}).status == 200
    assert visitor.stored() is None


def test_a_new_link_makes_older_ones_void(visitor: Visitor) -> None:
    visitor.joined()
    old, ends = visitor.settings(), visitor.settings(Purpose.UNSUBSCRIBE)
    said = shown(visitor.post(f"{old}/renew").text)
    assert "All links in older mails are void from now on" in said
    before = visitor.content()
    answers = [visitor.get(old), visitor.post(old, FORM), visitor.post(f"{old}/pause", {"for": "open"})]
    answers += [visitor.post(f"{old}/delete", {"sure": "yes"}), visitor.get(f"{old}/export"), visitor.post(ends)]
    assert [answer.status for answer in answers] == [410] * 6
    assert visitor.content() == before
    assert visitor.get(visitor.link()).status == 200


def test_a_new_link_makes_those_void_that_confirmed_the_subscription(visitor: Visitor) -> None:
    visitor.subscribe()
    confirms = visitor.link()
    visitor.post(confirms)
    visitor.post(f"{visitor.settings()}/renew")
    for answer in (visitor.get(confirms), visitor.post(confirms)):
        assert answer.status == 410
        assert not [link for link in links(answer.text) if "/subscription/" in link]


def test_a_second_new_link_on_the_same_day_is_refused_and_the_one_at_hand_stays_good(visitor: Visitor) -> None:
    visitor.joined()
    visitor.post(f"{visitor.settings()}/renew")
    fresh = visitor.link()
    answer = visitor.post(f"{fresh}/renew")
    assert answer.status == 429
    assert int(answer.headers["retry-after"]) > 0
    assert visitor.get(fresh).status == 200


def test_a_link_that_ran_out_offers_to_mail_a_fresh_one(visitor: Visitor) -> None:
    visitor.joined()
    path = visitor.settings()
    visitor.late = timedelta(days=91)
    answer = visitor.get(path)
    assert seen(answer) == (410, ["This link has run out"])
    assert "zoe" not in shown(answer.text)
    [form] = every(answer.text, "form")
    assert form.attributes["action"] == f"{path}/renew"
    assert seen(visitor.post(f"{path}/renew")) == (200, ["Look into your mailbox"])
    visitor.late = timedelta()
    assert visitor.get(visitor.link()).status == 200
    assert visitor.get(path).status == 200, "who only asked for a fresh link makes no older one void"


def test_the_answer_to_an_old_link_does_not_tell_whether_there_still_is_a_subscription(visitor: Visitor) -> None:
    stored = visitor.joined(replace(subscriber(ZOE, (SYRIA.id,)), language="fr"))
    path = visitor.settings()
    nobody = "/subscription/" + sign_token([stored.id + 7, 0], Purpose.SETTINGS, visitor.now(), secret=SECRET)
    visitor.late = timedelta(days=91)
    answers = [visitor.post(f"{one}/renew") for one in (path, nobody)]
    assert answers[0].text == answers[1].text
    assert len(visitor.confirmations()) == 1


@pytest.mark.parametrize("what", ["cut", "made up", "to unsubscribe", "signed by others", "says something else"])
def test_a_link_that_is_none_is_not_found_and_does_nothing(visitor: Visitor, what: str) -> None:
    stored = visitor.joined()
    path = {
        "cut": visitor.settings()[:-3],
        "made up": "/subscription/a.b.c",
        "to unsubscribe": visitor.settings(Purpose.UNSUBSCRIBE).replace("/unsubscribe/", "/subscription/"),
        "signed by others": "/subscription/"
        + sign_token([stored.id, 0], Purpose.SETTINGS, visitor.now(), secret=b"x" * 32),
        "says something else": "/subscription/" + sign_token(["1", -1], Purpose.SETTINGS, visitor.now(), secret=SECRET),
    }[what]
    before = visitor.content()
    answers = [visitor.get(path), visitor.get(f"{path}/export"), visitor.post(path, FORM)]
    answers += [visitor.post(f"{path}/{act}", BODIES.get(act, {})) for act in ACTS]
    assert [seen(answer) for answer in answers] == [(404, ["This link is not whole"])] * len(answers)
    assert visitor.content() == before


def test_forms_beyond_all_measure_are_refused(visitor: Visitor) -> None:
    visitor.joined()
    path, before = visitor.settings(), visitor.content()
    for ending in ("", "/pause", "/delete"):
        assert visitor.send(path + ending, b"x=" + b"y" * 10_000_000).status == 413
    assert visitor.content() == before


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_refused(visitor: Visitor, method: str) -> None:
    visitor.joined()
    path = visitor.settings()
    assert {visitor.get(f"{path}/{act}".rstrip("/"), method).status for act in ("", *ACTS, "export")} == {405}


def test_a_form_that_another_site_sends_is_refused(visitor: Visitor) -> None:
    visitor.joined()
    path, before = visitor.settings(), visitor.content()
    for act in ACTS:
        answer = visitor.post(f"{path}/{act}", BODIES.get(act, {}), **{"sec-fetch-site": "cross-site"})
        assert answer.status == 403
    assert visitor.content() == before


def test_no_page_leads_anywhere_else_whatever_is_asked_for(visitor: Visitor) -> None:
    visitor.joined()
    path = visitor.settings()
    for query in ("?next=https://evil.example", "?language=//evil.example", "?url=//evil.example"):
        for answer in (visitor.get(path + query), visitor.post(path + query, FORM), visitor.get("/subscribe" + query)):
            assert "location" not in answer.headers
            assert "evil.example" not in answer.text


def test_the_pages_are_never_stored_and_tell_nobody_where_one_came_from(visitor: Visitor) -> None:
    visitor.joined()
    headers = visitor.get(visitor.settings()).headers
    wanted = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow"}
    assert {name: headers[name] for name in wanted} == wanted
    assert "set-cookie" not in headers


@pytest.mark.parametrize("act", ["pause", "resume"])
def test_nothing_is_said_to_be_done_that_is_not(visitor: Visitor, act: str) -> None:
    stored = visitor.joined()
    with visitor.database.write() as connection:
        unsubscribe(connection, stored.id, visitor.now(), because="by a mail")
    answer = visitor.post(f"{visitor.settings()}/{act}", {"for": "week"})
    assert state_of(visitor) is SubscriberState.UNSUBSCRIBED
    assert every(answer.text, "[role=status]") == []
    assert "You have unsubscribed" in shown(answer.text)


def test_a_slash_too_many_sends_nobody_elsewhere(visitor: Visitor) -> None:
    visitor.joined()
    answers = [visitor.get(f"{visitor.settings()}/", host=host) for host in ("news.example.org", "10.0.0.1")]
    assert [(answer.status, answer.headers.get("location")) for answer in answers] == [(404, None)] * 2
