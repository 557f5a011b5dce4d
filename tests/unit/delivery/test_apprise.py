"""Apprise against a real HTTP server on loopback."""

from __future__ import annotations

import json
import logging
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tocsin.delivery.alert import Notice
from tocsin.delivery.apprise import AppriseSender
from tocsin.models.deliveries import Deferred, Refused, Sent

# Apprise looks for a module that Python 3.13 drops, before it puts a stand-in there.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

NOTICE = Notice("[Siege] Deir el-Zour <b>", "Relief & flour\nhttps://wire.example/7")


class Service(ThreadingHTTPServer):
    """Takes JSON by POST and answers ``status``."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 200
        self.taken: list[dict[str, object]] = []

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.server_address[1]}/hook/s3cr3t-t0ken"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def service() -> Iterator[Service]:
    with Service() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_notice_arrives_as_title_and_plain_text(service: Service) -> None:
    assert AppriseSender({"DESK_URL": service.url}).send("DESK_URL", NOTICE) == Sent("taken by the service in DESK_URL")
    assert [(one["title"], one["message"]) for one in service.taken] == [(NOTICE.title, NOTICE.body)]


def test_a_service_that_does_not_take_it_puts_off_with_its_reason(service: Service) -> None:
    service.status = 503
    outcome = AppriseSender({"DESK_URL": service.url}).send("DESK_URL", NOTICE)
    assert isinstance(outcome, Deferred)
    assert outcome.message.startswith("the service in DESK_URL did not take the message: Failed to send JSON")
    assert "503" in outcome.message


def test_a_service_that_is_not_there_puts_off_and_nothing_shows_its_address(
    service: Service, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    url = service.url.replace(str(service.server_address[1]), "1")
    with caplog.at_level(logging.DEBUG):
        outcome = AppriseSender({"DESK_URL": url}).send("DESK_URL", NOTICE)
    assert isinstance(outcome, Deferred)
    captured = capsys.readouterr()
    assert "s3cr3t" not in f"{outcome} {caplog.text} {captured.out} {captured.err}"


def test_a_variable_that_is_not_set_puts_off_until_it_is() -> None:
    assert AppriseSender({}).send("DESK_URL", NOTICE) == Deferred(
        "DESK_URL is not set; put the service's Apprise address into it and restart Tocsin"
    )


def test_an_address_that_apprise_does_not_know_is_refused_without_repeating_it() -> None:
    outcome = AppriseSender({"DESK_URL": "nosuch://s3cr3t"}).send("DESK_URL", NOTICE)
    assert outcome == Refused("DESK_URL holds no address that Apprise understands; see its list of services")


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert AppriseSender({"DESK_URL": "json://127.0.0.1"}).send("DESK_URL", NOTICE) == Refused(
        "Apprise is not installed; run: pip install 'tocsin[notify]'"
    )
