"""The first look at a list of feeds: held against XML's rules and our limits, before anything is made of it.

Expat expands nothing and loads nothing here: every DOCTYPE is refused, and without one there are no entities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from tocsin.config.wording import quoted

MAX_OUTLINES = 200_000
MAX_DEPTH = 50
MAX_FOLDERS = 1_000
"""Folders and categories that one feed may stand in: listparser's time grows with their square."""


class OpmlFault(ValueError):  # noqa: N818 - a finding about one file, told as a fault
    """A list that cannot be used as a whole; where, why, and what to do."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.line, self.column = line, column


@dataclass(slots=True)
class Survey:
    """Takes expat's events and keeps the limits.

    ``lines`` has the line in which each address stands first, ``languages`` what is said there, ``folders`` in how many
    it stands; ``pages`` are outlines with a page, and neither a feed nor other outlines below them.
    """

    lines: dict[str, int] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    folders: Counter[str] = field(default_factory=Counter)
    pages: list[tuple[int, str]] = field(default_factory=list)
    parser: expat.XMLParserType = field(default_factory=lambda: expat.ParserCreate("utf-8"))
    depth: int = 0
    outlines: int = 0
    page: tuple[int, str] | None = None

    def line(self, url: str) -> int:
        """Give the line in which an address stands first."""
        return self.lines.get(url, 1)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a start tag."""
        self.depth += 1
        self.outlines += 1
        if self.depth == 1 and name.rpartition(":")[2].lower() != "opml":
            self._refuse(f"this is no list of feeds: it begins with <{name[:40]}>, not <opml>; {_remedy_for(name)}")
        if self.depth > MAX_DEPTH:
            self._refuse(f"nested more than {MAX_DEPTH} deep; flatten the folders")
        if self.outlines > MAX_OUTLINES:
            self._refuse(f"more than {MAX_OUTLINES:,} outlines; split the list")
        self._note({key.lower(): value.strip() for key, value in attributes.items()})

    def _note(self, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        addresses = [attributes[key] for key in ("xmlurl", "url") if attributes.get(key)]
        for address in addresses:
            self.lines.setdefault(address, line)
            self.languages.setdefault(address, attributes.get("language", ""))
            self.folders[address] += 1 + attributes.get("category", "").count(",")
            if self.folders[address] > MAX_FOLDERS:
                self._refuse(f"{quoted(address)} stands in more than {MAX_FOLDERS:,} folders; list it once")
        page = attributes.get("htmlurl")
        self.page = (line, page) if page and not addresses else None

    def end(self, name: str) -> None:
        """Take an end tag."""
        del name
        self.depth -= 1
        if self.page:
            self.pages.append(self.page)
            self.page = None

    def doctype(self, *_: object) -> None:
        """Refuse what entities are declared in: they could read files or fill the memory (XXE, entity bombs)."""
        self._refuse("a DOCTYPE is refused, since it may name other files; delete the <!DOCTYPE ...>")

    def _refuse(self, message: str) -> None:
        raise OpmlFault(message, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)


def _remedy_for(root: str) -> str:
    feed_like = root.rpartition(":")[2].lower() in {"rss", "feed", "rdf"}
    return "this is a feed itself: write it with 'url:'" if feed_like else "export the list as OPML"


def survey_of(text: str) -> Survey:
    """Hold the text against XML's rules and our limits, and see what stands where."""
    survey = Survey()
    parser = survey.parser
    parser.StartElementHandler = survey.start
    parser.EndElementHandler = survey.end
    parser.StartDoctypeDeclHandler = survey.doctype
    try:
        for piece in _pieces(text):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise OpmlFault(_words(error), error.lineno, error.offset + 1) from error
    return survey


def _pieces(text: str) -> Iterator[bytes]:
    """Hand the text out in pieces, so that a refusal at its beginning does not wait for its end."""
    for start in range(0, len(text), 65_536):
        yield text[start : start + 65_536].encode(errors="replace")


def _words(error: expat.ExpatError) -> str:
    """Say in our words what expat complains of."""
    match expat.ErrorString(error.code):
        case "no element found":
            return "this list is empty or ends too early; export it again"
        case "not well-formed (invalid token)":
            return "this is not readable as XML; write & as &amp; and < as &lt; in titles and addresses"
        case "undefined entity":
            return "XML knows no such entity; write the character itself"
        case said:
            return f"this is not readable as XML ({said}); export the list again"
