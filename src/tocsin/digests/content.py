"""What a digest says: records of the store turned into a `DigestView`, and its folding to the size of a mail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tocsin.digests import sections
from tocsin.digests.coverage import coverage
from tocsin.digests.stories import DigestStory, digest_stories
from tocsin.digests.view import Box, Coverage, DigestView, Section, WatchLine
from tocsin.digests.windows import slots_between
from tocsin.models.digests import Digest
from tocsin.models.dossiers import NOTHING_KNOWN, Dossier
from tocsin.models.feeds import Feed
from tocsin.models.matches import Match
from tocsin.models.watchlist import DigestSchedule, Watch
from tocsin.rendering.clean import one_line
from tocsin.rendering.story import StoryView, mentions
from tocsin.rendering.times import rough_length
from tocsin.rendering.words import count, listed, plural

FULL_STORIES = 15
TITLE_LINES = 40
OVERVIEW_LINES = 20
QUIET_NAMES = 20
OUTLETS_NAMED = 5
DEVELOPMENTS_NAMED = 3

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY_SETS = {(1, 2, 3, 4, 5, 6, 7): "every day", (1, 2, 3, 4, 5): "on weekdays", (6, 7): "at weekends"}


def build_digest(
    digest: Digest,
    matches: Sequence[Match],
    watches: Sequence[Watch],
    feeds: Sequence[Feed],
    *,
    schedule: DigestSchedule,
    base_url: str,
    contact: str | None = None,
    seen: Coverage | None = None,
    dossier: Dossier = NOTHING_KNOWN,
) -> DigestView:
    """Build the whole digest, every story in full; `fold` makes it fit a mail.

    ``matches`` are those of the digest that were not withdrawn; ``watches`` those of the subscriber, in the order of
    the watchlist; ``feeds`` all feeds as they stand now, unless ``seen`` says how they stood when it was closed;
    ``dossier`` is what is known of the stories beyond these articles.
    """
    base_url = base_url.rstrip("/")
    order = sections.watch_order(matches, watches)
    stories = digest_stories(matches, list(order), dossier)
    groups = sections.by_watch(stories, order)
    titles = {watch.id: sections.watch_title(watch) for watch in order.values()}
    lines = tuple(map(sections.line, groups))
    silent = [watch for watch in watches if watch.id not in {group.watch.id for group in groups}]
    seen = seen or coverage(feeds, digest.window)
    return DigestView(
        heading=_heading(stories, len(groups)),
        timezone=digest.timezone,
        start_at=digest.window.start_at,
        end_at=digest.window.end_at,
        catch_up=_catch_up(digest, schedule),
        boxes=_boxes(stories, seen),
        lines=lines,
        hidden_lines=0,
        sections=tuple(sections.section(group, titles, dossier, base_url) for group in groups),
        hidden=0,
        quiet=tuple(map(sections.watch_title, silent)),
        more_quiet=0,
        coverage=seen,
        email=one_line(digest.email),
        schedule=schedule_words(schedule, digest.timezone),
        contact=one_line(contact or ""),
        web_url=f"{base_url}/digests/{digest.token}",
    )


def fold(view: DigestView, full: int = FULL_STORIES, titles: int = TITLE_LINES) -> DigestView:
    """Keep the first ``full`` stories, the next ``titles`` as a line each, and count the rest as being on the web. Of a
    story the first few outlets and developments are kept.
    """
    folded = []
    for part in view.sections:
        stories = tuple(map(_shortened, part.stories[:full]))
        lines = part.stories[full : full + titles]
        full, titles = full - len(stories), titles - len(lines)
        if stories or lines:
            folded.append(replace(part, stories=stories, lines=lines))
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


def schedule_words(schedule: DigestSchedule, timezone: str) -> str:
    """Say a schedule as in "07:30 Europe/Berlin on weekdays"."""
    days = _DAY_SETS.get(schedule.days) or f"on {listed([_DAYS[day - 1] for day in schedule.days])}"
    return f"{listed(schedule.at)} {timezone} {days}"


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


def _heading(stories: Sequence[DigestStory], watches: int) -> str:
    """Give "5 stories, 12 articles on 2 watches"."""
    return f"{sections.stories_and_articles(stories)} on {count('watch', watches)}" if stories else "Nothing matched"


def _boxes(stories: Sequence[DigestStory], seen: Coverage) -> tuple[Box, ...]:
    """Give the numbers at the top; places only where a watch looks for any."""
    feeds = Box(seen.checked, f"{plural('feed', seen.checked)} checked")
    if not stories:
        return (feeds,)
    articles = sum(len(story.articles) for story in stories)
    receipts = [match.receipt for story in stories for match in story.matches]
    places = len({mention.place for mention in mentions(*receipts)})
    return (
        Box(len(stories), plural("story", len(stories))),
        Box(articles, plural("article", articles)),
        *([Box(places, plural("place", places))] if places else []),
        feeds,
    )


def _catch_up(digest: Digest, schedule: DigestSchedule) -> str:
    """Say that the window is longer than planned: digests were due inside it and did not go out."""
    window = digest.window
    missed = slots_between(schedule, digest.timezone, window.start_at, window.end_at)
    if not missed:
        return ""
    due = "one more was" if missed == 1 else f"{missed:,} more were"
    return (
        f"This digest covers {rough_length(window.end_at - window.start_at)}: {due} due in that time and did not go "
        "out, because Tocsin was not running or the schedule was changed. "
        "What feeds dropped meanwhile may be missing."
    )
