"""What `tocsin doctor` finds of mail to readers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tocsin.cli import mail_checkup
from tocsin.cli.finding import Finding, State
from tocsin.config import Settings, load_settings
from tocsin.errors import MailSetupError
from tocsin.models.watchlist import SelfService, Watchlist

BOUNCES = {"TOCSIN_BOUNCES": "bounces@news.example.org"}
HTTPS = {"TOCSIN_BASE_URL": "https://news.example.org"}
SMTP = {"SMTP_URL": "smtps://mail.example.org"}


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dkim") / "dkim.pem"
    subprocess.run(["openssl", "genrsa", "-out", path, "2048"], check=True, capture_output=True)
    path.chmod(0o600)
    return path


@pytest.fixture
def watchlist() -> Watchlist:
    return Watchlist(Path("w.yaml"), "", "0" * 12, (), (), (), (), ())


def settings(home: Path, **env: str) -> Settings:
    return load_settings({"TOCSIN_HOME": str(home), **env})


def test_a_maildir_is_looked_into(tmp_path: Path) -> None:
    box = tmp_path / "box"
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    mail = box / "new" / "1.host"
    mail.write_bytes(b"Subject: x\r\n\r\nx")
    here = settings(tmp_path, **BOUNCES, TOCSIN_BOUNCE_BOX=f"maildir://{box}")
    told = Finding("bounces", State.WELL, "what comes to bounces@news.example.org can be read")
    assert list(mail_checkup.bounces(here)) == [told]
    assert mail.exists()


def test_a_mailbox_that_cannot_be_read_is_a_fault_with_its_name(tmp_path: Path) -> None:
    here = settings(tmp_path, **BOUNCES, TOCSIN_BOUNCE_BOX=f"maildir://{tmp_path}/none")
    with pytest.raises(MailSetupError, match="TOCSIN_BOUNCE_BOX: the Maildir"):
        list(mail_checkup.bounces(here))


def test_where_bounces_come_to_and_nobody_reads_them_it_is_told(tmp_path: Path) -> None:
    assert list(mail_checkup.bounces(settings(tmp_path))) == []
    [unread] = mail_checkup.bounces(settings(tmp_path, **BOUNCES))
    assert (unread.state, unread.words.partition(";")[0]) == (
        State.LOOK,
        "nobody reads what comes to bounces@news.example.org",
    )
    [taken] = mail_checkup.bounces(settings(tmp_path, **BOUNCES, **HTTPS, TOCSIN_BOUNCE_TOKEN="t" * 32))
    assert taken.words == "what comes to bounces@news.example.org is taken at https://news.example.org/mail/reports"


def test_of_a_signature_it_is_told_what_dns_must_have(tmp_path: Path, key: Path) -> None:
    dkim = {"TOCSIN_DKIM_KEY_FILE": str(key), "TOCSIN_DKIM_SELECTOR": "mail2026"}
    [found] = mail_checkup.signature(settings(tmp_path, **dkim, TOCSIN_MAIL_FROM="news@example.org"))
    assert found.state is State.WELL
    assert "mail2026._domainkey.example.org the TXT record: v=DKIM1; k=rsa; p=MII" in found.words


def test_a_key_that_is_none_is_a_fault(tmp_path: Path) -> None:
    dkim = {"TOCSIN_DKIM_KEY_FILE": str(tmp_path / "none.pem"), "TOCSIN_DKIM_SELECTOR": "mail2026"}
    with pytest.raises(MailSetupError):
        list(mail_checkup.signature(settings(tmp_path, **dkim)))


def test_faults_of_the_operators_templates_are_told(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    (folder / "email").mkdir(parents=True)
    here = settings(tmp_path, TOCSIN_TEMPLATES=str(folder))
    assert list(mail_checkup.own_templates(here)) == [
        Finding("templates", State.WELL, f"those in {folder} take the place of Tocsin's")
    ]
    (folder / "email" / "digest.txt").write_text("{{ wiev.email }}")
    [fault] = mail_checkup.own_templates(here)
    assert fault.state is State.LOOK
    assert fault.words.startswith(f"{folder}/email/digest.txt, line 1: 'wiev' is undefined")


@pytest.mark.parametrize(
    ("env", "is_open", "found"),
    [
        pytest.param({}, True, None, id="at home, without a mail server"),
        pytest.param(SMTP, True, "links in mails begin with http://127.0.0.1:8080, which leads nowhere", id="at home"),
        pytest.param(
            {"TOCSIN_BASE_URL": "http://news.example.org"},
            True,
            "http://news.example.org is not https: readers' addresses and links can be read on the way; put a proxy "
            "with TLS before the pages; or close the form for subscribing: `self_service: {open: false}`",
            id="without TLS",
        ),
        pytest.param(
            {"TOCSIN_BASE_URL": "http://news.example.org"},
            False,
            "http://news.example.org is not https: readers' addresses and links can be read on the way; put a proxy "
            "with TLS before the pages",
            id="without TLS and closed",
        ),
        pytest.param(
            HTTPS, True, "https://news.example.org is https, so a proxy stands before the pages", id="without a proxy"
        ),
    ],
)
def test_links_that_lead_nowhere_or_are_unsafe_are_told(
    tmp_path: Path, watchlist: Watchlist, env: dict[str, str], is_open: bool, found: str | None
) -> None:
    from dataclasses import replace

    mine = replace(watchlist, self_service=SelfService(is_open=is_open))
    told = list(mail_checkup.addresses(settings(tmp_path, **env), mine))
    assert [one.state for one in told] == ([] if found is None else [State.LOOK])
    assert all(one.words.startswith(found or "") for one in told)
    if not is_open:
        assert [one.words for one in told] == [found]


@pytest.mark.parametrize("env", [HTTPS | {"TOCSIN_TRUSTED_PROXIES": "10.0.0.1"}])
def test_links_that_are_well_are_told_so(tmp_path: Path, watchlist: Watchlist, env: dict[str, str]) -> None:
    told = Finding("links", State.WELL, "links in mails begin with https://news.example.org")
    assert list(mail_checkup.addresses(settings(tmp_path, **env), watchlist)) == [told]
    assert list(mail_checkup.addresses(settings(tmp_path, **env), None)) == [told]
