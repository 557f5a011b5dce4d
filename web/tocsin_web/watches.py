"""A watch as pages show it: its terms, how much it brought lately, and its latest matches. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.digests.sections import asks, watch_title
from tocsin.models.ids import MatchId, WatchId
from tocsin.models.watchlist import Watch, Watchlist
from tocsin.rendering.clean import one_line
from tocsin.rendering.words import plural
from tocsin_web.story_groups import StoryGroup

SHOWN_TERMS = 12
_TERM_LIMIT = 40


@dataclass(frozen=True, slots=True)
class WatchPanel:
    """A watch with matches. ``recent`` counts those of the last 24 hours, ``note`` says so in words.

    ``asks`` is the word before its regions, "about" or "naming". ``last_at`` is when it last matched, None for never.
    ``stories`` are the newest first; ``older`` is the match after which the list goes on, None where it ends.
    ``listed`` is False for a watch that is no longer in the watchlist.
    """

    id: WatchId
    title: str
    terms: tuple[str, ...]
    more_terms: int
    regions: tuple[str, ...]
    more_regions: int
    asks: str
    recent: int
    note: str
    last_at: datetime | None
    stories: tuple[StoryGroup, ...]
    older: MatchId | None = None
    listed: bool = True

    @property
    def is_about_places(self) -> bool:
        """Tell whether the watch looks for regions alone."""
        return bool(self.regions) and not self.terms


def watch_panel(
    watch: Watch,
    stories: Sequence[StoryGroup],
    *,
    recent: int,
    last_at: datetime | None,
    older: MatchId | None = None,
    listed: bool = True,
) -> WatchPanel:
    """Turn a watch and some of its stories into what is shown of them."""
    terms = (*watch.keywords, *watch.names, *filter(None, (watch.query,)))
    return WatchPanel(
        id=watch.id,
        title=watch_title(watch),
        terms=_shown(terms),
        more_terms=max(0, len(terms) - SHOWN_TERMS),
        regions=_shown(watch.regions),
        more_regions=max(0, len(watch.regions) - SHOWN_TERMS),
        asks=asks(watch),
        recent=recent,
        note=_note(recent),
        last_at=last_at,
        stories=tuple(stories),
        older=older,
        listed=listed,
    )


def find_watch(watchlist: Watchlist | None, watch_id: str) -> Watch | None:
    """Find a watch of the watchlist by its id."""
    watches = watchlist.watches if watchlist else ()
    return next((watch for watch in watches if watch.id == watch_id), None)


def watch_titles(watchlist: Watchlist | None) -> Mapping[WatchId, str]:
    """Give the titles of the watches of a watchlist, in its order."""
    return {watch.id: watch_title(watch) for watch in (watchlist.watches if watchlist else ())}


def _note(recent: int) -> str:
    number = f"{recent:,}" if recent else "no"
    return f"{number} {plural('match', recent)} in the last 24 hours"


def _shown(terms: Sequence[str]) -> tuple[str, ...]:
    return tuple(one_line(term, _TERM_LIMIT) for term in terms[:SHOWN_TERMS])
