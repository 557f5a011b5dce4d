"""One quick look over a document before the real parser sees it: where its entries are, and what would hurt.

feedparser takes minutes and gigabytes over some small documents. The tripwires here are linear and stop exactly those;
the pass with expat (C, no handlers but two) finds the entries, so that a flood is cut and a cut-off document closed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

MOST_ATTRIBUTES: Final = 500
_MOST_NAMESPACES: Final = 200
_LONGEST_BASE: Final = 2000
_LONGEST_AUTHOR_WORD: Final = 500
_MOST_REFERENCES: Final = 1_000_000
_DEEPEST: Final = 1_000
_MOST_ELEMENTS: Final = 200_000
_MOST_ILL_FORMED_BYTES: Final = 2_000_000
_MOST_ILL_FORMED_TAGS: Final = 100_000

_TAG: Final = re.compile(rb"(?:[^>\"']|\"[^\"]*\"|'[^']*')*+>")
_QUOTED: Final = re.compile(rb"\"[^\"]*\"|'[^']*'")
_NAMESPACE: Final = re.compile(rb"\sxmlns:([^\s=<>]{1,100})")
_BASE: Final = re.compile(
    rb"\s(?:xml:)?(?:base|lang)\s*=\s*(?:\"[^\"<]{%d}|'[^'<]{%d})" % (_LONGEST_BASE, _LONGEST_BASE)
)
_AUTHOR: Final = re.compile(
    rb"<(?:[A-Za-z_][\w.-]{0,60}:)?(?:author|creator|managingeditor|webmaster|publisher|owner)[\s>]", re.IGNORECASE
)
_WORD: Final = re.compile(rb"[A-Za-z0-9_.+-]{%d}" % _LONGEST_AUTHOR_WORD)

_ENTRY_NAMES: Final = frozenset({"item", "entry"})
_codes: Final = expat.errors.codes
_CUT_OFF: Final = frozenset(
    _codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
_JUNK: Final = _codes[expat.errors.XML_ERROR_JUNK_AFTER_DOC_ELEMENT]


@dataclass(frozen=True, slots=True)
class Survey:
    """Where the complete entries are, as (start, end) in bytes, and the first fault of the XML in words.

    ``elements`` counts all elements; ``ancestors`` are those around the entries, the root first. ``is_cut_off`` tells
    that the fault is the document's early end, ``junk_at`` where its root has ended and something else follows.
    """

    entries: tuple[tuple[int, int], ...]
    elements: int
    ancestors: tuple[str, ...]
    fault: str | None
    is_cut_off: bool
    is_too_deep: bool = False
    junk_at: int | None = None


def danger(document: bytes) -> str | None:
    """Say in words why this document is not even repaired, let alone read; None if it may be."""
    if document.count(b"&") > _MOST_REFERENCES:
        return f"it has more than {_MOST_REFERENCES} character references"
    if any(
        _attributes(chunk) > MOST_ATTRIBUTES for chunk in document.split(b"<") if chunk.count(b"=") > MOST_ATTRIBUTES
    ):
        return f"an element has more than {MOST_ATTRIBUTES} attributes"
    if len(set(_NAMESPACE.findall(document))) > _MOST_NAMESPACES:
        return f"more than {_MOST_NAMESPACES} namespaces are declared"
    if _BASE.search(document):
        return f"an xml:base or language is longer than {_LONGEST_BASE} characters"
    if any(_WORD.search(_text_after(document, found.end())) for found in _AUTHOR.finditer(document)):
        return f"an author's name has a word of more than {_LONGEST_AUTHOR_WORD} letters"
    return None


def _attributes(chunk: bytes) -> int:
    """Count the attributes of the tag that a chunk between two '<' begins with."""
    tag = _TAG.match(chunk)
    return _QUOTED.sub(b"", tag[0] if tag else chunk).count(b"=")


def _text_after(document: bytes, start: int) -> bytes:
    end = document.find(b"</", start)
    return document[start : end if end >= 0 else len(document)]


class _TooDeepError(Exception):
    """Raised within expat to end the look at a document without bottom."""


class _Places:
    """Expat's handlers: note where entries begin and end."""

    def __init__(self, document: bytes) -> None:
        self._document = document
        self._open: list[str] = []
        self._start = 0
        self._entry_depth = 0
        self.elements = 0
        self.entries: list[tuple[int, int]] = []
        self.ancestors: tuple[str, ...] = ()
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end

    def _begin(self, name: str, _attributes: list[str]) -> None:
        if not self._entry_depth and name.rpartition(":")[2].lower() in _ENTRY_NAMES:
            self._start = self.parser.CurrentByteIndex
            self._entry_depth = len(self._open) + 1
            self.ancestors = tuple(self._open)
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            raise _TooDeepError
        self.elements += 1

    def _end(self, _name: str) -> None:
        if len(self._open) == self._entry_depth:
            end = self._document.find(b">", self.parser.CurrentByteIndex) + 1
            self.entries.append((self._start, end))
            self._entry_depth = 0
        self._open.pop()


def survey(document: bytes) -> Survey:
    """Look over a document in UTF-8; never raises for what is in it."""
    places = _Places(document)
    fault, is_cut_off, is_too_deep, junk_at = None, False, False, None
    try:
        places.parser.Parse(document, True)
    except expat.ExpatError as error:
        # Our own declaration is line 1, in place of whatever came before the first element.
        place = f"line {error.lineno - 1} from the first element, column {error.offset + 1}"
        fault = f"{expat.ErrorString(error.code)}, {place}"
        is_cut_off = error.code in _CUT_OFF
        junk_at = places.parser.ErrorByteIndex if error.code == _JUNK else None
    except _TooDeepError:
        is_too_deep = True
    return Survey(tuple(places.entries), places.elements, places.ancestors, fault, is_cut_off, is_too_deep, junk_at)


def too_much(document: bytes, found: Survey) -> str | None:
    """Say in words what there is too much of for feedparser; an ill-formed document gets its lenient, slow parser."""
    if found.is_too_deep:
        return f"its elements are nested more than {_DEEPEST} deep"
    if found.elements > _MOST_ELEMENTS:
        return f"it has more than {_MOST_ELEMENTS} elements"
    if found.fault and (len(document) > _MOST_ILL_FORMED_BYTES or document.count(b"<") > _MOST_ILL_FORMED_TAGS):
        return f"it is not well-formed XML ({found.fault}), and too big to guess at"
    return None


def closed(document: bytes, found: Survey) -> bytes:
    """End a cut-off document after its last complete entry."""
    end = found.entries[-1][1]
    return document[:end] + "".join(f"</{name}>" for name in reversed(found.ancestors)).encode()


def cut(document: bytes, found: Survey, most: int, *, from_end: bool) -> bytes:
    """Keep ``most`` entries: the first ones, or the last ones of a feed that is written in order of time."""
    entries = found.entries
    start, end = (entries[0][0], entries[-most][0]) if from_end else (entries[most][0], entries[-1][1])
    return document[:start] + document[end:]
