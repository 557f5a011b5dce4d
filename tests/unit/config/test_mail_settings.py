"""What the environment may say about mail: bounces, DKIM, the rate, templates."""

from __future__ import annotations

# ruff: noqa: E501 - a message is compared in one piece, as it is printed
from datetime import timedelta
from pathlib import Path

import pytest

from tocsin.config import load_settings
from tocsin.errors import SettingsError
from tocsin.models.watchlist import Rate

BOUNCES = {"TOCSIN_BOUNCES": "bounces@news.example.org"}
BOX_FORMS = "write imaps://user:password@host/INBOX, or maildir:///path/of/folder"
TOKEN = "0123456789abcdef" * 2


def message(env: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as raised:
        load_settings(env)
    return str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "imaps://me:word@mail.example.org",
        "imaps://me%40example.org:word@mail.example.org:993/INBOX/Bounces",
        "imap+plain://me:word@127.0.0.1:1143/INBOX",
        "imap+plain://me:word@[::1]/INBOX",
        "maildir:///var/mail/bounces",
    ],
)
def test_the_three_forms_of_mailbox_are_taken(url: str) -> None:
    bounce_box = load_settings(BOUNCES | {"TOCSIN_BOUNCE_BOX": url}).bounce_box

    assert bounce_box is not None
    assert bounce_box.get_secret_value() == url


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("1000/hour", Rate(1000, timedelta(hours=1))),
        ("1/day", Rate(1, timedelta(days=1))),
        ("off", None),
        ("Off", None),
        ("", Rate(300, timedelta(minutes=1))),
    ],
)
def test_the_rate_of_mail_is_a_rate_or_off(written: str, wanted: Rate | None) -> None:
    assert load_settings({"TOCSIN_MAIL_RATE": written}).mail_rate == wanted


@pytest.mark.parametrize("selector", ["mail2026", "a", "s1.tocsin", "0-9"])
def test_a_selector_is_one_label_or_several(selector: str) -> None:
    env = {"TOCSIN_DKIM_KEY_FILE": "key.pem", "TOCSIN_DKIM_SELECTOR": selector}

    assert load_settings(env).dkim_selector == selector


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"TOCSIN_BOUNCES": "bounces"}, "TOCSIN_BOUNCES: 'bounces' is no mail address; write one such as bounces@news.example.org"),
        ({"TOCSIN_BOUNCES": "a+b@example.org"}, "TOCSIN_BOUNCES: 'a+b@example.org' has a plus, which Tocsin adds itself; write one such as bounces@news.example.org"),
        ({"TOCSIN_BOUNCES": f"{'b' * 25}@example.org"}, f"TOCSIN_BOUNCES: '{'b' * 25}@example.org' has more than 24 characters before the @; write one such as bounces@news.example.org"),
        ({"TOCSIN_BOUNCES": "b\r\nBcc: a@example.org"}, "TOCSIN_BOUNCES: 'b\\u000d\\u000aBcc: a@example.org' is no mail address; write one such as bounces@news.example.org"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "imap://me:word@host/INBOX"}, f"TOCSIN_BOUNCE_BOX: {BOX_FORMS}"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "imaps://host/INBOX"}, f"TOCSIN_BOUNCE_BOX: the address names no user or no password; {BOX_FORMS}"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "imaps://me@host/INBOX"}, f"TOCSIN_BOUNCE_BOX: the address names no user or no password; {BOX_FORMS}"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "imap+plain://me:word@mail.example.org/INBOX"}, "TOCSIN_BOUNCE_BOX: imap+plain:// has no TLS and is for this machine only; use imaps://"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "imaps://me:wo#rd@host/INBOX"}, "TOCSIN_BOUNCE_BOX: the address cannot be read; check the port, and percent-encode @ : / ? # in the password"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "imaps://me:word@host/INBOX?x=1"}, "TOCSIN_BOUNCE_BOX: nothing may follow the folder; percent-encode / ? # in the password (%2F %3F %23)"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "maildir://var/mail"}, "TOCSIN_BOUNCE_BOX: the address names no folder; write maildir:///absolute/path"),
        (BOUNCES | {"TOCSIN_BOUNCE_BOX": "maildir:///"}, "TOCSIN_BOUNCE_BOX: the address names no folder; write maildir:///absolute/path"),
        (BOUNCES | {"TOCSIN_BOUNCE_TOKEN": "short"}, "TOCSIN_BOUNCE_TOKEN: shorter than 32 characters; make one with `openssl rand -hex 32`"),
        (BOUNCES | {"TOCSIN_BOUNCE_TOKEN": "with blanks " * 4}, "TOCSIN_BOUNCE_TOKEN: only letters, digits and . _ ~ + / - may stand in it; make one with `openssl rand -hex 32`"),
        ({"TOCSIN_BOUNCE_TOKEN": TOKEN}, "TOCSIN_BOUNCE_TOKEN: says nothing without TOCSIN_BOUNCES; set that too, or unset this one"),
        ({"TOCSIN_BOUNCE_BOX": "maildir:///var/mail/bounces"}, "TOCSIN_BOUNCE_BOX: says nothing without TOCSIN_BOUNCES; set that too, or unset this one"),
        ({"TOCSIN_DKIM_KEY_FILE": "key.pem"}, "TOCSIN_DKIM_KEY_FILE: says nothing without TOCSIN_DKIM_SELECTOR; set that too, or unset this one"),
        ({"TOCSIN_DKIM_SELECTOR": "mail"}, "TOCSIN_DKIM_SELECTOR: says nothing without TOCSIN_DKIM_KEY_FILE; set that too, or unset this one"),
        ({"TOCSIN_DKIM_KEY_FILE": "key.pem", "TOCSIN_DKIM_SELECTOR": "my key"}, "TOCSIN_DKIM_SELECTOR: 'my key' is no selector; write the word before ._domainkey in your DNS, such as mail2026"),
        ({"TOCSIN_MAIL_RATE": "300"}, "TOCSIN_MAIL_RATE: '300' is no rate; write what it counts in too: 300/minute, 300/hour, 300/day"),
        ({"TOCSIN_MAIL_RATE": "5 per minute"}, "TOCSIN_MAIL_RATE: '5 per minute' is no rate; write '5/minute'"),
        ({"TOCSIN_MAIL_RATE": "5/minite"}, "TOCSIN_MAIL_RATE: unknown period 'minite'; did you mean 'minute'?"),
        ({"TOCSIN_MAIL_RATE": "0/minute"}, "TOCSIN_MAIL_RATE: '0/minute' is out of range; write a number from 1 to 1000, such as 3/hour"),
    ],
)  # fmt: skip
def test_a_fault_names_the_variable_and_the_remedy(env: dict[str, str], wanted: str) -> None:
    assert message(env) == wanted


def test_a_folder_of_templates_that_is_none_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "mine"

    wanted = "no folder; make it, or unset the variable to use Tocsin's templates"
    assert message({"TOCSIN_TEMPLATES": str(path)}).endswith(wanted)


def test_the_folder_of_templates_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)

    assert load_settings({"TOCSIN_TEMPLATES": "mine"}).templates == tmp_path / "mine"
