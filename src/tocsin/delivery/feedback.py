"""Links in alerts by which a reader answers: "mute this story" and "not relevant". Pure.

Whoever holds such a link may do this one thing for this one address; see `tocsin.delivery.tokens`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.delivery.tokens import LARGEST_ID, Invalid, Purpose, open_token, sign_token
from tocsin.models.alerts import Alert, FeedbackLinks
from tocsin.models.ids import AlertId


@dataclass(frozen=True, slots=True)
class Claim:
    """What a token says: who was told what. ``target`` is that of the message: a mail address, or the name of an
    environment variable.
    """

    alert: AlertId
    target: str


def feedback_links(alert: Alert, target: str, *, base_url: str, secret: bytes) -> FeedbackLinks:
    """Give the links that stand in a message to ``target``; ``base_url`` is where readers reach the pages."""
    claim = Claim(alert.id, target)
    mute, dismiss = (
        f"{base_url.rstrip('/')}/alerts/{purpose}/{token_of(claim, purpose, alert.decided_at, secret=secret)}"
        for purpose in (Purpose.MUTE, Purpose.DISMISS)
    )
    return FeedbackLinks(mute, dismiss)


def token_of(claim: Claim, purpose: Purpose, at: datetime, *, secret: bytes) -> str:
    """Make the token; it holds from ``at``, when the alert was decided."""
    return sign_token([claim.alert, claim.target], purpose, at, secret=secret)


def read_token(token: str, purpose: Purpose, now: datetime, *, secret: bytes) -> Claim | Invalid:
    """Read a token that somebody shows."""
    read = open_token(token, purpose, now, secret=secret)
    if isinstance(read, Invalid):
        return read
    return Invalid.EXPIRED if read.is_expired else _claim_of(read.said)


def _claim_of(said: object) -> Claim | Invalid:
    match said:
        case [int() as alert, str() as target] if 0 < alert <= LARGEST_ID:
            return Claim(AlertId(alert), target)
        case _:  # signed by another version of the program
            return Invalid.FORGED
