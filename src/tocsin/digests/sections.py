"""Matches sorted into one section a watch: each article once, in the first watch that it meets, best first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.digests.view import Bar, Section, WatchLine
from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, WatchId
from tocsin.models.matches import Match
from tocsin.models.receipts import Clause, TextField
from tocsin.models.watchlist import About, Watch
from tocsin.rendering.clean import one_line, shortened
from tocsin.rendering.story import StoryView, mentions, shown_title, story_view
from tocsin.rendering.words import count

TITLE_LIMIT = 80
TERM_LIMIT = 40
TERMS = 12
BARS = 5
LINE_TITLE_LIMIT = 70
_HITS_THAT_COUNT = 10


@dataclass(frozen=True, slots=True)
class WatchMatches:
    """The matches of one watch. ``here`` are shown in its section, best first; the rest in sections before it."""

    watch: Watch
    matches: tuple[Match, ...]
    here: tuple[Match, ...]


def by_watch(matches: Sequence[Match], watches: Sequence[Watch]) -> tuple[WatchMatches, ...]:
    """Sort matches by watch, in the order of the watchlist; a watch removed since comes last, under its id."""
    found: dict[WatchId, list[Match]] = {watch.id: [] for watch in watches}
    for match in sorted(matches, key=lambda match: match.watch):
        found.setdefault(match.watch, []).append(match)
    known = {watch.id: watch for watch in watches}
    taken: set[ArticleId] = set()
    groups = []
    for watch_id, of_watch in found.items():
        here = [match for match in of_watch if match.article.id not in taken]
        taken |= {match.article.id for match in here}
        watch = known.get(watch_id) or Watch(watch_id, title=watch_id)
        if of_watch:
            groups.append(WatchMatches(watch, tuple(of_watch), tuple(sorted(here, key=_rank))))
    return tuple(groups)


def section(group: WatchMatches, met: Mapping[ArticleId, Sequence[Match]], titles: Mapping[WatchId, str],
            base_url: str) -> Section:  # fmt: skip
    """Turn the matches of a watch into its section, with every story in full.

    ``met`` has all matches of an article, ``titles`` those of the watches.
    """
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
        stories=tuple(_story(match, met[match.article.id], titles, base_url) for match in group.here),
    )


def _story(match: Match, met: Sequence[Match], titles: Mapping[WatchId, str], base_url: str) -> StoryView:
    others = [other for other in met if other.watch != match.watch]
    also = [titles.get(other.watch, other.watch) for other in others]
    return story_view(match, base_url=base_url, others=others, also=also)


def line(group: WatchMatches) -> WatchLine:
    """Give the line of a watch in the overview: its number of stories and the headline of the first."""
    watch = group.watch
    if not group.here:
        words = f"{count('story', story_count(match.article for match in group.matches))}, shown above"
    else:
        noun = "more story" if len(group.here) < len(group.matches) else "story"
        stories = count(noun, story_count(match.article for match in group.here))
        top = shortened(shown_title(group.here[0].article), LINE_TITLE_LIMIT)
        words = f"{stories}: {top}"
    return WatchLine(watch_title(watch), _anchor(watch), words)


def asks(watch: Watch) -> str:
    """Say what a watch asks of its regions: "any article about Syria", "any article naming Syria"."""
    return "naming" if watch.about is About.MENTION else "about"


def watch_title(watch: Watch) -> str:
    """Give the title of a watch, fit to be shown."""
    return one_line(watch.title, TITLE_LIMIT) or watch.id


def story_count(articles: Iterable[Article]) -> int:
    """Count stories; an article that belongs to none is one by itself."""
    return len({("article", article.id) if article.story_id is None else ("story", article.story_id)
                for article in articles})  # fmt: skip


def _anchor(watch: Watch) -> str:
    return f"watch-{watch.id}"


def _rank(match: Match) -> tuple[bool, int, float, int]:
    """Order within a watch: evidence in the headline first, then the more of it, then the newer."""
    hits = [hit for hit in match.receipt.hits if hit.clause is not Clause.NONE]
    spans = [hit.span for hit in hits] + [
        mention.span for region in match.receipt.regions for mention in region.mentions
    ]
    in_title = any(span.field is TextField.TITLE for span in spans)
    article = match.article
    return (not in_title, -min(len(spans), _HITS_THAT_COUNT), -article.published_at.timestamp(), article.id)


def _note(group: WatchMatches) -> str:
    above = len(group.matches) - len(group.here)
    articles = count("article", len(group.matches))
    if not above:
        return articles
    if not group.here:
        return f"{articles}, shown above"
    return f"{count('more article', len(group.here))}, {above} shown above"


def _bars(group: WatchMatches) -> tuple[Bar, ...]:
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
