"""The page ``/articles/{id}``: the text as it is stored, marked, its story, the receipt of every match, and what was
told of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import sqlalchemy as sa
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tocsin.models.articles import Article
from tocsin.models.ids import ArticleId, WatchId
from tocsin.models.matches import Match
from tocsin.models.receipts import Clause, Span, TextField
from tocsin.models.stories import Story, StoryArticle
from tocsin.rendering.clean import one_line
from tocsin.rendering.links import safe_link
from tocsin.rendering.story import OUTLET_LIMIT, TITLE_LIMIT, Chip, about_chips, shown, shown_title
from tocsin.rendering.words import count
from tocsin.store.alert_log import LoggedAlert, alerts_of_articles
from tocsin.store.articles import get_article
from tocsin.store.dossiers import began_at
from tocsin.store.matches import matches_of_article
from tocsin.store.stories import get_story, story_article
from tocsin.text.language import is_right_to_left
from tocsin.text.snippet import Piece, marked
from tocsin_web.alert_rows import AlertRow, alert_row
from tocsin_web.answers import Site
from tocsin_web.evidence import ReceiptView, receipt_view
from tocsin_web.parameters import article_id
from tocsin_web.story_groups import number_of
from tocsin_web.story_views import PlacementView, placement_view, shown_story_title
from tocsin_web.times import Clock
from tocsin_web.watches import watch_titles

_AUTHOR_LIMIT = 120
_PROBLEM_LIMIT = 400

Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ItsStory:
    """The story of an article, and why it is in it.

    ``development`` is the number of the article's, 0 where there is only one; ``total`` says how large the story is.
    """

    path: str
    title: str
    direction: str
    development: int
    total: str
    first_seen_at: datetime
    placement: PlacementView


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with its marks. ``title`` is one line of plain text, ``headline`` the same with marks.

    ``url`` is the source, "" where the feed gave none that is fit to be followed. ``about`` are the places that it is
    about, where a match says so. ``page_problem`` is why its own page was not read, "" where it was, or is not to be.
    ``story`` is None until the article is classified. ``alerts`` are the decisions on alerts by watch.
    """

    article: Article
    title: str
    headline: Pieces
    paragraphs: tuple[Pieces, ...]
    url: str
    outlet: str
    author: str
    direction: str
    page_problem: str
    about: tuple[Chip, ...]
    receipts: tuple[ReceiptView, ...]
    story: ItsStory | None = None
    alerts: Mapping[WatchId, Sequence[AlertRow]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ArticlePages:
    """The endpoint of an article's page."""

    site: Site

    def article(self, request: Request) -> Response:
        """Show an article, its story, why it matched, and what was told of it."""
        house, wanted = self.site.house, article_id(request)
        with house.database.read() as connection:
            article = get_article(connection, wanted)
            if article is None:
                raise HTTPException(404, f"There is no article {wanted}. It may have been removed since.")
            matches = matches_of_article(connection, wanted)
            story = _its_story(connection, wanted, house.root)
            logged = alerts_of_articles(connection, [wanted])
        titles = watch_titles(house.watchlist())
        view = article_view(article, matches, tuple(receipt_view(match, titles) for match in matches))
        view = replace(view, story=story, alerts=_by_watch(logged, titles))
        return self.site.page("web/article.html", clock=Clock(house.now()), view=view, listed=titles)


def _its_story(connection: sa.Connection, article_id: ArticleId, root: str) -> ItsStory | None:
    placed = story_article(connection, article_id)
    story = get_story(connection, placed.placement.story) if placed and placed.placement.story else None
    if placed is None or story is None:
        return None
    nearest = get_article(connection, placed.placement.nearest) if placed.placement.nearest else None
    first_seen_at = began_at(connection, [story.id]).get(story.id, story.opened_at)
    return its_story(story, placed, nearest, first_seen_at=first_seen_at, root=root)


def its_story(
    story: Story, placed: StoryArticle, nearest: Article | None, *, first_seen_at: datetime, root: str
) -> ItsStory:
    """Turn the story of an article into what is shown of it; ``nearest`` is the article that decided."""
    title, numbers = shown_story_title(story), {one.id: one.number for one in story.developments}
    return ItsStory(
        path=f"{root}/stories/{story.id}",
        title=title,
        direction="rtl" if is_right_to_left(title) else "ltr",
        development=number_of(placed.article, numbers) if len(numbers) > 1 else 0,
        total=f"{count('article', story.articles)} in {count('outlet', story.outlets)}",
        first_seen_at=first_seen_at,
        # Only the first development of a story is opened with it.
        placement=placement_view(
            placed, {nearest.id: nearest} if nearest else {}, root, merged=number_of(placed.article, numbers) > 1
        ),
    )


def _by_watch(logged: Sequence[LoggedAlert], titles: Mapping[WatchId, str]) -> Mapping[WatchId, Sequence[AlertRow]]:
    found: defaultdict[WatchId, list[AlertRow]] = defaultdict(list)
    for one in logged:
        found[one.alert.watch].append(alert_row(one, titles))
    return found


def article_view(article: Article, matches: Sequence[Match], receipts: tuple[ReceiptView, ...]) -> ArticleView:
    """Turn an article and its matches into what is shown; withdrawn ones leave no marks."""
    standing = [match for match in matches if match.withdrawn_at is None]
    spans = [span for match in standing for span in evidence_spans(match)]
    return ArticleView(
        article=article,
        title=shown_title(article),
        headline=_headline(article, [span for span in spans if span.field is TextField.TITLE]),
        paragraphs=paragraphs(marked(article.text, [span for span in spans if span.field is TextField.TEXT])),
        url=safe_link(article.url),
        outlet=one_line(article.feed_title, OUTLET_LIMIT),
        author=one_line(article.author or "", _AUTHOR_LIMIT),
        direction="rtl" if is_right_to_left(article.title or article.text) else "ltr",
        page_problem=one_line((article.page.problem if article.page else None) or "", _PROBLEM_LIMIT),
        about=about_chips([match.receipt for match in standing]),
        receipts=receipts,
    )


def evidence_spans(match: Match) -> list[Span]:
    """Give the spans of all that speaks for a match: its terms, and the places inside its regions."""
    of_terms = [hit.span for hit in match.receipt.hits if hit.clause is not Clause.NONE]
    return of_terms + [mention.span for region in match.receipt.regions for mention in region.mentions]


def paragraphs(pieces: Sequence[Piece]) -> tuple[Pieces, ...]:
    r"""Cut pieces at line breaks; each line that holds anything is a paragraph, fit to be shown.

    >>> paragraphs([Piece("one "), Piece("two", True), Piece("\n\nthree")])
    ((Piece(text='one ', marked=False), Piece(text='two', marked=True)), (Piece(text='three', marked=False),))
    """
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        first, *others = piece.text.split("\n")
        lines[-1].append(Piece(first, piece.marked))
        lines += [[Piece(other, piece.marked)] for other in others]
    cleaned = (tuple(piece for piece in map(shown, line) if piece.text) for line in lines)
    return tuple(line for line in cleaned if any(piece.text.strip() for piece in line))


def _headline(article: Article, spans: Sequence[Span]) -> Pieces:
    """Give the headline with marks; one that is missing or endless is shown as lists show it, without."""
    if not article.title.strip() or len(article.title) > TITLE_LIMIT:
        return (Piece(shown_title(article)),)
    return tuple(map(shown, marked(article.title, spans)))
