"""Lists of feeds in OPML 2.0 (http://opml.org/spec2.opml): writing one that other feed readers take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from xml.sax.saxutils import quoteattr

from tocsin.models.watchlist import FeedSource

DEEPEST = 40
"""Folders in each other: no more is read again. Tags beyond that are not written."""

# What XML 1.0 (2.2) has no place for, not even as a reference.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(slots=True)
class _Folder:
    feeds: list[FeedSource] = field(default_factory=list)
    folders: dict[str, _Folder] = field(default_factory=dict)


def opml_of(feeds: Iterable[FeedSource], now: datetime) -> str:
    """Write feeds as OPML; the tags of a feed become folders in each other, the first one outermost.

    Read again, it gives the same feeds with the same titles and tags. ``now`` is aware.
    """
    root = _Folder()
    for feed in feeds:
        folder = root
        for tag in feed.tags[:DEEPEST]:
            folder = folder.folders.setdefault(tag, _Folder())
        folder.feeds.append(feed)
    lines = (
        '<?xml version="1.0" encoding="utf-8"?>',
        '<opml version="2.0">',
        "  <head>",
        "    <title>Feeds of Tocsin</title>",
        f"    <dateCreated>{format_datetime(now)}</dateCreated>",
        "  </head>",
        "  <body>",
        *_lines(root, "    "),
        "  </body>",
        "</opml>",
    )
    return "\n".join(lines) + "\n"


def _lines(folder: _Folder, indent: str) -> Iterator[str]:
    for feed in folder.feeds:
        yield f"{indent}<outline {_attributes(feed)}/>"
    for tag, inner in folder.folders.items():
        yield f"{indent}<outline text={_quoted(tag)}>"
        yield from _lines(inner, indent + "  ")
        yield f"{indent}</outline>"


def _attributes(feed: FeedSource) -> str:
    said = {"type": "rss", "text": feed.title or feed.url, "xmlUrl": feed.url, "language": feed.language}
    return " ".join(f"{name}={_quoted(value)}" for name, value in said.items() if value)


def _quoted(text: str) -> str:
    return quoteattr(_NO_XML.sub("", text))
