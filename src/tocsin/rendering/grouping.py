"""Articles sorted into stories, and which of a story's articles stands for it. Pure; nothing here is shown yet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, DevelopmentId, StoryId
from tocsin.models.matches import Match
from tocsin.models.receipts import Clause, Receipt, Span, TextField
from tocsin.models.stories import Join, Placement

FULL_REPORT = 600
"""Characters from which on a text is a report, however long others are; shorter ones are flashes and teasers."""

_NO_PLACEMENTS: Mapping[ArticleId, Placement] = {}


@dataclass(frozen=True, slots=True)
class StoryMatches:
    """The matches at hand of the articles of one story; ``story_id`` is None for an article that is in none."""

    story_id: StoryId | None
    matches: tuple[Match, ...]

    @property
    def articles(self) -> tuple[Article, ...]:
        """Each article once, the earliest first."""
        return by_time({match.article.id: match.article for match in self.matches}.values())


def by_story(matches: Iterable[Match]) -> list[StoryMatches]:
    """Sort matches into stories, in the order in which each comes first; an article in none is a story by itself."""
    found: dict[tuple[str, int], list[Match]] = {}
    for match in matches:
        article = match.article
        key = ("article", int(article.id)) if article.story_id is None else ("story", int(article.story_id))
        found.setdefault(key, []).append(match)
    return [StoryMatches(of_one[0].article.story_id, tuple(of_one)) for of_one in found.values()]


def by_time(articles: Iterable[Article]) -> tuple[Article, ...]:
    """Sort articles, the earliest first."""
    return tuple(sorted(articles, key=lambda article: (article.published_at, article.id)))


def outlet_key(article: Article) -> str:
    """Name who published an article, the same for all feeds of one house."""
    return article.outlet or article.feed_title


def newest_versions(
    matches: Sequence[Match], placements: Mapping[ArticleId, Placement] = _NO_PLACEMENTS
) -> list[Match]:
    """Leave out what an outlet published again since, perhaps under another title: the newest version stands for all.

    An older version stays for a watch that no newer one meets.
    """
    newest: dict[tuple[ArticleId, str], Match] = {}
    for match in matches:
        key = (_original(match.article.id, placements), match.watch)
        known = newest.get(key)
        if known is None or _version(match.article) > _version(known.article):
            newest[key] = match
    kept = {match.id for match in newest.values()}
    return [match for match in matches if match.id in kept]


def _original(article_id: ArticleId, placements: Mapping[ArticleId, Placement]) -> ArticleId:
    """Follow a republished article to the one that it is a version of."""
    seen: set[ArticleId] = set()
    while article_id not in seen:
        seen.add(article_id)
        placement = placements.get(article_id)
        if placement is None or placement.join is not Join.SAME_ARTICLE or placement.nearest is None:
            return article_id
        article_id = placement.nearest
    return min(seen)  # versions that name each other: any of them will do, as long as it is always the same


def _version(article: Article) -> tuple[float, int]:
    return (article.published_at.timestamp(), article.id)


def spans(receipt: Receipt) -> set[Span]:
    """Give the places in an article that speak for a match, each once."""
    hits = {hit.span for hit in receipt.hits if hit.clause is not Clause.NONE}
    return hits | {mention.span for region in receipt.regions for mention in region.mentions}


def in_headline(receipt: Receipt) -> int:
    """Count the pieces of evidence that stand in the headline."""
    return sum(span.field is TextField.TITLE for span in spans(receipt))


def main_language(articles: Iterable[Article]) -> str | None:
    """Give the language that most of the articles are in (BCP 47 primary subtag); None where none is known."""
    found = Counter(article.language for article in articles if article.language)
    return min(found, key=lambda language: (-found[language], language), default=None)


def lead_article(
    articles: Sequence[Article], headline: Mapping[ArticleId, int], language: str | None = None
) -> Article:
    """Choose the article that stands for several: in ``language``, if there is one; then with most evidence in the
    headline; then the earliest full report.

    ``headline`` counts the evidence in the headline of each. A report is full if it has 600 characters, or half as many
    as the longest.
    """
    longest = max(len(article.text) for article in articles)
    enough = min(FULL_REPORT, longest / 2)

    def order(article: Article) -> tuple[bool, int, bool, float, int]:
        return (
            article.language != language,
            -headline.get(article.id, 0),
            len(article.text) < enough,
            article.published_at.timestamp(),
            article.id,
        )

    return min(articles, key=order)


def lead_development(articles: Iterable[Article], told: frozenset[DevelopmentId] = frozenset()) -> tuple[Article, ...]:
    """Choose the articles of the development that stands for a story: one that was not told yet before one that was,
    then the one that more outlets have, then the later one.
    """
    found: defaultdict[DevelopmentId | None, list[Article]] = defaultdict(list)
    for article in by_time(articles):
        found[article.development_id].append(article)

    def order(development: DevelopmentId | None) -> tuple[bool, int, float, int]:
        of_it = found[development]
        outlets = len({outlet_key(article) for article in of_it})
        return (development not in told, outlets, of_it[0].published_at.timestamp(), development or 0)

    return tuple(found[max(found, key=order)])


def by_outlet(articles: Iterable[Article]) -> tuple[tuple[Article, ...], ...]:
    """Give the articles of each outlet, the earliest first, and the outlets by their first articles."""
    found: defaultdict[str, list[Article]] = defaultdict(list)
    for article in by_time(articles):
        found[outlet_key(article)].append(article)
    return tuple(map(tuple, found.values()))
