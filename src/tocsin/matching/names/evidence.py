"""Whether what stands in a text is a generated variant of a name, or another word that is spelled alike.

The name as given counts however it is written; a variant that only rules made must stand as names do.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’‘ʼʿʾ`][^\W\d_]+)*")  # noqa: RUF001 - apostrophes
_GAPS = re.compile(r"[\s\-‐‑‒–—]+")  # noqa: RUF001 - hyphens

_LONGEST_PARTICLE = 3
"""Words up to this length (al, bin, van) may be in small letters within a name."""


def objection_to(variant: str, found: str) -> str | None:
    """Return why ``found``, a piece of stored text that folds to a variant, is not the name; None if it is.

    >>> objection_to("Sana'a", "Sana'a"), objection_to("Hasen", "hasen")
    (None, "written 'hasen', and this spelling of the name counts with a capital only")
    """
    if "'" in variant and len(_GAPS.split(found)) > len(_GAPS.split(variant)):
        return f"written {found!r}, which are words apart"
    if not _stands_as_a_name(found):
        return f"written {found!r}, and this spelling of the name counts with a capital only"
    return None


def _stands_as_a_name(found: str) -> bool:
    """Whether the words of a piece of text begin with capitals, but for particles before the last."""
    words = _WORD.findall(found)
    long = [word for word in words if len(word) > _LONGEST_PARTICLE] or words[-1:]
    return not any(word[0].islower() for word in long)
