"""Addresses of people on pages that anybody in the house may read: enough to recognise one's own, not more."""

from __future__ import annotations

import re

from tocsin.models.deliveries import Delivery
from tocsin.models.watchlist import ChannelKind

# Whatever stands around an @ without a space: servers repeat the address in their answers, bare or in brackets.
_ADDRESS = re.compile(r"([^\s<>\"'(),;:@])[^\s<>\"'(),;:@]*@([^\s<>\"'(),;:@]+)")


def without_addresses(text: str) -> str:
    """Shorten every mail address in a text.

    >>> without_addresses("550 5.1.1 <zoe@example.org>: no such user")
    '550 5.1.1 <z…@example.org>: no such user'
    """
    return _ADDRESS.sub(r"\1…@\2", text)


def recipient(delivery: Delivery) -> str:
    """Say whom a message is for: a shortened mail address, or the name of the variable that holds the channel's."""
    return without_addresses(delivery.target) if delivery.channel is ChannelKind.MAIL else delivery.target
