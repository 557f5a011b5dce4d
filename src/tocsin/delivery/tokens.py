"""Tokens in links of mails: signed, for one purpose, and good for a time. Pure.

A link holds its token and needs no cookie and no login: whoever holds it may do this one thing. Tokens are made by
itsdangerous, with a key derived from the house's secret for each purpose, so that neither a token for another purpose
nor a payload of the queue passes for one. What a token says is read by whoever reads its purpose.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

_LONGEST = 1000
_TOKEN = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
LARGEST_ID = 2**63 - 1
"""What the database can count to."""


class Purpose(StrEnum):
    """What a token is for; links of one purpose are void for any other."""

    MUTE = "mute"
    """End the alerts of a story."""
    DISMISS = "dismiss"
    """Say that a match was not relevant."""
    CONFIRM = "confirm"
    """Say that one wants what was asked for on the web."""
    SETTINGS = "settings"
    """See and change a subscription."""
    UNSUBSCRIBE = "unsubscribe"
    """End a subscription, and nothing else."""


VALID_FOR: Mapping[Purpose, timedelta] = MappingProxyType(
    {
        Purpose.MUTE: timedelta(days=90),
        Purpose.DISMISS: timedelta(days=90),
        Purpose.CONFIRM: timedelta(days=3),
        Purpose.SETTINGS: timedelta(days=90),
        Purpose.UNSUBSCRIBE: timedelta(days=730),
    }
)
"""How long a token works from the moment that it is signed with: that of the mail that it stands in.

An old mail must still end the subscription, though it may no longer show the settings to whoever finds it.
"""


class Invalid(StrEnum):
    """Why a token is not taken."""

    FORGED = "forged"
    """Not one of ours: damaged, made up, or for another purpose."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Read:
    """What a token says, as the values of JSON, and when it was signed (aware UTC)."""

    said: object
    signed_at: datetime
    is_expired: bool = False


class _Signer(TimestampSigner):
    """Signs with the time that it is given: the same mail has the same links in every attempt to send it."""

    def __init__(self, secret: bytes, *, at: datetime, **options: object) -> None:
        super().__init__(secret, **options)  # type: ignore[arg-type]  # passed through as they come
        self._at = at

    def get_timestamp(self) -> int:
        return int(self._at.timestamp())


def sign_token(said: object, purpose: Purpose, at: datetime, *, secret: bytes) -> str:
    """Make the token that says what is given; it holds for `VALID_FOR` its purpose from ``at``."""
    return str(_serializer(purpose, at, secret).dumps(said))


def open_token(token: str, purpose: Purpose, now: datetime, *, secret: bytes) -> Read | Invalid:
    """Read a token that somebody shows, an expired one too: its `Read` says so.

    One from the future is as good as one of now: the clocks of two machines differ.
    """
    if len(token) > _LONGEST or not _TOKEN.fullmatch(token):
        return Invalid.FORGED
    try:
        said, signed_at = _serializer(purpose, now, secret).loads(token, return_timestamp=True)
    except BadData:
        return Invalid.FORGED
    signed_at = signed_at.astimezone(UTC)
    return Read(said, signed_at, is_expired=now - signed_at > VALID_FOR[purpose])


def _serializer(purpose: Purpose, at: datetime, secret: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret,
        salt=f"tocsin.link.{purpose}",
        signer=_Signer,
        signer_kwargs={"at": at, "key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
