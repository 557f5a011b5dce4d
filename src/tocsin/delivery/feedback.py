"""Links in alerts by which a reader answers: "mute this story" and "not relevant". Pure.

A link holds a signed token and needs no cookie and no login: whoever holds it may do this one thing for this one
address. Tokens are made by itsdangerous, with a key derived from the house's secret for each purpose, so that neither a
token for another purpose nor a payload of the queue passes for one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from itsdangerous import BadData, TimestampSigner, URLSafeTimedSerializer

from tocsin.models.alerts import Alert, FeedbackLinks
from tocsin.models.ids import AlertId

VALID_FOR = timedelta(days=90)
"""How long a link works, from the moment in which its alert was decided."""

_LONGEST = 1000
_TOKEN = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
_LARGEST = 2**63 - 1
"""What the database can count to."""


class Purpose(StrEnum):
    """What a link is for; the value stands in its path."""

    MUTE = "mute"
    DISMISS = "dismiss"


class Invalid(StrEnum):
    """Why a token is not taken."""

    FORGED = "forged"
    """Not one of ours: damaged, made up, or for another purpose."""
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says: who was told what. ``target`` is that of the message: a mail address, or the name of an
    environment variable.
    """

    alert: AlertId
    target: str


class _Signer(TimestampSigner):
    """Signs with the time that it is given: the same alert has the same links in every attempt to send it."""

    def __init__(self, secret: bytes, *, at: datetime, **options: object) -> None:
        super().__init__(secret, **options)  # type: ignore[arg-type]  # passed through as they come
        self._at = at

    def get_timestamp(self) -> int:
        return int(self._at.timestamp())


def feedback_links(alert: Alert, target: str, *, base_url: str, secret: bytes) -> FeedbackLinks:
    """Give the links that stand in a message to ``target``; ``base_url`` is where readers reach the pages."""
    claim = Claim(alert.id, target)
    mute, dismiss = (
        f"{base_url.rstrip('/')}/alerts/{purpose}/{token_of(claim, purpose, alert.decided_at, secret=secret)}"
        for purpose in (Purpose.MUTE, Purpose.DISMISS)
    )
    return FeedbackLinks(mute, dismiss)


def token_of(claim: Claim, purpose: Purpose, at: datetime, *, secret: bytes) -> str:
    """Make the token; it holds for `VALID_FOR` from ``at``."""
    return str(_serializer(purpose, at, secret).dumps([claim.alert, claim.target]))


def read_token(token: str, purpose: Purpose, now: datetime, *, secret: bytes) -> Claim | Invalid:
    """Read a token that somebody shows.

    One from the future is as good as one of now: the clocks of two machines differ.
    """
    if len(token) > _LONGEST or not _TOKEN.fullmatch(token):
        return Invalid.FORGED
    try:
        said, signed_at = _serializer(purpose, now, secret).loads(token, return_timestamp=True)
    except BadData:
        return Invalid.FORGED
    if now - signed_at.astimezone(UTC) > VALID_FOR:
        return Invalid.EXPIRED
    return _claim_of(said)


def _claim_of(said: object) -> Claim | Invalid:
    match said:
        case [int() as alert, str() as target] if 0 < alert <= _LARGEST:
            return Claim(AlertId(alert), target)
        case _:  # signed by another version of the program
            return Invalid.FORGED


def _serializer(purpose: Purpose, at: datetime, secret: bytes) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        secret,
        salt=f"tocsin.feedback.{purpose}",
        signer=_Signer,
        signer_kwargs={"at": at, "key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
