"""Web and mail addresses in a text: they name no one and are no evidence, so folding puts stops in their place."""

from __future__ import annotations

import re

from tocsin.text.controls import STOP

# The end of an address: ASCII as far as it goes, other letters only after a sign ("/wiki/Париж", not "orgの記事").
_REST = r"[!#-;=?-~]*+(?:(?<=[/=&?#_-])[^\s<>\"“”«»„。、，；：！？（）「」『』【】]++)?"  # noqa: RUF001 - punctuation of all scripts
_WITH_SCHEME = re.compile(rf"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{{1,15}}+://{_REST}")
_WITH_WWW = re.compile(rf"www\.{_REST}")
_WITH_PATH = re.compile(rf"(?<![\w@./-])(?:[A-Za-z0-9-]{{1,63}}+\.){{1,5}}+[a-z]{{2,24}}+/{_REST}")
_PATH = re.compile(r"[a-z]\.[a-z]{2,24}/|\.[a-z]{2,24}/")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}+@[A-Za-z0-9-]{1,63}+(?:\.[A-Za-z0-9-]{1,63}+)++")


def _stops(match: re.Match[str]) -> str:
    return STOP * len(match[0])


def without_addresses(text: str) -> str:
    """Return the text, at the same length, with stops where an address stood.

    A bare domain ("Amazon.com") is the name of a company too and stays; with a path behind it, it is an address.
    """
    if "://" in text:
        text = _WITH_SCHEME.sub(_stops, text)
    if "www." in text:
        text = _WITH_WWW.sub(_stops, text)
    if "/" in text and _PATH.search(text):
        text = _WITH_PATH.sub(_stops, text)
    return _MAIL.sub(_stops, text) if "@" in text else text
