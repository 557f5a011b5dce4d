"""A folded term as the pattern that is scanned for: with gaps around it, where its script puts any between words."""

from __future__ import annotations

import re

# Scripts that put no spaces between words: Thai, Lao, Myanmar, Khmer, kana, Han.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_FIRST_UNSPACED = "\u0e00"


def is_unspaced(character: str) -> bool:
    """Whether a character is of a script that writes words without spaces between them."""
    return character >= _FIRST_UNSPACED and _UNSPACED.match(character) is not None


def padded(folded: str) -> tuple[int, str, int]:
    """Return the pattern to scan for a folded term, between the lengths of the gaps that were put around it.

    A side that ends in an unspaced script gets no gap.

    >>> padded("is"), padded("京都")
    ((1, ' is ', 1), (0, '京都', 0))
    """
    head = "" if is_unspaced(folded[0]) else " "
    tail = "" if is_unspaced(folded[-1]) else " "
    return len(head), f"{head}{folded}{tail}", len(tail)
