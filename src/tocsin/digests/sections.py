"""One section a watch: the stories that are told there, what the watch asks for, and counts in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.digests.stories import DigestStory
from tocsin.digests.story_views import digest_story_view
from tocsin.digests.view import Bar, Section, WatchLine
from tocsin.models.dossiers import Dossier
from tocsin.models.ids import WatchId
from tocsin.models.matches import Match
from tocsin.models.watchlist import About, Watch
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.story import mentions, shown_title
from tocsin.rendering.words import count

TITLE_LIMIT = 80
TERM_LIMIT = 40
TERMS = 12
BARS = 5
LINE_TITLE_LIMIT = 70


@dataclass(frozen=True, slots=True)
class WatchStories:
    """The stories that meet a watch. ``here`` are told in its section, best first; the others in sections before or
    after it, of which ``above`` and ``below`` count them.
    """

    watch: Watch
    here: tuple[DigestStory, ...]
    above: int
    below: int
    matches: tuple[Match, ...]


def watch_order(matches: Iterable[Match], watches: Sequence[Watch]) -> dict[WatchId, Watch]:
    """Give the watches in the order of the watchlist; one removed since comes last, under its id."""
    known = {watch.id: watch for watch in watches}
    gone = sorted({match.watch for match in matches} - set(known))
    return known | {watch: Watch(watch, title=watch) for watch in gone}


def by_watch(stories: Sequence[DigestStory], watches: Mapping[WatchId, Watch]) -> tuple[WatchStories, ...]:
    """Sort stories, best first, by watch; watches that none of them meets are left out."""
    place = {watch: number for number, watch in enumerate(watches)}
    groups = []
    for watch in watches.values():
        met = [story for story in stories if watch.id in story.watches]
        if met:
            elsewhere = [place[story.watch] - place[watch.id] for story in met]
            groups.append(
                WatchStories(
                    watch=watch,
                    here=tuple(story for story in met if story.watch == watch.id),
                    above=sum(distance < 0 for distance in elsewhere),
                    below=sum(distance > 0 for distance in elsewhere),
                    matches=tuple(match for story in met for match in story.matches if match.watch == watch.id),
                )
            )
    return tuple(groups)


def section(group: WatchStories, titles: Mapping[WatchId, str], dossier: Dossier, base_url: str) -> Section:
    """Turn the stories of a watch into its section, each in full; ``titles`` are those of all watches."""
    watch = group.watch
    terms = (*watch.keywords, *watch.names, *filter(None, (watch.query,)))
    return Section(
        title=watch_title(watch),
        anchor=_anchor(watch),
        terms=tuple(one_line(term, TERM_LIMIT) for term in terms[:TERMS]),
        more_terms=max(0, len(terms) - TERMS),
        regions=tuple(one_line(region, TERM_LIMIT) for region in watch.regions[:TERMS]),
        more_regions=max(0, len(watch.regions) - TERMS),
        asks=asks(watch),
        note=_note(group),
        bars=_bars(group),
        stories=tuple(digest_story_view(story, titles, dossier, base_url) for story in group.here),
    )


def line(group: WatchStories) -> WatchLine:
    """Give the line of a watch in the overview: its number of stories and the headline of the first."""
    watch = group.watch
    words = _note(group)
    if group.here:
        words = f"{_told_here(group)}: {shortened(shown_title(group.here[0].article), LINE_TITLE_LIMIT)}"
    return WatchLine(watch_title(watch), _anchor(watch), words)


def asks(watch: Watch) -> str:
    """Say what a watch asks of its regions: "any article about Syria", "any article naming Syria"."""
    return "naming" if watch.about is About.MENTION else "about"


def watch_title(watch: Watch) -> str:
    """Give the title of a watch, fit to be shown."""
    return one_line(watch.title, TITLE_LIMIT) or watch.id


def stories_and_articles(stories: Sequence[DigestStory], noun: str = "story") -> str:
    """Give "5 stories, 12 articles"; articles are left out while each is a story by itself."""
    articles = sum(len(story.articles) for story in stories)
    told = count(noun, len(stories))
    return told if articles == len(stories) else f"{told}, {count('article', articles)}"


def _anchor(watch: Watch) -> str:
    return f"watch-{watch.id}"


def _note(group: WatchStories) -> str:
    """Give "2 stories, 9 articles", "1 more story, 3 shown above", "1 story, shown below" and the like."""
    elsewhere = group.above + group.below
    if not elsewhere:
        return _told_here(group)
    where = " and ".join(words for number, words in ((group.above, "above"), (group.below, "below")) if number)
    if not group.here:
        return f"{count('story', elsewhere)}, shown {where}"
    return f"{_told_here(group)}, {elsewhere} shown {where}"


def _told_here(group: WatchStories) -> str:
    return stories_and_articles(group.here, "more story" if group.above else "story")


def _bars(group: WatchStories) -> tuple[Bar, ...]:
    """Count the articles that name each place inside the regions of the watch; none where there is little to tell."""
    numbers: Counter[str] = Counter()
    for match in group.matches:
        whole = {region.place for region in match.receipt.regions}
        numbers.update({mention.name for mention in mentions(match.receipt) if mention.place not in whole})
    ranked = sorted(numbers.items(), key=lambda item: (-item[1], item[0]))[:BARS]
    if len(ranked) < 2 or len(group.matches) < 2:  # noqa: PLR2004 - one bar compares nothing
        return ()
    longest = ranked[0][1]
    return tuple(Bar(one_line(name, TERM_LIMIT), number, max(1, 100 * number // longest)) for name, number in ranked)
