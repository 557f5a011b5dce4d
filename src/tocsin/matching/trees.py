"""The tree of a watch, whichever way it is written: a query, or lists of keywords, names, regions and exclusions."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from tocsin.matching.query import And, Field, FieldIs, Listed, Node, Not, Or, Phrase, parse_query
from tocsin.models.receipts import Clause
from tocsin.models.watchlist import About, Watch

_parsed = lru_cache(maxsize=4096)(parse_query)


def tree_of(watch: Watch) -> Node:
    """Return what an article must meet: ``(query, or any keyword or name) AND (any region) AND NOT (any of none)``.

    Raises `QueryError`.
    """
    parts = [part for part in (wanted_of(watch), _in_regions(watch), _excluded(watch.none)) if part is not None]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def wanted_of(watch: Watch) -> Node | None:
    """Return the part of the tree that is neither regions nor exclusions; None for a watch by region alone."""
    if watch.query:
        return _parsed(watch.query)
    keywords = [Listed(Clause.KEYWORDS, text) for text in dict.fromkeys(watch.keywords)]
    names = [Listed(Clause.NAMES, text) for text in dict.fromkeys(watch.names)]
    return _any_of([*keywords, *names])


def _in_regions(watch: Watch) -> Node | None:
    part = _any_of([Phrase(region) for region in watch.regions])
    return FieldIs(Field.REGION if watch.about is About.MENTION else Field.ABOUT, part) if part else None


def _excluded(terms: Iterable[str]) -> Node | None:
    part = _any_of([Listed(Clause.NONE, text) for text in dict.fromkeys(terms)])
    return Not(part) if part else None


def _any_of(parts: list[Node] | list[Phrase] | list[Listed]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
