"""The digest's mail as a mail program's browser draws it: narrow and wide, light and dark, both directions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser_view import NARROWEST, Opened, View, opened
from digest_samples import TEMPLATES, a_digest_of, mail_of
from page_checks import overhang
from page_checks import violations as page_violations

CASES = [
    ("en", 0, View(360, "dark")),
    ("en", 1, View(600, "light")),
    ("ar", 15, View(360, "light")),
    ("en", 60, View(600, "dark")),
]


# The page around a mail is the mail program's, and the landmarks are on that page.
OF_PAGES = ("landmark-one-main:", "region:")


def violations(found: Opened) -> list[str]:
    return [one for one in page_violations(found) if not one.startswith(OF_PAGES)]


def mail(folder: Path, language: str, stories: int) -> str:
    """Write a digest's HTML part into a file and give its address."""
    path = folder / f"{language}-{stories}.html"
    path.write_text(mail_of(a_digest_of(stories, language)).html, encoding="utf-8")
    return path.as_uri()


def without_sheet(folder: Path, language: str) -> str:
    """Write a digest as programs show it that drop its sheet."""
    path = folder / f"bare-{language}.html"
    html = mail_of(a_digest_of(4, language)).html
    path.write_text(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL), encoding="utf-8")
    return path.as_uri()


@pytest.mark.parametrize(("language", "stories", "view"), CASES, ids=str)
def test_a_digest_is_accessible_fits_its_window_and_loads_nothing(
    browser: Browser, tmp_path: Path, language: str, stories: int, view: View
) -> None:
    with opened(browser, mail(tmp_path, language, stories), view) as found:
        assert (violations(found), overhang(found), loaded(found)) == ([], 0, 0)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_digest_fits_the_narrowest_window(browser: Browser, tmp_path: Path, language: str) -> None:
    with opened(browser, mail(tmp_path, language, 15), NARROWEST) as found:
        assert overhang(found) == 0


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_digest_is_accessible_and_fits_where_its_sheet_is_dropped(
    browser: Browser, tmp_path: Path, language: str
) -> None:
    with opened(browser, without_sheet(tmp_path, language), View(360, "light")) as found:
        assert (violations(found), overhang(found)) == ([], 0)


def test_the_bars_of_the_chart_are_as_high_as_they_say_and_stand_on_one_line(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, mail(tmp_path, "en", 15), View(600, "light")) as found:
        measured = "one => [one.getBoundingClientRect().height, one.getBoundingClientRect().bottom, +one.height]"
        bars = found.page.locator(".chart").first.locator(".bar")
        boxes = bars.evaluate_all(f"all => all.map({measured})")
        assert [height for height, _, _ in boxes] == [said for _, _, said in boxes]
        assert len({bottom for _, bottom, _ in boxes}) == 1
        assert max(height for height, _, _ in boxes) == 32


def test_for_an_arabic_reader_the_page_starts_on_the_right_and_english_stories_on_the_left(
    browser: Browser, tmp_path: Path
) -> None:
    with opened(browser, mail(tmp_path, "ar", 15), View(600, "light")) as found:
        sides = "one => [one.dir, getComputedStyle(one).textAlign]"
        stories = found.page.locator(".story").evaluate_all(f"all => all.map({sides})")
        assert {tuple(one) for one in stories} == {("ltr", "left"), ("rtl", "right")}
        head = found.page.locator(".head").first
        assert head.evaluate("one => getComputedStyle(one).borderRightWidth") == "4px"
        assert head.evaluate("one => getComputedStyle(one).borderLeftWidth") == "0px"


def test_the_page_of_an_arabic_digest_is_accessible_and_fits(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, page(tmp_path, "ar"), View(320, "dark")) as found:
        assert (page_violations(found), overhang(found)) == ([], 0)


def page(folder: Path, language: str) -> str:
    """Write a digest's page on the web into a file, its sheet beside it."""
    shown = replace(a_digest_of(5, language), links=None)
    templates = TEMPLATES.environment(shown.locale)
    (folder / "digest.css").write_text(templates.get_template("web/digest.css").render(), encoding="utf-8")
    html = templates.get_template("web/digest.html").render(
        view=shown, subject="A digest", root=folder.as_uri(), asset=lambda _: "/digest.css"
    )
    (folder / "page.html").write_text(html, encoding="utf-8")
    return (folder / "page.html").as_uri()


def loaded(found: Opened) -> int:
    """Count what the mail asked for beside itself."""
    count: int = found.page.evaluate("performance.getEntriesByType('resource').length")
    return count
