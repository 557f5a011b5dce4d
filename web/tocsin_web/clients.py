"""Who asks: the address of the client behind the proxies that are trusted, and the network that counts as one. Pure."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address

from starlette.requests import Request

from tocsin.config.setting_values import Network

UNKNOWN = "unknown"
"""Who asks by a socket without an address, and whoever sends what is none."""

_HOPS = 32


def client_of(request: Request, trusted: Sequence[Network]) -> str:
    """Give the client's network, as text: an IPv4 address, or the /64 of an IPv6 one, which is one household or more.

    What X-Forwarded-For says is believed as far as trusted proxies wrote it: from the end, up to the first address
    that is none of theirs.
    """
    peer = _address(request.client.host if request.client else "")
    said = ",".join(request.headers.getlist("X-Forwarded-For")).split(",")
    hops = [peer, *map(_address, reversed(said[-_HOPS:]))]
    believed = peer
    for hop in hops:
        if hop is None:
            break
        believed = hop
        if not _is_in(hop, trusted):
            break
    return network_of(believed)


def network_of(address: IPv4Address | IPv6Address | None) -> str:
    """Name what counts as one client.

    >>> network_of(ipaddress.ip_address("2001:db8:1:2:3:4:5:6")), network_of(ipaddress.ip_address("::ffff:192.0.2.7"))
    ('2001:db8:1:2::/64', '192.0.2.7')
    """
    if address is None:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address.packed, 64), strict=False))
        address = address.ipv4_mapped
    return str(address)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it: bare, in brackets, or with a port."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _is_in(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in network for network in networks)
