"""HTML that is left in stored text: entities become what they mean, tags vanish or part words.

Feeds are cleaned before they are stored; what is met here was escaped twice. Every step keeps the length of the text.
"""

from __future__ import annotations

import html
import re
from html.entities import html5

from tocsin.text.controls import LINE_BREAK, NOTHING, STOP

_ENTITY = re.compile(r"&(#[0-9]{1,32};?|#[xX][0-9a-fA-F]{1,32};?|[A-Za-z][A-Za-z0-9]{1,31};?)")

_INSIDE_A_LINE = frozenset(
    ("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
     "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
     "wbr")
)  # fmt: skip
_BLOCKS = frozenset(
    ("address", "article", "aside", "audio", "blockquote", "body", "br", "button", "caption", "center", "col", "dd",
     "details", "div", "dl", "dt", "embed", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5",
     "h6", "head", "header", "hr", "html", "iframe", "img", "input", "label", "li", "link", "main", "meta", "nav",
     "noscript", "object", "ol", "option", "p", "picture", "pre", "script", "section", "select", "source", "style",
     "summary", "svg", "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "title", "tr", "ul",
     "video")
)  # fmt: skip
# No part of a tag goes past the next "<", so that a text full of them is read in linear time.
_TAG = re.compile(
    r"<\x03*+/?(?P<name>[A-Za-z][A-Za-z0-9]{0,9}+)"
    r"(?:[\s\x03/](?:[^<>\"']|\"[^\"<]*+\"|'[^'<]*+')*+)?>"
    r"|<!--[^<>]*-->"
)


def _named(name: str) -> tuple[str, int]:
    """Return what a name means and how many of its characters say so; as browsers do, the longest known beginning."""
    for length in range(len(name), 1, -1):
        meaning = html5.get(name[:length])
        if meaning is not None:
            return meaning, length
    return "", 0


def _meant(match: re.Match[str]) -> str:
    reference = match[1]
    if reference.startswith("#"):
        return html.unescape(match[0]).ljust(len(match[0]), NOTHING)
    meaning, length = _named(reference)
    if not length:
        return match[0]
    return meaning.ljust(length + 1, NOTHING) + reference[length:]


def without_entities(text: str) -> str:
    """Return the text with each HTML entity replaced by its meaning, as `html.unescape` knows it, and by nothing."""
    return _ENTITY.sub(_meant, text)


def _tag(match: re.Match[str]) -> str:
    name = (match["name"] or "").lower()
    if name in _INSIDE_A_LINE or not name:
        return NOTHING * len(match[0])
    if name == "br":
        return LINE_BREAK * len(match[0])
    return STOP * len(match[0]) if name in _BLOCKS else match[0]


def without_tags(text: str) -> str:
    """Return the text with HTML tags replaced: by nothing inside a line, by a gap for a line break, else by a stop.

    Only names of HTML are tags: "<Islamic State>" is text.
    """
    return _TAG.sub(_tag, text)
