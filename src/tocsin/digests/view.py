"""What a digest shows, as records: fit to be shown, not yet escaped, times still aware UTC. No decisions here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.rendering.story import StoryView


@dataclass(frozen=True, slots=True)
class Box:
    """A number at the top, with what it counts."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One line a watch in the overview; ``anchor`` is the id of its section."""

    title: str
    anchor: str
    words: str


@dataclass(frozen=True, slots=True)
class Bar:
    """How many articles of a watch name a place; ``percent`` in relation to the longest bar (1..100)."""

    name: str
    number: int
    percent: int


@dataclass(frozen=True, slots=True)
class Section:
    """What a watch brought: ``stories`` in full, then ``lines`` by their title.

    ``terms`` and ``regions`` are those of the watch, ``more_terms`` and ``more_regions`` count those left out; ``asks``
    is the word between them, "about" or "naming". ``note`` counts its articles in words.
    """

    title: str
    anchor: str
    terms: tuple[str, ...]
    more_terms: int
    regions: tuple[str, ...]
    more_regions: int
    asks: str
    note: str
    bars: tuple[Bar, ...]
    stories: tuple[StoryView, ...]
    lines: tuple[StoryView, ...] = ()


@dataclass(frozen=True, slots=True)
class UnseenFeed:
    """A feed that was not read lately; ``words`` follow its title. ``since_at`` is its last success, None for never."""

    title: str
    url: str
    words: str
    since_at: datetime | None
    problem: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the feeds the digest rests on. ``unseen`` names some, ``more_unseen`` counts the others."""

    checked: int
    total: int
    unseen: tuple[UnseenFeed, ...] = ()
    more_unseen: int = 0


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest, ready for its templates.

    ``hidden`` counts the stories that stand only on the web, ``hidden_lines`` the watches left out of the overview.
    ``catch_up`` is a sentence on a window longer than planned, else "". ``contact`` is the operator's mail address or
    page, "" if not set.
    """

    heading: str
    timezone: str
    start_at: datetime
    end_at: datetime
    catch_up: str
    boxes: tuple[Box, ...]
    lines: tuple[WatchLine, ...]
    hidden_lines: int
    sections: tuple[Section, ...]
    hidden: int
    quiet: tuple[str, ...]
    more_quiet: int
    coverage: Coverage
    email: str
    schedule: str
    contact: str
    web_url: str
