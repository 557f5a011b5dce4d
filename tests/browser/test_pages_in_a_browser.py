from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from browser_view import NARROWEST, PAGES, VIEWS, Opened, Site, View, opened
from page_checks import overhang, violations


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_fits_its_window_and_gives_no_cause_for_complaint(
    browser: Browser, site: Site, name: str, view: View
) -> None:
    with opened(browser, site.address(name), view) as found:
        unfold(found)
        assert (violations(found), overhang(found), found.complaints) == ([], 0, [])


@pytest.mark.parametrize("name", ["matches", "told", "stories", "story", "mute"])
def test_a_page_fits_the_narrowest_window(browser: Browser, site: Site, name: str) -> None:
    with opened(browser, site.address(name), NARROWEST) as found:
        unfold(found)
        assert overhang(found) == 0


def unfold(found: Opened) -> None:
    """Open all that is folded."""
    found.page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")


def test_the_first_stop_of_the_keyboard_is_the_way_to_the_content(browser: Browser, site: Site) -> None:
    with opened(browser, site.address("matches")) as found:
        found.page.keyboard.press("Tab")
        link = found.page.locator(":focus")
        assert link.inner_text() == "Skip to content"
        box = link.bounding_box()
        assert box is not None
        assert box["y"] >= 0
        found.page.keyboard.press("Enter")
        assert found.page.evaluate("document.activeElement.id") == "content"


def test_the_keyboard_reaches_every_link_in_the_order_of_the_page(browser: Browser, site: Site) -> None:
    with opened(browser, site.address("matches")) as found:
        unfold(found)
        links = found.page.locator("a, summary").evaluate_all("all => all.map(each => each.textContent.trim())")
        reached = []
        for _ in links:
            found.page.keyboard.press("Tab")
            reached.append(found.page.evaluate("document.activeElement.textContent.trim()"))
        assert reached == links


def test_what_has_the_focus_is_outlined(browser: Browser, site: Site) -> None:
    with opened(browser, site.address("feeds")) as found:
        for _ in range(4):
            found.page.keyboard.press("Tab")
            outline = found.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline == "solid"


def test_the_evidence_opens_by_the_keyboard_and_without_scripts(browser: Browser, site: Site) -> None:
    with opened(browser, site.address("article")) as found:
        summary = found.page.locator("summary").first
        summary.focus()
        found.page.keyboard.press("Enter")
        assert found.page.locator("details").first.get_attribute("open") == ""


@pytest.mark.parametrize(
    ("name", "view", "done"),
    [("mute", VIEWS[3], "This story is muted"), ("dismiss", VIEWS[0], "Noted as not relevant")],
    ids=["mute", "dismiss"],
)
def test_an_alert_is_answered_and_the_answer_taken_back_by_the_keyboard_alone(
    browser: Browser, site: Site, name: str, view: View, done: str
) -> None:
    with opened(browser, site.address(name), view) as found:
        asked = found.page.inner_text("h1")
        found.page.locator("button").focus()
        with found.page.expect_navigation():
            found.page.keyboard.press("Enter")
        assert (found.page.inner_text("h1"), violations(found)) == (done, [])
        with found.page.expect_navigation():
            found.page.locator("button").press("Enter")
        assert "no longer" in found.page.inner_text("h1").lower()
        assert (violations(found), overhang(found), found.complaints) == ([], 0, [])
        found.page.goto(site.address(name))
        assert found.page.inner_text("h1") == asked


def test_the_page_one_is_on_is_marked_in_the_navigation(browser: Browser, site: Site) -> None:
    with opened(browser, site.address("feeds")) as found:
        assert found.page.locator("[aria-current=page]").all_inner_texts() == ["Feeds"]


def test_colours_follow_the_readers_wish(browser: Browser, site: Site) -> None:
    colours = []
    for view in VIEWS[:2]:
        with opened(browser, site.address("matches"), view) as found:
            colours.append(found.page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor"))
    assert colours == ["rgb(255, 255, 255)", "rgb(19, 26, 34)"]


def test_a_wide_table_is_a_list_of_cards_on_a_phone(browser: Browser, site: Site) -> None:
    with opened(browser, site.address("feeds"), VIEWS[2]) as found:
        first = found.page.locator("tbody tr").first
        assert first.evaluate("row => getComputedStyle(row).display") == "block"
        assert "State" in first.locator("td").first.evaluate("cell => getComputedStyle(cell, '::before').content")


@pytest.mark.parametrize("name", ["matches", "watch", "hostile", "story", "feeds", "digest"])
def test_markup_from_feeds_is_neither_run_nor_loaded(browser: Browser, site: Site, name: str) -> None:
    with opened(browser, site.address(name)) as found:
        assert found.complaints == []
        assert found.page.get_by_text("alert(").count() > 0
        assert found.page.locator("script, img, iframe, form").count() == 0


def test_a_printed_page_leaves_the_navigation_out(browser: Browser, site: Site) -> None:
    with opened(browser, site.address("matches")) as found:
        found.page.emulate_media(media="print")
        assert not found.page.locator(".top nav").is_visible()
        assert found.page.locator("h1").is_visible()
