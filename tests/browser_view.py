"""What browser tests look at: the sites that are served, their pages, and the windows they are seen through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from playwright.sync_api import Browser, Dialog, Page

from records import NOW
from running_story import RunningStory
from tocsin.delivery.feedback import feedback_links
from tocsin.errors import Fault
from tocsin.models.ids import ArticleId
from web_client import SECRET
from web_samples import TOKEN


@dataclass(frozen=True, slots=True)
class Site:
    """The addresses of three houses: one full of news, one without any, one with a faulty watchlist and no scheduler
    to be seen.
    """

    full: str
    empty: str
    troubled: str
    articles: Mapping[str, ArticleId]
    story: RunningStory

    @staticmethod
    def trouble() -> dict[str, object]:
        """Give the fields of a house in trouble."""
        fault = Fault("watchlist.yaml", 12, 5, "unknown key 'keyword'; did you mean 'keywords'?")
        return {"faults": lambda: (fault, fault), "now": lambda: NOW + timedelta(minutes=9)}

    def address(self, name: str) -> str:
        """Give the address of a page by its name, in `PAGES` or in a test."""
        feedback = feedback_links(self.story.rang, "desk@example.org", base_url=self.full, secret=SECRET)
        return {
            "matches": f"{self.full}/",
            "watch": f"{self.full}/watches/ports",
            "article": f"{self.full}/articles/{self.articles['relief']}",
            "arabic": f"{self.full}/articles/{self.articles['arabic']}",
            "hostile": f"{self.full}/articles/{self.articles['script']}",
            "long": f"{self.full}/articles/{self.articles['long']}",
            "told": f"{self.full}/articles/{self.story.articles['pontoon']}",
            "stories": f"{self.full}/stories",
            "story": f"{self.full}/stories/{self.story.id}",
            "mute": feedback.mute_url,
            "dismiss": feedback.dismiss_url,
            "feeds": f"{self.full}/feeds",
            "feeds-failing": f"{self.full}/feeds?state=failing",
            "feed": f"{self.full}/feeds/1",
            "feed-arabic": f"{self.full}/feeds/2",
            "digests": f"{self.full}/digests",
            "digest": f"{self.full}/digests/{TOKEN}",
            "deliveries": f"{self.full}/deliveries",
            "trouble": f"{self.troubled}/",
            "empty": f"{self.empty}/",
            "empty-feeds": f"{self.empty}/feeds",
            "empty-digests": f"{self.empty}/digests",
            "empty-deliveries": f"{self.empty}/deliveries",
            "missing": f"{self.full}/nothing/here",
        }[name]


PAGES = (
    "matches",
    "watch",
    "article",
    "arabic",
    "hostile",
    "long",
    "stories",
    "story",
    "feeds",
    "feeds-failing",
    "feed",
    "feed-arabic",
    "digests",
    "digest",
    "deliveries",
    "trouble",
    "empty",
    "empty-feeds",
    "empty-digests",
    "empty-deliveries",
    "missing",
)


@dataclass(frozen=True, slots=True)
class View:
    """A window: its width in pixels and the colours its owner likes."""

    width: int
    colours: Literal["light", "dark"]

    def __str__(self) -> str:
        return f"{self.width}-{self.colours}"


VIEWS = (View(1280, "light"), View(1280, "dark"), View(360, "light"), View(360, "dark"))
NARROWEST = View(320, "light")
"""What a page must fit without a way to scroll sideways (WCAG 2.2, 1.4.10)."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A page as it was opened; ``complaints`` are what browser and scripts say, and what was asked of other hosts."""

    page: Page
    complaints: list[str]


@contextmanager
def opened(browser: Browser, address: str, view: View = VIEWS[0]) -> Iterator[Opened]:
    """Open an address in a new window."""
    context = browser.new_context(viewport={"width": view.width, "height": 800}, color_scheme=view.colours)
    page, complaints = context.new_page(), list[str]()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: _dismiss(dialog, complaints))
    host = "/".join(address.split("/")[:3]) + "/"
    page.on("request", lambda asked: None if asked.url.startswith(host) else complaints.append(asked.url))
    page.goto(address)
    # A page that was not found is an error to the browser's console, and to nobody else.
    complaints[:] = [text for text in complaints if "status of 404" not in text]
    yield Opened(page, complaints)
    context.close()


def _dismiss(dialog: Dialog, complaints: list[str]) -> None:
    complaints.append(f"a script said: {dialog.message}")
    dialog.dismiss()
