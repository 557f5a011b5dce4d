"""Turn a feed's HTML fragments into plain text that is safe to store, match, mail and log.

Everything that leaves here is plain text: one newline between paragraphs, no markup, no control characters, no
bidirectional overrides, in NFC, bounded. What is furniture (captions, "read more") stays: judging it is not done here.
"""

from __future__ import annotations

import re
import unicodedata
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

LONGEST_HTML: Final = 256 * 1024
LONGEST_TEXT: Final = 100_000
LONGEST_TITLE: Final = 500
_DEEPEST: Final = 1000


def _words(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_DROPPED: Final = _words("script style template iframe textarea noembed noframes head")
# Dropped where they are closed; one that is not would take the rest of the article with it.
_DROPPED_IF_CLOSED: Final = _words("applet audio button canvas datalist math object option optgroup select svg video")
_BLOCKS: Final = _words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure",
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody tfoot",
    "thead tr ul",
)
_CELLS: Final = _words("td th")
# Elements that HTML closes by itself, and that therefore do not nest.
_VOID: Final = _words("area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option")
_FORMATTING: Final = (
    "a|abbr|b|big|blockquote|br|center|cite|code|del|div|em|font|h[1-6]|hr|i|img|ins|li|mark|ol|p|pre|q|s|small|span|"
    "strike|strong|sub|sup|table|tbody|td|th|tr|tt|u|ul|wbr"
)
_MARKUP: Final = re.compile(
    rf"</?(?:{_FORMATTING})(?:\s[^<>]*)?/?>|</(?:script|style|iframe|svg|object|form|video|figure|section|article)\s*>",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"(<!--.*?-->|</?[A-Za-z][^<>]*>)", re.DOTALL)
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*>")
_CUT_TAG: Final = re.compile(r"<[^<>]*\Z")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# Stand for <br> and for a paragraph's end until the text is whole; characters that no text may use (Unicode 23.7).
_BREAK: Final = "\ufdd0"
_END: Final = "\ufdd1"
_EDGES: Final = re.compile(f"[{_BREAK}{_END}](?:\\s*[{_BREAK}{_END}])*")
_REMOVED: Final = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff]"
)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")
# Accents without end: 30 in a row are more than any language needs (Unicode Standard Annex 15, Stream-Safe Text).
_MARKS: Final = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e4\u0711\u0730-\u074a\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u1ab0-\u1aff\u1dc0-\u1dff"
    r"\u20d0-\u20ff\u302a-\u302f\u3099\u309a\ufe00-\ufe0f\ufe20-\ufe2f"
)
_TOO_MANY_MARKS: Final = re.compile(rf"([{_MARKS}]{{30}})[{_MARKS}]+")

_JOINER: Final = "\u200d"
_LONGEST_CLUSTER: Final = 64


def html_to_text(html: str) -> str:
    """Give the text of an HTML fragment, paragraph by paragraph; cut at 100,000 characters."""
    fragment = _SURROGATE.sub("\ufffd", html[:LONGEST_HTML])
    if len(html) > LONGEST_HTML:
        fragment = _CUT_TAG.sub("", fragment)
    pieces = _pieces_without_tree(fragment) if _is_too_deep(fragment) else _pieces(fragment)
    return cut(_paragraphs("".join(pieces)), LONGEST_TEXT)


def plain_to_text(text: str) -> str:
    """Give a plain text's paragraphs, which blank lines separate; a single line end is a blank."""
    tidy = _SURROGATE.sub("\ufffd", text[:LONGEST_HTML])
    lines = (line if line and not line.isspace() else _END for line in tidy.splitlines())
    return cut(_paragraphs("\n".join(lines)), LONGEST_TEXT)


def looks_like_markup(text: str) -> bool:
    """Tell whether a text that is called plain holds HTML all the same: formatting tags, or the end of others.

    ``List<String>`` and "how to use <template>" are no markup.
    """
    return _MARKUP.search(text) is not None


def clean_title(text: str, *, is_html: bool = False) -> str:
    """Give a title as one line of text without markup, at most 500 characters.

    Titles are often escaped twice (``AT&amp;amp;T``): entities are decoded twice more than the format says, but
    a tag that this brings to light is text, and stays.
    """
    bounded = text[:LONGEST_HTML]
    plain = html_to_text(bounded) if is_html or looks_like_markup(bounded) else bounded
    return one_line(_decoded(_decoded(plain)), LONGEST_TITLE)


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


def one_line(text: str, longest: int) -> str:
    """Give plain text as a single line of at most ``longest`` characters, without controls, in NFC."""
    return cut(" ".join(_tidied(_SURROGATE.sub("\ufffd", text[:LONGEST_HTML])).split()), longest).strip()


def cut(text: str, longest: int) -> str:
    """Cut after at most ``longest`` characters, not within what a reader sees as one (an accent, a flag, a family)."""
    if len(text) <= longest:
        return text
    for end in range(longest, max(longest - _LONGEST_CLUSTER, 0), -1):
        if not _is_within_cluster(text, end):
            return text[:end]
    return text[:longest]


def _is_within_cluster(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    if _is_flag_letter(after):
        return _flag_letters_before(text, at) % 2 == 1
    if _JOINER in {before, after}:
        return True
    return unicodedata.category(after).startswith("M") or "\U0001f3fb" <= after <= "\U0001f3ff"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _tidied(text: str) -> str:
    return unicodedata.normalize("NFC", _TOO_MANY_MARKS.sub(r"\1", _REMOVED.sub("", text)))


def _paragraphs(text: str) -> str:
    """Put each paragraph on a line of its own; two breaks in a row end a paragraph, a single one is a blank."""
    marked = _EDGES.sub(_edge_between, _tidied(text))
    return "\n".join(line for line in (" ".join(part.split()) for part in marked.split(_END)) if line)


def _edge_between(found: re.Match[str]) -> str:
    return _END if _END in found[0] or found[0].count(_BREAK) > 1 else " "


def _dropped(html: str) -> frozenset[str]:
    lowered = html.lower()
    return _DROPPED | {name for name in _DROPPED_IF_CLOSED if f"</{name}" in lowered}


def _is_too_deep(html: str) -> bool:
    """Tell whether so many elements stay open that building a tree would take quadratic time."""
    depth, still_open = 0, dict[str, int]()
    for slash, name in _TAG.findall(html):
        tag = name.lower()
        if tag in _VOID:
            continue
        if not slash:
            still_open[tag] = still_open.get(tag, 0) + 1
            depth += 1
        elif still_open.get(tag):
            still_open[tag] -= 1
            depth -= 1
        if depth > _DEEPEST:
            return True
    return False


def _pieces_without_tree(html: str) -> list[str]:
    """Read text between tags, for fragments whose tree is not worth its price."""
    pieces: list[str] = []
    dropped = _dropped(html)
    skipped = ""
    for token in _TOKEN.split(html):
        tag = _TAG.fullmatch(token)
        name = tag[2].lower() if tag else ""
        if skipped:
            skipped = "" if tag and tag[1] and name == skipped else skipped
        elif not tag:
            pieces.append("" if token.startswith("<!--") else unescape(token))
        elif name in dropped and not tag[1]:
            skipped = name
        else:
            pieces.append(_edge(name))
    return pieces


def _pieces(html: str) -> list[str]:
    """Walk over the tree without recursion: its depth is the sender's choice."""
    root = LexborHTMLParser(html).root
    pieces: list[str] = []
    dropped = _dropped(html)
    node, top = root, root.mem_id if root else 0
    while node is not None:
        name = node.tag or ""
        if node.is_text_node:
            pieces.append(node.text_content or "")
        pieces.append(_edge(name))
        child = None if name in dropped else node.first_child
        node = child or _following(node, top, pieces)
    return pieces


def _following(node: LexborNode, top: int, pieces: list[str]) -> LexborNode | None:
    """Go to the next node outside of this one, closing what is left on the way."""
    here: LexborNode | None = node
    while here is not None and here.mem_id != top:
        if here.mem_id != node.mem_id:
            pieces.append(_edge(here.tag or ""))
        if here.next is not None:
            return here.next
        here = here.parent
    return None


def _edge(name: str) -> str:
    """Give what an element's beginning and end put into the text."""
    if name in _BLOCKS:
        return _END
    if name in _CELLS:
        return " "
    return _BREAK if name == "br" else ""
