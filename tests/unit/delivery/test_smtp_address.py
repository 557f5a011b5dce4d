from __future__ import annotations

import pytest

from tocsin.delivery.smtp_address import SmtpAddress, TlsMode, parse_smtp_url
from tocsin.errors import MailSetupError


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("smtps://zoe:p%40ss@mx.example.org", SmtpAddress("mx.example.org", 465, TlsMode.IMPLICIT, "zoe", "p@ss")),
        ("smtp://mx.example.org", SmtpAddress("mx.example.org", 587, TlsMode.STARTTLS)),
        ("smtp://z%3Ax:y@mx.example.org:2525/", SmtpAddress("mx.example.org", 2525, TlsMode.STARTTLS, "z:x", "y")),
        ("smtp+plain://127.0.0.1:1025", SmtpAddress("127.0.0.1", 1025, TlsMode.NONE)),
        ("smtp+plain://[::1]:1025", SmtpAddress("::1", 1025, TlsMode.NONE)),
        ("smtps://poçta.example", SmtpAddress("poçta.example", 465, TlsMode.IMPLICIT)),
        ("smtp+plain://localhost", SmtpAddress("localhost", 25, TlsMode.NONE)),
    ],
)
def test_addresses_are_read(url: str, address: SmtpAddress) -> None:
    assert parse_smtp_url(url) == address


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("mx.example.org:25", "must begin with smtps://"),
        ("http://secret@mx.example.org", "must begin with smtps://"),
        ("smtp://", "names no host"),
        ("smtp://zoe:secret@mx.example.org:x", "the port is not a number"),
        ("smtp://zoe:secret@mx.example.org:99999", "the port is not a number"),
        ("smtp://zoe:secret@[mx", "not an address"),
        ("smtp://zoe:sec/secret@mx.example.org", "the port is not a number"),
        ("smtp://mx.example.org/secret", "goes on after the port"),
        ("smtp://secret@mx.example.org", "both user and password"),
        ("smtps://zoe:secret@mx..example.org", "'mx..example.org' is no host name"),
        ("smtps://zoe:secret@.example.org", "'.example.org' is no host name"),
        (f"smtps://zoe:secret@{'a' * 64}.example.org", "a.example.org' is no host name"),
        ("smtps://zoe:secret%C3%A4@mx.example.org", "can have ASCII characters only"),
        ("smtps://zo%C3%AB:secret@mx.example.org", "can have ASCII characters only"),
        ("smtp+plain://zoe:secret@mx.example.org", "this machine only, not for mx.example.org"),
    ],
)
def test_faults_are_named_without_the_password(url: str, words: str) -> None:
    with pytest.raises(MailSetupError, match=words) as raised:
        parse_smtp_url(url)
    assert "secret" not in str(raised.value)


def test_the_password_is_never_shown() -> None:
    address = parse_smtp_url("smtps://zoe:hush@mx.example.org")
    assert "hush" not in f"{address!r} {address}"
