"""One entry as feedparser read it -> our `Entry`: cleaned, bounded, with a key. Knows feedparser's names for things."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from tocsin.feeds.clean import clean_title, html_to_text, looks_like_markup, one_line, plain_to_text
from tocsin.feeds.dates import published_at
from tocsin.feeds.keys import content_hash, key_of
from tocsin.feeds.links import clean_link
from tocsin.models.feeds import Entry

_LONGEST_RAW_DATE: Final = 100
_LONGEST_AUTHOR: Final = 200
_LANGUAGE: Final = re.compile(r"\s*([a-z]{2,3})(?:[-_]|\s*\Z)", re.IGNORECASE | re.ASCII)
_HTML_TYPES: Final = frozenset({"text/html", "application/xhtml+xml"})
_TEXT_TYPES: Final = _HTML_TYPES | {"text/plain", ""}
_ELLIPSIS: Final = re.compile(r"\s*(?:\[\s*)?(?:…|\.\.\.)(?:\s*\])?\s*\Z")


def entry_of(found: Mapping[str, Any], base: str, feed_language: str | None) -> Entry:
    """Read one of feedparser's entries; relative links are joined with ``base``."""
    title = title_of(found)
    text = _text(found)
    url = clean_link(_link(found), base)
    raw, parsed = _date(found)
    hashed = content_hash(title, text)
    return Entry(
        key=key_of(one_line(_string(found.get("id")), 10_000), url, hashed),
        url=url,
        title=title,
        text=text,
        author=clean_title(_string(found.get("author")))[:_LONGEST_AUTHOR] or None,
        language=_language(found) or feed_language,
        published_at=published_at(raw, parsed),
        published_raw=one_line(raw, _LONGEST_RAW_DATE) or None,
        content_hash=hashed,
    )


def title_of(found: Mapping[str, Any]) -> str:
    """Read the title of an entry or a feed."""
    detail = found.get("title_detail") or {}
    return clean_title(_string(found.get("title")), is_html=detail.get("type") == "application/xhtml+xml")


def primary_language(tag: str | None) -> str | None:
    """Take the primary subtag of a language tag (RFC 5646), lower-case; None for what is none."""
    found = _LANGUAGE.match(tag or "")
    return found[1].lower() if found else None


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _link(found: Mapping[str, Any]) -> str:
    """Take the entry's own link, else an alternate one of any type.

    feedparser takes an id for a link where there is none; believed only if it is a whole address.
    """
    link = _string(found.get("link"))
    if link and (link != found.get("id") or "://" in link):
        return link
    others = (each for each in found.get("links") or () if each.get("rel", "alternate") == "alternate")
    return next((_string(each.get("href")) for each in others if each.get("href")), "")


def _date(found: Mapping[str, Any]) -> tuple[str, Any]:
    """Take the date of publication, else of the last change: as written, and as feedparser read it."""
    # "in" first: asking for a missing 'updated' makes feedparser warn and answer with 'published'.
    for name in ("published", "updated", "created"):
        if name in found and found.get(name):
            return _string(found.get(name)), found.get(f"{name}_parsed") if f"{name}_parsed" in found else None
    return "", None


def _language(found: Mapping[str, Any]) -> str | None:
    details = (found.get("title_detail"), found.get("summary_detail"), *(found.get("content") or ()))
    stated = (_string(found.get("language")), *(_string((each or {}).get("language")) for each in details))
    return next((language for language in map(primary_language, stated) if language), None)


def _text(found: Mapping[str, Any]) -> str:
    """Give the longest content, with the summary in front where it says something else."""
    content = max((_plain(each) for each in found.get("content") or ()), key=len, default="")
    detail = found.get("summary_detail") or {"type": "text/html"}
    summary = _plain({**detail, "value": found.get("summary")})
    if not content or _says(content, summary):
        return content or summary
    return f"{summary}\n{content}"


def _plain(construct: Mapping[str, Any]) -> str:
    kind, value = _string(construct.get("type")), _string(construct.get("value"))
    if kind not in _TEXT_TYPES:
        return ""
    return html_to_text(value) if kind in _HTML_TYPES or looks_like_markup(value) else plain_to_text(value)


def _says(content: str, summary: str) -> bool:
    """Tell whether a summary is contained in the content, white space and a closing ellipsis aside."""
    return " ".join(_ELLIPSIS.sub("", summary).split()) in " ".join(content.split())
