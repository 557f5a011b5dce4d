"""What a single line of a page says of itself by its first words: "Read more: ...", "Advertisement", "Photo: ..."."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tocsin.text.furniture_words import BUCKET, LONGEST_KEY, Furniture, key, words

# ruff: noqa: RUF001 - signs that look alike are what this is about
_COPYRIGHT: Final = re.compile(
    r"(?:copyright\b.{0,3})?(?:©|\(c\)|copyright (?=\d{4}\b|by\b|©|\(c\)))|copyright\.(?: |$)"
)
_COPYRIGHT_BEGINS: Final = frozenset("©(cC")
_LEAD_IN: Final = " \t\xa0<>«»‹›→⇒▶►▸•·●○■□◆◇▼▲△★☆*#|+=–—-―_~【】[](（）〔〕「」『』《》〈〉☞➤➡✚📷📸🔗👉📌"
_CAMERAS: Final = frozenset("📷📸")
_LEAD_OUT: Final = _LEAD_IN + ".:…!"
_LABEL_END: Final = re.compile(r"[:=|»›>】\]]|(?<= )[–—-](?= )")
_LONGEST_LABEL: Final = 48
_MOST_SPACES_IN_LABEL: Final = 2

_HEADINGS: Final = frozenset((Furniture.LINK, Furniture.TAGS))
_OF_MENUS: Final = frozenset((Furniture.NAVIGATION, Furniture.SHARING, Furniture.SIGN_UP))
_AUTHORSHIP: Final = (" by ", " courtesy", " von ", " par ", " por ", " di ", " av ", " af ")


@dataclass(frozen=True, slots=True)
class Cue:
    """What a line is by its words, and whether it is a heading of what follows."""

    kind: Furniture
    is_heading: bool = False


def cue_of(text: str) -> Cue | None:
    """Return what a line is by its first words, or by all of them; None if they say nothing.

    >>> cue_of("Lire aussi : la Seine en crue")
    Cue(kind=<Furniture.LINK: 'link to another story'>, is_heading=False)
    """
    if text[0] in _CAMERAS:
        return Cue(Furniture.CREDIT)
    if not text[0].isalpha():
        text = text[:LONGEST_KEY].lstrip(_LEAD_IN)
    if not _may_be_cue(text[: 2 * BUCKET]):
        return None
    head = key(text)
    kind = words().alone.get(head.rstrip(_LEAD_OUT))
    if kind is not None:
        return Cue(kind, is_heading=kind in _HEADINGS)
    sign = _LABEL_END.search(head, 1, _LONGEST_LABEL)
    kind = _labelled(head[: sign.start()]) if sign else None
    if sign and kind is not None:
        return Cue(kind, is_heading=kind in _HEADINGS and not head[sign.end() :].strip(_LEAD_OUT))
    if head[:1] in _COPYRIGHT_BEGINS and _COPYRIGHT.match(head):
        return Cue(Furniture.NOTICE)
    return _beginning(head)


def _may_be_cue(text: str) -> bool:
    known = words()
    begins = text.lower() if text.isascii() else key(text)
    return begins[: BUCKET - 1] in known.beginnings or begins[:1] in known.short or text[:1] in _COPYRIGHT_BEGINS


def _beginning(head: str) -> Cue | None:
    for cue, kind in words().begins.get(head[:BUCKET], ()):
        if head.startswith(cue) and not head[len(cue) : len(cue) + 1].isalpha():
            return Cue(kind)
    return None


def _labelled(label: str) -> Furniture | None:
    """Return what a label says; a picture's may have two more words: "Photo credit", "Image courtesy of"."""
    label = label.rstrip()
    kind = words().labels.get(label)
    if kind is None and label.count(" ") <= _MOST_SPACES_IN_LABEL and label.partition(" ")[0] in words().pictures:
        return Furniture.CREDIT
    return kind


_CLOSING_LABEL: Final = re.compile(r"[.!?…。！？”\"»)\]] ?([^\W\d_][^.!?…。！？”\"»)\]]{1,40})\Z")
_LONGEST_CLOSING: Final = 160
SENTENCES: Final = re.compile(r"[.!?…][)\]”\"»]? |[)\]] |[。！？].")
"""Where a sentence ends and another follows."""


def closing(text: str) -> tuple[int, Furniture] | None:
    """Return where a paragraph ends and furniture goes on in the same line, "... said. Read more: ...", and what it is.

    Only pictures' labels count, and those of links that are two words or more.
    """
    first = max(0, len(text) - _LONGEST_CLOSING)
    colon = text.rfind(":", first)
    if colon < 0 and not text.isascii():
        colon = text.rfind("：", first)
    found = _CLOSING_LABEL.search(text, max(0, colon - _LONGEST_LABEL), colon) if colon > 0 else None
    if not found or SENTENCES.search(text, colon):
        return None
    label = key(found[1]).lstrip(_LEAD_IN)
    kind = _labelled(label)
    if kind is Furniture.CREDIT or (kind is Furniture.LINK and " " in label.strip()):
        return found.start(1), kind
    return None


def is_signature(text: str) -> bool:
    """Whether what stands in brackets says whose a picture is: "Photo: Ann Smith", "Photo by Ann Smith", "© AFP"."""
    head = key(text).strip()
    if head.startswith("©"):
        return True
    sign = _LABEL_END.search(head, 1, _LONGEST_LABEL)
    if sign:
        return _labelled(head[: sign.start()]) is Furniture.CREDIT
    return head.partition(" ")[0] in words().pictures and any(word in head for word in _AUTHORSHIP)


def is_navigation(part: str) -> bool:
    """Whether a part of a line is a word of every site's menu."""
    return words().alone.get(key(part).strip(_LEAD_OUT)) in _OF_MENUS
