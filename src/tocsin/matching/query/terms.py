"""Single terms of a query: phrases, their stars, and expressions."""

from __future__ import annotations

import re

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.lexer import Kind, Token
from tocsin.matching.query.nodes import Near, Node, Phrase, Prefix, Regex, Suffix

MIN_STEM = 3
"""Letters before or after a star; fewer would stand in a large share of all words."""

_LETTER = re.compile(r"[^\W_]")


def term_of(token: Token) -> Node:
    """Return the node of a bare run or a quoted phrase; raises `QueryError`."""
    text = token.text
    if not _LETTER.search(text) and "*" not in text:
        raise _nothing_to_look_for(token)
    if token.number >= 0:
        return _sloppy(token)
    return _starred(token) if "*" in text else Phrase(text, token.start, token.end)


def address_of(token: Token) -> Phrase:
    """Return the node of a part of an address; raises `QueryError`."""
    if not _LETTER.search(token.text):
        raise _nothing_to_look_for(token)
    return Phrase(token.text, token.start, token.end)


def _nothing_to_look_for(token: Token) -> QueryError:
    message = "there is no letter or digit to look for"
    return QueryError(message, "write a word", token.start, token.end - token.start)


def _starred(token: Token) -> Node:
    text = token.text.strip()
    offset = token.start + token.text.index("*") + (token.kind is Kind.QUOTED)
    stem = text.strip("*")
    if "*" in stem or text.count("*") > 1:
        raise QueryError("a * may stand only at the end of a term, or at its beginning", "leave it out", offset)
    word = re.split(r"\s", stem)[-1 if text.endswith("*") else 0]
    if len(_LETTER.findall(word)) < MIN_STEM:
        remedy = f"write at least {MIN_STEM} letters beside it"
        raise QueryError("a * beside so few letters would find nearly every article", remedy, offset)
    kind = Prefix if text.endswith("*") else Suffix
    return kind(stem, token.start, token.end)


def _sloppy(token: Token) -> Node:
    """Return ``"a b"~5`` as the nearness of its words."""
    if "*" in token.text:
        raise QueryError('a * has no place in "..."~n', "write a* NEAR/5 b", token.start, token.end - token.start)
    words = [found for found in re.finditer(r"\S+", token.text) if _LETTER.search(found[0])]
    first = token.start + 1
    parts = tuple(Phrase(found[0], first + found.start(), first + found.end()) for found in words)
    if len(parts) == 1:
        raise QueryError("~ behind a single word has no meaning here", "leave it out", token.end - 2, 2)
    return Near(token.number, False, parts, token.start, token.end)


def regex_of(token: Token) -> Node:
    """Return the node of an expression that RE2 takes; raises `QueryError`."""
    from tocsin.matching.query.regex import check_regex

    problem = check_regex(token.text)
    if problem:
        raise QueryError(*problem, token.start, token.end - token.start)
    return Regex(token.text, token.start, token.end)
