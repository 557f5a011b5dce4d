"""Single terms of a query: phrases and their stars, and signs that are refused as they mean something elsewhere."""

from __future__ import annotations

import re

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.lexer import Kind, Token
from tocsin.matching.query.nodes import Near, Node, Phrase, Prefix, Regex, Suffix

MIN_STEM = 3
"""Letters before or after a star; fewer would stand in a large share of all words."""

_SIGN = re.compile(r"[*?~^+]")
_LETTER = re.compile(r"[^\W_]")
_FUZZY = re.compile(r"(?<=\w)[~^]")
_SINGLE = re.compile(r"(?<=\w)\?(?=\w)")
_PLUS = re.compile(r"(?<!\S)\+(?=[^\W\d])")


def term_of(token: Token) -> Node:
    """Return the node of a bare run or a quoted phrase; raises `QueryError`."""
    text, start = token.text, token.start
    if not _LETTER.search(text) and "*" not in text:
        raise QueryError("there is no letter or digit to look for", "write a word", start, token.end - start)
    if token.number >= 0:
        return _sloppy(token)
    if not _SIGN.search(text):
        return Phrase(text, start, token.end)
    if token.kind is Kind.RUN:
        _refuse_signs(text, start)
    return _starred(token) if "*" in text else Phrase(text, start, token.end)


def _refuse_signs(text: str, start: int) -> None:
    for sign, message, remedy in (
        (_FUZZY, "~ and ^ behind a word have no meaning here", 'put a phrase in quotes for "..."~5, or leave them out'),
        (_SINGLE, "a ? stands for no letter here", "write the spellings with OR between them, or end in a *"),
        (_PLUS, "a + before a word has no meaning here", "write AND between terms that must all be there"),
    ):
        found = sign.search(text)
        if found:
            raise QueryError(message, remedy, start + found.start())


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
