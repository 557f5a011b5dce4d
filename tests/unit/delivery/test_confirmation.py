from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from page_reader import every
from records import NOW, subscriber, watchlist
from tocsin.delivery.confirmation import TOPICS, ConfirmationView, build_confirmation, render_confirmation
from tocsin.models.ids import SignupId, SubscriberId, WatchId
from tocsin.models.subscribers import Owner, Signup, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import LANGUAGES, Watch
from tocsin.rendering.locales import locale_of
from tocsin.rendering.rendered import Rendered
from tocsin.rendering.templates import Templates

WANTED = replace(subscriber(), language="en")
SIGNUP = Signup(SignupId(1), WANTED, all_watches=False, requested_at=NOW)
ZOE = StoredSubscriber(
    SubscriberId(7), WANTED, joined_at=NOW, closed_until=NOW, slots_from=NOW, state_since=NOW, owner=Owner.READER
)
CONFIRM, SETTINGS = "https://news.example.org/subscribe/confirm/c", "https://news.example.org/subscription/s"
TEMPLATES = Templates()


def view(
    signup: Signup = SIGNUP,
    stored: StoredSubscriber | None = None,
    watches: tuple[Watch, ...] = watchlist().watches,
    language: str = "en",
) -> ConfirmationView:
    return build_confirmation(
        signup,
        stored,
        watches,
        confirm_url=CONFIRM,
        settings_url=SETTINGS,
        base_url="https://news.example.org/tocsin",
        locale=locale_of(language),
        contact="help@example.org",
    )


def rendered(of: ConfirmationView) -> Rendered:
    return render_confirmation(of, TEMPLATES.environment(of.locale))


def test_an_unknown_address_is_asked_what_it_was_asked_for() -> None:
    found = view()
    assert (found.confirm_url, found.settings_url, found.site) == (CONFIRM, "", "news.example.org")
    assert (found.topics, found.link_until) == (("Siege",), NOW + timedelta(days=3))
    assert rendered(found).text == (
        "Do you want these news digests?\n\n"
        "On Tue 10 Mar, 13:00 somebody, perhaps you, asked for news digests to\nzoe@example.org.\n\n"
        "Topics:\n- Siege\nWhen: 07:30 Europe/Berlin every day\n\n"
        f"Yes, send them to me:\n<{CONFIRM}>\n\n"
        "The link opens a page with a button that starts the digests. It works until\nFri 13 Mar, 13:00.\n\n"
        "Was it not you? Then do nothing: no digest will come, and what was asked for\n"
        "is forgotten in a few days.\n\n"
        "Sent once, to zoe@example.org, because somebody typed this address at\n"
        "news.example.org. Who it was is not known.\nQuestions: help@example.org\n"
    )


@pytest.mark.parametrize(
    ("state", "link"),
    [
        (SubscriberState.ACTIVE, SETTINGS),
        (SubscriberState.PAUSED, SETTINGS),
        (SubscriberState.SUPPRESSED, CONFIRM),
        (SubscriberState.UNSUBSCRIBED, CONFIRM),
        (SubscriberState.REMOVED, CONFIRM),
    ],
    ids=str,
)
def test_who_gets_digests_is_led_to_their_settings_and_who_gets_none_is_asked(
    state: SubscriberState, link: str
) -> None:
    mail = rendered(view(stored=replace(ZOE, state=state)))
    assert f"<{link}>" in mail.text
    assert [one.attributes["href"] for one in every(mail.html, "a[href^=http]")] == [link]


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_parts_say_the_same_in_every_language(language: str) -> None:
    for stored in (None, ZOE, replace(ZOE, owner=Owner.WATCHLIST, state=SubscriberState.PAUSED)):
        mail = rendered(view(stored=stored, language=language))
        [html] = every(mail.html, "html")
        assert html.attributes["lang"] == language
        assert "zoe@example.org" in mail.text
        assert "zoe@example.org" in mail.html
        assert "%(" not in mail.text + mail.html + mail.subject + mail.preheader


def test_topics_are_named_up_to_a_number_and_titles_are_escaped() -> None:
    watches = tuple(Watch(WatchId(f"w{number}"), f"<b>{number}</b>\r\nBcc: x") for number in range(TOPICS + 5))
    wanted = replace(WANTED, watches=tuple(watch.id for watch in watches))
    mail = rendered(view(replace(SIGNUP, wanted=wanted), watches=watches))
    assert "- <b>0</b> Bcc: x\n" in mail.text
    assert "- 5 more\n" in mail.text
    assert "<b>0</b>" not in mail.html
    assert "&lt;b&gt;0&lt;/b&gt; Bcc: x" in mail.html


def test_whoever_wants_all_is_told_so_without_a_list() -> None:
    assert view(replace(SIGNUP, all_watches=True)).topics == ()
    assert "Topics: all of them, and those added later\n" in rendered(view(replace(SIGNUP, all_watches=True))).text


def test_a_zone_that_is_not_known_stops_no_mail() -> None:
    found = view(replace(SIGNUP, wanted=replace(WANTED, timezone="Europe/Atlantis")))
    assert found.timezone == "UTC"
    assert rendered(found).text
