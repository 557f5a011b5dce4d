"""Regular expressions: RE2's, which take linear time whatever is written; the only file that knows the library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import re2

_MAX_MEMORY = 1 << 20
_SURROGATE = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    options.never_capture = True
    return re2.compile(pattern, options)


def check_regex(pattern: str) -> tuple[str, str] | None:
    """Return what is wrong with an expression, and the remedy; None for one that can be used."""
    if _SURROGATE.search(pattern):
        return "the expression holds half a character", "write the character itself"
    try:
        compiled = _compiled(pattern)
    except re2.error as error:
        reason = error.args[0].decode(errors="replace") if isinstance(error.args[0], bytes) else str(error)
        return f"RE2 refuses the expression ({reason})", "write it without look-around and back-references"
    if compiled.fullmatch("") is not None:
        return "the expression is met by nothing at all, so by every article", "let it ask for a character"
    return None


def find_regex(pattern: str, text: str, most: int) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges that an expression finds in a text, at most ``most``, none of them empty."""
    # A lone surrogate cannot be encoded; the stand-in has the same length.
    readable = _SURROGATE.sub("\ufffd", text)
    spans = (found.span() for found in islice(_compiled(pattern).finditer(readable), most))
    return (span for span in spans if span[0] < span[1])
