"""HTML fragments, as feeds have them, to plain text; and titles, which may be HTML or not.

Nearly all fragments are read by splitting them at their tags; only what that cannot be sure of is made a tree of. Both
ways give the same text, but where tags that were never opened are closed.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from tocsin.feeds.clean import LONGEST_RAW, LONGEST_TEXT, cut, one_line, paragraphs
from tocsin.feeds.html_tree import DROPPED, DROPPED_IF_CLOSED, edge, tree_text, words

LONGEST_TITLE: Final = 500


_FORMATTING: Final = (
    "a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|li|mark|ol|p|pre|q|s|small|span|"
    "strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul|wbr"
)
_MARKUP: Final = re.compile(
    rf"</?(?:{_FORMATTING})(?:\s[^<>]*)?/?>|</(?:script|style|iframe|svg|object|form|video|figure|section|article)\s*>",
    re.IGNORECASE,
)
_CUT_TAG: Final = re.compile(r"<[^<>]*\Z")
_ENTITY: Final = re.compile(r"(&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});)")


_REFERENCE: Final = re.compile(r"(&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?))")
# What is between their tags is no markup (HTML 13.2.5, raw text).
_RAW: Final = frozenset({"script", "style", "iframe"})
_SKIPPED: Final = _RAW | {"svg", "math", "video", "audio", "object", "canvas"}
# Elements whose place in the tree changes what is text, or where it stands.
_TREE_ONLY: Final = (DROPPED | DROPPED_IF_CLOSED | words("html body title frameset xmp listing plaintext")) - _SKIPPED
# HTML ends a drawing or formula where one of these begins (HTML 13.2.6.5).
_FOREIGN: Final = frozenset({"svg", "math"})
_BREAKING_OUT: Final = words(
    "b big blockquote br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 hr i img li listing menu meta nobr",
    "ol p pre ruby s small span strong strike sub sup table tt u ul var",
)
_TAG_OPEN: Final = re.compile(r"(<[^<>]*+)>")
_UNSOUND: Final = re.compile(r"<[A-Za-z/!?]")
_LOOK: Final = "\ufdd2"
_NAME: Final = re.compile(r"<(/?[A-Za-z][A-Za-z0-9:-]*+)(?:\s|/?\Z)")
_QUOTED: Final = re.compile(r"[^\"']*+(?:\"[^\"]*+\"[^\"']*+|'[^']*+'[^\"']*+)*+")
_COMMENT: Final = re.compile(r"<!--(?!-?\Z)(?:[^-]|-(?!-))*+--")
_MOST_KNOWN: Final = 5000
_LONGEST_KNOWN: Final = 100


class _Tags(dict[str, str | None]):
    """Maps a tag as it stands, without its closing bracket, to what it puts into the text.

    That is `_LOOK` for elements that are left out or want a tree, and None for what may be no tag at all.
    """

    def __missing__(self, tag: str) -> str | None:
        found = _edge_of(tag)
        if len(tag) < _LONGEST_KNOWN:
            if len(self) >= _MOST_KNOWN:
                self.clear()
            self[tag] = found
        return found


def _edge_of(tag: str) -> str | None:
    if tag.startswith("<!--"):
        return "" if _COMMENT.fullmatch(tag) else None
    name = _NAME.match(tag)
    # A bracket in an attribute would have cut the tag between two quotes.
    if not name or (tag.count('"') % 2 if "'" not in tag else not _QUOTED.fullmatch(tag)):
        return None
    bare = name[1].lower().lstrip("/")
    return _LOOK if bare in _TREE_ONLY or bare in _SKIPPED else edge(bare)


class _Characters(dict[str, str]):
    """Maps character references to what they stand for."""

    def __missing__(self, reference: str) -> str:
        found = unescape(reference)
        if len(self) < _MOST_KNOWN:
            self[reference] = found
        return found


_TAGS: Final = _Tags()
_CHARACTERS: Final = _Characters()


def html_to_text(html: str) -> str:
    """Give the text of an HTML fragment, paragraph by paragraph; cut at 100,000 characters."""
    fragment = html
    if len(html) > LONGEST_RAW:
        fragment = _CUT_TAG.sub("", html[:LONGEST_RAW])
    text = _flat(fragment)
    if text is None:
        text = tree_text(fragment)
    return cut(paragraphs(text), LONGEST_TEXT)


def looks_like_markup(text: str) -> bool:
    """Tell whether a text that is called plain holds HTML all the same: formatting tags, or the end of others.

    ``List<String>`` and "how to use <template>" are no markup.
    """
    return "<" in text and _MARKUP.search(text) is not None


def clean_title(text: str, *, is_html: bool = False) -> str:
    """Give a title as one line of text without markup, at most 500 characters.

    Titles are often escaped twice (``AT&amp;amp;T``): entities are decoded twice more than the format says, but
    a tag that this brings to light is text, and stays.
    """
    bounded = text[:LONGEST_RAW]
    plain = html_to_text(bounded) if is_html or looks_like_markup(bounded) else bounded
    return one_line(_decoded(_decoded(plain)), LONGEST_TITLE)


def _decoded(text: str) -> str:
    return _resolved(text, _ENTITY) if "&" in text else text


def _flat(html: str) -> str | None:
    """Give the text between the tags with the edges that these make, or None if only a tree can tell."""
    if "<" in html:
        parts = _split(html)
        edges = list(map(_TAGS.__getitem__, parts[1::2]))
        if None in edges:
            return None
        spliced = _spliced(parts, edges)
        if _LOOK in spliced:
            kept = _without_skipped(_split(html), edges)
            if kept is None:
                return None
            spliced = "".join(kept)
        html = spliced
        if "<" in html and _UNSOUND.search(html):
            return None
    return _resolved(html, _REFERENCE) if "&" in html else html


def _split(html: str) -> list[str]:
    """Split into text, tag, text and so on; a tag here has no closing bracket."""
    parts = html.replace("<", "><").split(">")
    # A bracket that stands for itself makes a part too many, and the slower way necessary.
    return parts if len(parts) == 2 * html.count("<") + 1 else _TAG_OPEN.split(html)


def _spliced(parts: list[str], edges: list[str | None]) -> str:
    parts[1::2] = edges  # type: ignore[assignment]  # None is not among them
    return "".join(parts)


def _resolved(text: str, reference: re.Pattern[str]) -> str:
    parts = reference.split(text)
    parts[1::2] = map(_CHARACTERS.__getitem__, parts[1::2])
    return "".join(parts)


def _without_skipped(parts: list[str], edges: list[str | None]) -> list[str] | None:
    """Leave out what stands between the tags of scripts and the like; None if there are elements for a tree."""
    kept, skipped, depth = [parts[0]], "", 0
    for written, put, text in zip(parts[1::2], edges, parts[2::2], strict=True):
        if not skipped and put != _LOOK:
            kept += (put or "", text)
            continue
        name = _NAME.match(written)
        tag = name[1].lower() if name else ""
        if skipped:
            if tag == f"/{skipped}":
                depth -= 1
            elif skipped not in _RAW:
                depth += tag == skipped
                if tag in _TREE_ONLY or (skipped in _FOREIGN and tag in _BREAKING_OUT):
                    return None
            if not depth:
                skipped = ""
                kept.append(text)
        elif tag.lstrip("/") in _TREE_ONLY or (tag in _FOREIGN and written.endswith("/")):
            return None
        elif tag.startswith("/"):
            kept.append(text)
        else:
            skipped, depth = tag, 1
    return None if skipped in DROPPED_IF_CLOSED else kept
