"""The words by which page furniture is known, from ``data/furniture.txt``, and the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Final

from tocsin.text.credits import PICTURE_LABELS, SOURCE_LABELS
from tocsin.text.scanner import Scanner

LONGEST_KEY: Final = 80
BUCKET: Final = 4
"""Characters by which `Words.begins` is looked up; of which `Words.beginnings` has one less."""

_SHORTEST_BEGIN: Final = 8


class Furniture(StrEnum):
    """What a piece of page furniture is; the values are read by people."""

    CREDIT = "picture credit"
    CAPTION = "caption"
    GALLERY = "picture gallery"
    LINK = "link to another story"
    ADVERTISEMENT = "advertisement"
    SIGN_UP = "invitation to subscribe"
    SHARING = "share bar"
    NAVIGATION = "navigation"
    TAGS = "list of tags"
    NOTICE = "site notice"
    BYLINE = "byline"


# Joiners and marks of direction vanish, and the dotless i of Turkish is one with dot.
_UNWRITTEN: Final = str.maketrans(
    {"\u200c": " ", "\u200d": None, "\u200e": None, "\u200f": None, "\u00ad": None, "\u0131": "i"}
)
_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c]+")


def key(text: str) -> str:
    """Return the beginning of a line as words are compared: at most 80 characters, case, accents and widths gone."""
    head = text[:LONGEST_KEY]
    if head.isascii():
        return head.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", head.translate(_UNWRITTEN))).casefold()


@dataclass(frozen=True, slots=True)
class Words:
    """Cues by how they stand in a line, all as `key` writes them but those of ``anywhere``, which are in lower case.

    ``begins``: by their first characters. ``beginnings``: how those of all others begin; most lines of a story begin
    otherwise, and need no more looking; ``short``: the same for cues of one or two characters of other scripts.
    """

    alone: dict[str, Furniture] = field(default_factory=dict)
    labels: dict[str, Furniture] = field(default_factory=dict)
    begins: dict[str, list[tuple[str, Furniture]]] = field(default_factory=dict)
    anywhere: list[tuple[str, Furniture]] = field(default_factory=list)
    pictures: frozenset[str] = frozenset(map(key, PICTURE_LABELS))
    beginnings: set[str] = field(default_factory=set)
    short: set[str] = field(default_factory=set)


@lru_cache(maxsize=1)
def words() -> Words:
    """Return the words, read when they are first needed."""
    read = Words()
    read.labels.update((key(label), Furniture.CREDIT) for label in (*PICTURE_LABELS, *SOURCE_LABELS))
    for kind, ways, cue in _cues():
        compared = key(cue)
        if "alone" in ways:
            read.alone.setdefault(compared, kind)
        if "label" in ways:
            read.labels.setdefault(compared, kind)
        if "begins" in ways and " " in compared and len(compared) >= _SHORTEST_BEGIN:
            read.begins.setdefault(compared[:BUCKET], []).append((compared, kind))
        if "anywhere" in ways:
            read.anywhere.append((cue, kind))
    for compared in (*read.alone, *read.labels):
        read.beginnings.add(compared[: BUCKET - 1])
        if len(compared) < BUCKET - 1 and not compared.isascii():
            read.short.add(compared[0])
    return read


def _cues() -> Iterator[tuple[Furniture, frozenset[str], str]]:
    """Yield what a cue means, how it may stand, and the cue."""
    kind, ways = Furniture.LINK, frozenset[str]()
    text = resources.files("tocsin.text").joinpath("data/furniture.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            name, _, standing = line.strip("[]").partition(":")
            kind, ways = Furniture[name.upper().replace("-", "_")], frozenset(standing.split())
        elif line and not line.startswith("#"):
            yield from ((kind, ways, cue.strip()) for cue in line.split("|"))


@lru_cache(maxsize=1)
def _scanner() -> Scanner:
    return Scanner([cue for cue, _ in words().anywhere])


def contains_some(text: str) -> bool:
    """Whether a text has words somewhere that `contained` knows: most have none, and then no line need be asked."""
    lowered = text.lower()
    try:
        return bool(_scanner().find(lowered))
    except UnicodeEncodeError:  # a lone surrogate, which the automaton does not take
        return True


def contained(text: str) -> Furniture | None:
    """Return what a line is by words that may stand anywhere in it."""
    lowered = text.lower()
    return next((kind for cue, kind in words().anywhere if cue in lowered), None)
