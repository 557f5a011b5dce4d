"""One entry as a lane read it -> our `Entry`: cleaned, bounded, with a key. All lanes end here."""

from __future__ import annotations

import re
from typing import Final

from tocsin.feeds.clean import one_line, plain_to_text
from tocsin.feeds.dates import date_of
from tocsin.feeds.fields import HTML_TYPES, TEXT_TYPES
from tocsin.feeds.html_text import clean_title, html_to_text, looks_like_markup
from tocsin.feeds.keys import content_hash, key_of, with_unique_keys
from tocsin.feeds.links import clean_link
from tocsin.feeds.raw import MOST_ENTRIES, Construct, RawEntry, RawFeed
from tocsin.models.feeds import Entry, ParsedFeed

_LONGEST_RAW_DATE: Final = 100
_LONGEST_AUTHOR: Final = 200
_LONGEST_ID: Final = 10_000
_LANGUAGE: Final = re.compile(r"\s*([a-z]{2,3})(?:[-_]|\s*\Z)", re.IGNORECASE | re.ASCII)
_ELLIPSIS: Final = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*\Z")
_ELLIPSES: Final = ("…", "...", "]")


def parsed_feed(raw: RawFeed, url: str, notes: list[str]) -> ParsedFeed:
    """Clean a whole document; ``url`` is the base of relative links, ``notes`` what was wrong with the document."""
    language = primary_language(raw.head.language)
    entries = with_unique_keys(entry_of(each, url, language) for each in raw.entries[:MOST_ENTRIES])
    return ParsedFeed(
        title=title_of(raw.head),
        language=language,
        entries=entries,
        note="; ".join(notes) or None,
        format=raw.format,
        document_id=one_line(raw.head.id or clean_link(raw.head.link, url), _LONGEST_ID) or None,
        hints=raw.hints,
        hub=raw.hub,
    )


def entry_of(raw: RawEntry, base: str, feed_language: str | None) -> Entry:
    """Clean one entry; relative links are joined with ``base``."""
    title = title_of(raw)
    text = _text(raw)
    url = clean_link(raw.link, base)
    hashed = content_hash(title, text)
    return Entry(
        key=key_of(one_line(raw.id, _LONGEST_ID), url, hashed),
        url=url,
        title=title,
        text=text,
        author=clean_title(raw.author)[:_LONGEST_AUTHOR] or None if raw.author else None,
        language=primary_language(raw.language) or feed_language,
        published_at=date_of(raw.date),
        published_raw=one_line(raw.date, _LONGEST_RAW_DATE) or None,
        content_hash=hashed,
    )


def title_of(raw: RawEntry) -> str:
    """Clean the title of an entry or a feed."""
    if raw.title is None:
        return ""
    return clean_title(raw.title.value, is_html=raw.title.type == "application/xhtml+xml")


def primary_language(tag: str | None) -> str | None:
    """Take the primary subtag of a language tag (RFC 5646), lower-case; None for what is none."""
    found = _LANGUAGE.match(tag or "")
    return found[1].lower() if found else None


def _text(raw: RawEntry) -> str:
    """Give the longest content, with the summary in front where it says something else."""
    content = max((_plain(each) for each in raw.contents), key=len, default="")
    summary = _plain(raw.summary) if raw.summary else ""
    if not content or not summary or _says(content, summary):
        return content or summary
    return f"{summary}\n{content}"


def _plain(construct: Construct) -> str:
    if construct.type and construct.type not in TEXT_TYPES:
        return ""
    is_html = construct.type in HTML_TYPES or looks_like_markup(construct.value)
    return html_to_text(construct.value) if is_html else plain_to_text(construct.value)


def _says(content: str, summary: str) -> bool:
    """Tell whether a summary is contained in the content, line ends and a closing ellipsis aside."""
    said = _ELLIPSIS.sub("", summary) if summary.endswith(_ELLIPSES) else summary
    return said.replace("\n", " ") in content.replace("\n", " ")
