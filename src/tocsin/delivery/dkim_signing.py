"""DKIM signatures (RFC 6376), for those whose mail server does not sign: the key is read once, when a process starts.

The domain is that of the From header, so that the signature is aligned with it (RFC 7489 3.1). RSA alone: the large
receivers do not look at Ed25519 (RFC 8463), and a mail with one signature that nobody reads counts as unsigned.

dkimpy is loaded where it is needed: it takes a seventh of a second, and most houses let their mail server sign.
"""

from __future__ import annotations

import base64
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tocsin.errors import MailSetupError

MIN_BITS = 2048

SIGNED = (
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
)
"""Signed whether a message has them or not, and once more than it has them: nobody can add one without breaking the
signature (RFC 6376 5.4.2 and 8.15). RFC 8058 4 wants both headers of one-click in it.
"""

_LARGEST_FILE = 65_536
# ITU-T X.690, as RFC 5280 4.1 has public keys.
_INTEGER, _BIT_STRING, _SEQUENCE = b"\x02", b"\x03", b"\x30"
_RSA_ENCRYPTION = bytes.fromhex("300d06092a864886f70d0101010500")
_SHORT_LENGTHS = 128
_MAKE_ONE = "make one with `openssl genrsa -out dkim.pem 2048`"


@dataclass(frozen=True, slots=True)
class DkimSigner:
    """Signs for one domain. ``pem`` is the private key, with line feeds alone as dkimpy reads it."""

    domain: str
    selector: str
    pem: bytes = field(repr=False)

    def sign(self, content: bytes) -> bytes:
        """Give the header to be put before a message; ``content`` is the message as it goes out, lines in CRLF."""
        import dkim

        present = {name.lower() for name, _ in dkim.rfc822_parse(content)[0]}
        headers = [name.lower().encode() for name in SIGNED]
        headers += [name for name in headers if name in present]
        signed: bytes = dkim.sign(
            content,
            self.selector.encode(),
            self.domain.encode(),
            self.pem,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=headers,
        )
        return signed

    @property
    def record_name(self) -> str:
        """Give the name of the TXT record in DNS that the public key belongs into."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """Give the value of that record (RFC 6376 3.6.1)."""
        from dkim.crypto import parse_pem_private_key

        key = parse_pem_private_key(self.pem)
        numbers = _der(_SEQUENCE, _der_integer(key["modulus"]) + _der_integer(key["publicExponent"]))
        public = _der(_SEQUENCE, _RSA_ENCRYPTION + _der(_BIT_STRING, b"\x00" + numbers))
        return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def load_signer(key_file: Path, selector: str, domain: str) -> DkimSigner:
    """Read a key and see that mails can be signed with it.

    Raises:
        MailSetupError: The file cannot be read, others can read it, or it is no RSA key of 2048 bits or more.

    """
    signer = DkimSigner(domain, selector, _pem(key_file))
    bits = _key(key_file, signer.pem)["modulus"].bit_length()
    if bits < MIN_BITS:
        raise _fault(key_file, f"has a key of {bits} bits, which receivers refuse; {_MAKE_ONE}")
    return signer


def _der(tag: bytes, content: bytes) -> bytes:
    size = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    length = size if len(content) < _SHORT_LENGTHS else bytes([_SHORT_LENGTHS | len(size)]) + size
    return tag + length + content


def _der_integer(number: int) -> bytes:
    return _der(_INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _pem(key_file: Path) -> bytes:
    try:
        with key_file.open("rb") as file:
            open_to_all = os.fstat(file.fileno()).st_mode & (stat.S_IROTH | stat.S_IWOTH)
            text = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise _fault(
            key_file, f"cannot be read ({error.strerror}); check its name, and that Tocsin's user may read it"
        ) from error
    if open_to_all:
        raise _fault(key_file, f"can be read or changed by everybody on this machine; run: chmod 600 {key_file}")
    if len(text) > _LARGEST_FILE:
        raise _fault(key_file, f"is no key, since it is too large; {_MAKE_ONE}")
    return text.replace(b"\r\n", b"\n").strip() + b"\n"


def _key(key_file: Path, pem: bytes) -> dict[str, Any]:
    from dkim.asn1 import ASN1FormatError
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key

    kind = re.match(rb"-----BEGIN ([A-Z ]+)-----\n", pem)
    if kind is None:
        raise _fault(key_file, f"is no key in PEM, whose first line is -----BEGIN PRIVATE KEY-----; {_MAKE_ONE}")
    if kind[1] not in {b"PRIVATE KEY", b"RSA PRIVATE KEY"} or b"ENCRYPTED" in pem:
        what = kind[1].decode().lower()
        raise _fault(key_file, f"holds no private key that can be used, but: {what}; {_MAKE_ONE}")
    try:
        found: dict[str, Any] = parse_pem_private_key(pem)
    except (UnparsableKeyError, ASN1FormatError, ValueError, LookupError, TypeError) as error:
        raise _fault(key_file, f"holds no RSA key, the one kind that all receivers verify; {_MAKE_ONE}") from error
    return found


def _fault(key_file: Path, words: str) -> MailSetupError:
    return MailSetupError(f"TOCSIN_DKIM_KEY_FILE: the file {key_file} {words}")
