"""Which entries of a poll are new and which have changed: a pure comparison of keys and hashes. No SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.models.feeds import Entry


@dataclass(frozen=True, slots=True)
class NewAndChanged:
    """The entries that have to be stored, in the order they came in."""

    new: tuple[Entry, ...]
    changed: tuple[Entry, ...]


def changes(entries: Iterable[Entry], known: Mapping[str, str]) -> NewAndChanged:
    """Compare entries with what is stored; ``known`` maps the keys of this feed's articles to their content hashes.

    An entry that is missing now is no change: feeds show a window, they do not list everything. Keys are unique within
    ``entries``, as `ParsedFeed` promises.
    """
    listed = tuple(entries)
    return NewAndChanged(
        new=tuple(entry for entry in listed if entry.key not in known),
        changed=tuple(entry for entry in listed if known.get(entry.key, entry.content_hash) != entry.content_hash),
    )
