"""Commands in messages: what stands between backticks is shown as code, so that a reader can copy it."""

from __future__ import annotations

import re

from markupsafe import Markup

from tocsin.rendering.bidi import isolate

_COMMAND = re.compile(r"`([^`]+)`")


def coded(message: str) -> Markup:
    """Escape a message, put right-to-left words into ``<bdi>`` and commands into ``<code>``.

    >>> coded("too old & empty; run `tocsin db upgrade`")
    Markup('too old &amp; empty; run <code>tocsin db upgrade</code>')
    """
    pieces = [isolate(piece) for piece in _COMMAND.split(message)]
    # Every second piece of a split by one group is what the group found.
    pieces[1::2] = [Markup("<code>{}</code>").format(piece) for piece in pieces[1::2]]
    return Markup("").join(pieces)
