"""One entry while it is read: which of several titles, links, texts and dates counts. The precedences are feedparser's.

Where a rule here differs from feedparser's, docs/parsing.md says so.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

from tocsin.feeds.raw import Construct, RawEntry

HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
TEXT_TYPES: Final = HTML_TYPES | {"text/plain"}
_SHORT_TYPES: Final = {
    "text": "text/plain",
    "plain": "text/plain",
    "html": "text/html",
    "xhtml": "application/xhtml+xml",
}
_DEFAULT_TYPES: Final = {
    "description": "text/html",
    "media description": "text/html",
    "encoded": "text/html",
    "body": "application/xhtml+xml",
}
_TITLES: Final = frozenset({"title", "media title"})
_CONTENTS: Final = frozenset({"content", "encoded", "body"})
TEXTS: Final = _TITLES | _CONTENTS | {"summary", "description", "media description", "abstract"}
_NAME: Final = re.compile(r"<name>(.*?)</name>", re.DOTALL)
_EMAIL: Final = re.compile(r"<email>(.*?)</email>", re.DOTALL)
_C1: Final = re.compile("[\x80-\x9f]")
_C1_BYTES: Final = re.compile(rb"\xc2[\x80-\x9f]")
_C1_REFERENCES: Final = re.compile(rb"&#(?:0*1[2-5]|[xX]0*[89])")


def kind_of(name: str, attributes: dict[str, str]) -> str:
    """Give the media type of a field: what it says of itself, else what its element means."""
    stated = attributes.get("type")
    if stated is None:
        return _DEFAULT_TYPES.get(name, "text/plain")
    stated = stated.lower()
    return _SHORT_TYPES.get(stated, stated)


def has_controls(document: bytes) -> bool:
    """Tell whether a document in UTF-8 may hold characters from U+0080 to U+009F."""
    return _C1_BYTES.search(document) is not None or _C1_REFERENCES.search(document) is not None


def mended(text: str, *, has_controls: bool) -> str:
    """Undo two faults of senders: UTF-8 that was taken for Latin-1 and encoded again, and Windows' own characters."""
    with contextlib.suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return _C1.sub(_from_windows, text) if has_controls else text


def _from_windows(found: re.Match[str]) -> str:
    return found[0].encode("iso-8859-1").decode("cp1252", "ignore")


@dataclass(slots=True)
class Collected:
    """What an entry, or what stands above the entries, has said so far; ``said`` has what is no text, by field."""

    id: str = ""
    said: dict[str, str] = field(default_factory=dict)
    _link: str | None = None
    _other_link: str = ""
    _guid_link: str = ""
    _title: Construct | None = None
    _is_title_final: bool = False
    _summary: Construct | None = None
    _summary_depth: int = 1 << 30
    _contents: list[Construct] = field(default_factory=list)
    _has_content: bool = False
    _text_language: str = ""

    def is_empty(self) -> bool:
        """Tell whether there is neither title nor text nor link."""
        return not (self._title or self._summary or self._contents or self._link or self._other_link or self.id)

    def entry(self) -> RawEntry:
        """Give what counts of all that was said."""
        said = self.said
        # An id stands for a link where there is none, but only if it is a whole address.
        link = self._guid_link if self._link is None and "://" in self._guid_link else self._link
        return RawEntry(
            self.id,
            link or self._other_link,
            self._title,
            self._summary,
            self._contents,
            said.get("published") or said.get("updated") or said.get("created") or "",
            said.get("author", ""),
            said.get("language") or self._text_language,
        )

    def link_to(self, href: str, media_type: str) -> None:
        """Note an alternate link of Atom's; of several to HTML the last counts, of others the first."""
        if not media_type or kind_of("", {"type": media_type}) in HTML_TYPES:
            self._link = href
        if not self._other_link:
            self._other_link = href

    def say(self, name: str, value: str, attributes: dict[str, str]) -> None:
        """Note a field that is no text; of several the last counts."""
        if name == "link":
            self._link = value.replace("&amp;", "&")
        elif name == "id":
            self.id = value
            if self._link is None and attributes.get("ispermalink", "true") == "true":
                self._guid_link = value
        else:
            self.said[name] = value

    def add(self, name: str, found: Construct, depth: int, language: str) -> None:
        """Note a text; ``language`` is the one in force there."""
        if name in _TITLES:
            if not self._is_title_final:
                self._title, self._is_title_final = found, name == "title" and bool(found.value)
        elif name in _CONTENTS or (self._summary is not None and not self._has_content):
            # Of two summaries the second is content, as long as nothing was called so.
            self._has_content = True
            self._contents.append(found)
        elif depth <= self._summary_depth:
            self._summary, self._summary_depth = found, depth
        if language and not self._text_language:
            self._text_language = language


def person(markup: str) -> str:
    """Read Atom's author as "name (address)"."""
    said = [unescape(found[1]).strip() for found in (_NAME.search(markup), _EMAIL.search(markup)) if found]
    both = [each for each in said if each]
    return f"{both[0]} ({both[1]})" if len(both) > 1 else "".join(both)
