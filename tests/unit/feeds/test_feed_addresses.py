from __future__ import annotations

from ipaddress import ip_address, ip_network

import pytest

from tocsin.feeds.addresses import literal_address, may_be_reached


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert may_be_reached(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an address to refuse, not to bind
        "255.255.255.255",
        "192.0.0.192",
        "192.88.99.1",
        "224.0.0.1",
        "240.0.0.1",
        "198.18.0.1",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "ff02::1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2001:0:7f00:1::1",
        "2001:0:808:808::f5ff:fffe",
        "2001:db8::1",
    ],
)
def test_an_address_that_is_not_public_may_not_be_reached(address: str) -> None:
    assert not may_be_reached(ip_address(address))


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "fd00::5"])
def test_an_address_in_an_allowed_network_may_be_reached(address: str) -> None:
    assert may_be_reached(ip_address(address), [ip_network("127.0.0.0/8"), ip_network("fd00::/8")])


def test_an_allowed_network_allows_no_other() -> None:
    assert not may_be_reached(ip_address("10.0.0.1"), [ip_network("127.0.0.0/8")])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("[::1]", "::1"),
        ("fe80::1%eth0", "fe80::1"),
    ],
)
def test_a_host_that_is_an_address_is_read_in_every_form(host: str, address: str) -> None:
    assert literal_address(host) == ip_address(address)


@pytest.mark.parametrize("host", ["wire.example", "1e100.net", "0x.example", "999.1.1.1", "", "a:b"])
def test_a_name_is_no_address(host: str) -> None:
    assert literal_address(host) is None
