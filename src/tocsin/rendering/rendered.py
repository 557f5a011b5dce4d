"""A message as it leaves the templates, and the last step of its HTML: styles moved to where mail clients obey them."""

from __future__ import annotations

from dataclasses import dataclass

import css_inline


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be put into an envelope; ``html`` is a whole document, ``text`` says the same in columns."""

    subject: str
    preheader: str
    html: str
    text: str


def inlined(html: str) -> str:
    """Move the style rules into ``style`` attributes; what stands in ``@media`` is kept as a sheet. Loads nothing."""
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
    return inliner.inline(html)
