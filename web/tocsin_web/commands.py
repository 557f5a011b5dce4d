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
    # Every second piece of a split by one group is what the group found.
    pieces = _COMMAND.split(message)
    return Markup("").join(
        Markup("<code>{}</code>").format(isolate(piece)) if at % 2 else isolate(piece)
        for at, piece in enumerate(pieces)
    )
