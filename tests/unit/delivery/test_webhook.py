"""Webhooks against a real HTTP server on loopback."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from tocsin import __version__
from tocsin.delivery.signature import key_of, signed_headers
from tocsin.delivery.webhook import LONGEST_ANSWER, WebhookSender
from tocsin.models.deliveries import Deferred, Outcome, Refused, Sent
from webhook_receiver import SECRET, Answer, Receiver, drips, hangs, receiving, says, writes

NOW = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
PAYLOAD: Mapping[str, object] = {"type": "alert", "title": "Deir el-Zour: داعش <b>"}
PLACE = "the webhook in HOOK"
REMEDY = 'make one with: echo "whsec_$(openssl rand -base64 32)"'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(says(200)) as running:
        yield running


def send(url: str, secret: str = SECRET, *, seconds: float = 10.0, key: str = "alert:siege:7:desk") -> Outcome:
    sender = WebhookSender({"HOOK": url, "KEY": secret}, lambda: NOW, contact="ops@x.org", seconds=seconds)
    try:
        return sender.send("HOOK", "KEY", key, PAYLOAD)
    finally:
        sender.close()


def test_a_payload_arrives_as_signed_json(receiver: Receiver) -> None:
    assert send(receiver.url) == Sent(f"{PLACE} answered 200")
    [taken] = receiver.taken
    assert (taken.path, taken.json()) == ("/hook/s3cr3t-t0ken", PAYLOAD)
    assert taken.fields["content-type"] == "application/json"
    assert taken.fields["user-agent"] == f"Tocsin/{__version__} (+ops@x.org)"
    assert "expect" not in taken.fields
    expected = signed_headers("alert:siege:7:desk", NOW, taken.body, key_of(SECRET))
    assert {name: value for name, value in taken.fields.items() if name.startswith("webhook-")} == expected


def test_one_connection_serves_several_messages(receiver: Receiver) -> None:
    sender = WebhookSender({"HOOK": receiver.url, "KEY": SECRET}, lambda: NOW)
    outcomes = [sender.send("HOOK", "KEY", f"alert:{number}", PAYLOAD) for number in range(3)]
    sender.close()
    assert outcomes == [Sent(f"{PLACE} answered 200")] * 3
    assert [taken.fields["webhook-id"] for taken in receiver.taken] == ["alert:0", "alert:1", "alert:2"]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (says(204), Sent(f"{PLACE} answered 204")),
        (says(202, b"thanks"), Sent(f"{PLACE} answered 202: thanks")),
        (says(200, b'{"ok": true}'), Sent(f'{PLACE} answered 200: {{"ok": true}}')),
        (says(200, b'{"error": null, "errors": []}'), Sent(f'{PLACE} answered 200: {{"error": null, "errors": []}}')),
        (says(200, b"[false]"), Sent(f"{PLACE} answered 200: [false]")),
        (says(200, b'{"ok": false}'), Deferred(f'{PLACE} answered 200, but with an error: "ok": false')),
        (says(200, b'{"success": false}'), Deferred(f'{PLACE} answered 200, but with an error: "success": false')),
        (says(200, b'{"error": "no room"}'), Deferred(f"{PLACE} answered 200, but with an error: no room")),
        (says(200, b'{"errors": ["a", "b"]}'), Deferred(f"{PLACE} answered 200, but with an error: ['a', 'b']")),
        (says(408), Deferred(f"{PLACE} answered 408")),
        (says(425), Deferred(f"{PLACE} answered 425")),
        (says(429, Retry_After="90"), Deferred(f"{PLACE} answered 429", after=timedelta(seconds=90))),
        (says(429, Retry_After="soon"), Deferred(f"{PLACE} answered 429")),
        (
            says(503, b"later", Retry_After="Sun, 22 Nov 2026 20:30:00 GMT"),
            Deferred(f"{PLACE} answered 503: later", after=timedelta(hours=1)),
        ),
        (says(503, Retry_After="9999999"), Deferred(f"{PLACE} answered 503", after=timedelta(days=1))),
        (says(500, b"a\x1b[31mb\r\nc"), Deferred(f"{PLACE} answered 500: a[31mb c")),
        (says(599), Deferred(f"{PLACE} answered 599")),
        (says(400, b"bad"), Refused(f"{PLACE} answered 400: bad")),
        (says(401), Refused(f"{PLACE} answered 401")),
        (
            says(410),
            Refused(
                f"{PLACE} answered 410 (gone for ever); take the channel out of the watchlist, or set its new address"
            ),
        ),
        (
            says(301, Location="http://127.0.0.1:1/"),
            Refused(f"{PLACE} answered 301 (a redirect, which is not followed); set the address that it leads to"),
        ),
        (
            says(307, Location="http://127.0.0.1:1/"),
            Deferred(f"{PLACE} answered 307 (a redirect, which is not followed); set the address that it leads to"),
        ),
    ],
)
def test_an_answer_says_what_becomes_of_the_message(receiver: Receiver, answer: Answer, outcome: Outcome) -> None:
    receiver.answer = answer
    assert send(receiver.url) == outcome
    assert len(receiver.taken) == 1


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (writes(b""), "cannot be used: it closed the connection without an answer"),
        (writes(b"SSH-2.0-OpenSSH_9.2\r\n"), "cannot be used: what answers does not speak HTTP"),
        (
            writes(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
            "cannot be used: the connection was lost in the middle of the answer",
        ),
    ],
    ids=["closes", "nonsense", "half"],
)
def test_what_is_no_answer_puts_off(receiver: Receiver, answer: Answer, problem: str) -> None:
    receiver.answer = answer
    assert send(receiver.url) == Deferred(f"{PLACE} {problem}")


@pytest.mark.parametrize("answer", [hangs, drips])
def test_one_deadline_bounds_a_receiver_that_hangs_or_answers_in_drops(receiver: Receiver, answer: Answer) -> None:
    receiver.answer = answer
    begun_at = time.monotonic()
    assert send(receiver.url, seconds=0.4) == Deferred(f"{PLACE} took longer than 0.4 s to answer")
    assert time.monotonic() - begun_at < 5


def test_a_body_without_end_is_read_no_further_than_needed(receiver: Receiver) -> None:
    receiver.answer = says(200, b"x" * (LONGEST_ANSWER * 20))
    outcome = send(receiver.url)
    assert isinstance(outcome, Sent)
    assert len(outcome.response) < 300


def test_a_head_without_end_is_cut_off(receiver: Receiver) -> None:
    for fields in (b"X-Pad: " + b"x" * 60_000 + b"\r\n", b"X-Pad: 1\r\n" * 20_000):
        receiver.answer = writes(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\n" + fields + b"\r\nbody")
        assert send(receiver.url) == Deferred(f"{PLACE} answered 503", after=timedelta(seconds=7))


def test_where_nobody_listens_the_message_is_put_off() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert send(f"http://127.0.0.1:{port}/") == Deferred(f"{PLACE} cannot be used: nobody answers at its address")


def test_no_word_of_the_address_or_the_secret_is_in_a_problem(receiver: Receiver) -> None:
    echo = f"no such path {receiver.url} {receiver.url.removeprefix('http://127.0.0.1')}".encode()
    receiver.answer = says(404, echo)
    outcome = send(receiver.url)
    assert isinstance(outcome, Refused)
    assert "s3cr3t" not in outcome.message
    assert outcome.message.startswith(f"{PLACE} answered 404: no such path http://")


@pytest.mark.parametrize(
    ("variables", "problem"),
    [
        ({}, "HOOK and KEY: not set; set in the environment and restart Tocsin"),
        ({"HOOK": "http://127.0.0.1"}, "KEY: not set; set in the environment and restart Tocsin"),
        ({"KEY": SECRET, "HOOK": " "}, "HOOK: not set; set in the environment and restart Tocsin"),
        *(
            (
                {"KEY": SECRET, "HOOK": address},
                "HOOK holds no web address; write one that begins with https:// and restart Tocsin",
            )
            for address in (
                "ftp://127.0.0.1/s3cr3t",
                "127.0.0.1/s3cr3t",
                "http://a b/s3cr3t",
                "https://",
                "http://x:0/",
            )
        ),
        *(
            (
                {"KEY": secret, "HOOK": "http://127.0.0.1"},
                f"the secret in KEY {fault}; {REMEDY}, and restart Tocsin",
            )
            for secret, fault in (
                ("s3cr3t", "does not begin with whsec_"),
                ("whsec_s3cr3t!", "is not base64 after whsec_"),
                ("whsec_czNjcjN0", "has 6 bytes, where 24 to 64 are asked for"),
            )
        ),
    ],
)
def test_what_is_not_set_up_puts_off_and_says_what_to_do(variables: dict[str, str], problem: str) -> None:
    sender = WebhookSender(variables, lambda: NOW)
    assert sender.send("HOOK", "KEY", "a", PAYLOAD) == Deferred(problem)
    sender.close()


def test_a_signature_is_the_one_of_the_standards_own_example() -> None:
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        key_of(SECRET),
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("changed", [("b", "body"), ("a", "Body"), ("a.1795375800", "ody")])
def test_another_id_or_body_has_another_signature(changed: tuple[str, str]) -> None:
    message_id, body = changed
    signature = signed_headers("a", NOW, b"body", key_of(SECRET))["webhook-signature"]
    assert signed_headers(message_id, NOW, body.encode(), key_of(SECRET))["webhook-signature"] != signature
