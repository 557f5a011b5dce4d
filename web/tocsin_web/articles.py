"""The page ``/articles/{id}``: the text as it is stored, marked, and the receipt of every match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from tocsin.digests.sections import watch_title
from tocsin.models.articles import Article
from tocsin.models.matches import Match
from tocsin.models.receipts import Clause, Span, TextField
from tocsin.rendering.clean import one_line
from tocsin.rendering.links import safe_link
from tocsin.rendering.story import OUTLET_LIMIT, TITLE_LIMIT, Chip, about_chips, shown, shown_title
from tocsin.store.articles import get_article
from tocsin.store.matches import matches_of_article
from tocsin.text.language import is_right_to_left
from tocsin.text.snippet import Piece, marked
from tocsin_web.answers import Site
from tocsin_web.evidence import ReceiptView, receipt_view
from tocsin_web.parameters import article_id
from tocsin_web.times import Clock

_AUTHOR_LIMIT = 120
_PROBLEM_LIMIT = 400

Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with its marks. ``title`` is one line of plain text, ``headline`` the same with marks.

    ``url`` is the source, "" where the feed gave none that is fit to be followed. ``about`` are the places that it is
    about, where a match says so. ``page_problem`` is why its own page was not read, "" where it was, or is not to be.
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


@dataclass(frozen=True, slots=True)
class ArticlePages:
    """The endpoint of an article's page."""

    site: Site

    def article(self, request: Request) -> Response:
        """Show an article and why it matched."""
        house, wanted = self.site.house, article_id(request)
        with house.database.read() as connection:
            article = get_article(connection, wanted)
            if article is None:
                raise HTTPException(404, f"There is no article {wanted}. It may have been removed since.")
            matches = matches_of_article(connection, wanted)
        watchlist = house.watchlist()
        titles = {watch.id: watch_title(watch) for watch in (watchlist.watches if watchlist else ())}
        view = article_view(article, matches, tuple(receipt_view(match, titles) for match in matches))
        return self.site.page("web/article.html", clock=Clock(house.now()), view=view, listed=titles)


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
