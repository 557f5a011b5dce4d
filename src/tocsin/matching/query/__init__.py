"""The query language: text to a tree of frozen nodes and back, with errors that point at their place.

Pure syntax. What a term finds in an article, and which regions and watches exist, is not known here.
"""

from __future__ import annotations

from tocsin.matching.query.errors import QueryError
from tocsin.matching.query.nodes import And, Field, FieldIs, Listed, Near, Node, Not, Or, Phrase, Prefix, Regex, Suffix
from tocsin.matching.query.parser import parse_query
from tocsin.matching.query.unparse import unparse

__all__ = [
    "And",
    "Field",
    "FieldIs",
    "Listed",
    "Near",
    "Node",
    "Not",
    "Or",
    "Phrase",
    "Prefix",
    "QueryError",
    "Regex",
    "Suffix",
    "parse_query",
    "unparse",
]
