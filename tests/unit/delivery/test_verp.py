from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.delivery.verp import Forged, OfDelivery, OfSubscription, Verp
from tocsin.models.ids import DeliveryId, SubscriberId

VERP = Verp("bounces@news.example.org", b"s" * 32)
IDS = st.integers(0, 2**63 - 1)


@given(IDS)
def test_the_address_of_a_delivery_leads_back_to_it_in_any_case(number: int) -> None:
    address = VERP.sender_of(DeliveryId(number))
    for written in (address, address.upper(), f" {address.title()} "):
        assert VERP.read(written) == OfDelivery(DeliveryId(number))


@given(IDS, st.integers(0, 10**6))
def test_the_address_that_ends_a_subscription_leads_back_to_it(number: int, epoch: int) -> None:
    assert VERP.read(VERP.unsubscribe_of(SubscriberId(number), epoch)) == OfSubscription(SubscriberId(number), epoch)


def test_addresses_fit_into_what_servers_take() -> None:
    verp = Verp(f"{'b' * 24}@example.org", b"s" * 32)
    for address in (verp.sender_of(DeliveryId(10**15)), verp.unsubscribe_of(SubscriberId(10**9), 999)):
        assert len(address.partition("@")[0]) <= 64
        assert address == address.lower()
        assert address.isascii()


def test_a_tag_of_another_house_is_forged() -> None:
    address = Verp(VERP.bounces, b"t" * 32).sender_of(DeliveryId(1))
    assert VERP.read(address) == Forged(address)


def test_a_tag_holds_for_its_own_number_and_purpose_alone() -> None:
    of_delivery = VERP.sender_of(DeliveryId(11))
    for changed in (of_delivery.replace("+d11-", "+d12-"), of_delivery.replace("+d11-", "+u1-1-")):
        assert VERP.read(changed) == Forged(changed)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "bounces@news.example.org",
        "bounces+d1@news.example.org",
        "bounces+d1-abcdefghijklmnop@elsewhere.example.org",
        "bouncesXd1-abcdefghijklmnop@news.example.org",
        "bounces+d01-abcdefghijklmnop@news.example.org",
        "bounces+d1-abcdefghijklmnop@news.example.org, x@example.org",
        "bounces+d\u0661-abcdefghijklmnop@news.example.org",
    ],
    ids=ascii,
)
def test_addresses_of_another_form_are_none_of_ours(address: str) -> None:
    assert VERP.read(address) is None


@given(st.text(max_size=100))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert VERP.read(text) is None
    assert isinstance(VERP.read(f"bounces+d1-{'a' * 16}@news.example.org"), Forged)
