"""Page furniture by the elements of HTML, and HTML as lines for those that judge lines; offsets stay what they are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from tocsin.text.furniture_words import Furniture
from tocsin.text.markup import without_entities

_TAG: Final = re.compile(r"<!--[^<>]*-->|<(/?)([A-Za-z][A-Za-z0-9]{0,15})((?:\s[^<>]*)?)>")
_LOOKS: Final = re.compile(
    r"</[A-Za-z]|<(?:p|br|div|img|a|h[1-6]|ul|ol|li|table|section|article|figure)(?=[\s>/])", re.IGNORECASE
)
_VOID_NAMES = "area base br col embed hr img input link meta param source track wbr"
_IN_LINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd mark picture q s samp small source span "
    "strike strong sub sup time tt u var wbr"
)
_CONTAINER_NAMES = "div section ul ol p span figure table h2 h3 h4 header dl"
_VOID: Final = frozenset(_VOID_NAMES.split())
_IN_LINE: Final = frozenset(_IN_LINE_NAMES.split())
_CONTAINERS: Final = frozenset(_CONTAINER_NAMES.split())
_ELEMENTS: Final = {
    "nav": Furniture.NAVIGATION,
    "aside": Furniture.LINK,
    "footer": Furniture.NOTICE,
    "figcaption": Furniture.CAPTION,
    "form": Furniture.SIGN_UP,
    "button": Furniture.SHARING,
    "script": Furniture.NAVIGATION,
    "style": Furniture.NAVIGATION,
    "noscript": Furniture.NAVIGATION,
    "iframe": Furniture.NAVIGATION,
}
_NAMED: Final = re.compile(r"\b(class|id|role)\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))", re.IGNORECASE)
_NAMES: Final = {
    Furniture.CAPTION: "caption captions figcaption wp-caption-text image-caption photo-caption gallery slideshow",
    Furniture.CREDIT: "credit credits photo-credit image-credit photocredit copyright image-source",
    Furniture.LINK: (
        "related related-articles related-links related-posts related-stories recommended recommendations most-read "
        "most-popular mostread read-more readmore see-also also-read trending popular-posts more-stories promo "
        "teaser-list jp-relatedposts outbrain taboola"
    ),
    Furniture.ADVERTISEMENT: "ad ads advert advertisement adsbygoogle ad-container ad-slot sponsored banner-ad",
    Furniture.SIGN_UP: "newsletter newsletter-signup signup subscribe subscription paywall",
    Furniture.SHARING: "share sharing share-bar social social-share social-links sharedaddy addtoany_share_save",
    Furniture.NAVIGATION: (
        "navigation breadcrumb breadcrumbs menu navbar sidebar skip-link pagination complementary contentinfo search"
    ),
    Furniture.TAGS: "tags tag-list taglist post-tags entry-tags topics",
    Furniture.NOTICE: "cookie cookies cookie-banner cookie-notice disclaimer imprint feedflare",
    Furniture.BYLINE: "author-bio about-author author-box bio",
}
"""Classes, ids and roles of elements, as sites and their builders name them."""

_BY_NAME: Final = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_MOST_TAGS: Final = 10_000
_LARGEST_SHARE: Final = 0.5


def looks_like_html(text: str) -> bool:
    """Whether a text holds tags of HTML."""
    return "<" in text and _LOOKS.search(text) is not None


@dataclass(slots=True)
class Flat:
    """HTML without tags at the same length: blanks for those within a line, line ends for others.

    ``parts``: the half-open ranges of elements that are furniture; ``links``: those of links, in order.
    """

    text: str
    parts: list[tuple[int, int, Furniture]] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)


def flattened(text: str) -> Flat:
    """Return the HTML as lines, with what its elements say; nothing of a text with more tags than a page has."""
    if text.count("<") > _MOST_TAGS:
        return Flat("")
    flat = Flat("")
    pieces: list[str] = []
    done = 0
    is_open = _Open(flat)
    for tag in _TAG.finditer(text):
        pieces += [_without_line_ends(text[done : tag.start()]), _gap(tag)]
        done = tag.end()
        is_open.meet(tag)
    pieces.append(_without_line_ends(text[done:]))
    flat.text = without_entities("".join(pieces))
    _drop_what_is_the_page(flat)
    return flat


def _without_line_ends(text: str) -> str:
    """In HTML a line end is a blank."""
    return text.replace("\n", " ").replace("\r", " ")


def _gap(tag: re.Match[str]) -> str:
    name = (tag[2] or "").lower()
    length = len(tag[0])
    return " " * length if not name or name in _IN_LINE else "\n" + " " * (length - 1)


@dataclass(slots=True)
class _Open:
    """The elements that are open, innermost last, and how many of each name."""

    flat: Flat
    stack: list[tuple[str, int, Furniture | None]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def meet(self, tag: re.Match[str]) -> None:
        name = (tag[2] or "").lower()
        if not name or name in _VOID or tag[3].endswith("/"):
            return
        if not tag[1]:
            self.stack.append((name, tag.end(), _kind(name, tag[3])))
            self.counts[name] = self.counts.get(name, 0) + 1
        elif self.counts.get(name):
            self._close(name, tag.start())

    def _close(self, name: str, end: int) -> None:
        """Close the innermost element of a name, and those in it that were left open, which say nothing."""
        while True:
            opened, start, kind = self.stack.pop()
            self.counts[opened] -= 1
            if opened == name:
                break
        if kind:
            self.flat.parts.append((start, end, kind))
        if name == "a":
            self.flat.links.append((start, end))


def _kind(name: str, attributes: str) -> Furniture | None:
    kind = _ELEMENTS.get(name)
    if kind or not attributes or name not in _CONTAINERS:
        return kind
    for found in _NAMED.finditer(attributes):
        for word in (found[2] or found[3] or found[4] or "").lower().split():
            kind = _BY_NAME.get(word) or _BY_NAME.get(word.rpartition("__")[2])
            if kind:
                return kind
    return None


def _drop_what_is_the_page(flat: Flat) -> None:
    """Drop elements with most of the text in them: they are the page's own, whatever their names."""
    total = sum(map(len, flat.text.split()))
    flat.parts = [
        (start, end, kind)
        for start, end, kind in flat.parts
        if end - start < total or sum(map(len, flat.text[start:end].split())) <= _LARGEST_SHARE * total
    ]
    flat.parts.sort()
    flat.links.sort()
