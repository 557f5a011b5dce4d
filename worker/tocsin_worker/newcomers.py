"""Articles as their stories see them: who published each, and what is remembered of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.feeds.outlets import outlet_of
from tocsin.models.articles import Article
from tocsin.models.stories import Item
from tocsin.stories import Signature, signature_of


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An article that is to be placed, with its outlet and what is remembered of it."""

    article: Article
    outlet: str
    signature: Signature


def newcomer(article: Article, language: str | None, feed_url: str) -> Newcomer:
    """Read an article for its story: most of what it costs to place it. Pure."""
    outlet = outlet_of(article.url, feed_url, article.feed_title)
    item = Item(article.id, outlet, language, article.published_at, article.title, article.text, article.url)
    return Newcomer(article, outlet, signature_of(item))
