"""The pages of readers in a real browser: filled in, looked at, and walked through by the keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser_view import NARROWEST, VIEWS, Opened, View, opened
from page_checks import overhang, violations
from records import subscriber
from subscribing_reader import OPEN, ZOE, Visitor
from tocsin.delivery.confirmation_request import ask_for_confirmation
from tocsin.delivery.tokens import Purpose
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import SelfService, Watch
from tocsin.store.database import open_database
from tocsin.store.migrate import upgrade
from web_client import served
from web_samples import GROUP, PORTS, SYRIA

LONG = Watch(SYRIA.id, "Syria " + "x" * 74, keywords=("مرفأ", "y" * 200), regions=("Syria",))
WATCHES = (GROUP, LONG, PORTS)
HOSTILE = replace(
    OPEN, watches=WATCHES, self_service=SelfService(domains=("example.org",), watches=tuple(one.id for one in WATCHES))
)


@dataclass(frozen=True, slots=True)
class Readers:
    """A site with a reader, and the addresses of its pages; ``confirms`` is the path of a link that was mailed."""

    visitor: Visitor
    site: str
    confirms: str

    def address(self, name: str) -> str:
        """Give the address of a page by its name."""
        found = {
            "subscribe": "/subscribe",
            "arabic": "/subscribe?language=ar",
            "confirm": self.confirms,
            "settings": self.visitor.settings(),
            "unsubscribe": self.visitor.settings(Purpose.UNSUBSCRIBE),
            "broken": "/subscription/a.b.c",
        }
        return self.site + found[name]


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    folder: Path = tmp_path_factory.mktemp("readers")
    database = open_database(f"sqlite:///{folder}/tocsin.sqlite3")
    upgrade(database)
    visitor = Visitor(database, HOSTILE, changes={"contact": "help@example.org"})
    visitor.joined(replace(subscriber(ZOE, (SYRIA.id,)), language="ar"))
    with database.write() as connection:
        ask_for_confirmation(
            connection, subscriber("new@example.org", (SYRIA.id,)), visitor.now(), mail_domain="news.example.org"
        )
    with served(visitor.app) as site:
        yield Readers(visitor, site, visitor.link())
    database.close()


def complaints(found: Opened) -> list[str]:
    """Give what the browser complains of, but for answers that are no 200 on purpose."""
    return [one for one in found.complaints if "the server responded with a status of 4" not in one]


@pytest.mark.parametrize(
    ("name", "view"),
    [
        ("subscribe", VIEWS[0]),
        ("arabic", NARROWEST),
        ("confirm", VIEWS[3]),
        ("settings", VIEWS[1]),
        ("settings", NARROWEST),
        ("unsubscribe", VIEWS[3]),
        ("broken", NARROWEST),
    ],
    ids=str,
)
def test_a_page_is_accessible_fits_its_window_and_gives_no_cause_for_complaint(
    browser: Browser, readers: Readers, name: str, view: View
) -> None:
    with opened(browser, readers.address(name), view) as found:
        assert (violations(found), overhang(found), complaints(found)) == ([], 0, [])


@pytest.mark.parametrize(("name", "view"), [("subscribe", VIEWS[1]), ("arabic", VIEWS[2])], ids=["en", "ar"])
def test_faults_get_the_focus_and_lead_to_their_fields(
    browser: Browser, readers: Readers, name: str, view: View
) -> None:
    with opened(browser, readers.address(name), view) as found:
        page = found.page
        page.fill("#email", "zoe@")
        page.locator("[name=which][value=some]").check()
        page.locator("main button").press("Enter")
        page.wait_for_selector(".faults")
        assert page.evaluate("document.activeElement.className") == "faults"
        assert page.input_value("#email") == "zoe@"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "email"
        assert (overhang(found), complaints(found)) == (0, [])
        if view is VIEWS[1]:
            assert violations(found) == []


@contextmanager
def in_zone(browser: Browser, address: str, zone: str, *, scripts: bool = True) -> Iterator[Page]:
    """Open an address in a browser that is somewhere."""
    context = browser.new_context(timezone_id=zone, java_script_enabled=scripts)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def test_the_zone_is_that_of_the_browser_and_shown(browser: Browser, readers: Readers) -> None:
    for zone in ("Asia/Beirut", "Asia/Calcutta"):
        with in_zone(browser, readers.address("subscribe"), zone) as page:
            assert page.input_value("#timezone") == zone


def test_without_scripts_the_form_works_with_the_zone_of_the_house(browser: Browser, readers: Readers) -> None:
    with in_zone(browser, readers.address("subscribe"), "Asia/Beirut", scripts=False) as page:
        assert page.input_value("#timezone") == "Europe/Berlin"
        page.fill("#email", "quiet@example.org")
        page.click("main button")
        assert page.inner_text("h1") == "Look into your mailbox"
    assert readers.visitor.confirmations()[-1].target == "quiet@example.org"


def test_whoever_picks_a_topic_no_longer_wants_all(browser: Browser, readers: Readers) -> None:
    with opened(browser, readers.address("subscribe")) as found:
        found.page.locator("[name=watch]").first.check()
        assert found.page.locator("[name=which]:checked").input_value() == "some"


def test_a_reader_subscribes_and_confirms_by_the_keyboard_alone(browser: Browser, readers: Readers) -> None:
    with opened(browser, readers.address("subscribe"), VIEWS[2]) as found:
        page = found.page
        page.locator("#email").focus()
        page.keyboard.type("keys@example.org")
        press_until(page, lambda: str(page.evaluate("document.activeElement.tagName")) == "BUTTON")
        assert page.inner_text("h1") == "Look into your mailbox"
        page.goto(readers.site + readers.visitor.link())
        press_until(page, lambda: str(page.evaluate("document.activeElement.tagName")) == "BUTTON")
        assert page.inner_text("h1") == "Your digests are on their way"
        assert complaints(found) == []
    stored = readers.visitor.stored("keys@example.org")
    assert stored is not None
    assert (stored.state, stored.all_watches) == (SubscriberState.ACTIVE, True)


def press_until(page: Page, arrived: Callable[[], bool]) -> None:
    """Go on by the keyboard until something is reached, and press it."""
    for _ in range(60):
        if arrived():
            break
        page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_settings_are_saved_paused_and_resumed_and_the_page_says_so(browser: Browser, readers: Readers) -> None:
    with opened(browser, readers.address("settings"), VIEWS[3]) as found:
        page = found.page
        page.locator("[name=language][value=en]").check()
        page.click("form.subscription button")
        assert page.inner_text("[role=status]").endswith("Saved.")
        page.click("form[action$='/pause'] button")
        assert page.inner_text("[role=status]").endswith("The digests are paused.")
        page.reload()
        page.click("form[action$='/resume'] button")
        assert page.inner_text("[role=status]").endswith("The digests go on.")
        page.click("form[action$='/delete'] button")
        assert page.inner_text("h1") == "Delete everything about you?"
        assert (violations(found), complaints(found)) == ([], [])
    assert readers.visitor.stored() is not None
