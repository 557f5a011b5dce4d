"""A burst as messages show it: what came thicker, the figures against the usual, and what it was about. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.models.ids import StoryId, WatchId
from tocsin.rendering.clean import one_line
from tocsin.rendering.times import both_times, rough_length
from tocsin.rendering.words import count, listed

STORIES_NAMED = 5
OUTLETS_NAMED = 8
_NAME_LIMIT = 60
_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class BurstStory:
    """A story of a burst: ``articles`` and ``outlets`` count those of it that met the watch."""

    id: StoryId
    title: str
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class BurstReport:
    """A burst with what it was about.

    ``found`` were counted in ``span``, where ``usual`` are usual; ``counted`` names what was: story or report.
    ``stories`` are all of them, those that most outlets told first; ``outlets`` the names, those that told most first.
    """

    watch: WatchId
    began_at: datetime
    counted: str
    span: timedelta
    found: int
    usual: float
    stories: tuple[BurstStory, ...]
    outlets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BurstStoryView:
    """A story in the list of a burst."""

    title: str
    url: str
    words: str


@dataclass(frozen=True, slots=True)
class BurstView:
    """A burst, fit to be shown. ``lines`` say in sentences what the heading does not."""

    heading: str
    lines: tuple[str, ...]
    stories: tuple[BurstStoryView, ...]
    more_stories: int
    watch_url: str


def build_burst(report: BurstReport, *, base_url: str, timezone: str | None = None) -> BurstView:
    """Build what is shown of a burst; ``base_url`` is the web's address without a slash at its end."""
    found = count(report.counted, report.found)
    return BurstView(
        heading=f"Burst: {found} in {rough_length(report.span)}, {report.usual:.1f} usual",
        lines=(f"Since {both_times(report.began_at, timezone)}.", f"{_outlets(report.outlets)}."),
        stories=tuple(
            BurstStoryView(
                one_line(story.title, _TITLE_LIMIT),
                f"{base_url}/stories/{story.id}",
                f"{count('article', story.articles)} in {count('outlet', story.outlets)}",
            )
            for story in report.stories[:STORIES_NAMED]
        ),
        more_stories=max(0, len(report.stories) - STORIES_NAMED),
        watch_url=f"{base_url}/watches/{report.watch}",
    )


def _outlets(names: Sequence[str]) -> str:
    """Name the outlets, the first few of them."""
    named = [one_line(name, _NAME_LIMIT) for name in names[:OUTLETS_NAMED]]
    more = len(names) - len(named)
    return f"{count('outlet', len(names))}: {listed([*named, f'{more} more'] if more > 0 else named)}"
