"""Undo the content codings of a body under a cap: a bomb is noticed before it is in memory.

gzip, deflate, br and zstd, which are also what is asked for, and several of them one after another. No HTTP here.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPTED: Final = "gzip, br, zstd, deflate"
"""The value of Accept-Encoding; what servers mean by deflate differs, so it stands last."""

_MOST_CODINGS: Final = 3
# What is left after each part is copied, so that a body of tiny ones would cost time with its square.
_MOST_PARTS: Final = 100
_TOO_MANY_PARTS: Final = f"the compressed body has more than {_MOST_PARTS} parts"
_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = zlib.MAX_WBITS | 16
_ZSTD_MAGIC: Final = b"\x28\xb5\x2f\xfd"
# RFC 9659 limits the window to 8 MB where zstd comes over HTTP; a frame may otherwise ask for gigabytes.
_ZSTD_OPTIONS: Final[dict[int, int]] = {zstd.DecompressionParameter.window_log_max: 23}
_BROTLI_STEP: Final = 1_000_000


class TooBigError(Exception):
    """The content grew over the cap, in bytes."""

    def __init__(self, cap: int) -> None:
        super().__init__(f"more than {cap} bytes")
        self.cap = cap


class BadCodingError(Exception):
    """A content coding is unknown, damaged or cut off, or there are too many; the message says which."""


def decoded(body: bytes, content_encoding: str, cap: int) -> bytes:
    """Undo the codings that a Content-Encoding header names, the last first (RFC 9110 8.4).

    Raises:
        BadCodingError: A coding is unknown, damaged, cut off, or put on without being named.
        TooBigError: The content, at any stage, is over ``cap``.

    """
    codings = [coding.strip().lower() for coding in content_encoding.split(",")]
    codings = [coding for coding in codings if coding not in {"", "identity"}]
    if len(codings) > _MOST_CODINGS:
        raise BadCodingError(f"the body is coded {len(codings)} times over")
    for coding in reversed(codings):
        undo = _CODINGS.get(coding)
        if undo is None:
            raise BadCodingError(f"the body is coded as {coding[:60]!r}; only {ACCEPTED} were asked for")
        try:
            body = undo(body, cap)
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            raise BadCodingError(f"the compressed body is damaged ({error})") from error
    if len(body) > cap:
        raise TooBigError(cap)
    if body.startswith(_GZIP_MAGIC):
        raise BadCodingError("the body is a gzip file within the transfer; it has to be sent as plain XML")
    return body


def _gunzip(body: bytes, cap: int) -> bytes:
    """Undo gzip (RFC 1952), members one after another; what follows them and is none is dropped."""
    content = bytearray()
    for _ in range(_MOST_PARTS):
        stream = zlib.decompressobj(_GZIP)
        content += _inflated(stream, body, cap - len(content))
        body = stream.unused_data
        if not body.startswith(_GZIP_MAGIC):
            return bytes(content)
    raise BadCodingError(_TOO_MANY_PARTS)


def _undeflate(body: bytes, cap: int) -> bytes:
    """Undo deflate (RFC 9110 8.4.1.2): in zlib's format (RFC 1950), or raw, as some servers send it."""
    has_header = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
    return _inflated(zlib.decompressobj(zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS), body, cap)


def _inflated(stream: zlib._Decompress, body: bytes, room: int) -> bytes:
    content = stream.decompress(body, room + 1)
    if len(content) > room:
        raise TooBigError(room)
    if not stream.eof:
        raise BadCodingError("the compressed body is cut off")
    return content


def _unbrotli(body: bytes, cap: int) -> bytes:
    """Undo br (RFC 7932) in steps, since a single one may give more than its limit says."""
    stream = brotli.Decompressor()
    content = bytearray(stream.process(body, output_buffer_limit=_BROTLI_STEP))
    while not stream.is_finished():
        piece = stream.process(b"", output_buffer_limit=_BROTLI_STEP)
        if not piece and stream.can_accept_more_data():
            raise BadCodingError("the compressed body is cut off")
        content += piece
        if len(content) > cap:
            raise TooBigError(cap)
    return bytes(content)


def _unzstd(body: bytes, cap: int) -> bytes:
    """Undo zstd (RFC 8878), frames one after another; what follows them and is none is dropped."""
    content = bytearray()
    for _ in range(_MOST_PARTS):
        stream = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
        content += stream.decompress(body, cap - len(content) + 1)
        if len(content) > cap:
            raise TooBigError(cap)
        if not stream.eof:
            raise BadCodingError("the compressed body is cut off")
        body = stream.unused_data
        if not body.startswith(_ZSTD_MAGIC):
            return bytes(content)
    raise BadCodingError(_TOO_MANY_PARTS)


_CODINGS: Final[Mapping[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
