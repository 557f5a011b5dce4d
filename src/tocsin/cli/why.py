"""`tocsin why`: the verdicts on a stored article, also for the watches that it does not meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated

import typer

from tocsin.config import load_settings
from tocsin.errors import TocsinError
from tocsin.models.articles import Article, document_of
from tocsin.models.ids import ArticleId, WatchId
from tocsin.models.matches import Match
from tocsin.models.receipts import Receipt

LAST_NUMBER = 2**63 - 1


class NotFoundError(TocsinError):
    """What the command was asked about is not there; told apart from an article that meets no watch."""

    exit_code = 2


def why(
    article: Annotated[int, typer.Argument(help="The article's number, as the pages and mails show it.")],
    watch: Annotated[str | None, typer.Option(help="One watch; without it, all of the watchlist.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for a program.")] = False,
) -> None:
    """Say why an article meets a watch, or why it does not: terms, places, and what came nearest.

    Exit code 0 when it meets one of the watches asked about, 1 when not, 2 when there is no such article or watch.

    Example: tocsin why 17 --watch islamic-state
    """
    from tocsin.bootstrap import WatchlistDesk, open_store
    from tocsin.cli.output import print_json
    from tocsin.store.articles import get_article
    from tocsin.store.feeds import list_feeds
    from tocsin.store.matches import matches_of_article

    settings = load_settings()
    database = open_store(settings)
    with database.read() as connection:
        # No database has numbers beyond, nor takes them in a question.
        found = get_article(connection, ArticleId(article)) if article <= LAST_NUMBER else None
        feeds = list_feeds(connection, active_only=False)
        stored = matches_of_article(connection, ArticleId(article)) if found else []
    if found is None:
        raise NotFoundError(f"there is no article {article}; the pages show each article's number in its address")
    desk = WatchlistDesk(settings, database).desk()
    known = [one.id for one in desk.watchlist.watches]
    if watch is not None and watch not in known:
        raise NotFoundError(f"there is no watch {watch!r} in {settings.watchlist}; there are {', '.join(known)}")
    tags = next((feed.tags for feed in feeds if feed.id == found.feed_id), ())
    document = document_of(found, found.language, tags)
    asked = known if watch is None else [WatchId(watch)]
    receipts = [desk.matcher.explain(document, one) for one in asked]
    database.close()
    withdrawn = [match for match in stored if match.withdrawn_at and match.watch in asked]
    if as_json:
        answer = {"article": asdict(found), "receipts": [asdict(receipt) for receipt in receipts]}
        print_json(answer | {"withdrawn": [_withdrawal(match) for match in withdrawn]})
    else:
        _print(found, receipts, {match.watch: match for match in withdrawn})
    if not any(receipt.matched for receipt in receipts):
        raise typer.Exit(1)


def text_source(article: Article) -> str:
    """Say where an article's text came from, in words for a person."""
    page, length = article.page, len(article.text)
    if page is None:
        return f"text: {length:,} characters, the feed's"
    if page.starts_at is None:
        why = page.problem or "it waits to be read"
        return f"text: {length:,} characters, the feed's; the article's own page is not read: {why}"
    own = f"of the article's own page, read {page.read_at:%Y-%m-%d %H:%M}Z"
    if page.starts_at:
        return f"text: the feed's, then {length - page.starts_at:,} characters {own}"
    return f"text: {length:,} characters {own}"


def _withdrawal(match: Match) -> dict[str, object]:
    return {"watch": match.watch, "at": match.withdrawn_at, "because": match.withdrawn_because}


def _print(article: Article, receipts: list[Receipt], withdrawn: Mapping[WatchId, Match]) -> None:
    from rich.text import Text

    from tocsin.cli.output import console, short_time
    from tocsin.matching.explain import receipt_lines
    from tocsin.rendering.clean import one_line

    out = console()
    out.print(Text(one_line(article.title), style="bold"))
    place = (one_line(article.feed_title), short_time(article.published_at), one_line(article.url))
    out.print(Text(" · ".join(place), style="dim"))
    out.print(Text(one_line(text_source(article), 500), style="dim"))
    for receipt in receipts:
        out.print()
        verdict = Text("matches", style="green") if receipt.matched else Text("does not match", style="yellow")
        out.print(Text.assemble((receipt.watch, "bold"), ": ", verdict))
        for line in receipt_lines(receipt):
            out.print(Text(f"  {one_line(line)}"))
        if match := withdrawn.get(receipt.watch):
            words = f"matched before; withdrawn {match.withdrawn_at:%Y-%m-%d %H:%M}Z: {match.withdrawn_because}"
            out.print(Text(f"  {one_line(words, 500)}"))
