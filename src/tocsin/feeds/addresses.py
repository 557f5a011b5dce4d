"""Which network addresses a feed may be fetched from, and how a host is told that is an address by itself. Pure."""

from __future__ import annotations

import re
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Python calls these global, yet they lead to the local network or nowhere a feed lives (RFC 6890, RFC 8215).
_NEVER: Final[tuple[Network, ...]] = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100::/64", "fec0::/10"))
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE: Final = IPv6Network("::/96")
_NUMERIC: Final = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}\.?")


def may_be_reached(address: Address, allowed: Sequence[Network] = ()) -> bool:
    """Say whether ``address`` is public, or lies in one of the ``allowed`` networks.

    An IPv6 address that wraps an IPv4 one (mapped, NAT64, 6to4) is judged by the address inside it.
    """
    if any(address in network for network in allowed):
        return True
    if isinstance(address, IPv6Address):
        inner = _wrapped(address)
        if inner:
            return may_be_reached(inner, allowed)
    return address.is_global and not address.is_multicast and not any(address in network for network in _NEVER)


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """Find the IPv4 address that an IPv6 address leads to; Teredo (2001::/32) is not global to begin with."""
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address.sixtofour:
        return address.sixtofour
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


def literal_address(host: str) -> Address | None:
    """Read a host that is an address by itself, in every form the system would take: 127.1, 0x7f000001, [::1].

    None for a name.
    """
    bare = host.strip("[]").partition("%")[0]
    if _NUMERIC.fullmatch(bare):
        try:
            return IPv4Address(socket.inet_aton(bare.rstrip(".")))
        except OSError:
            return None
    try:
        return ip_address(bare)
    except ValueError:
        return None
