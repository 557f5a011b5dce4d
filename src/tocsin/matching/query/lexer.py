"""From the text of a query to its tokens. A bare run of words is one token, as it is one phrase."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.habits import refuse_habits

# ruff: noqa: RUF001 - quotes and dashes as people type them
QUOTES = '"“”„‟«»＂'
_CURLY = QUOTES.replace('"', "")
_CURLY_END = re.compile(f"[{QUOTES}]")
_STRAIGHT_END = re.compile('["”]')

_END = rf"(?=[\s(){QUOTES}]|\Z)"
_DASHES = "-‐‑‒–—―−－"
"""The hyphen that excludes, and what word processors, telephones and web pages make of it."""

_OPERATOR = rf"(?:AND|OR|NOT|O?NEAR(?:/[^\s(){QUOTES}]*|\d+)?){_END}"
_NAME = r"[A-Za-z_]+:"
_WORD = rf"(?!{_OPERATOR}|[{_DASHES}!]\S|-|!|{_NAME})(?:[^\s(){QUOTES}|&]|&(?!&))+"
_TOKEN = re.compile(
    rf"(?P<run>{_WORD}(?:\s+{_WORD})*)"
    rf"|(?P<open>\()|(?P<close>\))"
    rf"|(?P<op>{_OPERATOR}|&&|\|\|)"
    rf"|(?P<quote>[{QUOTES}])"
    rf"|(?P<regex>re:/)"
    rf"|(?P<field>[A-Za-z_]+:)"
    rf"|(?P<not>[{_DASHES}!])"
    rf"|(?P<stray>.)"
)
_GAP = re.compile(r"\s*")
_REGEX_END = re.compile(r"(?:[^/\\]|\\.)*/", re.DOTALL)
_SLOP = re.compile(r"~(\d*)")
_ADDRESS = re.compile(rf"\s*([^\s(){QUOTES}]+)")
_DISTANCE = re.compile(r"(O?NEAR)/(\d{1,3})")

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
"""Characters that nobody sees, and that come along when a query is copied from a page or a chat."""


class Kind(Enum):
    """What a token is."""

    RUN = "run"
    QUOTED = "quoted"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    MINUS = "-"
    NEAR = "NEAR"
    ONEAR = "ONEAR"
    FIELD = "field"
    ADDRESS = "address"
    REGEX = "regex"
    END = "end"


class Token(NamedTuple):
    """A token; ``text`` is what counts of it, ``number`` the distance of a NEAR or of a sloppy phrase (-1: none)."""

    kind: Kind
    text: str
    start: int
    end: int
    number: int = -1


_OPERATORS = {"AND": Kind.AND, "&&": Kind.AND, "OR": Kind.OR, "||": Kind.OR, "NOT": Kind.NOT}


def tokens_of(query: str) -> list[Token]:
    """Return the tokens of a query, one of kind END last; raises `QueryError`.

    What is invisible counts as a gap around operators, and is left to the words and phrases that it stands in.
    """
    seen = _INVISIBLE.sub(" ", query)
    tokens = [*_tokens(seen)]
    if seen != query:
        tokens = [_as_written(token, query) for token in tokens]
    tokens.append(Token(Kind.END, "", len(query), len(query)))
    return tokens


def _as_written(token: Token, query: str) -> Token:
    """Return a token with its text as the query has it: what is invisible may be a part of a word."""
    match token.kind:
        case Kind.RUN | Kind.ADDRESS:
            return token._replace(text=query[token.start : token.end])
        case Kind.QUOTED:
            return token._replace(text=query[token.start + 1 : token.start + 1 + len(token.text)])
        case Kind.REGEX:
            return token._replace(text=query[token.end - 1 - len(token.text) : token.end - 1])
        case _:
            return token


def _tokens(query: str) -> Iterator[Token]:
    at = _skip(query, 0)
    while at < len(query):
        found = _TOKEN.match(query, at)
        token = _token(query, found) if found else _stray(query, at)
        yield token
        at = token.end
        if token.kind is Kind.FIELD and token.text == "url" and (address := _ADDRESS.match(query, at)):
            yield Token(Kind.ADDRESS, address[1], address.start(1), address.end())
            at = address.end()
        at = _skip(query, at)


def _skip(query: str, at: int) -> int:
    gap = _GAP.match(query, at)
    return gap.end() if gap else at


def _token(query: str, found: re.Match[str]) -> Token:  # noqa: PLR0911 - one a kind of token
    start, end = found.span()
    match found.lastgroup:
        case "run":
            refuse_habits(found[0], start)
            return Token(Kind.RUN, found[0], start, end)
        case "open":
            return Token(Kind.OPEN, "(", start, end)
        case "close":
            return Token(Kind.CLOSE, ")", start, end)
        case "op":
            return _operator(found[0], start, end)
        case "quote":
            return _quoted(query, start)
        case "regex":
            return _regex(query, start, end)
        case "field":
            return Token(Kind.FIELD, found[0][:-1].lower(), start, end)
        case "not":
            return _minus(query, start)
        case _:
            return _stray(query, start)


def _operator(text: str, start: int, end: int) -> Token:
    kind = _OPERATORS.get(text)
    if kind:
        return Token(kind, text, start, end)
    distance = _DISTANCE.fullmatch(text)
    if distance is None:
        name = "ONEAR" if text.startswith("O") else "NEAR"
        remedy = f"write {name}/5, and put a phrase in quotes"
        raise QueryError(f"{name} needs the number of words that may lie between", remedy, start, end - start)
    return Token(Kind[distance[1]], text, start, end, int(distance[2]))


def _quoted(query: str, start: int) -> Token:
    closer = (_CURLY_END if query[start] in _CURLY else _STRAIGHT_END).search(query, start + 1)
    if closer is None:
        raise QueryError("this quote is never closed", "close it, or leave it out", start)
    end = closer.start()
    text = query[start + 1 : end]
    if not text.strip():
        raise QueryError(
            "nothing stands between the quotes", "write a phrase, or leave them out", start, end + 1 - start
        )
    slop = _SLOP.match(query, end + 1)
    if slop is None:
        return Token(Kind.QUOTED, text, start, end + 1)
    if not slop[1] or len(slop[1]) > len("100"):
        raise QueryError("~ needs the number of words that may lie between", 'write "..."~5', end + 1, len(slop[0]))
    return Token(Kind.QUOTED, text, start, slop.end(), int(slop[1]))


def _regex(query: str, start: int, body: int) -> Token:
    found = _REGEX_END.match(query, body)
    if found is None:
        raise QueryError("this expression is never closed", "end it with /, and write \\/ for a / in it", start, 4)
    return Token(Kind.REGEX, query[body : found.end() - 1], start, found.end())


def _minus(query: str, start: int) -> Token:
    sign = query[start]
    if not query[start + 1 : start + 2].strip() or query[start + 1] in f"{_DASHES}!)":
        raise QueryError(
            f"a {sign} stands alone", f"write it directly before what is not wanted: {sign}football", start
        )
    return Token(Kind.MINUS, sign, start, start + 1)


def _stray(query: str, start: int) -> Token:
    remedy = "write OR" if query[start] == "|" else "write AND, or put the phrase in quotes"
    raise QueryError(f"a {query[start]} means nothing here", remedy, start)
