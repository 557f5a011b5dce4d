"""Lists of feeds in OPML: reading one that somebody else's program wrote.

The text is untrusted. It is first held against limits and XML's rules, see `opml_survey`, which knows lines; only then
does listparser say which feeds and folders it names. No files and no network.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.config.addresses import feed_url, same_feed
from tocsin.config.opml_survey import OpmlFault, Survey, survey_of
from tocsin.config.values import MAX_WORDS, is_visible, language, words
from tocsin.config.wording import quoted

MAX_BYTES = 20_000_000

_DECLARATION = re.compile(r"\A<\?xml\b[^>]{0,200}\?>")
_ENCODING = re.compile(rb"\A<\?xml\b[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,40})[\"']")
# What old readers write so that a browser hands the address to them: feed://a.example/rss, feed:https://a.example/rss.
_FEED_SCHEME = re.compile(r"\Afeed:(//|(?=https?://))", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed that a list names: ``title`` and ``language`` may be empty, ``tags`` are its folders, ``line`` is where it
    stands first.
    """

    url: str
    title: str
    tags: tuple[str, ...]
    line: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class FeedList:
    """What a list names: feeds whose addresses can be polled, in its order, each once; and what had to be left out, as
    line and words.
    """

    feeds: tuple[ListedFeed, ...]
    warnings: tuple[tuple[int, str], ...] = ()


def decoded_list(content: bytes) -> str:
    """Give the text of a list, by its byte order mark or XML declaration, else as UTF-8 (XML 1.0, appendix F).

    Raises:
        OpmlFault: It cannot be decoded.

    """
    encoding = next((name for mark, name in _BOMS if content.startswith(mark)), None)
    if encoding is None:
        declared = _ENCODING.match(content)
        encoding = declared[1].decode("ascii") if declared else "utf-8"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise OpmlFault(f"this is not {encoding.upper()} as it says; save the file as UTF-8", line) from error
    except LookupError as error:
        raise OpmlFault(f"the encoding {quoted(encoding)} is unknown; save the file as UTF-8") from error


def read_list(text: str) -> FeedList:
    """Read the feeds that a list names; an outline that cannot be used does not take the others along.

    Raises:
        OpmlFault: It is no list of feeds, breaks XML's rules or a limit, or holds what could be an attack.

    """
    import listparser  # here, since it takes lxml along, which a command without lists has no use for

    document = _DECLARATION.sub("", text.removeprefix("\ufeff").lstrip())
    survey = survey_of(text.removeprefix("\ufeff"))
    # listparser reads as an HTML parser does: without a declaration it would take UTF-8 for Latin-1.
    harvest = listparser.parse(f'<?xml version="1.0" encoding="utf-8"?>{document}'.encode())
    found = _sorted_out(harvest, survey)
    if not found.feeds:
        raise OpmlFault("this list names no feed that can be polled; give an <outline> an xmlUrl with https://")
    return found


def _sorted_out(harvest: Any, survey: Survey) -> FeedList:
    """Part what can be polled from what cannot."""
    feeds: dict[str, ListedFeed] = {}
    warnings: list[tuple[int, str]] = []
    for found in harvest["feeds"]:
        line = survey.line(found["url"])
        try:
            url = feed_url(_without_feed_scheme(found["url"]))
        except ValueError as error:
            warnings.append((line, f"left out: {error}"))
        else:
            # The address as title is what lists are written with where there is none.
            title = "" if found["title"] == url else one_line(found["title"])
            spoken = _language(survey.languages.get(found["url"], ""))
            _join(feeds, ListedFeed(url, title, _tags(found["categories"]), line, spoken))
    warnings += _no_feeds(harvest, survey)
    return FeedList(tuple(feeds.values()), tuple(sorted(warnings)))


def _without_feed_scheme(url: str) -> str:
    return _FEED_SCHEME.sub(lambda found: "http://" if found[1] else "", url)


def _no_feeds(harvest: Any, survey: Survey) -> Iterator[tuple[int, str]]:
    """Tell of outlines that name something else than a feed."""
    for found in harvest["lists"]:
        url = found["url"]
        yield survey.line(url), f"left out: {quoted(url)} is another list; name its file in the watchlist"
    for line, page in survey.pages:
        yield line, f"left out: {quoted(page)} is a page; find its feed with `tocsin feeds discover`"


def _join(feeds: dict[str, ListedFeed], listed: ListedFeed) -> None:
    """Add a feed, or only its tags where the same feed was listed before under another spelling."""
    key = same_feed(listed.url)
    first = feeds.get(key)
    if first is None:
        feeds[key] = listed
        return
    tags = tuple(dict.fromkeys((*first.tags, *listed.tags)))
    title, spoken = first.title or listed.title, first.language or listed.language
    feeds[key] = ListedFeed(first.url, title, tags, first.line, spoken)


def _language(said: str) -> str:
    """Give the language that an outline says its feed has (OPML 2.0), where it is a code."""
    try:
        return language(said.partition("-")[0])
    except ValueError:
        return ""


def _tags(categories: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Make a tag of each folder on the way to the feed, the outermost first."""
    return tuple(dict.fromkeys(tag for path in categories for tag in map(one_line, path) if tag))


def one_line(text: str) -> str:
    """Give a title as a watchlist may hold it: as it is, or without what cannot be seen and not too long."""
    try:
        return words(text)
    except ValueError:
        visible = "".join(char for char in " ".join(text.split()) if is_visible(char))
        return visible[:MAX_WORDS].strip()
