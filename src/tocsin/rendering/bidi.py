"""Keeping foreign words from reordering the sentence around them."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# Hebrew to Arabic Extended-A, and the presentation forms; inner spaces, digits and punctuation stay in one run.
_LETTER = r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
_RUN = re.compile(rf"{_LETTER}(?:[^\S\n]*[-'\u2019.،]?{_LETTER})*")


def isolate(text: str) -> Markup:
    """Escape ``text`` and put each run of right-to-left letters into ``<bdi>``.

    Without it, "Daesh, داعش - 9 articles" is shown with the number on the wrong side.

    >>> isolate("names داعش 9 <times>")
    Markup('names <bdi>داعش</bdi> 9 &lt;times&gt;')
    """
    pieces, end = [], 0
    for run in _RUN.finditer(text):
        pieces += [escape(text[end : run.start()]), Markup("<bdi>{}</bdi>").format(run[0])]
        end = run.end()
    return Markup("").join([*pieces, escape(text[end:])])
