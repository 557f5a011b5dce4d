from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer, URLSafeTimedSerializer

from records import NOW
from tocsin.delivery.feedback import Claim, feedback_links, read_token, token_of
from tocsin.delivery.tokens import VALID_FOR, Invalid, Purpose
from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.ids import AlertId, DevelopmentId, MatchId, StoryId, WatchId

SECRET = b"thirty-two bytes or a little more of it"
CLAIM = Claim(AlertId(17), "zoe@example.org")
ALERT = Alert(
    AlertId(17),
    MatchId(3),
    WatchId("euro"),
    "desk",
    StoryId(5),
    DevelopmentId(6),
    Decision.RING,
    Rule.NEW_STORY,
    "the first report",
    NOW,
)


def token(claim: Claim = CLAIM, purpose: Purpose = Purpose.MUTE) -> str:
    return token_of(claim, purpose, NOW, secret=SECRET)


@given(
    alert=st.integers(1, 2**63 - 1),
    target=st.text(max_size=200),
    purpose=st.sampled_from((Purpose.MUTE, Purpose.DISMISS)),
    days=st.floats(0, 90),
)
def test_what_a_token_was_made_for_is_read_back_until_it_expires(
    alert: int, target: str, purpose: Purpose, days: float
) -> None:
    claim = Claim(AlertId(alert), target)
    assert read_token(token(claim, purpose), purpose, NOW + timedelta(days=days), secret=SECRET) == claim


def test_a_token_expires_after_ninety_days() -> None:
    for beyond, found in ((timedelta(), CLAIM), (timedelta(seconds=1), Invalid.EXPIRED)):
        assert read_token(token(), Purpose.MUTE, NOW + VALID_FOR[Purpose.MUTE] + beyond, secret=SECRET) == found


def test_a_token_of_a_clock_that_is_ahead_is_taken() -> None:
    assert read_token(token(), Purpose.MUTE, NOW - timedelta(minutes=5), secret=SECRET) == CLAIM


def test_a_token_is_good_for_its_purpose_alone() -> None:
    assert read_token(token(purpose=Purpose.MUTE), Purpose.DISMISS, NOW, secret=SECRET) is Invalid.FORGED


def test_a_token_of_another_house_is_forged() -> None:
    assert read_token(token(), Purpose.MUTE, NOW, secret=SECRET[::-1]) is Invalid.FORGED


def test_what_the_same_secret_signs_elsewhere_is_no_token() -> None:
    others = (
        URLSafeTimedSerializer(SECRET).dumps([17, "zoe@example.org"]),
        URLSafeTimedSerializer(SECRET, salt="tocsin.link.mute").dumps([17, "zoe@example.org"]),
        URLSafeSerializer(SECRET, salt="tocsin.link.mute").dumps([17, "zoe@example.org"]),
    )
    assert [read_token(str(other), Purpose.MUTE, NOW, secret=SECRET) for other in others] == [Invalid.FORGED] * 3


def test_a_token_changed_in_any_letter_is_forged() -> None:
    whole = token()
    for place in range(len(whole) - 1):  # the last letter of base64 may hold bits that say nothing
        changed = whole[:place] + ("A" if whole[place] != "A" else "B") + whole[place + 1 :]
        assert read_token(changed, Purpose.MUTE, NOW, secret=SECRET) is Invalid.FORGED


@given(st.text() | st.text(alphabet="abcXYZ019_-.", max_size=200))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read_token(text, Purpose.MUTE, NOW, secret=SECRET) is Invalid.FORGED


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a" * 100_000, "é", "\0"], ids=["empty", "dot", "dots", "long", "é", "0"]
)
def test_what_is_no_token_at_all_is_forged(text: str) -> None:
    assert read_token(text, Purpose.MUTE, NOW, secret=SECRET) is Invalid.FORGED


def test_an_alert_has_a_link_for_each_purpose_below_the_base_url() -> None:
    links = feedback_links(ALERT, "zoe@example.org", base_url="https://example.org/tocsin/", secret=SECRET)
    found = {}
    for link in (links.mute_url, links.dismiss_url):
        root, _, rest = link.partition("/alerts/")
        purpose, _, made = rest.partition("/")
        found[root, purpose] = read_token(made, Purpose(purpose), NOW, secret=SECRET)
    root = "https://example.org/tocsin"
    assert found == {(root, "mute"): CLAIM, (root, "dismiss"): CLAIM}


def test_links_are_the_same_in_every_attempt_to_send_an_alert_and_others_in_another_alert() -> None:
    def links(alert: Alert) -> object:
        return feedback_links(alert, "zoe@example.org", base_url="https://example.org", secret=SECRET)

    assert links(ALERT) == links(ALERT) != links(replace(ALERT, id=AlertId(18)))
