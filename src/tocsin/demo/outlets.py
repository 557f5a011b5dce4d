"""The demo's invented outlets and their articles, read from the package's own YAML; nothing is rendered here.

A text is written as paragraphs with a blank line between them; a paragraph's lines are joined by blanks.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib import resources
from typing import Any

from ruamel.yaml import YAML

_BLANK_LINES = re.compile(r"\n\s*\n")
_TAG = re.compile(r"<[^>]+>")


class FeedFormat(StrEnum):
    """The dialect that an outlet's feed is written in: Atom (RFC 4287), RSS 2.0, or RSS 1.0, which is RDF."""

    ATOM = "atom"
    RSS = "rss"
    RDF = "rdf"


class BodyStyle(StrEnum):
    """Whether a feed carries the article as HTML beside a teaser, or as plain text in place of one."""

    HTML = "html"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class SampleArticle:
    """One invented article.

    With ``markup`` the paragraphs are HTML fragments, else plain text. ``omit`` names what its entry lacks: ``guid``,
    ``date``.
    """

    slug: str
    title: str
    paragraphs: tuple[str, ...]
    minutes_ago: int
    author: str | None = None
    markup: bool = False
    omit: frozenset[str] = frozenset()

    def published_at(self, now: datetime) -> datetime:
        """Return when the article appeared, seen from ``now``, to the second."""
        return now.replace(microsecond=0) - timedelta(minutes=self.minutes_ago)

    @property
    def html_paragraphs(self) -> tuple[str, ...]:
        """The paragraphs as HTML fragments."""
        return self.paragraphs if self.markup else tuple(html.escape(one, quote=False) for one in self.paragraphs)

    @property
    def plain_paragraphs(self) -> tuple[str, ...]:
        """The paragraphs as a reader sees them."""
        return tuple(html.unescape(_TAG.sub("", one)) for one in self.paragraphs) if self.markup else self.paragraphs


@dataclass(frozen=True, slots=True)
class Outlet:
    """One invented outlet: where it would live (``site``, a domain under .example), how its feed is made, its articles.

    ``language`` is a BCP 47 primary subtag, ``encoding`` a name that both Python and XML know.
    Articles are newest first.
    """

    slug: str
    title: str
    site: str
    language: str
    format: FeedFormat
    body: BodyStyle
    encoding: str
    articles: tuple[SampleArticle, ...]


def load_outlets() -> tuple[Outlet, ...]:
    """Return all outlets, in the order of their slugs."""
    folder = resources.files("tocsin.demo") / "data" / "outlets"
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    reader = YAML(typ="safe", pure=True)
    return tuple(_outlet(reader.load(file.read_text(encoding="utf-8"))) for file in files)


def _outlet(raw: dict[str, Any]) -> Outlet:
    """Return the outlet that one file describes; raises KeyError or ValueError for what is missing or misspelt."""
    return Outlet(
        slug=raw["slug"],
        title=raw["title"],
        site=raw["site"],
        language=raw["language"],
        format=FeedFormat(raw["format"]),
        body=BodyStyle(raw["body"]),
        encoding=raw["encoding"],
        articles=tuple(sorted(map(_article, raw["articles"]), key=lambda article: article.minutes_ago)),
    )


def _article(raw: dict[str, Any]) -> SampleArticle:
    return SampleArticle(
        slug=raw["slug"],
        title=raw["title"],
        paragraphs=tuple(" ".join(one.split()) for one in _BLANK_LINES.split(raw["text"].strip())),
        minutes_ago=raw["minutes_ago"],
        author=raw.get("author"),
        markup=raw.get("markup") == "html",
        omit=frozenset(raw.get("omit", ())),
    )
