"""Which entries are articles that their feed showed before, under another id, and which are others under a known one:
pure comparisons.

One by one strictly, and more freely where most of a document seems to have got new ids at once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from tocsin.feeds.backlog import GRACE
from tocsin.models.feeds import Entry
from tocsin.models.identity import KnownArticle, PrunedEntry, short_content_hash, short_hash

MASS: Final = 5
"""This many entries, if they are more than half of what is compared, are no coincidence: something happened to all."""

EDITION: Final = timedelta(hours=20)
"""Changed words that are dated this much later are no correction, but the next day's edition."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the store knows of a feed's entries: content hashes by key, the articles of the keys whose words changed,
    and what has the link or the words of entries that are not known by their keys. ``read_at`` is the time when the
    feed was last read; what was published before ``oldest`` is not kept any more.
    """

    hashes: Mapping[str, str]
    oldest: datetime
    read_at: datetime | None = None
    changed: Mapping[str, KnownArticle] = field(default_factory=dict)
    akin: Sequence[KnownArticle] = ()
    pruned: Sequence[PrunedEntry] = ()


def is_mass(some: int, of: int) -> bool:
    """Tell whether some of so many are most of them, and many."""
    return some >= MASS and some * 2 > of


def is_fresh(entry: Entry, past: Past) -> bool:
    """Tell whether an entry bears a date that may be news since the last poll."""
    return entry.published_at is not None and past.read_at is not None and entry.published_at > past.read_at - GRACE


def is_redated(entry: Entry, article: KnownArticle, past: Past) -> bool:
    """Tell whether an entry bears another date than the article, and one that may be news since the last poll."""
    return is_fresh(entry, past) and not _has_same_date(entry, article)


def is_another(entry: Entry, article: KnownArticle) -> bool:
    """Tell whether an entry under an article's key is another article: neither link, title nor date are the same."""
    has_same_link = entry.url == article.url and _is_of_one_article(entry.url)
    return not (has_same_link or entry.title == article.title or _has_same_date(entry, article))


def is_edition(entry: Entry, article: KnownArticle, past: Past) -> bool:
    """Tell whether the changed words of an article are to be told anew: they are dated a day later, or they are dated
    anew and the article, being backlog, was never told.
    """
    if not is_redated(entry, article, past) or entry.published_at is None:
        return False
    return article.backlog or entry.published_at >= article.published_at + EDITION


def recognised(
    entries: Sequence[Entry], unknown: Sequence[Entry], past: Past
) -> tuple[dict[str, KnownArticle], dict[str, PrunedEntry]]:
    """Find the articles of entries with unknown keys, by key, and what is left of those whose article was pruned."""
    family = _Family(entries, unknown, past)
    strictly, freely = family.articles(free=False), family.articles(free=True)
    over, over_freely = family.over(strictly, free=False), family.over(freely, free=True)
    if is_mass(len(freely) + len(over_freely), len(entries)):
        return freely, over_freely
    return strictly, over


class _Family:
    """The kin of a document's entries: articles and pruned ones with the same link or the same words."""

    def __init__(self, entries: Sequence[Entry], unknown: Sequence[Entry], past: Past) -> None:
        shown = {entry.key for entry in entries} - {entry.key for entry in unknown}
        # By key: which of several like ones is paired must not hang on their order, which changes from poll to poll.
        self._unknown = sorted(unknown, key=lambda entry: entry.key)
        self._past = past
        # An article that the document shows under its own key is that entry, and no other one.
        self._free = [article for article in past.akin if article.key not in shown]
        self._links = Counter(entry.url for entry in entries)
        self._links_known = Counter(article.url for article in past.akin)
        self._words = Counter(entry.content_hash for entry in entries)
        self._words_known = Counter(article.content_hash for article in past.akin)
        self._words_pruned = Counter(one.content_hash for one in past.pruned)
        self._pruned_words = {one.content_hash: one for one in past.pruned}
        self._pruned_keys = {one.key_hash: one for one in past.pruned}
        self._pruned_links = {one.url_hash: one for one in past.pruned}

    def articles(self, *, free: bool) -> dict[str, KnownArticle]:
        """Pair entries with articles, each at most once: by link and words, then by words, then by link."""
        by_words, by_link = _grouped(self._free)
        found: dict[str, KnownArticle] = {}
        taken: set[str] = set()
        for entry, article in self._pairs(by_words, by_link, free=free):
            if entry.key not in found and article.key not in taken:
                found[entry.key] = article
                taken.add(article.key)
        return found

    def _pairs(
        self,
        by_words: Mapping[str, Sequence[KnownArticle]],
        by_link: Mapping[str, Sequence[KnownArticle]],
        *,
        free: bool,
    ) -> Iterator[tuple[Entry, KnownArticle]]:
        worded = [(entry, article) for entry in self._unknown for article in by_words.get(entry.content_hash, ())]
        linked = [(entry, article) for entry in self._unknown for article in by_link.get(entry.url, ()) if entry.url]
        yield from (pair for pair in worded if pair[0].url == pair[1].url and self._is_only_link(pair[0]))
        yield from (pair for pair in worded if _has_same_words(*pair) or (free and self._are_old_words(*pair)))
        yield from (pair for pair in linked if self._is_only_link(pair[0]) and self._has_same_link(*pair, free=free))

    def _are_old_words(self, entry: Entry, article: KnownArticle) -> bool:
        return self._are_words_of_one(entry) and not is_redated(entry, article, self._past)

    def _are_words_of_one(self, entry: Entry) -> bool:
        """Tell whether words are those of one entry, and were those of one article: a series has many."""
        editions = self._words_known[entry.content_hash] + self._words_pruned[short_content_hash(entry.content_hash)]
        return self._words[entry.content_hash] == 1 == editions

    def _is_only_link(self, entry: Entry) -> bool:
        return _is_of_one_article(entry.url) and self._links[entry.url] == 1 == self._links_known[entry.url]

    def _has_same_link(self, entry: Entry, article: KnownArticle, *, free: bool) -> bool:
        return (
            entry.title == article.title
            or _has_same_date(entry, article)
            or (free and not is_redated(entry, article, self._past))
        )

    def over(self, renamed: Mapping[str, KnownArticle], *, free: bool) -> dict[str, PrunedEntry]:
        """Find what is left of those unknown entries, by key, that were articles once, until their time was over."""
        if not self._past.pruned:
            return {}
        rest = [entry for entry in self._unknown if entry.key not in renamed]
        return {entry.key: left for entry in rest if (left := self._left_of(entry, free=free)) is not None}

    def _left_of(self, entry: Entry, *, free: bool) -> PrunedEntry | None:
        """Tell a pruned entry from a new one that shares something with it.

        The same words are old, unless id, link and a date within the retention make them another edition. Other words
        under an old id or link are old if their date is; undated ones only when most of the document is like that.
        """
        key = self._pruned_keys.get(short_hash(entry.key))
        link = self._pruned_links.get(short_hash(entry.url)) if _is_of_one_article(entry.url) else None
        words = self._pruned_words.get(short_content_hash(entry.content_hash))
        is_dated = entry.published_at is not None
        is_recent = entry.published_at is not None and entry.published_at >= self._past.oldest
        if words is not None:
            is_told = not is_recent or (free and self._are_words_of_one(entry) and not is_fresh(entry, self._past))
            return (key or link or words) if key or link or is_told else None
        return (key or link) if not is_recent and (is_dated or free) else None


def _grouped(
    articles: Iterable[KnownArticle],
) -> tuple[dict[str, list[KnownArticle]], dict[str, list[KnownArticle]]]:
    by_words: dict[str, list[KnownArticle]] = {}
    by_link: dict[str, list[KnownArticle]] = {}
    for article in articles:
        by_words.setdefault(article.content_hash, []).append(article)
        by_link.setdefault(article.url, []).append(article)
    return by_words, by_link


def _has_same_words(entry: Entry, article: KnownArticle) -> bool:
    """Tell whether the same words, under another id and link, are the same article: "The morning in brief" comes every
    day.
    """
    if entry.published_at is None or article.published_raw is None:
        return bool(entry.text)
    return _has_same_date(entry, article)


def _has_same_date(entry: Entry, article: KnownArticle) -> bool:
    is_as_written = entry.published_raw is not None and entry.published_raw == article.published_raw
    return is_as_written or entry.published_at == article.published_at


def _is_of_one_article(url: str) -> bool:
    """Tell whether a link can be an article's own: a front page is that of all."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query)
