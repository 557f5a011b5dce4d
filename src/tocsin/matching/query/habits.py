"""What people write by habit of another language or program, and what would be read as a plain phrase here.

A phrase that no text can hold is the worst answer, since it never says anything: each of these is refused instead.
"""

from __future__ import annotations

import re

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.nodes import Field

# ruff: noqa: RUF001 - signs as people type them

_QUICK = re.compile(
    r"[*?~^+&:/\\\[\]{}（）［］｛｝|]|(?<!\S)[-‐‑‒–—―−－](?!\S)|\b(?:and|or|not|o?near|adj\d*)\b", re.IGNORECASE
)
_OPERATORS = frozenset(("and", "or", "not"))
_SMALL = re.compile(r"(?<!\S)(and|or|not|o?near)(/\d+)?(?!\S)", re.IGNORECASE)
_FIELDS = "|".join((*Field, "text"))

_DISTANCE = "write a NEAR/5 b, or put the phrase in quotes"
_OR_QUOTES = "write AND or OR, or put the phrase in quotes"
_SIGNS = tuple(
    (re.compile(pattern), message, remedy)
    for pattern, message, remedy in (
        (
            r"(?<=\w)[~^]",
            "{} behind a word has no meaning here",
            'put a phrase in quotes for "..."~5, or leave it out',
        ),
        (
            r"(?<=\w)\?|\?(?=\w)",
            "a {} stands for no letter here",
            "write the spellings with OR between them, or end in a *; put a question in quotes",
        ),
        (
            r"(?<!\S)\+(?=[^\W\d]|\s|\Z)",
            "a {} before a word has no meaning here",
            "write AND between terms that must all be there",
        ),
        (r"(?<!\S)&(?!\S)", "a {} alone has no meaning here", "write AND, or put the phrase in quotes"),
        (
            r"(?<!\S)[-‐‑‒–—―−－](?!\S)",
            "a {} stands alone",
            "write - directly before what is not wanted, or put the phrase in quotes",
        ),
        (r"[\[\]{}]", "a {} has no meaning here", "write ( ) around a group, or put the phrase in quotes"),
        (r"[（）［］｛｝]", "a {} of full width has no meaning here", "write ( ) around a group"),
        (r"\\", "a {} has no meaning here", "leave it out, or put the phrase in quotes"),
        (
            rf"(?i:(?<!\S)(?:{_FIELDS})\s+:(?=\s|[^\s:]))",
            "{!r} is no field with a gap before the colon",
            "write the colon directly behind the field, or put the phrase in quotes",
        ),
        (r"(?<!\S):", "a {} before a word has no meaning here", "leave it out, or put the phrase in quotes"),
        (r"(?<!\S)(?i:w|n|p|pre|next|within)?/(?:\d+|[ps])(?!\S)", "{!r} is no operator here", _DISTANCE),
        (r"(?<=\s)ADJ\d*(?=\s)", "{!r} is no operator here", "write a ONEAR/0 b, or put the phrase in quotes"),
    )
)


def refuse_habits(run: str, start: int) -> None:
    """Refuse what a bare run of words must not have; raises `QueryError` with its place in the query."""
    if (run.isalnum() and run.lower() not in _OPERATORS) or not _QUICK.search(run):
        return
    _refuse_small_operators(run, start)
    for sign, message, remedy in _SIGNS:
        found = sign.search(run)
        if found:
            raise QueryError(message.format(found[0]), remedy, start + found.start(), len(found[0]))


def _refuse_small_operators(run: str, start: int) -> None:
    """Refuse an operator in small letters: most people who write one mean the operator."""
    for found in _SMALL.finditer(run):
        begins = not run[: found.start()].strip()
        if begins and found[1].lower() == "near" and not found[2]:
            continue  # "Near East" is a place
        raise QueryError(
            f"{found[0]!r} is no operator in small letters",
            f"write {found[0].upper()} in capitals, or put the phrase in quotes",
            start + found.start(),
            len(found[0]),
        )
