"""Reading a page as a test does: what is shown, where links lead, and whether it is built as HTML wants it."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode


def shown(html: str) -> str:
    """Give the text of the page's main part, white space as a browser shows it."""
    main = LexborHTMLParser(html).css_first("main")
    assert main is not None, "the page has no main part"
    return " ".join(main.text(separator=" ").split())


def every(html: str, selector: str) -> list[LexborNode]:
    """Give all elements that a CSS selector finds."""
    return LexborHTMLParser(html).css(selector)


def links(html: str) -> list[str]:
    """Give where all links lead, in the order of the page."""
    return [node.attributes.get("href") or "" for node in every(html, "a")]


def texts(html: str, selector: str) -> list[str]:
    """Give the text of each element found."""
    return [" ".join(node.text().split()) for node in every(html, selector)]


def rows(html: str, selector: str = "tbody tr") -> list[list[str]]:
    """Give the cells of each row of a table."""
    return [[" ".join(cell.text().split()) for cell in row.css("th, td")] for row in every(html, selector)]
