"""The parser: tokens to a tree, by binding powers (V. R. Pratt, "Top down operator precedence", 1973).

NEAR binds tighter than NOT, NOT tighter than AND, AND tighter than OR.
"""

from __future__ import annotations

from dataclasses import replace

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.fields import check_field, field_of
from tocsin.matching.query.lexer import Kind, Token, tokens_of
from tocsin.matching.query.nodes import And, FieldIs, Near, Node, Not, Or, Phrase, Prefix, Suffix
from tocsin.matching.query.sense import check_sense
from tocsin.matching.query.terms import address_of, regex_of, term_of

MAX_LENGTH = 20_000
"""Characters of a query."""

MAX_DEPTH = 50
"""Groups and exclusions within one another."""

_OR, _AND, _NOT, _NEAR, _TIGHTEST = 1, 2, 3, 4, 5
_POWERS = {Kind.OR: _OR, Kind.AND: _AND, Kind.NOT: _AND, Kind.MINUS: _AND, Kind.NEAR: _NEAR, Kind.ONEAR: _NEAR}
_BEGINS_TERM = frozenset((Kind.RUN, Kind.QUOTED, Kind.OPEN, Kind.FIELD, Kind.ADDRESS, Kind.REGEX))
_EXCLUSIONS = frozenset((Kind.NOT, Kind.MINUS))


def parse_query(text: str) -> Node:
    """Return the tree of a query; raises `QueryError` for whatever is wrong with it, and nothing else.

    >>> parse_query('"Islamic State" AND NOT football')
    And(parts=(Phrase(text='Islamic State', start=0, end=15), Not(part=Phrase(text='football', start=24, end=32), \
start=20, end=32)), start=0, end=32)
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(
            f"the query is longer than {MAX_LENGTH:,} characters", "split it into several watches", MAX_LENGTH
        )
    parser = _Parser(tokens_of(text))
    node = parser.whole()
    check_sense(node)
    return node


class _Parser:
    """Walks over the tokens once; each method leaves ``at`` behind what it took."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def whole(self) -> Node:
        if self.tokens[0].kind is Kind.END:
            raise QueryError("the query is empty", "write a term", 0)
        node = self.expression(0)
        token = self.tokens[self.at]
        if token.kind is Kind.CLOSE:
            raise QueryError("no ( opens what this ) closes", "leave it out", token.start)
        return node

    def expression(self, power: int) -> Node:
        """Return the longest expression whose operators bind tighter than ``power``."""
        start = self.tokens[self.at].start
        left = self.operand()
        while True:
            token = self.tokens[self.at]
            if token.kind in _BEGINS_TERM:
                raise QueryError(
                    "two terms stand side by side",
                    "put AND or OR between them, or both into one pair of quotes",
                    token.start,
                    token.end - token.start,
                )
            binding = _POWERS.get(token.kind, 0)
            if binding <= power:
                return left
            kind = And if binding == _AND else Or
            left = self.near(left, start) if binding == _NEAR else self.joined(left, start, kind, binding)

    def joined(self, left: Node, start: int, kind: type[And | Or], binding: int) -> Node:
        parts = [left]
        while _POWERS.get(self.tokens[self.at].kind, 0) == binding:
            # "a NOT b" and "a -b" are "a AND NOT b": the exclusion is read as the next operand.
            if self.tokens[self.at].kind not in _EXCLUSIONS:
                self.at += 1
            parts.append(self.expression(binding))
        return kind(tuple(parts), start, self.end)

    def near(self, left: Node, start: int) -> Node:
        operator = self.tokens[self.at]
        operands = [_operand_of_near(left, operator)]
        while (token := self.tokens[self.at]).kind in {Kind.NEAR, Kind.ONEAR}:
            if (token.kind, token.number) != (operator.kind, operator.number):
                remedy = f"write {operator.text} again, or join two NEARs with AND"
                raise QueryError(f"{operator.text} and {token.text} in one row", remedy, token.start, len(token.text))
            self.at += 1
            operands.append(_operand_of_near(self.expression(_NEAR), token))
        ordered = operator.kind is Kind.ONEAR
        return Near(operator.number, ordered, tuple(operands), start, self.end)

    def operand(self) -> Node:
        token = self.tokens[self.at]
        self.at += 1
        match token.kind:
            case Kind.RUN | Kind.QUOTED:
                return term_of(token)
            case Kind.OPEN:
                return self.group(token)
            case Kind.NOT | Kind.MINUS:
                return self.exclusion(token)
            case Kind.FIELD:
                return self.field(token)
            case Kind.REGEX:
                return regex_of(token)
            case _:
                raise self.nothing_here(token)

    def group(self, opener: Token) -> Node:
        self.enter(opener)
        if self.tokens[self.at].kind is Kind.CLOSE:
            end = self.tokens[self.at].end
            raise QueryError("an empty group", "put something in it or leave it out", opener.start, end - opener.start)
        if self.tokens[self.at].kind is Kind.END:
            raise _unclosed(opener)
        node = self.expression(0)
        if self.tokens[self.at].kind is not Kind.CLOSE:
            raise _unclosed(opener)
        self.at += 1
        self.depth -= 1
        # With its parentheses, so that its words can be shown alone; a single term has none to lose.
        return replace(node, start=opener.start, end=self.end) if isinstance(node, And | Or) else node

    def exclusion(self, token: Token) -> Node:
        self.enter(token)
        if self.tokens[self.at].kind in _EXCLUSIONS:
            raise QueryError("NOT before NOT", "leave both out", token.start, token.end - token.start)
        # A sign belongs to what it touches, the word NOT to a whole NEAR.
        part = self.expression(_TIGHTEST if token.kind is Kind.MINUS else _NOT)
        self.depth -= 1
        return Not(part, token.start, self.end)

    def field(self, token: Token) -> Node:
        field = field_of(token)
        follower = self.tokens[self.at]
        if follower.kind is Kind.ADDRESS:
            self.at += 1
            return FieldIs(field, address_of(follower), token.start, follower.end)
        if follower.kind not in _BEGINS_TERM:
            raise QueryError(f"nothing stands behind {field}:", "write what to look for", token.start, len(field) + 1)
        self.enter(token)
        part = self.operand()
        self.depth -= 1
        node = FieldIs(field, part, token.start, self.end)
        check_field(node)
        return node

    @property
    def end(self) -> int:
        """Where the last token that was taken ends."""
        return self.tokens[self.at - 1].end

    def enter(self, token: Token) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise QueryError(f"nested more than {MAX_DEPTH} deep", "split it into several watches", token.start)

    def nothing_here(self, token: Token) -> QueryError:
        """Say what is missing before a token that cannot begin a term."""
        before = self.tokens[self.at - 2] if self.at > 1 else None
        if before and (before.kind in _POWERS):
            message = f"{before.text} needs a term after it"
            return QueryError(message, "add one, or leave it out", before.start, before.end - before.start)
        if token.kind is Kind.CLOSE:
            return QueryError("no ( opens what this ) closes", "leave it out", token.start)
        message = f"{token.text} needs a term before it"
        return QueryError(message, "add one, or leave it out", token.start, token.end - token.start)


def _unclosed(opener: Token) -> QueryError:
    return QueryError("this ( is never closed", "add a ) where the group ends", opener.start)


def _operand_of_near(node: Node, operator: Token) -> Node:
    parts = node.parts if isinstance(node, Or) else (node,)
    for part in parts:
        if not isinstance(part, Phrase | Prefix | Suffix):
            remedy = "take everything else out of it and join it with AND"
            if isinstance(part, FieldIs):
                remedy = f"write {part.name}:(a {operator.text} b)"
            message = f"{operator.text} takes terms, or groups of terms with OR between them"
            raise QueryError(message, remedy, part.start, part.end - part.start)
    return node
