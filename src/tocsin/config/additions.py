"""Writing feeds into a watchlist's text: their lines are added, every other byte stays as it is.

Pure: text in, text out. The text has been checked before, and what comes out is checked by the caller.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from tocsin.models.watchlist import FeedSource

_PLAIN_URL = re.compile(r"https?://[^\s,\[\]{}'\"#]*[^\s,\[\]{}'\"#:]", re.IGNORECASE)
_PLAIN_WORDS = re.compile(r"[^\W\d_][\w'().&/-]*(?: [\w(.&/-][\w'().&/-]*)*")
_NO_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


class NoPlaceError(ValueError):
    """The text has no list of feeds that lines can be added to; the message says what to do."""


def with_feeds(source: str, feeds: Sequence[FeedSource]) -> str:
    """Add feeds at the end of the list under ``feeds``, in the form that the list has.

    Of each feed its address, title, language, home, tags and ``full_text`` are written.

    Raises:
        NoPlaceError: There is no such list.

    """
    listed = _feeds_node(source)
    if listed.flow_style:
        return _in_flow(source, listed, feeds)
    return _in_block(source, listed, feeds)


def _feeds_node(source: str) -> SequenceNode:
    root = YAML(typ="safe", pure=True).compose(source)
    for key, value in root.value if isinstance(root, MappingNode) else []:
        if key.value == "feeds" and isinstance(value, SequenceNode) and value.value:
            return value
    raise NoPlaceError("there is no list under 'feeds:'; write one with a first feed in it")


def _in_flow(source: str, listed: SequenceNode, feeds: Sequence[FeedSource]) -> str:
    end = listed.value[-1].end_mark.index
    return f"{source[:end]}, {', '.join(map(_flow_item, feeds))}{source[end:]}"


def _in_block(source: str, listed: SequenceNode, feeds: Sequence[FeedSource]) -> str:
    """Put the lines behind the last one that belongs to the list: comments and blank lines after it stay after them."""
    indent = " " * listed.start_mark.column
    lines = source.splitlines(keepends=True)
    end = _last_line(listed.value[-1], lines, listed.start_mark.column)
    newline = "\r\n" if lines[0].endswith("\r\n") else "\n"
    if not lines[end].endswith(("\n", "\r")):
        lines[end] += newline
    added = [f"{indent}{line}{newline}" for feed in feeds for line in _block_lines(feed)]
    return "".join([*lines[: end + 1], *added, *lines[end + 1 :]])


def _last_line(item: Node, lines: Sequence[str], dash: int) -> int:
    """Find the last line of an item whose dash stands in the column ``dash``; the parser's own end may lie behind the
    comments that follow it.

    Comments right below it that are indented as its keys are belong to it: most likely a key that is switched off.
    """
    first: int = item.start_mark.line
    last: int = min(item.end_mark.line - (not item.end_mark.column), len(lines) - 1)
    while last > first and (not lines[last].strip() or _is_comment(lines[last])):
        last -= 1
    while last + 1 < len(lines) and _is_comment(lines[last + 1], dash + 1):
        last += 1
    return last


def _is_comment(line: str, column: int = 0) -> bool:
    """Tell whether there is nothing but a comment in the line, which begins at ``column`` or after it."""
    text = line.lstrip()
    return text.startswith("#") and len(line) - len(text) >= column


def _block_lines(feed: FeedSource) -> Iterator[str]:
    keys = list(_keys(feed))
    if len(keys) == 1:
        yield f"- {_url(feed.url)}"
        return
    for number, (key, value) in enumerate(keys):
        yield f"{'  ' if number else '- '}{key}: {value}"


def _flow_item(feed: FeedSource) -> str:
    keys = list(_keys(feed))
    if len(keys) == 1:
        return _url(feed.url)
    return "{" + ", ".join(f"{key}: {value}" for key, value in keys) + "}"


def _keys(feed: FeedSource) -> Iterator[tuple[str, str]]:
    yield "url", _url(feed.url)
    for key, value in (("title", feed.title), ("language", feed.language), ("home", feed.home)):
        if value:
            yield key, _words(value)
    if feed.tags:
        yield "tags", f"[{', '.join(map(_words, feed.tags))}]"
    if feed.full_text:
        yield "full_text", "true"


def _url(url: str) -> str:
    return url if _PLAIN_URL.fullmatch(url) else quoted(url)


def _words(text: str) -> str:
    """Write words as they are where YAML takes them for words anywhere, else in double quotes."""
    plain = _PLAIN_WORDS.fullmatch(text) and text.casefold() not in _NO_WORDS
    return text if plain else quoted(text)


def quoted(text: str) -> str:
    """Write text in double quotes (YAML 1.2.2, 5.7), with escapes for what cannot be seen."""
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in quoted)


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"  # noqa: PLR2004 - the width of \u
