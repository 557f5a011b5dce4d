"""What `tocsin check` offers: articles that readers called not relevant, as tests for their watches.

It only offers. An article is offered for as long as its watch still matches it and no test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tocsin.config import LocatedWatchlist, Settings, load_settings
from tocsin.config.additions import quoted
from tocsin.errors import SettingsError, StoreError
from tocsin.models.articles import Article, Document, document_of
from tocsin.models.ids import ArticleId, FeedId, WatchId
from tocsin.models.receipts import Receipt, Span, TextField
from tocsin.rendering.clean import one_line
from tocsin.store.dismissals import Dismissal

Explain = Callable[[Document, WatchId], Receipt]
DocumentOf = Callable[[str], Document]

SHORTEST_TEXT = 280
"""Characters around the evidence that a test begins with, if the headline alone does not show the fault."""

LONGEST_TEXT = 4000
_TITLE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Offer:
    """A test that would show when an article is kept away from a watch.

    ``test`` is the text for its ``ignore:``, "" where no text of reasonable length shows the fault. ``yaml`` are the
    lines to paste, ``under`` the keys below which they belong: the innermost ones that the watch has.
    """

    line: int
    column: int
    watch: WatchId
    article: ArticleId
    title: str
    outlet: str
    readers: int
    dismissed_at: datetime
    test: str
    under: str
    yaml: str


def ignore_offers(
    located: LocatedWatchlist,
    dismissals: Sequence[Dismissal],
    explain: Explain,
    *,
    read: DocumentOf,
    tags: Mapping[FeedId, tuple[str, ...]],
) -> tuple[Offer, ...]:
    """Return what can be offered, in the order of the file; ``read`` gives a test's text as a check reads it.

    ``tags`` are those of feeds, by id.
    """
    watches = {watch.id: watch for watch in located.watchlist.watches}
    found = []
    for dismissal in dismissals:
        article, watch = dismissal.match.article, watches.get(dismissal.match.watch)
        if watch is None or not explain(_document(article, tags), watch.id).matched:
            continue  # the watch is gone, or was narrowed: it is done
        texts = list(_texts(article, dismissal.match.receipt))
        if set(texts) & set(watch.tests.ignore):
            continue
        test = next((text for text in texts if explain(read(text), watch.id).matched), "")
        found.append(_offer(located, dismissal, test))
    return tuple(sorted(found, key=lambda offer: (offer.line, offer.watch, offer.article)))


def _document(article: Article, tags: Mapping[FeedId, tuple[str, ...]]) -> Document:
    return document_of(article, article.language, tags.get(article.feed_id, ()))


def _texts(article: Article, receipt: Receipt) -> Iterator[str]:
    """Yield texts that may show the fault, the shortest first: headline, piece with the evidence, the whole."""
    title, plain = one_line(article.title), one_line(article.text, LONGEST_TEXT)
    if title:
        yield title
    around = one_line(_around(article.text, [hit.span for hit in receipt.hits]))
    for piece in (around, plain):
        if piece:
            yield f"{title}\n\n{piece}" if title else piece


def _around(text: str, spans: Sequence[Span]) -> str:
    """Give the piece of a text around its first evidence, cut between words."""
    start = next((span.start for span in spans if span.field is TextField.TEXT), 0)
    begin = max(0, start - SHORTEST_TEXT // 2)
    piece = text[begin : begin + SHORTEST_TEXT]
    words = piece.split()
    inner = words[bool(begin) : len(words) - (begin + SHORTEST_TEXT < len(text))]
    return " ".join(inner or words)


def _offer(located: LocatedWatchlist, dismissal: Dismissal, test: str) -> Offer:
    watch, article = dismissal.match.watch, dismissal.match.article
    place = located.position("watches", watch)
    under, missing = _place_of_tests(located, watch)
    lines = [*(f"{'  ' * depth}{key}:" for depth, key in enumerate(missing)), f"{'  ' * len(missing)}- {quoted(test)}"]
    return Offer(
        line=place.line,
        column=place.column,
        watch=watch,
        article=article.id,
        title=one_line(article.title, _TITLE_LIMIT) or "untitled",
        outlet=one_line(article.feed_title, _TITLE_LIMIT),
        readers=dismissal.readers,
        dismissed_at=dismissal.dismissed_at,
        test=test,
        under=": ".join(under) if test else "",
        yaml="\n".join(lines) if test else "",
    )


def _place_of_tests(located: LocatedWatchlist, watch: WatchId) -> tuple[list[str], list[str]]:
    """Return the keys down to a watch's tests that are there, and those that are not."""
    under, missing = ["watches", str(watch)], ["tests", "ignore"]
    while missing and located.plain(*under, missing[0]) is not None:
        under.append(missing.pop(0))
    return under, missing


def offer_lines(offers: Sequence[Offer], path: str) -> Iterator[str]:
    """Yield what is printed of offers: for each watch what was dismissed, and the lines to paste."""
    for (line, column, watch), group in groupby(offers, key=lambda offer: (offer.line, offer.column, offer.watch)):
        of_watch = list(group)
        yield f"{path}:{line}:{column}: offered: readers called these not relevant for the watch {watch!r}"
        for offer in of_watch:
            untestable = "" if offer.test else f"; no short text shows why, but `tocsin why {offer.article}` does"
            yield f"  {offer.dismissed_at:%Y-%m-%d}  {offer.title} ({offer.outlet}){untestable}"
        tests = [offer for offer in of_watch if offer.test]
        if tests:
            yield f"  as tests, which fail until the watch is narrowed, under {tests[0].under}:"
            yield from (f"    {one}" for one in tests[0].yaml.splitlines())
            yield from (f"    {offer.yaml.splitlines()[-1]}" for offer in tests[1:])


def stored_dismissals(watches: Sequence[WatchId]) -> tuple[list[Dismissal], Mapping[FeedId, tuple[str, ...]]]:
    """Return what was dismissed of these watches, and the tags of feeds; nothing where no database can be read.

    A check of the watchlist is not the place to complain of settings or the database; `tocsin doctor` is.
    """
    try:
        return _stored(load_settings(), watches)
    except (SettingsError, StoreError):
        return [], {}


def _stored(settings: Settings, watches: Sequence[WatchId]) -> tuple[list[Dismissal], Mapping[FeedId, tuple[str, ...]]]:
    from tocsin.bootstrap import has_store, open_store
    from tocsin.store.dismissals import latest_dismissals
    from tocsin.store.feeds import list_feeds

    if not has_store(settings):
        return [], {}
    database = open_store(settings)
    with database.read() as connection:
        found = latest_dismissals(connection, watches)
        tags = {feed.id: feed.tags for feed in list_feeds(connection, active_only=False)} if found else {}
    database.close()
    return found, tags
