"""The YAML parser's complaints in words for a person who writes a watchlist, with the remedy.

Knows the parser's sentences and nothing else.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ruamel.yaml.error import MarkedYAMLError, YAMLError


class Words(NamedTuple):
    """Our words for a complaint; ``at_opening`` points at what was opened rather than where the parser gave up."""

    sign: str
    message: str
    at_opening: bool = False


# Found by `sign` in the parser's own sentence; the first that fits wins.
TABLE = (
    Words("'\\t' that cannot start", "a tab cannot indent here; use spaces"),
    Words("'@' that cannot start", "text cannot begin with @; put it in quotes"),
    Words("'`' that cannot start", "text cannot begin with `; put it in quotes"),
    Words("'%' that cannot start", "text cannot begin with %; put it in quotes"),
    Words("mapping values are not allowed", "a colon stands where none may; put text that holds ': ' in quotes"),
    Words(
        "could not find expected ':'", "this line is neither 'key: value' nor part of a list; add the ':' or indent it"
    ),
    Words(
        "sequence entries are not allowed", "a list item (-) stands where none may; begin the list on a line of its own"
    ),
    Words("mapping keys are not allowed", "a key stands where none may; check the indentation"),
    Words("expected ',' or ']'", "this [ is not closed, or a comma is missing after it; add ] or ,", at_opening=True),
    Words("expected ',' or '}'", "this { is not closed, or a comma is missing after it; add } or ,", at_opening=True),
    Words("unexpected end of stream", "this quote is opened and never closed; add the closing quote", at_opening=True),
    Words(
        "unexpected document separator", "this quote is opened and never closed; add the closing quote", at_opening=True
    ),
    Words("expected <block end>", "the indentation fits none of the lines above; align it with its neighbours"),
    Words("unknown escape character", "a backslash in double quotes begins an escape; use single quotes instead"),
    Words(
        "escape sequence of", "this escape lacks hexadecimal digits; use single quotes, or write the character itself"
    ),
    Words("expected alphabetic or numeric character", "text cannot begin with & or *; put it in quotes"),
    Words("duplicate anchor", "anchors (&) are refused; delete it, or put the text in quotes"),
    Words("undefined tag handle", "tags (!) are refused; delete it, or put the text in quotes"),
    Words("expected the node content", "a value is missing or not quoted here; add it, or put it in quotes"),
    Words("expected '<document start>'", "nothing may follow here; check the indentation of this line"),
    Words("block scalar", "text cannot begin with | or >; put it in quotes"),
    Words("directive", "a line cannot begin with %; put the text in quotes"),
    Words("a tag", "text cannot begin with !; put it in quotes"),
)


def explain(error: YAMLError) -> tuple[Any | None, str]:
    """Give the parser's mark (line and column from 0), or None, and our words for what it found there."""
    if not isinstance(error, MarkedYAMLError):
        return None, "this cannot be read as YAML text; save the file as UTF-8 text"
    sentence = f"{error.problem} {error.context}"
    mark = error.problem_mark or error.context_mark
    for words in TABLE:
        if words.sign in sentence:
            return (error.context_mark or mark if words.at_opening else mark), words.message
    return mark, f"this cannot be read as YAML ({error.problem}); check quotes and indentation here"
