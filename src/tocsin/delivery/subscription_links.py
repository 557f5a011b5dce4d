"""Links in digests and confirmation mails by which their reader starts, changes and ends a subscription. Pure.

A link of a subscription names the row and its ``link_epoch``: when a reader has older links made void, the row's epoch
is raised, and no link that was mailed before is taken any more. See `tocsin.delivery.tokens`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.delivery.tokens import LARGEST_ID, Invalid, Purpose, open_token, sign_token
from tocsin.models.ids import SignupId, SubscriberId
from tocsin.models.subscribers import StoredSubscriber, SubscriptionLinks


@dataclass(frozen=True, slots=True)
class LinkClaim:
    """What the token of a subscription says: whose, in which epoch of links, and whether it has run out."""

    subscriber: SubscriberId
    epoch: int
    is_expired: bool = False


@dataclass(frozen=True, slots=True)
class ConfirmClaim:
    """What the token of a confirmation mail says: which wish, and whether it has run out."""

    signup: SignupId
    is_expired: bool = False


def subscription_links(
    stored: StoredSubscriber, at: datetime, *, base_url: str, secret: bytes, mailto: str = ""
) -> SubscriptionLinks:
    """Give the links that stand in a mail to a subscriber; ``base_url`` is where readers reach the pages.

    ``at`` is when the mail's delivery was entered, so that each attempt has the same links. ``mailto`` is the address
    that ends the subscription by a mail, "" for none.
    """
    base = base_url.rstrip("/")
    settings, unsubscribe = (
        subscription_token(stored, purpose, at, secret=secret) for purpose in (Purpose.SETTINGS, Purpose.UNSUBSCRIBE)
    )
    return SubscriptionLinks(f"{base}/subscription/{settings}", f"{base}/unsubscribe/{unsubscribe}", mailto)


def subscription_token(stored: StoredSubscriber, purpose: Purpose, at: datetime, *, secret: bytes) -> str:
    """Make a token for `Purpose.SETTINGS` or `Purpose.UNSUBSCRIBE`."""
    return sign_token([stored.id, stored.link_epoch], purpose, at, secret=secret)


def read_subscription_token(token: str, purpose: Purpose, now: datetime, *, secret: bytes) -> LinkClaim | Invalid:
    """Read a subscription's token that somebody shows, an expired one too: its page offers to mail a fresh one."""
    read = open_token(token, purpose, now, secret=secret)
    if isinstance(read, Invalid):
        return read
    match read.said:
        case [int() as subscriber, int() as epoch] if 0 < subscriber <= LARGEST_ID:
            return LinkClaim(SubscriberId(subscriber), epoch, read.is_expired)
        case _:  # signed by another version of the program
            return Invalid.FORGED


def confirm_url(signup: SignupId, at: datetime, *, base_url: str, secret: bytes) -> str:
    """Give the link that confirms what was asked for on the web; ``at`` is when that was."""
    token = sign_token([signup], Purpose.CONFIRM, at, secret=secret)
    return f"{base_url.rstrip('/')}/subscribe/confirm/{token}"


def read_confirm_token(token: str, now: datetime, *, secret: bytes) -> ConfirmClaim | Invalid:
    """Read the token of a confirmation mail that somebody shows, an expired one too."""
    read = open_token(token, Purpose.CONFIRM, now, secret=secret)
    if isinstance(read, Invalid):
        return read
    match read.said:
        case [int() as signup] if 0 < signup <= LARGEST_ID:
            return ConfirmClaim(SignupId(signup), read.is_expired)
        case _:
            return Invalid.FORGED
