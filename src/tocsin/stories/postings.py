"""A table of the latest few articles by what they have in common, in as little memory as Python allows."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Postings(Generic[Key]):
    """Numbers under keys, the latest ``most`` of each, the earliest first. Most keys have one only: no list is made.

    >>> postings = Postings[str](2)
    >>> for number in (1, 2, 3, 4, 5): postings.add("a", number)
    >>> postings.remove("a", 5); list(postings.latest("a"))
    [3, 4]
    """

    def __init__(self, most: int | None = None) -> None:
        self._most = most
        self._table: dict[Key, int | list[int]] = {}

    def __len__(self) -> int:
        return len(self._table)

    def __contains__(self, key: Key) -> bool:
        return key in self._table

    def add(self, key: Key, number: int) -> None:
        """Put a number behind those of a key."""
        known = self._table.get(key)
        if known is None:
            self._table[key] = number
        elif isinstance(known, int):
            self._table[key] = [known, number]
        else:
            known.append(number)
            if self._most is not None and len(known) > 2 * self._most:
                del known[: -self._most]

    def remove(self, key: Key, number: int) -> None:
        """Take a number away from a key, if it is there."""
        known = self._table.get(key)
        if known == number:
            del self._table[key]
        elif isinstance(known, list) and number in known:
            known.remove(number)
            if not known:
                del self._table[key]

    def latest(self, key: Key) -> Sequence[int]:
        """Return the latest numbers of a key."""
        known = self._table.get(key)
        if known is None:
            return ()
        if isinstance(known, int):
            return (known,)
        return known if self._most is None or len(known) <= self._most else known[-self._most :]
