"""A digest cut to what a mail can hold. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tocsin.digests.view import DigestView, Section, WatchLine
from tocsin.rendering.story import StoryView

FULL_STORIES = 15
TITLE_LINES = 40
OVERVIEW_LINES = 20
QUIET_NAMES = 20
CHARTS = 5
OUTLETS_NAMED = 5
DEVELOPMENTS_NAMED = 3


def fold(view: DigestView, full: int = FULL_STORIES, titles: int = TITLE_LINES) -> DigestView:
    """Keep the first ``full`` stories, the next ``titles`` as a line each, and count the rest as being on the web. Of a
    story the first few outlets and developments are kept, of the charts those of the first watches.
    """
    folded: list[Section] = []
    for part in view.sections:
        stories = tuple(map(_shortened, part.stories[:full]))
        lines = part.stories[full : full + titles]
        full, titles = full - len(stories), titles - len(lines)
        if stories or lines:
            drawn = part.chart if stories and len(folded) < CHARTS else None
            folded.append(replace(part, stories=stories, lines=lines, chart=drawn))
    shown = sum(len(part.stories) + len(part.lines) for part in folded)
    return replace(
        view,
        sections=tuple(folded),
        hidden=sum(len(part.stories) for part in view.sections) - shown,
        lines=_linked(view.lines[:OVERVIEW_LINES], folded),
        hidden_lines=max(0, len(view.lines) - OVERVIEW_LINES),
        quiet=view.quiet[:QUIET_NAMES],
        more_quiet=max(0, len(view.quiet) - QUIET_NAMES),
    )


def _shortened(story: StoryView) -> StoryView:
    """Name the first outlets of a story and the developments that most outlets have, and count the others."""
    context = story.context
    if context is None:
        return story
    widest = sorted(context.developments, key=lambda one: -one.outlets)[:DEVELOPMENTS_NAMED]
    fewer = replace(
        context,
        outlets=context.outlets[:OUTLETS_NAMED],
        more_outlets=max(0, len(context.outlets) - OUTLETS_NAMED),
        developments=tuple(one for one in context.developments if one in widest),
        more_developments=max(0, len(context.developments) - DEVELOPMENTS_NAMED),
    )
    return replace(story, context=fewer)


def _linked(lines: Sequence[WatchLine], folded: Sequence[Section]) -> tuple[WatchLine, ...]:
    """Take the link from the lines of watches whose section is left out of the mail."""
    shown = {part.anchor for part in folded}
    return tuple(line if line.anchor in shown else replace(line, anchor="") for line in lines)
