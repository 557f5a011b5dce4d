"""From a tree back to text that is read as the same tree."""

from __future__ import annotations

from tocsin.matching.query.nodes import And, FieldIs, Listed, Near, Node, Not, Or, Phrase, Prefix, Regex, Suffix

_OPERATORS = frozenset(("and", "or", "not", "near", "onear"))
_LOOSE, _JOINED, _SINGLE = 0, 1, 2


def unparse(node: Node) -> str:
    """Return a query that `parse_query` reads as this tree.

    >>> from tocsin.matching.query.parser import parse_query
    >>> unparse(parse_query("Syria && Iraq || “Deir el-Zour” -football"))
    'Syria AND Iraq OR "Deir el-Zour" AND NOT football'
    """
    return _words(node, _LOOSE)


def _words(node: Node, within: int) -> str:
    """Return the words of a node, in parentheses where it binds more loosely than what it stands in."""
    match node:
        case Or():
            return _grouped(" OR ".join(_words(part, _JOINED) for part in node.parts), needed=within > _LOOSE)
        case And():
            return _grouped(" AND ".join(_words(part, _SINGLE) for part in node.parts), needed=within > _JOINED)
        case Not():
            part = node.part
            return f"NOT {_near(part) if isinstance(part, Near) else _words(part, _SINGLE)}"
        case Near():
            return _near(node)
        case FieldIs():
            return (
                f"{node.name}:{_group(node.part) if isinstance(node.part, Near | Not) else _words(node.part, _SINGLE)}"
            )
        case _:
            return _term(node)


def _grouped(words: str, *, needed: bool) -> str:
    return f"({words})" if needed else words


def _group(node: Node) -> str:
    return f"({_words(node, _LOOSE)})"


def _near(node: Near) -> str:
    operator = f" {'ONEAR' if node.ordered else 'NEAR'}/{node.distance} "
    return operator.join(_words(operand, _SINGLE) for operand in node.operands)


def _term(node: Node) -> str:
    match node:
        case Regex():
            return f"re:/{node.pattern}/"
        case Prefix():
            return _phrase(f"{node.text}*")
        case Suffix():
            return _phrase(f"*{node.text}")
        case Phrase() | Listed():
            return _phrase(node.text)
        case _:
            raise TypeError(f"{node!r} is no term")


def _phrase(text: str) -> str:
    is_plain = text.isalnum() and not text.isupper() and text.lower() not in _OPERATORS
    return text if is_plain else f'"{text}"'
