"""The text of the article in a web page, by Trafilatura; pure, but at the mercy of whoever wrote the page.

Run it in a child (see `extractor`): hostile HTML can cost any time and memory here.
"""

from __future__ import annotations

import json
import re
from typing import Final

from trafilatura import extract

from tocsin.feeds.charset import to_utf8
from tocsin.feeds.clean import plain_to_text
from tocsin.text.furniture_html import flattened

_META_CHARSET: Final = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_LETTERS: Final = re.compile(r"\w+")


def answer(request: bytes) -> bytes:
    """Read a page for `extractor`: a line of JSON with content_type and title, then the page's bytes."""
    about, _, body = request.partition(b"\n")
    return page_text(body, **json.loads(about)).encode("utf-8", "replace")


def page_text(body: bytes, content_type: str, title: str) -> str:
    """Give the article's text without its headline, a paragraph a line, as plain and bounded as a feed's texts; ""
    where the page has none.

    Captions, galleries and the like go where the page's markup names them. What Trafilatura leaves of them otherwise
    stays: matching leaves it out by its words, as it does in feeds.
    """
    html = to_utf8(body, _with_charset(body, content_type)).body.decode("utf-8", "replace")
    found = extract(_without_furniture(html), favor_precision=True, include_comments=False, output_format="txt")
    lines = (found or "").split("\n")
    return plain_to_text("\n\n".join(_without_headline(lines, title)))


def _with_charset(body: bytes, content_type: str) -> str:
    """Add the charset that the page names itself where the server names none (HTML, 4.2.5.4)."""
    named = _META_CHARSET.search(body[:4096])
    if named is None or "charset" in content_type.lower():
        return content_type
    return f"{content_type}; charset={named[1].decode()}"


def _without_furniture(html: str) -> str:
    """Cut out what is in elements that are furniture by their name, class or role."""
    pieces: list[str] = []
    done = 0
    for start, end, _ in flattened(html).parts:
        if start >= done:
            pieces.append(html[done:start])
        done = max(done, end)
    return "".join((*pieces, html[done:]))


def _without_headline(lines: list[str], title: str) -> list[str]:
    """Drop the first line where it is the headline: it is told already, and counts more than a text's first line."""
    return lines[1:] if lines and _letters(lines[0]) == _letters(title) else lines


def _letters(text: str) -> list[str]:
    return _LETTERS.findall(text.casefold())
