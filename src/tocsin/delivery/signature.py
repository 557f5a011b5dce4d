"""Signatures of webhooks, by Standard Webhooks 1.0.0 (https://www.standardwebhooks.com). Pure.

What is signed is "id.timestamp.body", so that none of the three can be exchanged; with HMAC-SHA256 (RFC 2104).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64


def key_of(secret: str) -> bytes:
    """Read a secret as Standard Webhooks write it: ``whsec_`` and 24 to 64 bytes in base64.

    Raises:
        ValueError: It is none; the message says what to do, and nothing of the secret.

    """
    remedy = f'make one with: echo "{PREFIX}$(openssl rand -base64 32)"'
    if not secret.startswith(PREFIX):
        raise ValueError(f"does not begin with {PREFIX}; {remedy}")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"is not base64 after {PREFIX}; {remedy}") from None
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise ValueError(f"has {len(key)} bytes, where {LEAST_BYTES} to {MOST_BYTES} are asked for; {remedy}")
    return key


def signed_headers(message_id: str, at: datetime, body: bytes, key: bytes) -> dict[str, str]:
    """Give the three fields that go along with a body; ``at`` is the time of the attempt."""
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(key, f"{message_id}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
