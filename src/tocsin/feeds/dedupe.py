"""Which entries of a poll are new, which are known under another id, and which say something else now: pure
comparisons. No SQL.

An entry is known by its key. Publishers change ids, though (a new system, https for http, a new name of the house),
give them to other articles, and show old articles again: so an entry with an unknown key is compared with the feed's
articles by link and by words, and one whose words changed with its own article, see `kinship`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tocsin.feeds.kinship import Past, is_another, is_edition, is_mass, is_redated, recognised
from tocsin.models.feeds import Entry
from tocsin.models.identity import KnownArticle, PrunedEntry, short_content_hash, short_hash


@dataclass(frozen=True, slots=True)
class Update:
    """A known entry with a new key, with new words, or with both; ``article`` is what is stored of it.

    ``is_revised`` tells that its words changed; ``is_quiet`` that they did so together with most others, so that it is
    hardly news.
    """

    article: KnownArticle
    entry: Entry
    is_revised: bool
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What has to be stored of a document, in its order.

    ``displaced`` are the articles whose keys others bear now. ``over`` are entries that were articles once, until their
    time was over, and look different now; with what is left of them. ``note`` says in words what happened to many
    entries at once.
    """

    new: tuple[Entry, ...] = ()
    updates: tuple[Update, ...] = ()
    displaced: tuple[KnownArticle, ...] = ()
    over: tuple[tuple[PrunedEntry, Entry], ...] = ()
    note: str | None = None


def without_copies(entries: Iterable[Entry], known: Mapping[str, str]) -> tuple[Entry, ...]:
    """Leave out entries that differ from another one in their key alone; the known one stays, else the first."""
    listed = tuple(entries)
    kept: dict[object, Entry] = {}
    for entry in listed:
        same = (entry.url, entry.content_hash, entry.published_at) if entry.url else entry.key
        if same not in kept or (entry.key in known and kept[same].key not in known):
            kept[same] = entry
    if len(kept) == len(listed):
        return listed
    keys = {entry.key for entry in kept.values()}
    return tuple(entry for entry in listed if entry.key in keys or entry.key in known)


def unknown_of(entries: Iterable[Entry], past: Past) -> list[Entry]:
    """Give the entries that cannot be known by their keys: those of unknown keys, and of keys that another article
    has.
    """
    return [
        entry
        for entry in entries
        if entry.key not in past.hashes or (_is_changed(entry, past) and is_another(entry, past.changed[entry.key]))
    ]


def _is_changed(entry: Entry, past: Past) -> bool:
    return past.hashes.get(entry.key, entry.content_hash) != entry.content_hash


def compare(entries: Sequence[Entry], past: Past, *, is_delta: bool = False) -> Findings:
    """Compare a document with the feed's past. Keys are unique within ``entries``, as `ParsedFeed` promises.

    An entry that is missing now is no change: feeds show a window, they do not list everything. ``is_delta`` marks a
    document that holds nothing but changes by its nature, so that many of them mean nothing.
    """
    unknown = unknown_of(entries, past)
    renamed, over = recognised(entries, unknown, past) if past.akin or past.pruned else ({}, {})
    strangers = {entry.key for entry in unknown if entry.key not in renamed}
    updates = _updates((entry for entry in entries if entry.key not in strangers), past, renamed)
    known = len(entries) - len(strangers) + len(over)
    notes = [_note_of_ids(len(renamed), len(entries))]
    revised = [update for update in updates if update.is_revised]
    editions = {update.entry.key for update in revised if is_edition(update.entry, update.article, past)}
    if not is_delta and is_mass(len(revised), known):
        updates = [_quiet(update, past) for update in updates]
        notes.append(_note_of_words(sum(update.is_quiet for update in updates), known))
    new = (strangers - over.keys()) | editions
    altered = [(over[entry.key], entry) for entry in unknown if entry.key in over]
    return Findings(
        new=tuple(entry for entry in entries if entry.key in new),
        updates=tuple(update for update in updates if update.entry.key not in editions),
        displaced=tuple(past.changed[entry.key] for entry in entries if _is_displaced(entry, past, renamed, new)),
        over=tuple((left, entry) for left, entry in altered if left != pruned_entry(entry)),
        note="; ".join(note for note in notes if note) or None,
    )


def _is_displaced(entry: Entry, past: Past, renamed: Mapping[str, KnownArticle], new: Container[str]) -> bool:
    """Tell whether an entry's key is that of an article, and the entry is not."""
    return _is_changed(entry, past) and (entry.key in new or entry.key in renamed)


def pruned_entry(entry: Entry) -> PrunedEntry:
    """Give what is left of an entry when its article is pruned."""
    return PrunedEntry(short_hash(entry.key), short_hash(entry.url), short_content_hash(entry.content_hash))


def _updates(entries: Iterable[Entry], past: Past, renamed: Mapping[str, KnownArticle]) -> list[Update]:
    updates: list[Update] = []
    for entry in entries:
        if entry.key in renamed:
            article = renamed[entry.key]
            updates.append(Update(article, entry, is_revised=article.content_hash != entry.content_hash))
        elif _is_changed(entry, past):
            updates.append(Update(past.changed[entry.key], entry, is_revised=True))
    return updates


def _quiet(update: Update, past: Past) -> Update:
    # What bears a new date claims to be news, however many others changed.
    return replace(update, is_quiet=update.is_revised and not is_redated(update.entry, update.article, past))


def _note_of_ids(renamed: int, of: int) -> str | None:
    if not is_mass(renamed, of):
        return None
    return f"{renamed} entries with new ids but known words or links: taken as the same articles"


def _note_of_words(quiet: int, of: int) -> str | None:
    if not quiet:
        return None
    return f"{quiet} of {of} known entries changed at once: taken as an edit, without new alerts"
