"""How large a part of a mail becomes on its way. Pure."""

from __future__ import annotations

from binascii import b2a_qp

_LINE = 76
"""Characters of a line in either encoding, beside its two line ends (RFC 2045 6.7 and 6.8)."""


def encoded_size(text: str) -> int:
    r"""Give the bytes of a text in the shorter of quoted-printable and base64, line ends included, within two per cent.

    >>> encoded_size("plain words\n"), encoded_size("داعش" * 100)
    (13, 1095)
    """
    content = text.encode()
    return min(_quoted(content), _base64(content))


def _quoted(content: bytes) -> int:
    quoted = b2a_qp(content, istext=True)
    return len(quoted) + quoted.count(b"\n")


def _base64(content: bytes) -> int:
    characters = 4 * -(-len(content) // 3)
    return characters + 2 * -(-characters // _LINE)
