from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import NOW, subscriber
from tocsin.delivery.subscription_links import (
    ConfirmClaim,
    LinkClaim,
    confirm_url,
    read_confirm_token,
    read_subscription_token,
    subscription_links,
)
from tocsin.delivery.tokens import VALID_FOR, Invalid, Purpose, open_token, sign_token
from tocsin.models.ids import SignupId, SubscriberId
from tocsin.models.subscribers import StoredSubscriber

SECRET = b"thirty-two bytes or a little more of it"
ROOT = "https://example.org/tocsin"
ZOE = StoredSubscriber(
    SubscriberId(7), subscriber(), joined_at=NOW, closed_until=NOW, slots_from=NOW, state_since=NOW, link_epoch=2
)
OF_SUBSCRIPTIONS = (Purpose.SETTINGS, Purpose.UNSUBSCRIBE)


def tokens(stored: StoredSubscriber = ZOE) -> dict[Purpose, str]:
    links = subscription_links(stored, NOW, base_url=f"{ROOT}/", secret=SECRET)
    return {
        Purpose.SETTINGS: links.settings.removeprefix(f"{ROOT}/subscription/"),
        Purpose.UNSUBSCRIBE: links.unsubscribe.removeprefix(f"{ROOT}/unsubscribe/"),
    }


def test_a_mail_has_a_link_to_the_settings_and_one_that_ends_it_below_the_base_url() -> None:
    for purpose, token in tokens().items():
        assert read_subscription_token(token, purpose, NOW, secret=SECRET) == LinkClaim(ZOE.id, 2)


def test_the_address_that_ends_it_by_a_mail_is_passed_on() -> None:
    links = subscription_links(ZOE, NOW, base_url=ROOT, secret=SECRET, mailto="u@example.org")
    assert links.mailto == "u@example.org"


def test_links_are_the_same_in_every_attempt_and_others_in_another_epoch_or_at_another_time() -> None:
    assert tokens() == tokens()
    assert not set(tokens().values()) & set(tokens(replace(ZOE, link_epoch=3)).values())
    later = subscription_links(ZOE, NOW + timedelta(seconds=1), base_url=ROOT, secret=SECRET)
    assert later.settings.rpartition("/")[2] not in tokens().values()


@pytest.mark.parametrize(("made_for", "read_as"), list(permutations(Purpose, 2)))
def test_a_token_is_good_for_its_purpose_alone(made_for: Purpose, read_as: Purpose) -> None:
    token = sign_token([7, 2], made_for, NOW, secret=SECRET)
    assert open_token(token, read_as, NOW, secret=SECRET) is Invalid.FORGED


@pytest.mark.parametrize("purpose", OF_SUBSCRIPTIONS)
def test_a_link_that_ran_out_still_says_whose_it_was(purpose: Purpose) -> None:
    token = tokens()[purpose]
    for beyond, is_expired in ((timedelta(), False), (timedelta(seconds=1), True)):
        at = NOW + VALID_FOR[purpose] + beyond
        assert read_subscription_token(token, purpose, at, secret=SECRET) == LinkClaim(ZOE.id, 2, is_expired)


def test_a_link_ends_the_digests_for_two_years_and_opens_the_settings_for_ninety_days() -> None:
    assert [VALID_FOR[purpose].days for purpose in (*OF_SUBSCRIPTIONS, Purpose.CONFIRM)] == [90, 730, 3]


def test_a_confirmation_names_its_sign_up_and_runs_out_after_three_days() -> None:
    token = confirm_url(SignupId(9), NOW, base_url=ROOT, secret=SECRET).removeprefix(f"{ROOT}/subscribe/confirm/")
    for after, is_expired in ((timedelta(days=3), False), (timedelta(days=3, seconds=1), True)):
        assert read_confirm_token(token, NOW + after, secret=SECRET) == ConfirmClaim(SignupId(9), is_expired)


@pytest.mark.parametrize(
    "said",
    [[], [7], [7, 2, 1], ["7", 2], [0, 2], [-1, 2], [2**63, 2], [7, None], {"a": 1}, None, 7, "x"],
    ids=str,
)
def test_what_another_version_of_the_program_signed_is_forged(said: object) -> None:
    for purpose in OF_SUBSCRIPTIONS:
        token = sign_token(said, purpose, NOW, secret=SECRET)
        assert read_subscription_token(token, purpose, NOW, secret=SECRET) is Invalid.FORGED
    if said != [7]:
        token = sign_token(said, Purpose.CONFIRM, NOW, secret=SECRET)
        assert read_confirm_token(token, NOW, secret=SECRET) is Invalid.FORGED


Read = Callable[[str], object]


@given(st.text() | st.text(alphabet="abcXYZ019_-.", max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    readings: list[Read] = [
        lambda token: read_subscription_token(token, Purpose.SETTINGS, NOW, secret=SECRET),
        lambda token: read_confirm_token(token, NOW, secret=SECRET),
    ]
    assert [read(text) for read in readings] == [Invalid.FORGED] * 2


def test_a_token_of_another_house_is_forged() -> None:
    token = tokens()[Purpose.SETTINGS]
    assert read_subscription_token(token, Purpose.SETTINGS, NOW, secret=SECRET[::-1]) is Invalid.FORGED
