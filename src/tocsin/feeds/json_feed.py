"""JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1): a reader of our own, since feedparser finds no entries in many."""

from __future__ import annotations

import json
from typing import Any, Final

from tocsin.feeds.raw import Construct, RawEntry, RawFeed
from tocsin.models.feeds import Hub

_MOST_VALUES: Final = 1_000_000
_VERSION: Final = "jsonfeed.org/version/"
_NO_FEED: Final = "sent JSON, not a feed; check the address in the watchlist"


def read(document: bytes) -> RawFeed | str:
    """Read a document in UTF-8; words for a person if it is no JSON Feed."""
    if sum(map(document.count, (b",", b"[", b"{"))) > _MOST_VALUES:
        return f"sent JSON of more than {_MOST_VALUES} values; tell the publisher"
    try:
        found = json.loads(document)
    except RecursionError:
        return "sent JSON that is nested too deep to be a feed; check the address in the watchlist"
    except ValueError as error:
        is_meant = _VERSION.encode() in document[:2000]
        return f"is a JSON Feed that is not valid JSON ({error}); tell the publisher" if is_meant else _NO_FEED
    version = _string(found.get("version")) if isinstance(found, dict) else ""
    if not isinstance(found, dict) or (_VERSION not in version and not _string(found.get("title"))):
        return _NO_FEED
    if not isinstance(found.get("items"), list):
        return "is a JSON Feed without a list of items; tell the publisher" if version else _NO_FEED
    number = version.rpartition("/")[2][:5] if _VERSION in version else ""
    head = RawEntry(
        id=_string(found.get("feed_url")),
        link=_string(found.get("home_page_url")),
        title=_plain(found, "title"),
        language=_string(found.get("language")),
    )
    entries = [_entry(each) for each in found["items"] if isinstance(each, dict)]
    return RawFeed(head, entries, f"JSON Feed {number}".strip(), hub=_hub(found))


def _entry(item: dict[str, Any]) -> RawEntry:
    contents = (_html(item, "content_html"), _plain(item, "content_text"))
    return RawEntry(
        id=_id(item.get("id")),
        link=_string(item.get("url")) or _string(item.get("external_url")),
        title=_plain(item, "title"),
        summary=_plain(item, "summary"),
        contents=[each for each in contents if each],
        date=_string(item.get("date_published")) or _string(item.get("date_modified")),
        author=_author(item),
        language=_string(item.get("language")),
    )


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _id(value: object) -> str:
    """Take an id that is a number as its digits, as the specification asks for."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return json.dumps(value)
    return _string(value)


def _plain(found: dict[str, Any], name: str) -> Construct | None:
    value = _string(found.get(name))
    return Construct("text/plain", value) if value else None


def _html(found: dict[str, Any], name: str) -> Construct | None:
    value = _string(found.get(name))
    return Construct("text/html", value) if value else None


def _author(item: dict[str, Any]) -> str:
    listed = item.get("authors")
    authors = [*(listed if isinstance(listed, list) else ()), item.get("author")]
    names = (_string(each.get("name")) for each in authors if isinstance(each, dict))
    return next((name for name in names if name), "")


def _hub(found: dict[str, Any]) -> Hub | None:
    """Take the first WebSub hub; the topic is the feed's own address."""
    topic, hubs = _string(found.get("feed_url")), found.get("hubs")
    for each in hubs if isinstance(hubs, list) else ():
        if isinstance(each, dict) and _string(each.get("type")).lower() == "websub" and _string(each.get("url")):
            return Hub(each["url"], topic) if topic else None
    return None
