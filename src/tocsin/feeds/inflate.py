"""Undo a response's content coding piece by piece, under a cap: a bomb is noticed before it is in memory.

Only gzip and deflate, because only those are asked for. No HTTP here.
"""

from __future__ import annotations

import zlib
from typing import Final, Protocol

_GZIP_MAGIC: Final = b"\x1f\x8b"
_GZIP: Final = zlib.MAX_WBITS | 16


class TooBigError(Exception):
    """The content grew over the cap, in bytes."""

    def __init__(self, cap: int) -> None:
        super().__init__(f"more than {cap} bytes")
        self.cap = cap


class BadCodingError(Exception):
    """The content coding is unknown, damaged, cut off or put on twice; the message says which."""


class Decoder(Protocol):
    """Takes the pieces of a body and gives the content."""

    def feed(self, piece: bytes) -> None:
        """Take one piece; raises `TooBigError` or `BadCodingError`."""

    def finish(self) -> bytes:
        """Give the whole content; raises `BadCodingError` if it is not whole."""


def decoder(content_encoding: str, cap: int) -> Decoder:
    """Choose the decoder for a Content-Encoding header; raises `BadCodingError` for what was not asked for."""
    coding = content_encoding.strip().lower()
    if coding in {"", "identity"}:
        return Plain(cap)
    if coding in {"gzip", "x-gzip", "deflate"}:
        return Inflating(coding == "deflate", cap)
    raise BadCodingError(f"the body is coded as {coding[:60]!r}; only gzip and deflate were asked for")


class Plain:
    """A body without content coding."""

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._content = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take one piece; raises `TooBigError`."""
        self._content += piece
        if len(self._content) > self._cap:
            raise TooBigError(self._cap)

    def finish(self) -> bytes:
        """Give the content; raises `BadCodingError` if it is a gzip file that nobody announced."""
        return _not_gzip(bytes(self._content))


class Inflating:
    """A body in gzip (RFC 1952, members one after another) or deflate (RFC 9110 8.4.1.2, or raw as some send it)."""

    def __init__(self, is_deflate: bool, cap: int) -> None:
        self._cap = cap
        self._is_deflate = is_deflate
        self._stream = None if is_deflate else zlib.decompressobj(_GZIP)
        self._head = b""
        self._content = bytearray()
        self._is_over = False

    def feed(self, piece: bytes) -> None:
        """Inflate one piece; raises `TooBigError` or `BadCodingError`."""
        if self._stream is None:
            piece = self._head = self._head + piece
            if len(piece) < len(_GZIP_MAGIC):
                return
            self._stream = zlib.decompressobj(_deflate_bits(piece))
        try:
            self._inflate(piece)
        except zlib.error as error:
            raise BadCodingError(f"the compressed body is damaged ({error})") from error

    def _inflate(self, piece: bytes) -> None:
        while piece and not self._is_over and self._stream is not None:
            self._content += self._stream.decompress(piece, self._cap + 1 - len(self._content))
            if len(self._content) > self._cap:
                raise TooBigError(self._cap)
            piece = self._next_piece(self._stream)

    def _next_piece(self, stream: zlib._Decompress) -> bytes:
        """Find what is left to inflate: the rest of this stream or a further gzip member, but no other bytes."""
        if not stream.eof:
            return stream.unconsumed_tail
        left = stream.unused_data
        if self._is_deflate or not left.startswith(_GZIP_MAGIC):
            self._is_over = self._is_deflate or not _GZIP_MAGIC.startswith(left)
            return b""
        self._stream = zlib.decompressobj(_GZIP)
        return left

    def finish(self) -> bytes:
        """Give the content; raises `BadCodingError` if it is cut off or gzip within gzip."""
        if self._stream is None or not self._stream.eof:
            raise BadCodingError("the compressed body is cut off")
        return _not_gzip(bytes(self._content))


def _deflate_bits(head: bytes) -> int:
    """Tell zlib's header (RFC 1950) from a raw deflate stream, which some servers send under the same name."""
    has_header = head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(head[:2]) % 31 == 0
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS


def _not_gzip(content: bytes) -> bytes:
    if content.startswith(_GZIP_MAGIC):
        raise BadCodingError("the body is a gzip file within the transfer; it has to be sent as plain XML")
    return content
