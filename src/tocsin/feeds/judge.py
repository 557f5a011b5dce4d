"""The judge: feedparser, for the documents that the fast lane hands over. Knows feedparser's names for things.

It takes minutes and gigabytes over some small documents: `tocsin.feeds.survey` keeps those away that are known, and
`tocsin.feeds.judge_process` runs it where it can be killed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import feedparser

from tocsin.feeds.formats import judged_format
from tocsin.feeds.hints import hints_of
from tocsin.feeds.raw import MOST_ENTRIES, Construct, RawEntry, RawFeed
from tocsin.models.feeds import Hub

# What feedparser was seen to raise, or could, on documents that are not what they seem. Not wider: a job's
# time limit must get through.
FAULTS: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
_SKIPPED: Final = re.compile(rb"<skip(hours|days)\s*>(.{0,4000}?)</skip(?:hours|days)\s*>", re.DOTALL | re.IGNORECASE)


def judge(document: bytes, url: str) -> RawFeed:
    """Let feedparser read a document in UTF-8; links are resolved and HTML is cleaned by us, so it does neither.

    Raises any of `FAULTS`.
    """
    found = feedparser.parse(
        BytesIO(document),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    said = {
        "ttl": _string(found.feed.get("ttl")),
        "update period": _string(found.feed.get("sy_updateperiod")),
        "update frequency": _string(found.feed.get("sy_updatefrequency")),
        **{f"skip {kind.decode().lower()}": inside.decode("utf-8", "replace") for kind, inside in _skipped(document)},
    }
    return RawFeed(
        _raw(found.feed),
        [_raw(each) for each in found.entries[:MOST_ENTRIES]],
        judged_format(_string(found.get("version"))),
        hints_of(said),
        _hub(found.feed, url),
    )


def _skipped(document: bytes) -> list[tuple[bytes, bytes]]:
    return _SKIPPED.findall(document[:100_000])


def _raw(found: Mapping[str, Any]) -> RawEntry:
    return RawEntry(
        id=_string(found.get("id")),
        link=_link(found),
        title=_construct(found.get("title"), found.get("title_detail"), "text/plain"),
        summary=_construct(found.get("summary"), found.get("summary_detail"), "text/html"),
        contents=[_construct(each.get("value"), each, "") or Construct("", "") for each in found.get("content") or ()],
        date=_date(found),
        author=_string(found.get("author")),
        language=_language(found),
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _construct(value: object, detail: Mapping[str, Any] | None, default: str) -> Construct | None:
    if not isinstance(value, str):
        return None
    return Construct(_string((detail or {}).get("type")) or default, value)


def _link(found: Mapping[str, Any]) -> str:
    """Take the entry's own link, else an alternate one of any type.

    feedparser takes an id for a link where there is none; believed only if it is a whole address.
    """
    link = _string(found.get("link"))
    if link and (link != found.get("id") or "://" in link):
        return link
    others = (each for each in found.get("links") or () if each.get("rel", "alternate") == "alternate")
    return next((_string(each.get("href")) for each in others if each.get("href")), "")


def _hub(found: Mapping[str, Any], url: str) -> Hub | None:
    by_relation = {each.get("rel"): _string(each.get("href")) for each in reversed(found.get("links") or ())}
    hub = by_relation.get("hub")
    return Hub(hub, by_relation.get("self") or url) if hub else None


def _date(found: Mapping[str, Any]) -> str:
    """Take the date of publication, else of the last change, as written."""
    # "in" first: asking for a missing 'updated' makes feedparser warn and answer with 'published'.
    stated = (_string(found.get(name)) for name in ("published", "updated", "created") if name in found)
    return next((each for each in stated if each), "")


def _language(found: Mapping[str, Any]) -> str:
    details = (found.get("title_detail"), found.get("summary_detail"), *(found.get("content") or ()))
    stated = (_string(found.get("language")), *(_string((each or {}).get("language")) for each in details))
    return next((language for language in stated if language), "")
