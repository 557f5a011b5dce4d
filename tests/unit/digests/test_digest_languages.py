"""A digest speaks its reader's language alone: what is in another one comes from feeds or from the watchlist."""

from __future__ import annotations

from gettext import NullTranslations

import pytest
from selectolax.lexbor import LexborHTMLParser

from arabic_reader import MARKED, left_in_page, left_in_text
from digest_samples import a_digest_of
from page_reader import every
from tocsin.digests.render import render_digest
from tocsin.rendering.environment import environment
from tocsin.rendering.locales import Locale, locale_of
from tocsin.rendering.rendered import Rendered


def mail(locale: Locale, stories: int) -> Rendered:
    """Make a digest of Arabic articles, all of whose own words are said by ``locale``."""
    view = a_digest_of(stories, locale, foreign=False)
    return render_digest(view, environment(locale=view.locale))


@pytest.mark.parametrize("stories", [0, 1, 20])
@pytest.mark.parametrize("locale", [MARKED, locale_of("ar")], ids=["marked", "arabic"])
def test_an_arabic_digest_has_no_word_of_ours_in_english(locale: Locale, stories: int) -> None:
    made = mail(locale, stories)
    assert left_in_page(made.html) == set()
    assert left_in_text(made.text) - {"Islamic", "State", "Syria"} == set()


def test_a_message_that_were_not_said_by_the_catalog_would_be_noticed() -> None:
    made = mail(Locale("ar", NullTranslations()), 1)
    assert {"story", "Why", "this"} <= left_in_page(made.html)
    assert {"story", "Why", "this"} <= left_in_text(made.text)


@pytest.mark.parametrize("code", ["de", "fr", "ar"])
def test_page_and_blocks_have_the_readers_language_and_direction(code: str) -> None:
    locale = locale_of(code)
    made = render_digest(a_digest_of(3, code), environment(locale=locale)).html
    page = LexborHTMLParser(made).css_first("html")
    assert page is not None
    assert (page.attributes["lang"], page.attributes["dir"]) == (code, locale.direction)
    why = [link.parent for link in every(made, "a") if link.text() == locale.text("Why this?")]
    assert {(one.attributes["lang"], one.attributes["dir"]) for one in why if one} == {(code, locale.direction)}
    assert {one.attributes["lang"] for one in every(made, "[role=article]")} == {"en", "ar"}


def test_right_to_left_borders_and_alignment_change_sides() -> None:
    pages = (render_digest(a_digest_of(3, code), environment(locale=locale_of(code))).html for code in ("ar", "en"))
    arabic, english = (page.replace(": ", ":") for page in pages)
    assert ("border-right:4px" in arabic, "border-left:4px" in arabic) == (True, False)
    assert ("border-right:4px" in english, "border-left:4px" in english) == (False, True)


def test_every_language_says_the_same_in_html_and_text() -> None:
    for code in ("de", "fr", "ar"):
        view = a_digest_of(3, code)
        made = render_digest(view, environment(locale=view.locale))
        escaped = " ".join(node.text() for node in every(made.html, "body"))
        for words in (view.heading, view.locale.text("Why this?"), view.locale.text("Unsubscribe")):
            assert words in made.text
            assert words in escaped


def test_french_labels_have_their_space_before_the_colon() -> None:
    view = a_digest_of(3, "fr")
    made = render_digest(view, environment(locale=view.locale))
    assert f"Voir dans le navigateur\u00a0: <{view.web_url}>" in made.text
    assert "Tout le sujet</a>\u00a0:" in made.html.replace("&nbsp;", "\u00a0")
