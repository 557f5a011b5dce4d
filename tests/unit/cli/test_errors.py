from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from command_line import CommandLine, Ran
from tocsin.embedded_redis import socket_of
from valkey_server import Valkey

GOOD = "version: 1\nfeeds: [https://wire.example/rss]\nwatches:\n  siege: {keywords: [siege]}\n"
NOBODY = "redis://127.0.0.1:1/0"


def refused(ran: Ran, code: int) -> str:
    """Check that a command ended in good order, with nothing but a message on standard error; gives the message."""
    assert (ran.code, ran.out) == (code, "")
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err
    return ran.err


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        yield port


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("mysql://user:hunter22@db/news", 2, "DATABASE_URL: the address must begin with postgresql:// or sqlite:///"),
        ("sqlite:////dev/null/news.sqlite3", 3, "tocsin: cannot make the folder /dev/null"),
        ("postgresql://user:hunter22@127.0.0.1:1/news", 3, "check DATABASE_URL and that the server runs"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_without_its_password(
    tocsin: CommandLine, url: str, code: int, words: str
) -> None:
    told = refused(tocsin("db", "upgrade", DATABASE_URL=url), code)
    assert words in told
    assert "hunter22" not in told


def test_a_database_that_was_never_set_up_is_told_with_the_command_that_does(tocsin: CommandLine) -> None:
    assert "run `tocsin db upgrade`" in refused(tocsin("feeds", "list"), 3)


@pytest.mark.parametrize(("command", "code"), [("db upgrade", 3), ("up", 2), ("redis", 4)])
def test_a_home_that_cannot_be_made_is_told_with_the_remedy(tocsin: CommandLine, command: str, code: int) -> None:
    tocsin.write(GOOD)
    home = tocsin.write("a file, no folder", "occupied") / "home"
    told = refused(tocsin(*command.split(), TOCSIN_HOME=str(home)), code)
    assert str(home) in told
    assert "TOCSIN_" in told


@pytest.mark.parametrize("command", ["redis", "up"])
def test_a_home_too_deep_for_a_socket_is_told_before_anything_runs(tocsin: CommandLine, command: str) -> None:
    tocsin.write(GOOD)
    told = refused(tocsin(command, TOCSIN_HOME=str(tocsin.folder / ("d" * 100))), 4)
    assert "is too long for a socket; set TOCSIN_HOME to a shorter one" in told


def test_all_faults_of_a_watchlist_stand_alone_on_their_lines(tocsin: CommandLine) -> None:
    tocsin.write(GOOD.replace("keywords", "keyword").replace("version: 1", "version: 9"))
    lines = refused(tocsin("up"), 2).splitlines()
    faults = [line for line in lines if line.startswith("watchlist.yaml:")]
    assert [line.split(":")[1] for line in faults] == ["1", "4"]


def test_a_missing_watchlist_is_told_with_the_command_that_writes_one(tocsin: CommandLine) -> None:
    assert "no such file; run `tocsin init`, or set TOCSIN_WATCHLIST" in refused(tocsin("up"), 2)


def test_an_unknown_variable_is_taken_for_the_typing_error_that_it_is(tocsin: CommandLine) -> None:
    told = refused(tocsin("doctor", TOCSIN_POLL_MINUTE="5"), 2)
    assert told == "tocsin: TOCSIN_POLL_MINUTE: unknown variable; did you mean TOCSIN_POLL_MINUTES?\n"


def test_a_port_that_is_taken_is_told_with_the_remedy(tocsin: CommandLine, taken_port: int) -> None:
    told = refused(tocsin("web", TOCSIN_WEB_PORT=str(taken_port)), 6)
    assert f"port {taken_port} is used by another program; set TOCSIN_WEB_PORT to a free one" in told


def test_a_redis_that_is_missing_is_told_with_the_remedy(tocsin: CommandLine) -> None:
    tocsin.write(GOOD)
    tocsin("db", "upgrade")
    embedded = refused(tocsin("digest", "send", "zoe@example.org", "--now"), 4)
    assert "start it with `tocsin redis`, or everything with `tocsin up`, or set REDIS_URL" in embedded
    elsewhere = refused(tocsin("digest", "send", "zoe@example.org", "--now", REDIS_URL=NOBODY), 4)
    assert "check the address and that the server runs" in elsewhere


@pytest.mark.parametrize("command", ["scheduler", "worker classify"])
def test_a_process_whose_redis_does_not_appear_ends_with_an_exit_code(tocsin: CommandLine, command: str) -> None:
    tocsin.write(GOOD)
    tocsin("db", "upgrade")
    assert "check the address and that the server runs" in refused(tocsin(*command.split(), REDIS_URL=NOBODY), 4)


@pytest.mark.parametrize("command", ["up", "scheduler", "worker classify", "worker deliver"])
def test_a_sender_that_no_mail_can_have_is_refused_before_anything_runs(
    tocsin: CommandLine, valkey_session: Valkey, command: str
) -> None:
    tocsin.write(GOOD)
    tocsin("db", "upgrade")
    redis_url = f"unix://{socket_of(valkey_session.home)}"
    ran = tocsin(*command.split(), REDIS_URL=redis_url, TOCSIN_MAIL_FROM='Tocsin "News" <a@x.org>')
    assert "'Tocsin \"News\" <a@x.org>' is not a mail address; write name@example.org" in refused(ran, 5)


@pytest.mark.parametrize("command", ["up", "scheduler", "worker deliver"])
def test_a_mail_server_that_cannot_be_meant_is_refused_before_anything_runs(tocsin: CommandLine, command: str) -> None:
    tocsin.write(GOOD)
    ran = tocsin(*command.split(), SMTP_URL="http://mail.example.org", TOCSIN_MAIL_FROM="nobody")
    told = refused(ran, 2)
    assert "SMTP_URL: write smtp://" in told
    assert "TOCSIN_MAIL_FROM: 'nobody' is no sender" in told
