"""What an Arabic reader would stumble over: words of ours in English, and Latin words that are not set apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import NullTranslations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tocsin.rendering.locales import Locale

_LATIN = re.compile(r"[A-Za-z]{2,}")
_ADDRESS = re.compile(r"<(?:https?|mailto):[^>]*>")
_APART = re.compile(r"\u2068[^\u2069]*\u2069|\*[^*]*\*")
_PIECES = re.compile(r"(%\(\w+\)s|%%|<[^>]*>)")
_READ_ALOUD = ("aria-label", "title", "alt", "placeholder")
_OURS = {"Tocsin"}


class Marked(NullTranslations):
    """Says every message in Arabic letters that mean nothing, with its placeholders."""

    def gettext(self, message: str) -> str:
        pieces = _PIECES.split(message)
        return "".join(piece if number % 2 else re.sub("[A-Za-z]", "ه", piece) for number, piece in enumerate(pieces))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


MARKED = Locale("ar", Marked())
"""Arabic in which each message of ours can be told from anything else."""


def left_in_page(page: str) -> set[str]:
    """Give the Latin words that are neither set apart nor in a block of another language."""
    body = LexborHTMLParser(page).body
    assert body is not None
    return {word for text in _texts(body) for word in _LATIN.findall(text)} - _OURS


def _texts(element: LexborNode) -> Iterator[str]:
    """Give the texts in Arabic blocks; what is marked in an article is the article's."""
    if element.tag in {"bdi", "mark", "script", "style", "code"} or element.attributes.get("lang", "ar") != "ar":
        return
    yield from (element.attributes.get(name) or "" for name in _READ_ALOUD)
    for child in element.iter(include_text=True):
        if child.is_text_node:
            yield child.text_content or ""
        else:
            yield from _texts(child)


def left_in_text(text: str) -> set[str]:
    """Give the Latin words outside of isolates, marks and addresses; titles of sections stand alone on their lines."""
    plain = _APART.sub("", _ADDRESS.sub("", text))
    return {word for line in plain.splitlines() for word in _LATIN.findall(line)} - _OURS
