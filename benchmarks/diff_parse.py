"""Compares what is read of feeds, field by field, with what feedparser reads of them by itself.

Usage: ``python benchmarks/diff_parse.py PATH... [--show N]`` with files or folders of feeds. Compared are identity,
link, title, date and text of each entry; texts after tags are stripped, entities decoded and all but letters and
digits dropped. Each difference is put under a rule of docs/parsing.md, "Where we differ on purpose", or counted as
unexplained.
"""

from __future__ import annotations

import argparse
import calendar
import re
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin

import feedparser
from feed_documents import documents
from selectolax.lexbor import LexborHTMLParser

from tocsin.feeds.parse import parse_feed
from tocsin.models.feeds import Entry, ParsedFeed

URL = "https://site.example/feeds/main.xml"
FIELDS = ("id", "link", "title", "published", "text")

_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_LEFT_OUT = re.compile(
    r"<(?:script|style|template|iframe|textarea|noembed|noframes|head|applet|audio|button|canvas|datalist|math|object|"
    r"optgroup|option|select|svg|video)\b",
    re.IGNORECASE,
)
_LEFT_OUT_NODES = _LEFT_OUT.pattern[4:-3].replace("|", ",")
_LONG_ID, _LONG_TITLE, _LONG_TEXT = 150, 450, 99_900
_ISO_ZONE = re.compile(r"\d{4}-\d\d-\d\dT.*[-+]\d{4}\Z")


def bare(text: str) -> str:
    """Reduce a text to its letters and digits, in lower case."""
    previous, plain = "", _TAG.sub("", text)
    while plain != previous:
        previous, plain = plain, unescape(plain)
    return "".join(filter(str.isalnum, plain)).lower()


def all_texts(found: Mapping[str, Any]) -> list[str]:
    """List the summary and contents that feedparser gives and that are text."""
    constructs = [found.get("summary_detail") or {"value": found.get("summary", "")}, *(found.get("content") or ())]
    kinds = ("text/html", "application/xhtml+xml", "text/plain", "")
    return [str(each.get("value") or "") for each in constructs if (each.get("type") or "") in kinds]


def letters(text: str) -> str:
    """Reduce a text to its letters and digits, brackets and all."""
    return "".join(filter(str.isalnum, text)).lower()


def is_as_shown(ours: Entry, theirs: Mapping[str, Any]) -> bool:
    """Tell whether our text has what an HTML parser shows of theirs, or what stands there if it is plain."""
    said = letters(ours.text)
    for text in theirs["as_sent"]:
        tree = LexborHTMLParser(text)
        for node in tree.css(_LEFT_OUT_NODES):
            node.decompose()
        shown = letters(tree.root.text() if tree.root else "")
        if shown not in said and letters(unescape(text)) not in said:
            return False
    return True


def their_date(found: Mapping[str, Any]) -> datetime | None:
    """Give the date that stands first: of publication, of the last change, of creation."""
    for name in ("published", "updated", "created"):
        if name in found and found.get(name):
            parsed = found.get(f"{name}_parsed")
            return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed and parsed[0] > 0 else None
    return None


def same(field: str, ours: Entry, theirs: Mapping[str, Any]) -> bool:
    """Tell whether a field says the same in both."""
    match field:
        case "id":
            return ours.key == " ".join(theirs.get("id", "").split())
        case "link":
            return unquote(ours.url) == unquote(theirs.get("link", ""))
        case "title":
            return bare(ours.title) == bare(theirs.get("title", ""))
        case "published":
            return ours.published_at == their_date(theirs)
    said = bare(ours.text)
    return all(bare(text) in said for text in all_texts(theirs))


Rule = Callable[[Entry, Mapping[str, Any]], bool]
RULES: dict[str, dict[str, Rule]] = {
    "id": {
        "no id: the link, or a hash of the words, stands for it": lambda _, theirs: not theirs.get("id"),
        "one id for several entries: link or title joins it": lambda ours, theirs: ours.key.startswith(
            " ".join(theirs["id"].split()) + "\n"
        ),
        "a long id is hashed": lambda ours, theirs: ours.key.startswith("sha256:") and len(theirs["id"]) > _LONG_ID,
        "relative ids stay as they are, but under xml:base": lambda ours, theirs: (
            urljoin(URL, ours.key) == theirs["id"] or theirs["id"].endswith(ours.key)
        ),
    },
    "link": {
        "only http and https, without user names": lambda ours, theirs: (
            not ours.url and ("@" in theirs.get("link", "") or not re.match(r"https?://\S", theirs.get("link", "")))
        ),
        "an id is a link only if it is an address": lambda ours, theirs: (
            not ours.url and theirs.get("link") == theirs.get("id")
        ),
        "an empty link counts as none": lambda ours, theirs: bool(ours.url) and not theirs.get("link"),
        "addresses are made absolute and safe": lambda ours, theirs: (
            bool(ours.url) and re.sub(r"\W|_", "", unquote(ours.url)) == re.sub(r"\W|_", "", unquote(theirs["link"]))
        ),
        "relative links are joined with the feed's address": lambda ours, theirs: (
            bool(ours.url) and ours.url == urljoin(URL, theirs.get("link", ""))
        ),
    },
    "title": {
        "markup in titles is stripped, elements that show nothing with their contents": lambda _, theirs: bool(
            _LEFT_OUT.search(unescape(theirs.get("title", ""))) or "<" in unescape(theirs.get("title", ""))
        ),
        "titles end at 500 characters": lambda ours, _: len(ours.title) >= _LONG_TITLE,
    },
    "published": {
        "dates before 1990, after 2100 or in impossible zones are none": lambda ours, theirs: (
            ours.published_at is None and their_date(theirs) is not None
        ),
        "zones such as +0530 after an ISO date count with their minutes": lambda ours, _: bool(
            _ISO_ZONE.match(ours.published_raw or "")
        ),
    },
    "text": {
        "texts end at 100,000 characters": lambda ours, _: len(ours.text) >= _LONG_TEXT,
        "elements that show no text are left out": lambda ours, theirs: (
            any(map(_LEFT_OUT.search, theirs["as_sent"])) and is_as_shown(ours, theirs)
        ),
        "brackets and entities are read as a browser reads them": is_as_shown,
    },
}


def explained(field: str, ours: Entry, theirs: Mapping[str, Any]) -> str | None:
    """Find the rule under which a difference falls."""
    return next((name for name, rule in RULES[field].items() if rule(ours, theirs)), None)


def of_document(ours: ParsedFeed, body: bytes) -> str | None:
    """Find the rule under which a whole document falls."""
    note = ours.note or ""
    if "charset" in note or "are not valid" in note:
        return "charsets that are not declared, or wrongly, are guessed or mended our way"
    return "entities of a document type are not expanded" if b"<!ENTITY" in body else None


def paired(ours: Iterable[Entry], theirs: list[Any]) -> tuple[list[tuple[Entry, Any]], list[Any]]:
    """Pair the entries of both, in order; give those of theirs that are left over."""
    waiting = list(ours)
    pairs, lost = [], []
    for entry in theirs:
        same_words = [each for each in waiting[:40] if bare(each.title) == bare(entry.get("title", ""))]
        found = next((each for each in same_words if same("text", each, entry)), None) or next(iter(same_words), None)
        if found is None and waiting and len(list(theirs)) == len(list(ours)):
            found = waiting[0]
        if found is None:
            lost.append(entry)
        else:
            waiting.remove(found)
            pairs.append((found, entry))
    return pairs, lost


class Tally:
    """What was compared, and what came of it."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.rules: Counter[tuple[str, str]] = Counter()
        self.unexplained: dict[str, list[str]] = defaultdict(list)

    def compare(self, path: Path, body: bytes) -> None:
        """Read one document both ways."""
        headers = {"content-location": URL}
        theirs = feedparser.parse(BytesIO(body), response_headers=headers)
        # With its tags, feedparser's sanitiser takes away the reason for some differences.
        as_sent = feedparser.parse(
            BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
        for entry, unclean in zip(theirs.entries, as_sent.entries, strict=True):
            entry["as_sent"] = all_texts(unclean)
        ours = parse_feed(body, "", URL)
        self.counts["documents"] += 1
        if not isinstance(ours, ParsedFeed):
            self.counts["documents refused by us"] += 1
            self.counts["entries in documents refused by us"] += len(theirs.entries)
            if "ends before its first complete entry" in ours.message:
                self.rules["refused", "a document that ends before its first complete entry is refused"] += 1
            elif theirs.entries:
                self.unexplained["refused"].append(f"{path}: {ours.message[:160]}")
            return
        pairs, lost = paired(ours.entries, theirs.entries)
        self.counts["entries"] += len(theirs.entries)
        self.counts["entries only we read"] += max(len(ours.entries) - len(pairs), 0)
        self._tally_lost(path, ours, lost)
        for entry, found in pairs:
            self._tally(path, entry, found, of_document(ours, body))

    def _tally_lost(self, path: Path, ours: ParsedFeed, lost: list[Any]) -> None:
        for entry in lost:
            if len(ours.entries) == 500:  # noqa: PLR2004 - the bound of docs/parsing.md
                self.rules["lost", "only the newest 500 entries are read"] += 1
            elif not ours.is_complete and entry is lost[-1]:
                self.rules["lost", "an entry that the end of the document cuts off is left for the next poll"] += 1
            elif any(same("title", each, entry) and same("text", each, entry) for each in ours.entries):
                self.rules["lost", "entries that are the same in all are one"] += 1
            else:
                self.unexplained["lost"].append(f"{path}: {entry.get('title', '')!r} {entry.get('id', '')!r}")

    def _tally(self, path: Path, ours: Entry, theirs: Any, rule_of_document: str | None) -> None:
        for field in FIELDS:
            if same(field, ours, theirs):
                continue
            rule = explained(field, ours, theirs) or rule_of_document
            if rule:
                self.rules[field, rule] += 1
            else:
                said = {"id": "key", "link": "url", "published": "published_at"}.get(field, field)
                other = all_texts(theirs) if field == "text" else theirs.get(field)
                self.unexplained[field].append(f"{path}: {getattr(ours, said)!r:.200} != {other!r:.300}")

    def show(self, most: int) -> None:
        """Print counts, rules and so many examples of what no rule explains."""
        for name, count in sorted(self.counts.items()):
            print(f"{count:7} {name}")
        for (field, rule), count in sorted(self.rules.items()):
            print(f"{count:7} {field}: {rule}")
        entries = max(self.counts["entries"], 1)
        for field in ("lost", "refused", *FIELDS):
            found = self.unexplained[field]
            print(f"{len(found):7} {field}: unexplained ({len(found) / entries:.2%})")
            for example in found[:most]:
                print(f"          {example}")


def main() -> None:
    """Print the comparison."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("paths", nargs="+", type=Path)
    arguments.add_argument("--show", type=int, default=5)
    options = arguments.parse_args()
    warnings.simplefilter("ignore", DeprecationWarning)
    tally = Tally()
    for path, body in documents(options.paths):
        tally.compare(path, body)
    tally.show(options.show)


if __name__ == "__main__":
    main()
