"""Leaves that ask not for words of the text but for what is known of the article: language, tags, source, address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from tocsin.matching.leaves import Leaf, Sort
from tocsin.models.articles import Document
from tocsin.text.fold import fold, fold_term
from tocsin.text.patterns import padded
from tocsin.text.scanner import Scanner

_SOURCES = 1000
"""Titles of feeds whose leaves are remembered."""


class Values:
    """The leaves of these kinds of all watches, ready to be found for an article."""

    def __init__(self, leaves: Mapping[Leaf, int]) -> None:
        """Take all leaves; those of other kinds are passed over."""
        self._languages = {leaf.written.lower(): at for leaf, at in leaves.items() if leaf.sort is Sort.LANG}
        self._tags: dict[str, list[int]] = {}
        addresses: dict[str, list[int]] = {}
        sources: dict[str, list[int]] = {}
        for leaf, at in leaves.items():
            if leaf.sort is Sort.TAG:
                self._tags.setdefault(leaf.written.casefold(), []).append(at)
            elif leaf.sort is Sort.URL:
                addresses.setdefault(leaf.written.casefold(), []).append(at)
            elif leaf.sort is Sort.SOURCE and (folded := fold_term(leaf.written)):
                sources.setdefault(padded(folded)[1], []).append(at)
        self._addresses = _Found(addresses)
        self._of_source = lru_cache(maxsize=_SOURCES)(_Found(sources).in_title)

    def of(self, document: Document) -> set[int]:
        """Return the indexes of the leaves that an article has."""
        found: set[int] = set()
        if document.language in self._languages:
            found.add(self._languages[document.language])
        for tag in document.tags if self._tags else ():
            found.update(self._tags.get(tag.casefold(), ()))
        if document.url:
            found |= self._addresses.in_address(document.url)
        if document.source:
            found |= self._of_source(document.source)
        return found


class _Found:
    """Finds values in short strings."""

    def __init__(self, owners: Mapping[str, Iterable[int]]) -> None:
        self._owners = tuple(owners.values())
        self._scanner = Scanner(tuple(owners)) if owners else None

    def in_title(self, title: str) -> frozenset[int]:
        found = self._scanner.find(fold(title).scan) if self._scanner else []
        return frozenset(leaf for pattern, _, _ in found for leaf in self._owners[pattern])

    def in_address(self, url: str) -> frozenset[int]:
        """Return the leaves whose value stands in an address, not within a longer word of letters and digits."""
        address = url.casefold()
        found = self._scanner.find(address) if self._scanner else []
        return frozenset(
            leaf
            for pattern, start, end in found
            if not (start and address[start - 1].isalnum() and address[start].isalnum())
            and not (address[end : end + 1].isalnum() and address[end - 1].isalnum())
            for leaf in self._owners[pattern]
        )
