"""The fast lane: reads well-formed RSS, RDF and Atom in one pass of expat, with feedparser's names and precedences.

What it cannot judge, it hands over: `read` gives None, and feedparser reads the document instead. It reads whole texts,
keeps dates as they are written, and cleans nothing. The document is UTF-8 and begins with its first element, so that no
declaration, and no entity but XML's own five, comes this far.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from tocsin.feeds.feed_names import AttributeNames, FieldNames
from tocsin.feeds.fields import TEXT_TYPES, TEXTS, Collected, has_controls, kind_of, mended, person
from tocsin.feeds.formats import format_of
from tocsin.feeds.hints import hints_of
from tocsin.feeds.links import joined
from tocsin.feeds.raw import MOST_ENTRIES, Construct, RawFeed
from tocsin.models.feeds import Hub

MOST_TAGS: Final = 200_000
MOST_ATTRIBUTES: Final = 500
DEEPEST: Final = 1_000

_LANGUAGE: Final = "http://www.w3.org/XML/1998/namespace lang"
_BASE: Final = "http://www.w3.org/XML/1998/namespace base"
_ABOUT: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_ROOTS: Final = frozenset({"rss", "feed", "rdf"})
_WITH_MARKUP: Final = TEXTS | {"author", "skip hours", "skip days"}
_ENTRY: Final = re.compile(rb"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:item|entry)[\s/>]", re.IGNORECASE)
_BUFFER: Final = 1 << 18
_NOWHERE: Final = -9


class _TrippedError(Exception):
    """Raised within expat where the document holds what only the judge can read."""


def read(document: bytes, url: str) -> RawFeed | None:
    """Read a feed; None if it is not for this lane: ill-formed XML, unknown roots, base64, entries that say nothing,
    more than 500 of them, and what is out of all proportion.
    """
    if len(document) > MOST_TAGS and document.count(b"<") > MOST_TAGS:
        return None
    reader = _Reader(url, has_controls=has_controls(document))
    try:
        reader.parser.Parse(document, True)
    except (expat.ExpatError, _TrippedError):
        return None
    if any(entry.is_empty() for entry in reader.entries) or (not reader.entries and _ENTRY.search(document)):
        return None
    return reader.feed()


class _Reader:
    """Expat's handlers. At most one *field* is open at a time, a child of an entry or of the feed; its text is kept,
    and what elements it holds are written down as markup.
    """

    def __init__(self, url: str, *, has_controls: bool) -> None:
        self.entries: list[Collected] = []
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.namespace_prefixes = True
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.buffer_size = _BUFFER
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self._url = url
        self._has_controls = has_controls
        self._names = FieldNames()
        self._attribute_names = AttributeNames()
        self._head = Collected()
        self._root = ("", dict[str, str]())
        self._depth = self._entry_depth = self._field_depth = 0
        self._head_depth = _NOWHERE
        self._field = self._kind = ""
        self._attributes: dict[str, str] = {}
        self._pieces: list[str] = []
        self._is_markup = False
        self._bases: list[tuple[int, str]] = []
        self._languages: list[tuple[int, str]] = []
        self._links: dict[str, str] = {}

    def feed(self) -> RawFeed:
        """Give what was read."""
        hub, topic = self._links.get("hub"), self._links.get("self")
        return RawFeed(
            replace(self._head.entry(), language=self._head.said.get("language", "")),
            [entry.entry() for entry in self.entries],
            format_of(*self._root),
            hints_of(self._head.said),
            Hub(hub, topic or self._url) if hub else None,
        )

    def _begin(self, name: str, attributes: list[str]) -> None:
        self._depth = depth = self._depth + 1
        if depth > DEEPEST or len(attributes) > MOST_ATTRIBUTES:
            raise _TrippedError
        if self._field:
            self._begin_inside(name)
            return
        field = self._names[name]
        if not field and depth > 1 and f"{_LANGUAGE} xml" not in attributes and f"{_BASE} xml" not in attributes:
            return
        attributes_by_name = self._noted(depth, name, attributes) if attributes or depth == 1 else {}
        if self._entry_depth:
            if field and (depth == self._entry_depth + 1 or field.startswith("media")):
                self._open(field, depth, attributes_by_name)
        elif field == "entry":
            if len(self.entries) == MOST_ENTRIES:
                raise _TrippedError
            self._entry_depth = depth
            self.entries.append(Collected(id=attributes_by_name.get(f"{_ABOUT} about", "")))
        elif field == "feed":
            self._head_depth = depth
        elif field and depth == self._head_depth + 1:
            self._open(field, depth, attributes_by_name)

    def _noted(self, depth: int, name: str, attributes: list[str]) -> dict[str, str]:
        """Give the attributes by name, without their prefixes; note what holds for all that is inside."""
        names = self._attribute_names
        found = {names[name]: value for name, value in zip(attributes[::2], attributes[1::2], strict=True)}
        base, language = found.get(_BASE), found.get(_LANGUAGE)
        if base is not None:
            self._bases.append((depth, joined(self._base(), base)))
        if language is not None:
            self._languages.append((depth, language))
        if depth == 1:
            local = name.split(" ")
            if local[min(len(local) - 1, 1)].lower() not in _ROOTS:
                raise _TrippedError
            self._root = (name, found)
            self._head.said["language"] = language or ""
        return found

    def _base(self) -> str:
        return self._bases[-1][1] if self._bases else self._url

    def _open(self, field: str, depth: int, attributes: dict[str, str]) -> None:
        if field == "link" and (href := attributes.get("href") or attributes.get("url") or attributes.get("uri")):
            self._link(href.strip(), attributes)
            return
        kind = kind_of(field, attributes)
        if attributes.get("mode") == "base64" or (kind not in TEXT_TYPES and field in TEXTS and field != "content"):
            # What is in another type is coded in base64, says feedparser; as content, it is no text.
            raise _TrippedError
        self._field, self._field_depth, self._kind, self._attributes = field, depth, kind, attributes
        self._pieces = []
        self._is_markup = kind.endswith("xml")
        self.parser.CharacterDataHandler = self._escaped if self._is_markup else self._pieces.append

    def _link(self, href: str, attributes: dict[str, str]) -> None:
        relation = attributes.get("rel", "alternate").lower()
        address = joined(self._base(), href) if self._bases or not self._entry_depth else href
        if not self._entry_depth and relation in {"hub", "self"}:
            self._links.setdefault(relation, address)
        elif relation == "alternate":
            (self.entries[-1] if self._entry_depth else self._head).link_to(address, attributes.get("type", ""))

    def _escaped(self, text: str) -> None:
        self._pieces.append(escape(text))

    def _begin_inside(self, name: str) -> None:
        if self._field not in _WITH_MARKUP:
            raise _TrippedError
        tag = _local(name)
        if not self._is_markup and tag != "div":
            # Markup that should have been escaped. A lone <div> around text that is escaped is not worth it.
            self._is_markup = True
            self.parser.CharacterDataHandler = self._escaped
        self._pieces.append(f"<{tag}>" if self._is_markup else "\n")

    def _end(self, name: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if self._field:
            if depth == self._field_depth:
                self._close()
            else:
                self._pieces.append(f"</{_local(name)}>" if self._is_markup else "\n")
                return
        elif depth == self._entry_depth:
            self._entry_depth = 0
        elif depth == self._head_depth:
            self._head_depth = _NOWHERE
        if self._bases and self._bases[-1][0] == depth:
            self._bases.pop()
        if self._languages and self._languages[-1][0] == depth:
            self._languages.pop()

    def _close(self) -> None:
        self.parser.CharacterDataHandler = None
        field, self._field = self._field, ""
        value = "".join(self._pieces).strip()
        if not value.isascii():
            value = mended(value, has_controls=self._has_controls)
        place = self.entries[-1] if self._entry_depth else self._head
        if field in TEXTS:
            kind = "application/xhtml+xml" if self._is_markup and not self._kind.endswith("xml") else self._kind
            language = self._languages[-1][1] if self._languages else ""
            place.add(field, Construct(kind, value), self._field_depth, language)
            return
        if field == "author" and self._is_markup:
            value = person(value)
        elif (
            self._bases and value and field in {"id", "link"} and self._attributes.get("ispermalink", "true") == "true"
        ):
            value = joined(self._bases[-1][1], value)
        place.say(field, value, self._attributes)


def _local(name: str) -> str:
    parts = name.split(" ", 2)
    return parts[min(len(parts) - 1, 1)].lower()
