"""What a lane reads of a feed before anything is cleaned: strings as they stood, for `tocsin.feeds.entries`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from tocsin.models.feeds import Hints, Hub

MOST_ENTRIES: Final = 500
"""Of more entries the newest are read."""


@dataclass(slots=True)
class Construct:
    """A text with its media type in full, such as ``text/html``; in ``application/xhtml+xml`` markup is not escaped."""

    type: str
    value: str


@dataclass(slots=True)
class RawEntry:
    """An entry, and in the fast lane also what stands above the entries; "" and None for what there is not.

    ``link`` may be relative to the document. ``date`` is that of publication, else of the last change.
    """

    id: str = ""
    link: str = ""
    title: Construct | None = None
    summary: Construct | None = None
    contents: list[Construct] = field(default_factory=list)
    date: str = ""
    author: str = ""
    language: str = ""


@dataclass(slots=True)
class RawFeed:
    """A document as a lane read it: ``head`` is what stands above the entries; ``format`` its name for people."""

    head: RawEntry
    entries: list[RawEntry]
    format: str
    hints: Hints = field(default_factory=Hints)
    hub: Hub | None = None
