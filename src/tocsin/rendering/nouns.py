"""What is counted in what readers see, and how English makes plurals."""

from __future__ import annotations

from tocsin.rendering.messages import to_count

_PLURALS = {"copy": "copies", "match": "matches", "story": "stories", "watch": "watches"}

NOUNS = {
    "article": to_count("%(num)s article", "%(num)s articles"),
    "day": to_count("%(num)s day", "%(num)s days"),
    "feed": to_count("%(num)s feed", "%(num)s feeds"),
    "hour": to_count("%(num)s hour", "%(num)s hours"),
    "match": to_count("%(num)s match", "%(num)s matches"),
    "minute": to_count("%(num)s minute", "%(num)s minutes"),
    "more story": to_count("%(num)s more story", "%(num)s more stories"),
    "near copy": to_count("%(num)s near copy", "%(num)s near copies"),
    "outlet": to_count("%(num)s outlet", "%(num)s outlets"),
    "story": to_count("%(num)s story", "%(num)s stories"),
    "watch": to_count("%(num)s watch", "%(num)s watches"),
}
"""Nouns that every catalog has; others are said in English only, where operators read."""


def plural(noun: str, number: int) -> str:
    """Give an English noun in the form that goes with the number.

    >>> plural("more story", 2)
    'more stories'
    """
    if number == 1:
        return noun
    *before, last = noun.split()
    return " ".join([*before, _PLURALS.get(last, f"{last}s")])


def forms(noun: str) -> tuple[str, str]:
    """Give the messages that count a noun: for one, and for many."""
    return NOUNS.get(noun) or (f"%(num)s {noun}", f"%(num)s {plural(noun, 2)}")
