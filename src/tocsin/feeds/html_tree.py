"""HTML to text by way of a tree, for fragments that cannot be read by splitting; and what each element does to text.

The depth of a tree is the sender's choice: it is walked without recursion, and not built where it would be too deep.
"""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tocsin.feeds.clean import BREAK, END

_DEEPEST: Final = 1000


def words(*lines: str) -> frozenset[str]:
    """Make a set of lines of words."""
    return frozenset(" ".join(lines).split())


DROPPED: Final = words("script style template iframe textarea noembed noframes head")
# Dropped where they are closed; one that is not would take the rest of the article with it.
DROPPED_IF_CLOSED: Final = words("applet audio button canvas datalist math object option optgroup select svg video")
_BLOCKS: Final = words(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure",
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody tfoot",
    "thead tr ul",
)
_CELLS: Final = words("td th")
# Elements that HTML closes by itself, and that therefore do not nest.
_VOID: Final = words("area base br col embed hr img input link meta param source track wbr p li td th tr dt dd option")
_TOKEN: Final = re.compile(r"(<!--.*?-->|</?[A-Za-z][^<>]*>)", re.DOTALL)
_TAG: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9:-]*)[^<>]*>")
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def tree_text(html: str) -> str:
    """Give the text of a fragment with `BREAK` and `END` where lines and paragraphs end."""
    fragment = _SURROGATE.sub("\ufffd", html)
    return "".join(_pieces_without_tree(fragment) if _is_too_deep(fragment) else _pieces(fragment))


def _dropped(html: str) -> frozenset[str]:
    lowered = html.lower()
    return DROPPED | {name for name in DROPPED_IF_CLOSED if f"</{name}" in lowered}


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
            pieces.append(edge(name))
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
        pieces.append(edge(name))
        child = None if name in dropped else node.first_child
        node = child or _following(node, top, pieces)
    return pieces


def _following(node: LexborNode, top: int, pieces: list[str]) -> LexborNode | None:
    """Go to the next node outside of this one, closing what is left on the way."""
    here: LexborNode | None = node
    while here is not None and here.mem_id != top:
        if here.mem_id != node.mem_id:
            pieces.append(edge(here.tag or ""))
        if here.next is not None:
            return here.next
        here = here.parent
    return None


def edge(name: str) -> str:
    """Give what an element's beginning and end put into the text."""
    if name in _BLOCKS:
        return END
    if name in _CELLS:
        return " "
    return BREAK if name == "br" else ""
