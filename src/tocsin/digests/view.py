"""What a digest shows, as records: in its reader's language and fit to be shown, not yet escaped; times still aware
UTC. No decisions here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.models.subscribers import Owner, SubscriptionLinks
from tocsin.rendering.locales import Locale
from tocsin.rendering.story import StoryView


@dataclass(frozen=True, slots=True)
class Box:
    """A number at the top, with what it counts."""

    number: int
    label: str


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One line a watch in the overview; ``anchor`` is the id of its section, ``lead`` the headline of its first story,
    "" where that is told elsewhere.
    """

    title: str
    anchor: str
    words: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Bar:
    """How many articles of a watch name a place; ``percent`` in relation to the longest bar (1..100)."""

    name: str
    number: int
    percent: int


@dataclass(frozen=True, slots=True)
class Chart:
    """How many articles a watch brought on each of the last days, the latest last; ``heights`` are those of the bars,
    in pixels; ``words`` say the same in a sentence.
    """

    days: tuple[int, ...]
    heights: tuple[int, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """What a watch brought: ``stories`` in full, then ``lines`` by their title.

    ``terms`` and ``regions`` are those of the watch, ``more_terms`` and ``more_regions`` count those left out; ``asks``
    tells what it asks of its regions: "about" or "naming". ``note`` counts its stories and articles in words.
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
    chart: Chart | None
    stories: tuple[StoryView, ...]
    lines: tuple[StoryView, ...] = ()


@dataclass(frozen=True, slots=True)
class QuietWatch:
    """A watch that nothing matched; ``words`` say when something last did, or are ""."""

    title: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class UnseenLine:
    """A feed whose news may be missing; ``words`` follow its title."""

    title: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest, ready for its templates, which speak ``locale``.

    ``stamp`` is the day of the digest, and its time where a day may have several. ``notices`` are sentences on what is
    not as usual: a window longer than planned, a digest that did not arrive. ``hidden`` counts the stories that stand
    only on the web, ``hidden_lines`` the watches left out of the overview. ``quiet_words`` say what was looked through
    where nothing matched. ``checked`` of ``total`` feeds were read, ``unseen`` names some of the others.
    ``schedule`` and ``owner`` say why it comes; ``links`` are its reader's, None where others may read it.
    ``contact`` is the operator's mail address or page, "" if not set.
    """

    locale: Locale
    heading: str
    stamp: str
    timezone: str
    start_at: datetime
    end_at: datetime
    notices: tuple[str, ...]
    boxes: tuple[Box, ...]
    lines: tuple[WatchLine, ...]
    hidden_lines: int
    sections: tuple[Section, ...]
    hidden: int
    quiet_words: str
    quiet: tuple[QuietWatch, ...]
    more_quiet: int
    checked: int
    total: int
    unseen: tuple[UnseenLine, ...]
    more_unseen: int
    email: str
    owner: Owner
    schedule: str
    contact: str
    web_url: str
    links: SubscriptionLinks | None = None
