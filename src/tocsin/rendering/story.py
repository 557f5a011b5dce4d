"""One story as it is shown in mails and pages: a match turned into words, marked pieces and chips.

Everything in these records is fit to be shown (see `tocsin.rendering.clean`) but not escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tocsin.models.articles import Article
from tocsin.models.matches import Match
from tocsin.models.receipts import Clause, FocusPlace, Mention, Receipt, Span, TextField
from tocsin.rendering.clean import one_line, visible
from tocsin.rendering.links import safe_link
from tocsin.rendering.locales import ENGLISH, Locale
from tocsin.rendering.reason_words import reason_words
from tocsin.text.furniture import furniture
from tocsin.text.language import is_right_to_left
from tocsin.text.snippet import Piece, snippet

TITLE_LIMIT = 200
OUTLET_LIMIT = 60
CHIP_LIMIT = 40
SNIPPET_WIDTH = 280
CHIPS = 4
ABOUT_CHIPS = 3


class ChipKind(StrEnum):
    """What a chip stands for; also its class in the style sheet.

    ``ABOUT`` is a place that the article is about, ``PLACE`` one inside the regions of its watches that it names.
    """

    ABOUT = "about"
    PLACE = "place"
    TERM = "term"


@dataclass(frozen=True, slots=True)
class Chip:
    """A place or a term found in the article; ``times`` is 0 where the number says nothing."""

    kind: ChipKind
    text: str
    times: int = 0


@dataclass(frozen=True, slots=True)
class ArticleLine:
    """An article told in one line; the fields are those of `StoryView`."""

    title: str
    url: str
    outlet: str
    published_at: datetime
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class OutletView:
    """A further outlet that has the story, by its first article; ``articles`` counts all of its articles."""

    first: ArticleLine
    articles: int


@dataclass(frozen=True, slots=True)
class DevelopmentView:
    """A further development of a story, by the article that stands for it; ``words`` name it and say what is new.

    ``outlets`` counts those that have it beside that article's own.
    """

    words: str
    lead: ArticleLine
    outlets: int


@dataclass(frozen=True, slots=True)
class StoryContext:
    """What is shown of a story beside the article that stands for it; ``url`` is its page.

    ``news`` says what that article brings to a story that goes on, or is "". ``began_at`` is when the first article of
    the story was published, None where that is the one shown; ``known`` says that the reader was told of the story
    before. ``outlets`` have the same development, the earliest first; ``more_outlets`` and ``more_developments`` count
    those left out. ``total`` counts all articles and outlets of the story in words; ``because`` says why they are one.
    """

    url: str
    news: str
    began_at: datetime | None
    known: bool
    outlets: tuple[OutletView, ...]
    developments: tuple[DevelopmentView, ...]
    total: str
    because: str
    more_outlets: int = 0
    more_developments: int = 0

    @property
    def also_in(self) -> int:
        """In how many further outlets the article's development stands."""
        return len(self.outlets) + self.more_outlets


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story by one of its articles. ``url`` is the source, "" where the feed gave none; ``direction`` is ltr or rtl.

    ``language`` is a BCP 47 primary subtag or "". ``more_chips`` counts those left out. ``also`` has the titles of
    further watches that the story meets. ``context`` is None where there is nothing but the one article. ``updated_at``
    is when its text was last changed after it was published, None where it was not; ``is_new`` marks a story that its
    reader had not heard of, among others that go on.
    """

    title: str
    url: str
    outlet: str
    published_at: datetime
    language: str
    direction: str
    pieces: tuple[Piece, ...]
    chips: tuple[Chip, ...]
    more_chips: int
    reason: str
    receipt_url: str
    also: tuple[str, ...] = ()
    context: StoryContext | None = None
    updated_at: datetime | None = None
    is_new: bool = False


def story_view(
    match: Match,
    *,
    base_url: str,
    others: Sequence[Match] = (),
    also: Sequence[str] = (),
    context: StoryContext | None = None,
    is_new: bool = False,
    locale: Locale = ENGLISH,
) -> StoryView:
    """Turn a match into what is shown of it; ``base_url`` is the web's address without a slash at its end.

    ``others`` are the same article's matches with further watches, whose terms and places are marked too; ``also`` the
    titles of further watches that its story meets. What Tocsin says of it is said in ``locale``.
    """
    article = match.article
    receipts = (match.receipt, *(other.receipt for other in others))
    about, terms = about_chips(receipts, locale=locale), _term_chips(receipts)
    places = tuple(chip for chip in _place_chips(receipts, locale) if Chip(ChipKind.ABOUT, chip.text) not in about)
    return StoryView(
        title=shown_title(article, locale=locale),
        url=safe_link(article.url),
        outlet=one_line(article.feed_title, OUTLET_LIMIT),
        published_at=article.published_at,
        language=article.language or "",
        direction=direction(article),
        pieces=_snippet(article.text, receipts),
        chips=about[:ABOUT_CHIPS] + places[:CHIPS] + terms[:CHIPS],
        more_chips=sum(
            max(0, len(chips) - most) for chips, most in ((about, ABOUT_CHIPS), (places, CHIPS), (terms, CHIPS))
        ),
        reason=reason_words(match.receipt, locale=locale),
        receipt_url=f"{base_url}/articles/{article.id}",
        also=tuple(one_line(title, CHIP_LIMIT) for title in also),
        context=context,
        updated_at=_updated_at(article),
        is_new=is_new,
    )


def _updated_at(article: Article) -> datetime | None:
    """Give when the article was changed; not where its feed changed most of its entries at once."""
    return article.updated_at if article.revision > 1 and not article.quiet else None


def _snippet(text: str, receipts: Sequence[Receipt]) -> tuple[Piece, ...]:
    """Give the piece of a text that its receipts are about, page furniture left out."""
    return tuple(shown(piece) for piece in snippet(text, _text_spans(receipts), SNIPPET_WIDTH, furniture(text)))


def article_line(article: Article, *, locale: Locale = ENGLISH) -> ArticleLine:
    """Turn an article into what a line shows of it."""
    return ArticleLine(
        title=shown_title(article, locale=locale),
        url=safe_link(article.url),
        outlet=one_line(article.feed_title, OUTLET_LIMIT),
        published_at=article.published_at,
        language=article.language or "",
        direction=direction(article),
    )


def direction(article: Article) -> str:
    """Give the direction in which an article is read: ltr or rtl."""
    return "rtl" if is_right_to_left(article.title or article.text) else "ltr"


def shown_title(article: Article, *, locale: Locale = ENGLISH) -> str:
    """Give the headline on one line; an article without one is called by its outlet."""
    outlet = one_line(article.feed_title, OUTLET_LIMIT)
    return one_line(article.title, TITLE_LIMIT) or locale.text("Untitled, from %(outlet)s", outlet=outlet)


def shown(piece: Piece) -> Piece:
    """Make a piece of a stored text fit to be shown."""
    return Piece(visible(piece.text), piece.marked)


def mentions(*receipts: Receipt) -> tuple[Mention, ...]:
    """Give the places inside the regions of the watches, each place once, in the order of the evidence."""
    found = (mention for receipt in receipts for region in receipt.regions for mention in region.mentions)
    return tuple({mention.place: mention for mention in found}.values())


def about_chips(receipts: Sequence[Receipt], *, locale: Locale = ENGLISH) -> tuple[Chip, ...]:
    """Give what an article is about, by any of its receipts; a province and a city of one name are one chip."""
    focus = next((receipt.focus for receipt in receipts if receipt.focus), ())
    labels = dict.fromkeys(place_label(place, locale=locale) for place in focus if place.met)
    return tuple(Chip(ChipKind.ABOUT, label) for label in labels)


def _place_chips(receipts: Sequence[Receipt], locale: Locale) -> tuple[Chip, ...]:
    labels = dict.fromkeys(place_label(mention, locale=locale) for mention in mentions(*receipts))
    return tuple(Chip(ChipKind.PLACE, label) for label in labels)


def place_label(place: Mention | FocusPlace, *, locale: Locale = ENGLISH) -> str:
    """Give "Raqqa, SY", and the bare name for a country."""
    name = one_line(locale.place_name(place.place, place.name), CHIP_LIMIT)
    return name if place.country in {"", place.place} else f"{name}, {place.country}"


def _term_chips(receipts: Sequence[Receipt]) -> tuple[Chip, ...]:
    """Count each term by its spans, so that a term of two watches is not counted twice."""
    hits = {(hit.term, hit.span): None for receipt in receipts for hit in receipt.hits if hit.clause is not Clause.NONE}
    found = Counter(term for term, _ in hits)
    return tuple(Chip(ChipKind.TERM, one_line(term, CHIP_LIMIT), times) for term, times in found.most_common())


def _text_spans(receipts: Sequence[Receipt]) -> tuple[Span, ...]:
    """Give the spans to mark in the text, terms and places alike, in reading order and each once."""
    of_terms = (hit.span for receipt in receipts for hit in receipt.hits if hit.clause is not Clause.NONE)
    of_places = (place.span for receipt in receipts for region in receipt.regions for place in region.mentions)
    spans = {span for span in (*of_terms, *of_places) if span.field is TextField.TEXT}
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))
