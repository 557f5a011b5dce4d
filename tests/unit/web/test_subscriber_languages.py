"""The pages and the confirmation mails of subscribers speak the reader's language alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from arabic_reader import MARKED, left_in_page, left_in_text
from page_reader import every
from records import NOW, subscriber, watchlist
from subscribing_reader import OPEN, WISH, Visitor
from tocsin.delivery.confirmation import build_confirmation, render_confirmation
from tocsin.models.ids import SignupId, SubscriberId
from tocsin.models.subscribers import Owner, Signup, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, SelfService
from tocsin.rendering.environment import environment
from tocsin.rendering.locales import locale_of
from tocsin.store.database import Database
from tocsin.store.subscriber_states import pause, suppress, unsubscribe
from tocsin_web.assets import load_assets
from web_samples import SYRIA

NAMES = {"English", "Deutsch", "Français", "UTC", "JSON", "zoe", "example", "org"}
"""Languages are offered by their own names; the form shows what an address looks like."""


@pytest.fixture
def visitor(sqlite: Database) -> Visitor:
    return Visitor(sqlite)


def left(page: str) -> set[str]:
    """Give what is left in a page; the names of zones in the list are the time zone database's own."""
    for option in every(page, "select[name=timezone] option"):
        page = page.replace(f">{option.text()}<", "><")
    return left_in_page(page) - NAMES


def test_the_form_and_what_follows_it_have_no_word_of_ours_in_english(visitor: Visitor) -> None:
    arabic = WISH | {"language": "ar"}
    pages = [
        visitor.get("/subscribe?language=ar"),
        visitor.post("/subscribe?language=ar", {"email": "zoë@", "language": "ar"}),
        visitor.post("/subscribe?language=ar", arabic),
        visitor.get("/subscribe/confirm/nonsense?language=ar"),
    ]
    assert [left(answer.text) for answer in pages] == [set()] * len(pages)
    assert {every(answer.text, "html")[0].attributes["dir"] for answer in pages} == {"rtl"}


def test_a_house_that_is_closed_says_so_in_arabic(sqlite: Database) -> None:
    closed = Visitor(sqlite, replace(OPEN, self_service=SelfService(is_open=False)))
    assert left(closed.get("/subscribe?language=ar").text) == set()


def test_settings_in_every_state_have_no_word_of_ours_in_english(visitor: Visitor) -> None:
    visitor.joined(replace(subscriber(watches=(SYRIA.id,)), language="ar"))
    stored = visitor.stored()
    assert stored is not None
    path, pages = visitor.settings(), []
    pages.append(visitor.get(path).text)
    now, week = visitor.now(), timedelta(days=7)
    with visitor.database.write() as connection:
        pause(connection, stored.id, now, now + week)
    pages.append(visitor.get(path).text)
    with visitor.database.write() as connection:
        suppress(connection, stored.id, now, because="550 no such user")
    pages.append(visitor.get(path).text)
    with visitor.database.write() as connection:
        unsubscribe(connection, stored.id, now, because="by the link")
    pages.append(visitor.get(path).text)
    assert [left(page) - {"no", "such", "user"} for page in pages] == [set()] * len(pages)


@pytest.mark.parametrize(
    ("stored_state", "owner"),
    [(None, Owner.READER), (SubscriberState.ACTIVE, Owner.READER), (SubscriberState.PAUSED, Owner.WATCHLIST)],
    ids=["unknown", "active", "paused"],
)
@pytest.mark.parametrize("locale", [MARKED, locale_of("ar")], ids=["marked", "arabic"])
def test_the_confirmation_mail_has_no_word_of_ours_in_english(
    locale: object, stored_state: SubscriberState | None, owner: Owner
) -> None:
    language = MARKED if locale is MARKED else locale_of("ar")
    wanted = replace(subscriber(), language="ar", digest=DigestSchedule((1, 3), ("07:30",), QuietPolicy.SKIP))
    stored = StoredSubscriber(
        SubscriberId(7), wanted, joined_at=NOW, closed_until=NOW, slots_from=NOW, state_since=NOW, owner=owner
    )
    view = build_confirmation(
        Signup(SignupId(1), wanted, all_watches=False, requested_at=NOW),
        replace(stored, state=stored_state) if stored_state else None,
        watchlist().watches,
        confirm_url="https://news.example.org/c",
        settings_url="https://news.example.org/s",
        base_url="https://news.example.org",
        locale=language,
        contact="help@example.org",
    )
    made = render_confirmation(view, environment(locale=language))
    assert left_in_page(made.html) == set()
    assert left_in_text(made.text) == set()


@pytest.mark.parametrize(("sheet", "side"), [("digest.css", "left"), ("digest.rtl.css", "right")])
def test_the_sheet_of_digests_in_the_browser_has_the_sides_of_the_language(sheet: str, side: str) -> None:
    body = load_assets(environment()).by_source[sheet].body.decode()
    assert f"border-{side}: 4px solid" in body
    assert f"padding-{side}: 12px" in body
