"""Words of the other side made fit for the operator: on one line, and without the secrets of the address. Pure."""

from __future__ import annotations

from urllib.parse import unquote

from tocsin.rendering.clean import one_line

LIMIT = 200
_SHORTEST_SECRET = 6


def redacted(words: str, address: str) -> str:
    """Blank every part of the address that is long enough to be a secret; host names stay readable only if short.

    >>> redacted("404 for /hook/s3cr3t-t0ken", "https://x.org/hook/s3cr3t-t0ken")
    '404 for /hook/***'
    """
    _, _, rest = address.partition("://")
    for mark in "/?&=:@#":
        rest = rest.replace(mark, "\n")
    for secret in sorted({*rest.split("\n"), *unquote(rest).split("\n")}, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            words = words.replace(secret, "***")
    return one_line(words, LIMIT)
