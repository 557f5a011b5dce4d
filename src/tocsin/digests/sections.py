"""One section a watch: the stories that are told there, what the watch asks for, and counts in words. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.digests.background import Background
from tocsin.digests.charts import chart
from tocsin.digests.stories import DigestStory
from tocsin.digests.story_views import digest_story_view
from tocsin.digests.view import Bar, Section, WatchLine
from tocsin.models.ids import WatchId
from tocsin.models.matches import Match
from tocsin.models.volumes import WatchVolume
from tocsin.models.watchlist import About, Watch
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.locales import Locale
from tocsin.rendering.story import mentions, shown_title

TITLE_LIMIT = 80
TERM_LIMIT = 40
TERMS = 12
BARS = 5
LINE_TITLE_LIMIT = 70

UNKNOWN_VOLUME = WatchVolume()


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


def section(
    group: WatchStories, titles: Mapping[WatchId, str], background: Background, base_url: str, *, locale: Locale
) -> Section:
    """Turn the stories of a watch into its section, each in full; ``titles`` are those of all watches."""
    watch = group.watch
    volume = background.volumes.get(watch.id, UNKNOWN_VOLUME)
    terms = (*watch.keywords, *watch.names, *filter(None, (watch.query,)))
    return Section(
        title=watch_title(watch),
        anchor=_anchor(watch),
        terms=tuple(one_line(term, TERM_LIMIT) for term in terms[:TERMS]),
        more_terms=max(0, len(terms) - TERMS),
        regions=tuple(one_line(region, TERM_LIMIT) for region in watch.regions[:TERMS]),
        more_regions=max(0, len(watch.regions) - TERMS),
        asks=asks(watch),
        note=_note(group, volume.usual, locale),
        bars=_bars(group),
        chart=chart(volume.days, locale),
        stories=tuple(digest_story_view(story, titles, background.dossier, base_url, locale) for story in group.here),
    )


def line(group: WatchStories, locale: Locale) -> WatchLine:
    """Give the line of a watch in the overview: its number of stories and the headline of the first."""
    lead = shortened(shown_title(group.here[0].article, locale=locale), LINE_TITLE_LIMIT) if group.here else ""
    words = _told_here(group, locale) if group.here else _elsewhere(group, locale)
    return WatchLine(watch_title(group.watch), _anchor(group.watch), words, lead)


def asks(watch: Watch) -> str:
    """Say what a watch asks of its regions: "any article about Syria", "any article naming Syria"."""
    return "naming" if watch.about is About.MENTION else "about"


def watch_title(watch: Watch) -> str:
    """Give the title of a watch, fit to be shown."""
    return one_line(watch.title, TITLE_LIMIT) or watch.id


def stories_and_articles(stories: Sequence[DigestStory], locale: Locale) -> str:
    """Give "5 stories, 12 articles"; articles are left out while each is a story by itself."""
    told, articles = locale.count("story", len(stories)), _articles(stories)
    return told if articles == len(stories) else locale.series((told, locale.count("article", articles)))


def _articles(stories: Sequence[DigestStory]) -> int:
    return sum(len(story.articles) for story in stories)


def _anchor(watch: Watch) -> str:
    return f"watch-{watch.id}"


def _note(group: WatchStories, usual: int | None, locale: Locale) -> str:
    """Give "2 stories, 9 articles, usually 6", "1 more story, 3 not repeated from above; 9 articles, usually 6"."""
    if not group.here:
        return _elsewhere(group, locale)
    elsewhere = _not_repeated(group, locale)
    if usual is None:
        told = _told_here(group, locale)
        return locale.series((told, elsewhere)) if elsewhere else told
    brought = (_articles_in_all(group, locale), _usually(usual, locale))
    told = _stories_here(group, locale)
    if not elsewhere:
        return locale.series((told, *brought))
    return locale.clauses((locale.series((told, elsewhere)), locale.series(brought)))


def _articles_in_all(group: WatchStories, locale: Locale) -> str:
    return locale.count("article", len({match.article.id for match in group.matches}))


def _usually(usual: int, locale: Locale) -> str:
    return locale.text("usually %(num)s", num=locale.number(usual)) if usual else locale.text("usually none")


def _stories_here(group: WatchStories, locale: Locale) -> str:
    return locale.count("more story" if group.above else "story", len(group.here))


def _told_here(group: WatchStories, locale: Locale) -> str:
    articles = _articles(group.here)
    told = _stories_here(group, locale)
    return told if articles == len(group.here) else locale.series((told, locale.count("article", articles)))


def _not_repeated(group: WatchStories, locale: Locale) -> str:
    """Say how many further stories of the watch stand elsewhere; "" for none."""
    number = group.above + group.below
    if group.above and group.below:
        return locale.text("%(num)s shown above and below", num=locale.number(number))
    if group.above:
        return locale.text("%(num)s not repeated from above", num=locale.number(number))
    return locale.text("%(num)s shown below", num=locale.number(number)) if group.below else ""


def _elsewhere(group: WatchStories, locale: Locale) -> str:
    """Say where all stories of the watch stand."""
    number = group.above + group.below
    if group.above and group.below:
        return locale.counted("%(num)s story, shown above and below", "%(num)s stories, shown above and below", number)
    if group.above:
        return locale.counted("%(num)s story, shown above", "%(num)s stories, shown above", number)
    return locale.counted("%(num)s story, shown below", "%(num)s stories, shown below", number)


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
