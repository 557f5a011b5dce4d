"""Which network addresses a feed may be fetched from, and the resolver that lets aiohttp reach no other.

A name is checked after it was resolved, and the connection goes to exactly the addresses that were checked, so a name
that changes its address between check and connection (DNS rebinding) gains nothing. No HTTP here.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from aiohttp.abc import AbstractResolver, ResolveResult

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Python calls these global, yet they lead to the local network or nowhere a feed lives (RFC 6890, RFC 8215).
_NEVER: Final[tuple[Network, ...]] = tuple(
    map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "64:ff9b:1::/48", "100::/64", "fec0::/10"))
)
_NAT64: Final = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE: Final = IPv6Network("::/96")
_NUMERIC: Final = re.compile(r"(?:0[xX][0-9a-fA-F]*|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]*|[0-9]+)){0,3}\.?")
_LOOKUPS_AT_ONCE: Final = 16


class AddressRefusedError(OSError):
    """A host whose address may not be reached; an OSError, so that aiohttp hands it on as a failed lookup."""

    def __init__(self, host: str, address: Address) -> None:
        super().__init__(f"{host} has the address {address}, which is not a public one")
        self.host = host
        self.address = address


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

    aiohttp asks no resolver about such hosts, so they have to be checked before the request. None for a name.
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


class BadHostError(OSError):
    """A host that cannot be looked up, since it is not a name: an OSError, as for any name that does not resolve."""


class SystemResolver(AbstractResolver):
    """The system's resolver in threads of its own, so that slow name servers hold up nobody else's threads."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_LOOKUPS_AT_ONCE, thread_name_prefix="feeds-dns")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Look ``host`` up; raises `OSError` where it has no address, `BadHostError` where it is not a name."""
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(
                self._threads, lambda: socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)
            )
        except UnicodeError as error:
            # Before it asks anybody, Python encodes the name, and stumbles over empty labels and over 64 letters.
            raise BadHostError(None, f"{host} is not a host's name") from error
        return [_result(host, str(place[0]), port, kind) for kind, _, _, _, place in found]

    async def close(self) -> None:
        """Let the threads end; a lookup under way is not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _result(hostname: str, address: str, port: int, family: int) -> ResolveResult:
    flags = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
    return ResolveResult(hostname=hostname, host=address, port=port, family=family, proto=0, flags=flags)


class CheckedResolver(AbstractResolver):
    """A resolver that returns only addresses that may be reached, and refuses a host that has none of them."""

    def __init__(self, allowed: Sequence[Network] = (), inner: AbstractResolver | None = None) -> None:
        self._allowed = tuple(allowed)
        self._inner = inner or SystemResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Resolve and check; raises `AddressRefusedError` where no address of the host may be reached."""
        found = await self._inner.resolve(host, port, family)
        checked = [each for each in found if may_be_reached(_address(each["host"]), self._allowed)]
        if found and not checked:
            raise AddressRefusedError(host, _address(found[0]["host"]))
        return checked

    async def close(self) -> None:
        """Close the resolver that does the asking."""
        await self._inner.close()


def _address(text: str) -> Address:
    return ip_address(text.partition("%")[0])
