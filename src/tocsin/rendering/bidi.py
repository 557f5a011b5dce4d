"""Keeping foreign words from reordering the sentence around them (Unicode TR 9): with elements in HTML, with isolating
characters in plain text. ``direction`` is that of the sentence, ``ltr`` or ``rtl``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

# Hebrew to Arabic Extended-A, and the presentation forms; inner spaces and punctuation stay in one run, or its words
# would change places.
_RIGHT = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
_LEFT = rf"(?:(?![{_RIGHT}])[^\W\d_])"
_RUNS = {
    "ltr": re.compile(rf"[{_RIGHT}](?:[^\S\n]*[-'\u2019.،]?[{_RIGHT}])*"),
    "rtl": re.compile(rf"{_LEFT}(?:[^\S\n]*[-'\u2019./&@:,_+#!?]?[^\S\n]*{_LEFT}|[-./@:_]?\d)*"),
}
"""By the direction of the sentence, what runs against it."""

FIRST_STRONG, POP = "\u2068", "\u2069"


def isolate(text: str, direction: str = "ltr") -> Markup:
    """Escape ``text`` and put each run of letters against the direction of the sentence into ``<bdi>``.

    Without it, "Daesh, داعش - 9 articles" is shown with the number on the wrong side.

    >>> isolate("names داعش 9 <times>")
    Markup('names <bdi>داعش</bdi> 9 &lt;times&gt;')
    """
    bdi = Markup("<bdi>{}</bdi>")
    return Markup("").join(bdi.format(piece) if runs else escape(piece) for piece, runs in _pieces(text, direction))


def plain_isolate(text: str, direction: str = "ltr") -> str:
    """Put each run of letters against the direction of the sentence between FSI and PDI."""
    return "".join(f"{FIRST_STRONG}{piece}{POP}" if runs else piece for piece, runs in _pieces(text, direction))


def _pieces(text: str, direction: str) -> Iterator[tuple[str, bool]]:
    """Cut a text into runs against the direction (True) and what stands between them."""
    end = 0
    for run in _RUNS[direction].finditer(text):
        yield text[end : run.start()], False
        yield run[0], True
        end = run.end()
    yield text[end:], False


def foreign(text: str) -> Markup:
    """Escape words from outside and put them into ``<bdi>``.

    >>> foreign("داعش & Co")
    Markup('<bdi>داعش &amp; Co</bdi>')
    """
    return Markup("<bdi>{}</bdi>").format(text)


def plain_foreign(text: str, direction: str) -> str:
    """Put words from outside between FSI and PDI where any of them runs against the direction of the sentence.

    Others stay as they are: a terminal or mail program that knows no isolates shows nothing odd then.
    """
    return f"{FIRST_STRONG}{text}{POP}" if _RUNS[direction].search(text) else text
