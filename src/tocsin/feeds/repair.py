"""Make a document that XML parsers refuse into one that they read, without changing what it says.

Works on UTF-8 bytes, in linear time. Declarations go (with them every entity bomb), characters that XML forbids go,
HTML's named entities become characters, stray ampersands are escaped. It never adds or moves elements.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.entities import html5
from typing import Final

_CDATA: Final = b"<![CDATA["
_CDATA_END: Final = b"]]>"
_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_MARKUP: Final = re.compile(rb"<(?:[A-Za-z_]|!--|\?|!DOCTYPE)", re.IGNORECASE)
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE(?:[^\[>\"']|\"[^\"]*\"|'[^']*')*+", re.IGNORECASE)
_SUBSET_END: Final = re.compile(rb"\]\s*>")
_NAME: Final = re.compile(rb"<([A-Za-z_][\w.:-]{0,100})")
_AMPERSAND: Final = re.compile(
    rb"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{3,4}|#[xX][0-9a-fA-F]{3});)(?:#([0-9]{1,10})(?:;)|#[xX]([0-9a-fA-F]{1,10});|([A-Za-z][A-Za-z0-9]{1,31});)?"
)
# Nothing here is ever read by us, and feedparser compares each with all that came before: quadratic.
_TAGS: Final = re.compile(rb"(</?(?:[A-Za-z_][\w.-]{0,60}:)?)(category|subject|keywords|tags)(?=[\s/>])", re.IGNORECASE)

_LAST: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
_ALLOWED_CONTROLS: Final = frozenset({0x09, 0x0A, 0x0D})
_FIRST_PRINTABLE: Final = 0x20
_NON_CHARACTERS: Final = frozenset({0xFFFE, 0xFFFF})
_REPLACEMENT: Final = "\ufffd".encode()


class UnclosedDeclarationError(ValueError):
    """The document's head, a comment or a declaration, never ends."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the document's first element begins, and its name without prefix, in lower case ("" if there is none)."""

    start: int
    root: str
    is_html: bool


def head(document: bytes) -> Head:
    """Walk over declaration, comments, instructions and DOCTYPE to the first element.

    Raises `UnclosedDeclarationError` if the walk does not end.
    """
    at, is_html = 0, False
    while found := _MARKUP.search(document, at):
        opening = found[0][:2]
        if opening == b"<!" and found[0] != b"<!--":
            is_html = is_html or document[found.end() : found.end() + 20].strip().lower().startswith(b"html")
            at = _after_doctype(document, found.start())
        elif opening in {b"<!", b"<?"}:
            at = _after(document, b"-->" if opening == b"<!" else b"?>", found.end())
        else:
            name = _NAME.match(document, found.start())
            root = name[1].decode("ascii", "replace").rpartition(":")[2].lower() if name else ""
            return Head(found.start(), root, is_html or root == "html")
    return Head(len(document), "", is_html)


def _after(document: bytes, ending: bytes, start: int) -> int:
    end = document.find(ending, start)
    if end < 0:
        raise UnclosedDeclarationError("a comment or instruction at the top never ends")
    return end + len(ending)


def _after_doctype(document: bytes, start: int) -> int:
    declared = _DOCTYPE.match(document, start)
    end = declared.end() if declared else start
    if document[end : end + 1] == b"[":
        subset = _SUBSET_END.search(document, end)
        if subset:
            return subset.end()
    elif document[end : end + 1] == b">":
        return end + 1
    raise UnclosedDeclarationError("its DOCTYPE never ends")


def repaired(document: bytes) -> bytes:
    """Repair a document that begins with its first element, and put an XML declaration in front."""
    clean = _FORBIDDEN.sub(b"", document)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + b"".join(_outside_cdata(clean, _mended))


def _mended(text: bytes) -> bytes:
    return _TAGS.sub(rb"\1x-\2", _AMPERSAND.sub(_reference, text))


def _outside_cdata(document: bytes, mend: Callable[[bytes], bytes]) -> Iterator[bytes]:
    """Mend what is not in a CDATA section: there an ampersand is an ampersand."""
    at = 0
    while (start := document.find(_CDATA, at)) >= 0:
        yield mend(document[at:start])
        end = document.find(_CDATA_END, start)
        at = len(document) if end < 0 else end + len(_CDATA_END)
        yield document[start:at]
    yield mend(document[at:])


def _reference(found: re.Match[bytes]) -> bytes:
    decimal, hexadecimal, name = found.groups()
    if name:
        return _named(name)
    if decimal or hexadecimal:
        code = int(decimal) if decimal else int(hexadecimal, 16)
        return found[0] if _is_xml_character(code) else _REPLACEMENT
    return b"&amp;"


def _named(name: bytes) -> bytes:
    text = html5.get(name.decode("ascii") + ";")
    if text is None:
        return b"&amp;" + name + b";"
    return text.replace("&", "&amp;").replace("<", "&lt;").encode()


def _is_xml_character(code: int) -> bool:
    """Tell whether XML 1.0 (section 2.2) allows the character."""
    if code < _FIRST_PRINTABLE:
        return code in _ALLOWED_CONTROLS
    return code <= _LAST and code not in _SURROGATES and code not in _NON_CHARACTERS
