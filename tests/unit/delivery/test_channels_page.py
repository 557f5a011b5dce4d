"""What docs/channels.md tells receivers of webhooks: its code verifies what we sign, its record is what we send."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tocsin.delivery.sample import sample_payload, sample_report
from tocsin.delivery.signature import key_of, signed_headers
from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
from tocsin.models.ids import DeliveryId, WatchId
from tocsin.models.watchlist import ChannelKind, Watch
from webhook_receiver import SECRET

PAGE = Path(__file__).parents[3] / "docs" / "channels.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
CODE = {language: block for language, block in FENCE.findall(PAGE.read_text("utf-8")) if language != "yaml"}
BODY = '{"title":"داعش"}\n'.encode()

Verify = Callable[[str, Mapping[str, str], bytes], bool]


@pytest.fixture(scope="module")
def is_genuine() -> Verify:
    """The function that the page gives."""
    made: dict[str, Any] = {}
    exec(CODE["python"], made)  # noqa: S102 -- our own page
    verify: Verify = made["is_genuine"]
    return verify


def headers(*, at: datetime | None = None) -> dict[str, str]:
    return signed_headers("alert:siege:17:newsroom", at or datetime.now(UTC), BODY, key_of(SECRET))


def test_the_pages_python_takes_what_we_sign(is_genuine: Verify) -> None:
    assert is_genuine(SECRET, headers(), BODY)


def test_the_pages_python_takes_one_of_several_signatures(is_genuine: Verify) -> None:
    signed = headers()
    assert is_genuine(SECRET, signed | {"webhook-signature": f"v1,AAAA {signed['webhook-signature']}"}, BODY)


@pytest.mark.parametrize(
    ("changed", "body"),
    [
        ({"webhook-id": "alert:siege:18:newsroom"}, BODY),
        ({"webhook-timestamp": str(int(datetime.now(UTC).timestamp()) - 5)}, BODY),
        ({"webhook-signature": "v1,AAAA"}, BODY),
        ({}, BODY + b" "),
    ],
    ids=["id", "timestamp", "signature", "body"],
)
def test_the_pages_python_refuses_what_was_changed(is_genuine: Verify, changed: dict[str, str], body: bytes) -> None:
    assert not is_genuine(SECRET, headers() | changed, body)


def test_the_pages_python_refuses_another_key_and_what_is_old(is_genuine: Verify) -> None:
    other = SECRET.replace("MfKQ", "AAAA")
    assert not is_genuine(other, headers(), BODY)
    assert not is_genuine(SECRET, headers(at=datetime.now(UTC) - timedelta(minutes=6)), BODY)


def in_the_shell(folder: Path, signed: Mapping[str, str]) -> str:
    (folder / "body.json").write_bytes(BODY)
    variables = {
        "PATH": os.environ["PATH"],
        "SECRET": SECRET,
        "ID": signed["webhook-id"],
        "TIMESTAMP": signed["webhook-timestamp"],
        "SIGNATURE": signed["webhook-signature"],
    }
    ran = subprocess.run(
        ["sh", "-c", CODE["sh"]], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )
    return ran.stdout


def test_the_pages_shell_takes_what_we_sign_and_nothing_else(tmp_path: Path) -> None:
    signed = headers()
    assert in_the_shell(tmp_path, signed) == "genuine\n"
    assert in_the_shell(tmp_path, signed | {"webhook-id": "alert:siege:18:newsroom"}) == ""


def shape(value: object) -> object:
    """The keys of a record, all the way down; what has none is only there."""
    match value:
        case dict():
            return {key: shape(inner) for key, inner in value.items() if key != "receipt"}
        case [first, *_]:
            return [shape(first)]
        case _:
            return None


def test_the_record_of_the_page_has_the_keys_of_those_that_are_sent() -> None:
    now = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)
    delivery = Delivery(
        id=DeliveryId(1),
        key="test:newsroom",
        kind=DeliveryKind.ALERT,
        channel=ChannelKind.WEBHOOK,
        target="HOOK",
        message_id="<1@x>",
        state=DeliveryState.PENDING,
        attempts=1,
        created_at=now,
        next_attempt_at=now,
        name="newsroom",
    )
    watch = Watch(WatchId("siege"), "Sieges")
    report = sample_report(watch, "newsroom", now, link="https://wire.example/412")
    sent = sample_payload(delivery, report, {watch.id: watch}, base_url="https://tocsin.example.org")
    assert shape(json.loads(CODE["json"])) == shape(json.loads(json.dumps(sent)))
