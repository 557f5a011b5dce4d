"""Find a document's charset and turn it into UTF-8, whatever the server and the document claim.

A byte order mark wins, then what the server says, then what the document says (RFC 7303 3.2) - but bytes that are valid
UTF-8 beyond ASCII are UTF-8, even if somebody calls them ISO-8859-1. No XML here beyond its declaration.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Final

_PIECE: Final = 1 << 20

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# "<" or "<?" without a mark (XML 1.0, appendix F).
_WIDE: Final = (
    (re.compile(rb"<\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00<"), "utf-32-be"),
    (re.compile(rb"<\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x00<\x00[^\x00]"), "utf-16-be"),
)
_IN_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_IN_XML: Final = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']", re.IGNORECASE)
_HIGH: Final = re.compile(rb"[\xc0-\xff]")
_ASCII_LETTER: Final = re.compile(rb"[A-Za-z]")

# Not charsets that a document may choose: they hide markup from whoever looks at the bytes.
_FORBIDDEN: Final = frozenset({"utf-7", "punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
# Supersets that the senders mean (WHATWG Encoding, 4.2).
_MEANT: Final = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "iso8859-9": "cp1254"}
# No text in these is also valid UTF-8 beyond ASCII, except by a very unlikely accident.
_SINGLE_BYTE: Final = re.compile(r"cp125\d|iso8859|koi8|mac|cp8")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A document in UTF-8 without mark, and in words what had to be guessed or replaced."""

    body: bytes
    note: str | None = None


def to_utf8(body: bytes, content_type: str) -> Decoded:
    """Decode ``body`` by mark, Content-Type header, XML declaration or look; undecodable bytes become U+FFFD."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _transcoded(body[len(mark) :], name)
    for pattern, name in _WIDE:
        if pattern.match(body):
            return _transcoded(body, name)
    return _by_declaration(body, _declared(body, content_type))


def _declared(body: bytes, content_type: str) -> list[str]:
    """List the charsets that header and document name, as Python calls them, the more credible first."""
    in_header = _IN_HEADER.search(content_type)
    in_xml = _IN_XML.match(body[:1024])
    named = [in_header[1] if in_header else "", in_xml[1].decode() if in_xml else ""]
    return [codec for codec in map(_codec, named) if codec]


def _codec(name: str) -> str | None:
    try:
        codec = codecs.lookup(name).name if name else ""
    except LookupError:
        return None
    return None if not codec or codec in _FORBIDDEN else _MEANT.get(codec, codec)


def _by_declaration(body: bytes, declared: list[str]) -> Decoded:
    # The document is bytes one letter each here: UTF-16 without mark would have been seen.
    charsets = [name for name in declared if not name.startswith(("utf-16", "utf-32"))]
    is_utf8_likely = "utf-8" in charsets or not charsets or _SINGLE_BYTE.match(charsets[0])
    for name in ("utf-8", *charsets) if is_utf8_likely else (*charsets, "utf-8"):
        whole = _strictly(body, name)
        if whole is not None:
            return Decoded(whole)
    if "utf-8" in charsets:
        return _transcoded(body, "utf-8")
    guess = _by_look(body)
    found = _transcoded(body, guess)
    return Decoded(found.body, f"no usable charset is declared; read as {guess}, by the look of the letters")


def _by_look(body: bytes) -> str:
    """Tell Cyrillic from Western text in one byte a letter: in Cyrillic most letters are high bytes."""
    sample = body[:200_000]
    text = re.sub(rb"<[^<>]{0,2000}>", b"", sample)
    return "windows-1251" if len(_HIGH.findall(text)) > len(_ASCII_LETTER.findall(text)) else "windows-1252"


def _strictly(body: bytes, name: str) -> bytes | None:
    try:
        return _recoded(body, name, "strict")
    except (UnicodeError, LookupError):
        # LookupError: codecs such as base64 are none for text.
        return None


def _transcoded(body: bytes, name: str) -> Decoded:
    whole = _strictly(body, name)
    if whole is not None:
        return Decoded(whole)
    return Decoded(_recoded(body, name, "replace"), f"some bytes are not valid {name} and were replaced")


def _recoded(body: bytes, name: str, errors: str) -> bytes:
    """Decode and encode in pieces: a body of 20 MB as one str could take 80 MB. Sound UTF-8 is left as it is."""
    decode = codecs.getincrementaldecoder(name)(errors).decode
    if name == "utf-8" and errors == "strict":
        if body.isascii():
            return body
        for start in range(0, len(body), _PIECE):
            decode(body[start : start + _PIECE])
        decode(b"", final=True)
        return body
    result = bytearray()
    for start in range(0, len(body), _PIECE):
        result += decode(body[start : start + _PIECE]).encode("utf-8", "replace")
    result += decode(b"", final=True).encode("utf-8", "replace")
    return bytes(result)
