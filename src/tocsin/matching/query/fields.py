"""The fields of a query: their names, and what may stand behind them."""

from __future__ import annotations

import re
from difflib import get_close_matches

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.languages import problem_of
from tocsin.matching.query.lexer import Token
from tocsin.matching.query.nodes import Field, FieldIs, Node, Phrase, children

TEXT_FIELDS = frozenset((Field.TITLE, Field.BODY))
"""Fields that are text, of which any term may be asked; the others take values."""

_BY_NAME = {**{field.value: field for field in Field}, "text": Field.BODY}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")
_WATCH = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def field_of(token: Token) -> Field:
    """Return the field that a token names; raises `QueryError` with the nearest one."""
    field = _BY_NAME.get(token.text)
    if field:
        return field
    near = get_close_matches(token.text, _BY_NAME, 1)
    known = ", ".join(f"{name}:" for name in _BY_NAME)
    remedy = (
        f"did you mean {near[0] + ':'!r}?" if near else f"put a phrase with a colon in quotes; the fields are {known}"
    )
    raise QueryError(f"unknown field {token.text + ':'!r}", remedy, token.start, token.end - token.start)


def check_field(node: FieldIs) -> None:
    """Refuse what a field cannot be asked; raises `QueryError`."""
    for part in _within(node.part):
        if isinstance(part, FieldIs):
            raise QueryError("a field within a field", "put AND between them", part.start, part.end - part.start)
        if not children(part) and node.name not in TEXT_FIELDS:
            _check_value(node.name, part)


def _within(node: Node) -> list[Node]:
    found = [node]
    for part in found:
        if not isinstance(part, FieldIs):
            found += children(part)
    return found


def _language_remedy(text: str) -> str | None:
    if not _LANGUAGE.fullmatch(text):
        return "write two or three letters such as lang:en, and AND before what comes next"
    return problem_of(text)


def _check_value(field: Field, part: Node) -> None:
    length = part.end - part.start
    if not isinstance(part, Phrase):
        raise QueryError(f"{field}: takes plain words", "leave out stars, NEAR and re:", part.start, length)
    if field is Field.LANG and (remedy := _language_remedy(part.text)):
        raise QueryError(f"{part.text!r} is no language code", remedy, part.start, length)
    if field is Field.WATCH and not _WATCH.fullmatch(part.text):
        remedy = "write the id as it stands under 'watches:', and AND before what comes next"
        raise QueryError(f"{part.text!r} is no id of a watch", remedy, part.start, length)
