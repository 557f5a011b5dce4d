"""What identifies an entry within its feed: its id, else its link, else a hash of what it says. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Final

from tocsin.models.feeds import Entry

_LONGEST: Final = 250


def content_hash(title: str, text: str) -> str:
    """Hash what an entry says: SHA-256 over title, NUL and text, in hexadecimal."""
    return sha256(f"{title}\0{text}".encode("utf-8", "replace")).hexdigest()


def key_of(entry_id: str, url: str, hashed: str) -> str:
    """Choose an entry's key: ``entry_id``, else ``url``, else its content hash."""
    return _bounded(entry_id.strip() or url or f"sha256:{hashed}")


def with_unique_keys(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Make keys unique, in document order: copies collapse into the first, different entries get keys of their own.

    Some feeds give all their entries one id: where the links differ, the link joins the key; where only the titles
    differ, the title does. Nothing is lost silently.
    """
    listed = tuple(entries)
    if len({entry.key for entry in listed}) == len(listed):
        return listed
    links, titles = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for entry in listed:
        links[entry.key].add(entry.url)
        titles[entry.key].add(entry.title)
    unique: dict[str, Entry] = {}
    for entry in listed:
        key = entry.key
        if len(links[key]) > 1:
            key = _bounded(f"{entry.key}\n{entry.url or entry.title}")
        elif len(titles[key]) > 1:
            key = _bounded(f"{entry.key}\n{entry.title}")
        unique.setdefault(key, entry if key == entry.key else replace(entry, key=key))
    return tuple(unique.values())


def _bounded(key: str) -> str:
    return key if len(key) <= _LONGEST else f"sha256:{sha256(key.encode('utf-8', 'replace')).hexdigest()}"
