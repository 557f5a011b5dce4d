"""An outlet's feed as bytes: pure, and the same for the same outlet, address and time. Nothing is read or served here.

Links lead to the article's page on the demo's own server, so that they work while it is up; ids do not depend on it.
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from tocsin.demo.outlets import BodyStyle, FeedFormat, Outlet, SampleArticle

CONTENT_TYPES = {
    FeedFormat.ATOM: "application/atom+xml",
    FeedFormat.RSS: "application/rss+xml",
    FeedFormat.RDF: "application/rdf+xml",
}

# Prefixes are written out and declared on the root: ElementTree would otherwise want them registered process-wide.
_ATOM = {"xmlns": "http://www.w3.org/2005/Atom"}
_RSS = {
    "version": "2.0",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}
_RDF = {
    "xmlns": "http://purl.org/rss/1.0/",
    "xmlns:rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
}


def feed_path(slug: str) -> str:
    """Return the path that the feed of the outlet ``slug`` is served under."""
    return f"/{slug}/feed.xml"


def article_path(outlet: Outlet, article: SampleArticle) -> str:
    """Return the path that the article's page is served under."""
    return f"/{outlet.slug}/{article.slug}"


def render_feed(outlet: Outlet, *, base_url: str, now: datetime) -> bytes:
    """Return the outlet's feed in its own dialect and encoding.

    ``base_url`` is the server's address without a slash at its end; ``now`` is aware UTC.
    """
    writers = {FeedFormat.ATOM: _atom, FeedFormat.RSS: _rss, FeedFormat.RDF: _rdf}
    root = writers[outlet.format](outlet, base_url, now)
    ET.indent(root)
    document: bytes = ET.tostring(root, encoding=outlet.encoding, xml_declaration=True)
    return document


def _atom(outlet: Outlet, base_url: str, now: datetime) -> ET.Element:
    """Return an Atom feed (RFC 4287 4.1.1)."""
    root = ET.Element("feed", {**_ATOM, "xml:lang": outlet.language})
    _add(root, "title", outlet.title)
    _add(root, "id", f"tag:{outlet.site},2017:feed")
    _add(root, "updated", outlet.articles[0].published_at(now).isoformat())
    ET.SubElement(root, "link", rel="alternate", type="text/html", href=f"{base_url}/{outlet.slug}/")
    ET.SubElement(root, "link", rel="self", href=base_url + feed_path(outlet.slug))
    for article in outlet.articles:
        entry = ET.SubElement(root, "entry")
        published = article.published_at(now).isoformat()
        _add(entry, "title", article.title)
        _add(entry, "id", _id(outlet, article))
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=base_url + article_path(outlet, article))
        _add(ET.SubElement(entry, "author"), "name", article.author or outlet.title)
        _add(entry, "published", published)
        _add(entry, "updated", published)
        _add(entry, "summary", article.plain_paragraphs[0])
        _add(entry, "content", _html(article)).set("type", "html")
    return root


def _rss(outlet: Outlet, base_url: str, now: datetime) -> ET.Element:
    """Return an RSS 2.0 feed; HTML goes into ``content:encoded`` beside a plain teaser."""
    root = ET.Element("rss", _RSS)
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", outlet.title)
    _add(channel, "link", f"{base_url}/{outlet.slug}/")
    _add(channel, "description", f"{outlet.title} ({outlet.site})")
    _add(channel, "language", outlet.language)
    for article in outlet.articles:
        item = ET.SubElement(channel, "item")
        _add(item, "title", article.title)
        _add(item, "link", base_url + article_path(outlet, article))
        if article.author:
            _add(item, "dc:creator", article.author)
        if "guid" not in article.omit:
            _add(item, "guid", _id(outlet, article)).set("isPermaLink", "false")
        if "date" not in article.omit:
            _add(item, "pubDate", format_datetime(article.published_at(now)))
        _add(item, "description", _description(outlet, article))
        if outlet.body is BodyStyle.HTML:
            _add(item, "content:encoded", _html(article))
    return root


def _rdf(outlet: Outlet, base_url: str, now: datetime) -> ET.Element:
    """Return an RSS 1.0 feed: a channel with a table of contents, and its items beside it."""
    root = ET.Element("rdf:RDF", _RDF)
    channel = ET.SubElement(root, "channel", {"rdf:about": base_url + feed_path(outlet.slug)})
    _add(channel, "title", outlet.title)
    _add(channel, "link", f"{base_url}/{outlet.slug}/")
    _add(channel, "description", f"{outlet.title} ({outlet.site})")
    _add(channel, "dc:language", outlet.language)
    contents = ET.SubElement(ET.SubElement(channel, "items"), "rdf:Seq")
    for article in outlet.articles:
        link = base_url + article_path(outlet, article)
        ET.SubElement(contents, "rdf:li", {"rdf:resource": link})
        item = ET.SubElement(root, "item", {"rdf:about": _id(outlet, article)})
        _add(item, "title", article.title)
        _add(item, "link", link)
        _add(item, "dc:date", article.published_at(now).isoformat())
        _add(item, "description", _description(outlet, article))
    return root


def _add(parent: ET.Element, tag: str, text: str) -> ET.Element:
    element = ET.SubElement(parent, tag)
    element.text = text
    return element


def _id(outlet: Outlet, article: SampleArticle) -> str:
    """Return a tag URI (RFC 4151), which stays the same when the server gets another port."""
    return f"tag:{outlet.site},2017:{article.slug}"


def _html(article: SampleArticle) -> str:
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in article.html_paragraphs)


def _description(outlet: Outlet, article: SampleArticle) -> str:
    """Return the whole text where the feed has no better place for it, else the first paragraph."""
    if outlet.body is BodyStyle.HTML:
        return article.plain_paragraphs[0]
    return "\n\n".join(article.plain_paragraphs)
