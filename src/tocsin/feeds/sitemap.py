"""News sitemaps (Google's sitemap-news 0.9): what a publisher wrote in the last two days, by title, date and address.

A sitemap without news is no feed: it names pages, and not what is new.
"""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from tocsin.feeds.raw import Construct, RawEntry, RawFeed

_NEWS: Final = "www.google.com/schemas/sitemap-news/"
_MOST_URLS: Final = 50_000
_FIELDS: Final = frozenset({"loc", "title", "publication_date", "keywords", "language", "name"})


class _TooManyError(Exception):
    """Raised within expat at the 50,001st address: a sitemap may not have more (sitemaps.org)."""


def read(document: bytes) -> tuple[RawFeed, str | None]:
    """Read the entries that carry news, and tell what ended the reading early; never raises for what is in it."""
    reader = _Reader()
    fault = None
    try:
        reader.parser.Parse(document, True)
    except expat.ExpatError as error:
        fault = expat.ErrorString(error.code)
    except _TooManyError:
        fault = f"more than {_MOST_URLS} addresses"
    names = {entry.author for entry in reader.entries}
    title = Construct("text/plain", names.pop()) if len(names) == 1 else None
    for entry in reader.entries:
        entry.author = ""
    return RawFeed(RawEntry(title=title), reader.entries, "news sitemap"), fault


class _Reader:
    """Expat's handlers."""

    def __init__(self) -> None:
        self.entries: list[RawEntry] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self._urls = 0
        self._found: dict[str, str] = {}
        self._is_news = False
        self._pieces: list[str] = []

    def _begin(self, name: str, _attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if local == "url":
            self._urls += 1
            if self._urls > _MOST_URLS:
                raise _TooManyError
            self._found, self._is_news = {}, False
        elif _NEWS in namespace:
            self._is_news = True
        # An image has a loc and a title, too.
        if local in _FIELDS and (_NEWS in namespace or (local == "loc" and "image" not in namespace)):
            self._pieces = []
            self.parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        local = name.rpartition(" ")[2]
        if self.parser.CharacterDataHandler is not None and local in _FIELDS:
            self.parser.CharacterDataHandler = None
            self._found.setdefault(local, "".join(self._pieces).strip())
        elif local == "url" and self._is_news:
            self.entries.append(_entry(self._found))


def _entry(found: dict[str, str]) -> RawEntry:
    keywords = found.get("keywords", "")
    return RawEntry(
        id=found.get("loc", ""),
        link=found.get("loc", ""),
        title=Construct("text/plain", found.get("title", "")),
        summary=Construct("text/plain", keywords) if keywords else None,
        date=found.get("publication_date", ""),
        author=found.get("name", ""),
        language=found.get("language", ""),
    )
