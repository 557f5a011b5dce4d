"""The demo's web pages: an article, an outlet's front page, the list of outlets. Pure; nothing is served here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from tocsin.demo.feeds import article_path, feed_path
from tocsin.demo.outlets import Outlet, SampleArticle

_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1.125rem/1.6 Georgia,'Noto Naskh Arabic',serif;max-width:38rem;margin:2rem auto;padding:0 1rem}"
    "h1{line-height:1.25}time{display:inline-block}footer,.byline{font-size:.9rem;opacity:.75}"
)
_NOTICE = "Invented for the demo of Tocsin: no such outlet exists, and nothing on this page is news."


def render_article(outlet: Outlet, article: SampleArticle, *, now: datetime) -> str:
    """Return the article as a page in its own language and direction; ``now`` is aware UTC."""
    published = article.published_at(now)
    byline = " · ".join(filter(None, (outlet.title, article.author)))
    # Digits and hyphens in a line that runs from right to left would come out as another date.
    time = f'<time dir="ltr" datetime="{published.isoformat()}">{published:%Y-%m-%d %H:%M} UTC</time>'
    paragraphs = "\n".join(f"<p>{paragraph}</p>" for paragraph in article.html_paragraphs)
    body = (
        f'<p><a href="/{outlet.slug}/">{escape(outlet.title)}</a></p>\n'
        f"<article>\n<h1>{escape(article.title)}</h1>\n"
        f'<p class="byline">{escape(byline)} · {time}</p>\n{paragraphs}\n</article>'
    )
    return _page(article.title, outlet.language, body)


def render_front_page(outlet: Outlet) -> str:
    """Return the outlet's own list of articles."""
    links = (f'<li><a href="{article_path(outlet, one)}">{escape(one.title)}</a></li>' for one in outlet.articles)
    body = f"<h1>{escape(outlet.title)}</h1>\n<ul>\n{chr(10).join(links)}\n</ul>"
    return _page(outlet.title, outlet.language, body)


def render_index(outlets: Sequence[Outlet]) -> str:
    """Return the list of all outlets with their feeds."""
    links = (
        f'<li><a href="/{one.slug}/" lang="{one.language}"><bdi>{escape(one.title)}</bdi></a>'
        f' (<a href="{feed_path(one.slug)}">feed</a>)</li>'
        for one in outlets
    )
    return _page("The demo's outlets", "en", f"<h1>The demo's outlets</h1>\n<ul>\n{chr(10).join(links)}\n</ul>")


def _page(title: str, language: str, body: str) -> str:
    direction = "rtl" if language == "ar" else "ltr"
    return (
        f'<!doctype html>\n<html lang="{language}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        f'<footer lang="en" dir="ltr"><hr><p>{_NOTICE}</p></footer>\n</body>\n</html>\n'
    )
