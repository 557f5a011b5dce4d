"""What stands before the forms: bounded bodies, clients behind proxies, foreign names, other sites, and limits."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network

import pytest
import redis
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tocsin.throttle import Throttle
from tocsin_web.clients import client_of
from tocsin_web.forms import FIELDS, FORM_BYTES, read_form
from tocsin_web.limits import OF_ALL, OF_CLIENT, OF_MAILBOX, SignupLimits, mailbox_of
from tocsin_web.origins import Origins
from web_client import SECRET, ask, no_redis

URLENCODED = {"content-type": "application/x-www-form-urlencoded"}
MULTIPART = {"content-type": "multipart/form-data; boundary=x"}
BASE = "https://news.example.org/tocsin"


async def echo(request: Request) -> PlainTextResponse:
    form = await read_form(request)
    return PlainTextResponse(repr(form.multi_items()))


FORMS = Starlette(routes=[Route("/", echo, methods=["POST"])])


def posted(body: bytes, **headers: str) -> tuple[int, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = ask(FORMS, "/", method="POST", headers=named, pieces=[body])
    return answer.status, answer.text


def test_both_kinds_of_forms_are_read() -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xc3\xa9\r\n--x--\r\n'
    assert posted(b"a=%C3%A9&b=1&b=2", **URLENCODED) == (200, "[('a', 'é'), ('b', '1'), ('b', '2')]")
    assert posted(part, **MULTIPART) == (200, "[('a', 'é')]")
    assert posted(b"") == (200, "[]")


def test_a_form_of_ten_megabytes_is_refused_whether_it_says_its_length_or_not() -> None:
    pieces = [b"a=" + b"x" * 1_000_000] * 10
    told = ask(FORMS, "/", method="POST", headers=URLENCODED | {"content-length": "10000020"}, pieces=pieces)
    untold = ask(FORMS, "/", method="POST", headers=URLENCODED, pieces=pieces)
    assert [told.status, untold.status] == [413, 413]


@pytest.mark.parametrize("length", ["-1", "1e3", "9" * 5000, "²", ""])
def test_a_length_that_is_no_number_is_refused(length: str) -> None:
    assert posted(b"a=1", **URLENCODED, content_length=length)[0] == 413


def test_a_form_as_large_as_may_be_is_read_and_one_field_too_many_is_not() -> None:
    assert posted(b"a=" + b"x" * (FORM_BYTES - 2), **URLENCODED)[0] == 200
    assert posted(b"&".join([b"a=1"] * FIELDS), **URLENCODED)[0] == 200
    assert posted(b"&".join([b"a=1"] * (FIELDS + 1)), **URLENCODED)[0] == 413


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b'{"a": 1}', "application/json", 415),
        (b"a=1", "text/plain", 415),
        (b"no part at all", "multipart/form-data", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="a"; filename="f"\r\n\r\nfile\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
    ],
    ids=["json", "plain", "without boundary", "file"],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str, status: int) -> None:
    assert posted(body, content_type=kind)[0] == status


def asked_by(peer: str | None, *forwarded: str) -> Request:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "headers": headers, "client": None if peer is None else (peer, 1)})


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", (), "198.51.100.7"),
        ("198.51.100.7", ("192.0.2.1",), "198.51.100.7"),
        ("10.0.0.1", ("192.0.2.1",), "192.0.2.1"),
        ("10.0.0.1", ("203.0.113.9, 192.0.2.1, 10.0.0.2",), "192.0.2.1"),
        ("10.0.0.1", ("203.0.113.9", "192.0.2.1"), "192.0.2.1"),
        ("10.0.0.1", ("192.0.2.1:4711",), "192.0.2.1"),
        ("10.0.0.1", ("[2001:db8:1:2::5]:4711",), "2001:db8:1:2::/64"),
        ("::ffff:10.0.0.1", ("2001:db8:1:2:ffff::5",), "2001:db8:1:2::/64"),
        ("10.0.0.1", (), "10.0.0.1"),
        ("10.0.0.1", ("nonsense",), "10.0.0.1"),
        ("10.0.0.1", ("192.0.2.1, nonsense, 10.0.0.3",), "10.0.0.3"),
        (None, (), "unknown"),
    ],
    ids=range(12),
)
def test_the_client_is_who_the_trusted_proxies_say(peer: str | None, forwarded: tuple[str, ...], client: str) -> None:
    assert client_of(asked_by(peer, *forwarded), [ip_network("10.0.0.0/8")]) == client


def limits() -> SignupLimits:
    return SignupLimits(Throttle(no_redis, "signup"), SECRET)


def test_an_address_gets_one_mail_a_day_whoever_asks() -> None:
    counted = limits()
    assert counted.ask("zoe@example.org", "192.0.2.1") is None
    refusal = counted.ask("Zoe@Example.org", "192.0.2.2")
    assert refusal is not None
    assert refusal.is_of_address
    assert timedelta(hours=23) < refusal.wait <= timedelta(days=1)
    assert counted.ask("omar@example.org", "192.0.2.1") is None


def test_spellings_of_one_mailbox_count_together() -> None:
    counted = limits()
    spelt = [f"z.o.e+{number}@googlemail.com" for number in range(OF_MAILBOX[0].number + 1)]
    granted = [counted.ask(address, f"192.0.2.{number}") is None for number, address in enumerate(spelt)]
    assert granted == [True] * OF_MAILBOX[0].number + [False]
    assert mailbox_of("o'malley+x@Example.org") == "o'malley@example.org"


def test_one_network_asks_for_so_many_addresses_only(valkey: redis.Redis) -> None:
    counted = SignupLimits(Throttle(lambda: valkey, "signup"), SECRET)
    asked = [counted.ask(f"{number}@example.org", "2001:db8::/64") for number in range(OF_CLIENT[0].number + 1)]
    assert asked[:-1] == [None] * OF_CLIENT[0].number
    assert asked[-1] is not None
    assert not asked[-1].is_of_address


def test_all_networks_together_ask_for_so_many_only() -> None:
    counted = limits()
    asked = [counted.ask(f"{number}@example.org", f"network {number}") for number in range(OF_ALL[0].number + 1)]
    assert [one is None for one in asked] == [True] * OF_ALL[0].number + [False]


def test_no_address_stands_in_redis(valkey: redis.Redis) -> None:
    SignupLimits(Throttle(lambda: valkey, "signup"), SECRET).ask("zoe@example.org", "192.0.2.1")
    names = valkey.keys("*")
    assert names
    assert [name for name in names if b"zoe" in name or b"192.0.2" in name] == []


async def said(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.method)


PATHS = ("/", "/tocsin/subscribe", "/tocsin/unsubscribe/x", "/tocsin/websub/x", "/tocsin/mail/reports")
GUARDED = Starlette(
    routes=[Route(path, said, methods=["GET", "POST"]) for path in PATHS],
    middleware=[Middleware(Origins, base_url=BASE)],
)


@pytest.mark.parametrize(
    "host",
    [
        "news.example.org",
        "NEWS.example.org:443",
        "127.0.0.1:8080",
        "[::1]:8080",
        "localhost",
        "tocsin:8080",
        "192.0.2.1",
    ],
)
def test_a_name_of_ours_or_of_nobody_is_answered(host: str) -> None:
    assert ask(GUARDED, "/", headers={"host": host}).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "news.example.org.evil.example",
        "127.0.0.1.evil.example",
        "news.example.org@evil.example",
        "a b.c",
        "",
    ],
)
def test_a_foreign_name_is_refused_with_the_remedy(host: str) -> None:
    answer = ask(GUARDED, "/", headers={"host": host})
    assert answer.status == 421
    assert "TOCSIN_BASE_URL" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, 200),
        ({"sec-fetch-site": "none"}, 200),
        ({"sec-fetch-site": "cross-site", "origin": "null"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://news.example.org"}, 200),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 200),
        ({}, 200),
    ],
    ids=range(9),
)
def test_a_form_is_taken_from_our_own_pages_only(headers: dict[str, str], status: int) -> None:
    host = {"host": "news.example.org"}
    assert ask(GUARDED, "/tocsin/subscribe", method="POST", headers=host | headers).status == status
    assert ask(GUARDED, "/tocsin/subscribe", headers=host | headers).status == 200


@pytest.mark.parametrize("path", PATHS[2:])
def test_programs_of_others_may_send_to_where_tokens_prove_them(path: str) -> None:
    foreign = {"host": "news.example.org", "sec-fetch-site": "cross-site", "origin": "https://mail.example"}
    assert ask(GUARDED, path, method="POST", headers=foreign).status == 200
