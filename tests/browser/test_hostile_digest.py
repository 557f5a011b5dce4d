"""The mail of a digest made of nothing but hostile feed items, as a mail program that runs scripts would show it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browser_view import View, opened
from match_records import BASE_URL, END, SYRIA, WEEKDAYS, a_digest, a_match, an_article
from tocsin.delivery import mail_message
from tocsin.digests import build_digest, render_digest
from tocsin.digests.coverage import Coverage
from tocsin.feeds.parse import parse_feed
from tocsin.models.articles import Article
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.feeds import ParsedFeed
from tocsin.rendering.environment import environment

FOLDER = Path(__file__).parent.parent / "unit" / "feeds" / "hostile"
CASES = [json.loads(line) for line in (FOLDER / "index.jsonl").read_text().splitlines()]
SHOWN = [case for case in CASES if case["id"].startswith(("html_", "text_", "link_"))]
A_MAIL_HOLDS = 15

ACTIVE = "script, iframe, object, embed, form, input, button, base, svg, img, link, video, audio, meta[http-equiv]"
HANDLERS = (
    "nodes => nodes.flatMap(node => [...node.attributes].map(at => at.name).filter(name => name.startsWith('on')))"
)


def hostile_articles() -> Iterator[Article]:
    for number, case in enumerate(SHOWN, start=1):
        outcome = parse_feed((FOLDER / case["file"]).read_bytes(), "application/xml", "http://feed.test/rss")
        if isinstance(outcome, ParsedFeed):
            for entry in outcome.entries:
                outlet = outcome.title or entry.author or "feed"
                yield an_article(number, entry.title, entry.text, outlet=outlet, url=entry.url)


ARTICLES = list(hostile_articles())
DIGESTS = [ARTICLES[start : start + A_MAIL_HOLDS] for start in range(0, len(ARTICLES), A_MAIL_HOLDS)]


def mailed(articles: list[Article]) -> EmailMessage:
    """Give the mail as it arrives: written out and read again."""
    matches = [a_match(article, SYRIA, reason=f"Names “{article.title}”.") for article in articles]
    view = build_digest(a_digest(), matches, [SYRIA], Coverage(0, 0), schedule=WEEKDAYS, base_url=BASE_URL)
    message = mail_message(
        render_digest(view, environment()),
        kind=DeliveryKind.DIGEST,
        sender="Tocsin <tocsin@example.org>",
        to="zoe@example.org",
        message_id="<1@example.org>",
        date=END,
    )
    return message_from_bytes(message.as_bytes(), EmailMessage, policy=policy.default)


def part(message: EmailMessage, kind: str) -> str:
    found = message.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_all_cases_that_are_shown_are_looked_at() -> None:
    assert len(SHOWN) >= 30
    assert len(ARTICLES) >= len(SHOWN) - 2


@pytest.mark.parametrize("number", range(len(DIGESTS)))
def test_a_mail_of_hostile_items_runs_nothing_loads_nothing_and_leads_nowhere_but_to_pages(
    browser: Browser, tmp_path: Path, number: int
) -> None:
    message = mailed(DIGESTS[number])
    shown = tmp_path / "mail.html"
    shown.write_text(part(message, "html"), encoding="utf-8")
    with opened(browser, shown.as_uri(), View(320, "light")) as found:
        assert found.complaints == []
        assert found.page.locator(ACTIVE).count() == 0
        assert found.page.locator("*").evaluate_all(HANDLERS) == []
        addresses = found.page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
        assert addresses
        assert [one for one in addresses if not one.startswith(("https://", "http://", f"{shown.as_uri()}#"))] == []
        width = found.page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320
        text = found.page.locator("body").inner_text()
        assert all(article.title.split()[0][:20] in text for article in DIGESTS[number] if article.title.strip())


@pytest.mark.parametrize("number", range(len(DIGESTS)))
def test_a_mail_of_hostile_items_has_its_headers_once_and_no_trick_in_its_text(number: int) -> None:
    message = mailed(DIGESTS[number])
    assert message.defects == []
    names = [name.lower() for name in message]
    assert sorted(set(names)) == sorted(names)
    assert "bcc" not in names
    assert len(str(message["Subject"]).splitlines()) == 1
    for kind in ("plain", "html"):
        assert not any(bad in part(message, kind) for bad in "\x00\x1b\u202a\u202b\u202d\u202e\u2028")


def test_what_looks_like_a_template_is_shown_as_it_is() -> None:
    titles = [article.title for article in ARTICLES if "{{" in article.title or "%s" in article.title]
    assert titles
    for title in titles:
        [found] = [one for one in ARTICLES if one.title == title]
        assert title.split()[0] in part(mailed([found]), "plain")
