"""Damaged feeds: sound and hostile documents, changed by chance in the ways in which feeds break."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Final

_PIECES: Final = (
    *(
        b"<item>",
        b"</item>",
        b"<entry/>",
        b"<title>",
        b"<![CDATA[",
        b"]]>",
        b"<!--",
        b"-->",
        b"&#xD800;",
        b"&#0;",
        b"&",
    ),
    *(b"&nbsp;", b"&x;", b"<", b">", b'"', b"'", b"\x00", b"\x1b", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xf0\x9f\x87"),
    *(b"<?xml encoding='utf-16'?>", b"<!DOCTYPE a [", b"]>", b"<x:y xmlns:x='u'>", b" xml:base='//'", b"<a b='", b"/>"),
    *(b"<content type='xhtml'>", b"<author>a@b.c</author>", b"<link/>", b"<guid>", b"<source>", b"<media:group>"),
)
_CHARSETS: Final = ("utf-16", "utf-16-le", "latin-1", "cp1251", "shift_jis", "utf-8-sig", "utf-32")
_MOST_REPEATED: Final = 400


def _cut(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _hole(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + body[at + chance.randrange(1, 60) :]


def _flip(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    changed = bytearray(body)
    for _number in range(chance.randrange(1, 20)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _repeat(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    at, size = chance.randrange(len(body) + 1), chance.randrange(1, 300)
    return body[:at] + body[at : at + size] * chance.randrange(2, _MOST_REPEATED) + body[at:]


def _splice(body: bytes, seeds: Sequence[bytes], chance: random.Random) -> bytes:
    other = chance.choice(seeds)
    return body[: chance.randrange(len(body) + 1)] + other[chance.randrange(len(other) + 1) :]


def _put(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    for _number in range(chance.randrange(1, 6)):
        at = chance.randrange(len(body) + 1)
        body = body[:at] + chance.choice(_PIECES) * chance.choice((1, 1, 1, 50)) + body[at:]
    return body


def _recode(body: bytes, _: Sequence[bytes], chance: random.Random) -> bytes:
    return body.decode("utf-8", "replace").encode(chance.choice(_CHARSETS), "replace")


_WAYS: Final[tuple[Callable[[bytes, Sequence[bytes], random.Random], bytes], ...]] = (
    *(_cut, _hole, _flip, _repeat, _splice, _put, _put, _recode),
)


def mutated(seeds: Sequence[bytes], number: int) -> bytes:
    """Damage one of ``seeds`` in one to three ways; the same document for the same ``number``."""
    chance = random.Random(number)
    body = chance.choice(seeds)
    for _ in range(chance.randrange(1, 4)):
        body = chance.choice(_WAYS)(body, seeds, chance)
    return body
