"""Apprise against a real HTTP server on loopback."""

from __future__ import annotations

import importlib.util
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest

from tocsin.delivery.alert import Notice
from tocsin.delivery.apprise import AppriseSender
from tocsin.models.deliveries import Deferred, Refused, Sent
from webhook_receiver import Receiver, drips, receiving, says

NOTICE = Notice("[Siege] Deir el-Zour <b>", "Relief & flour\nhttps://wire.example/7")


@pytest.fixture
def service() -> Iterator[Receiver]:
    with receiving(says(200)) as running:
        yield running


@pytest.fixture(scope="module")
def addresses() -> dict[str, str]:
    """What the sender takes for the environment."""
    return {}


@pytest.fixture(scope="module")
def sender(addresses: dict[str, str]) -> Iterator[AppriseSender]:
    """One for all tests that do not end its process."""
    with closing(AppriseSender(addresses)) as made:
        yield made


def apprise_url(service: Receiver) -> str:
    return service.url.replace("http", "json", 1)


def test_a_notice_arrives_as_title_and_plain_text(
    service: Receiver, sender: AppriseSender, addresses: dict[str, str]
) -> None:
    addresses["DESK_URL"] = apprise_url(service)
    assert sender.send("DESK_URL", NOTICE) == Sent("taken by the service in DESK_URL")
    assert [(one.json()["title"], one.json()["message"]) for one in service.taken] == [(NOTICE.title, NOTICE.body)]


@pytest.mark.parametrize(
    ("status", "kind"),
    [(503, Deferred), (500, Deferred), (429, Deferred), (408, Deferred), (404, Refused), (401, Refused)],
)
def test_a_service_that_does_not_take_it_puts_off_or_refuses_by_its_status(
    service: Receiver, sender: AppriseSender, addresses: dict[str, str], status: int, kind: type[Deferred | Refused]
) -> None:
    addresses["DESK_URL"] = apprise_url(service)
    service.answer = says(status)
    outcome = sender.send("DESK_URL", NOTICE)
    assert isinstance(outcome, kind)
    assert outcome.message.startswith("the service in DESK_URL did not take the message: Failed to send JSON")
    assert outcome.message.endswith(f"error={status}.")


def test_a_service_that_is_not_there_puts_off_and_nothing_shows_its_address(
    service: Receiver,
    sender: AppriseSender,
    addresses: dict[str, str],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    addresses["DESK_URL"] = apprise_url(service).replace(str(service.port), "1")
    with caplog.at_level(logging.DEBUG):
        outcome = sender.send("DESK_URL", NOTICE)
    assert isinstance(outcome, Deferred)
    captured = capfd.readouterr()
    assert "s3cr3t" not in f"{outcome} {caplog.text} {captured.out} {captured.err}"


def test_an_address_that_apprise_does_not_know_puts_off_without_repeating_it(
    sender: AppriseSender, addresses: dict[str, str]
) -> None:
    addresses["DESK_URL"] = "nosuch://s3cr3t"
    assert sender.send("DESK_URL", NOTICE) == Deferred(
        "DESK_URL holds no address that Apprise understands; see its list, and restart Tocsin"
    )


def test_a_service_that_holds_apprise_up_is_cut_off_and_the_next_message_goes_out(service: Receiver) -> None:
    service.answer = drips
    with closing(AppriseSender({"DESK_URL": apprise_url(service)}, seconds=1.5)) as sender:
        begun_at = time.monotonic()
        assert sender.send("DESK_URL", NOTICE) == Deferred(
            "the service in DESK_URL kept Apprise longer than 1.5 s and was cut off"
        )
        assert time.monotonic() - begun_at < 30
        service.answer = says(200)
        assert sender.send("DESK_URL", NOTICE) == Sent("taken by the service in DESK_URL")


def test_the_environment_is_passed_on_no_further_than_proxies_and_certificates(service: Receiver) -> None:
    port = urlsplit(service.url).port
    variables = {"DESK_URL": "json://news.invalid/x", "HTTP_PROXY": f"http://127.0.0.1:{port}", "OTHER": "s3cr3t"}
    with closing(AppriseSender(variables)) as sender:
        assert sender.send("DESK_URL", NOTICE) == Sent("taken by the service in DESK_URL")
    assert [taken.path for taken in service.taken] == ["http://news.invalid/x"]


def test_a_variable_that_is_not_set_puts_off_until_it_is() -> None:
    assert AppriseSender({}).send("DESK_URL", NOTICE) == Deferred(
        "DESK_URL is not set; put the service's Apprise address into it and restart Tocsin"
    )


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert importlib.util.find_spec("apprise") is None
    assert AppriseSender({"DESK_URL": "json://127.0.0.1"}).send("DESK_URL", NOTICE) == Deferred(
        "Apprise is not installed; run: pip install 'tocsin[notify]'"
    )
