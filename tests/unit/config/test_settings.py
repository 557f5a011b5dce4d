"""What the environment says, and what it may not say."""

from __future__ import annotations

# ruff: noqa: E501 - a message is compared in one piece, as it is printed
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from tocsin.config import load_settings
from tocsin.errors import SettingsError

LONG_SECRET = "a-secret-of-more-than-thirty-two-characters"  # noqa: S105 - of nobody


def message(env: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as raised:
        load_settings(env)
    return str(raised.value)


def test_an_empty_environment_gives_the_embedded_defaults() -> None:
    settings = load_settings({})

    home = Path("var").absolute()
    assert settings.model_dump(exclude={"database_url", "log_format"}) == {
        "home": home,
        "watchlist": Path("watchlist.yaml"),
        "redis_url": None,
        "smtp_url": None,
        "mail_from": "Tocsin <tocsin@localhost>",
        "bounces": None,
        "bounce_box": None,
        "bounce_token": None,
        "dkim_key_file": None,
        "dkim_selector": None,
        "mail_rate": {"number": 300, "per": timedelta(minutes=1)},
        "templates": None,
        "contact": None,
        "web_host": "127.0.0.1",
        "web_port": 8080,
        "base_url": "http://127.0.0.1:8080",
        "trusted_proxies": (),
        "websub": True,
        "secret": None,
        "allow_networks": (),
        "poll_minutes": 10.0,
        "log_level": "info",
    }
    assert settings.database_url.get_secret_value() == f"sqlite:///{home}/tocsin.sqlite3"


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = load_settings(
        {
            "TOCSIN_HOME": str(tmp_path),
            "TOCSIN_WATCHLIST": "~/w.yaml",
            "TOCSIN_MAIL_FROM": "The Desk <desk@example.org>",
            "TOCSIN_BOUNCES": "bounces@news.bücher.example",
            "TOCSIN_DKIM_KEY_FILE": "/etc/tocsin/dkim.pem",
            "TOCSIN_DKIM_SELECTOR": "mail2026",
            "TOCSIN_MAIL_RATE": "1000/hour",
            "TOCSIN_TEMPLATES": str(tmp_path),
            "TOCSIN_TRUSTED_PROXIES": "10.0.0.1, fd00::/8",
            "TOCSIN_CONTACT": "ops@example.org",
            "TOCSIN_WEB_HOST": "0.0.0.0",  # noqa: S104 - not bound here
            "TOCSIN_WEB_PORT": "9000",
            "TOCSIN_BASE_URL": "https://tocsin.example.org/news/",
            "TOCSIN_WEBSUB": "Off",
            "TOCSIN_ALLOW_NETWORKS": "127.0.0.0/8, ::1/128",
            "TOCSIN_POLL_MINUTES": "0.05",
            "TOCSIN_LOG_FORMAT": "JSON",
            "TOCSIN_LOG_LEVEL": "Debug",
        }
    )

    secrets = {"redis_url", "smtp_url", "secret", "database_url", "bounce_box", "bounce_token"}
    assert settings.model_dump(exclude=secrets) == {
        "home": tmp_path,
        "watchlist": Path("~/w.yaml").expanduser(),
        "mail_from": "The Desk <desk@example.org>",
        "bounces": "bounces@news.xn--bcher-kva.example",
        "dkim_key_file": Path("/etc/tocsin/dkim.pem"),
        "dkim_selector": "mail2026",
        "mail_rate": {"number": 1000, "per": timedelta(hours=1)},
        "templates": tmp_path,
        "trusted_proxies": (ip_network("10.0.0.1"), ip_network("fd00::/8")),
        "contact": "ops@example.org",
        "web_host": "0.0.0.0",  # noqa: S104 - not bound here
        "web_port": 9000,
        "base_url": "https://tocsin.example.org/news",
        "websub": False,
        "allow_networks": (ip_network("127.0.0.0/8"), ip_network("::1/128")),
        "poll_minutes": 0.05,
        "log_format": "json",
        "log_level": "debug",
    }


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("postgres://me:word@db/tocsin", "postgresql+psycopg://me:word@db/tocsin"),
        ("postgresql://db:5433/tocsin", "postgresql+psycopg://db:5433/tocsin"),
        ("postgresql+psycopg://db/tocsin", "postgresql+psycopg://db/tocsin"),
        ("postgresql:///tocsin?host=/run/postgresql", "postgresql+psycopg:///tocsin?host=/run/postgresql"),
        ("sqlite:///news.sqlite3", "sqlite:///news.sqlite3"),
        ("sqlite:////srv/news.sqlite3", "sqlite:////srv/news.sqlite3"),
    ],
)
def test_database_addresses_become_those_of_sqlalchemy(given: str, wanted: str) -> None:
    assert load_settings({"DATABASE_URL": given}).database_url.get_secret_value() == wanted


@pytest.mark.parametrize(
    "url",
    [
        "smtp://me:word@mail.example.org:587",
        "smtps://mail.example.org:465",
        "smtp+plain://127.0.0.1:2525",
        "smtp+plain://[::1]:25",
    ],
)
def test_the_three_forms_of_mail_server_are_taken(url: str) -> None:
    smtp_url = load_settings({"SMTP_URL": url}).smtp_url

    assert smtp_url is not None
    assert smtp_url.get_secret_value() == url


@pytest.mark.parametrize("url", ["redis://cache:6379/0", "rediss://:word@cache/1", "unix:///run/redis.sock"])
def test_the_three_forms_of_redis_are_taken(url: str) -> None:
    redis_url = load_settings({"REDIS_URL": url}).redis_url

    assert redis_url is not None
    assert redis_url.get_secret_value() == url


def test_the_address_of_the_pages_follows_host_and_port() -> None:
    assert load_settings({"TOCSIN_WEB_PORT": "9000"}).base_url == "http://127.0.0.1:9000"
    assert load_settings({"TOCSIN_WEB_HOST": "::"}).base_url == "http://127.0.0.1:8080"
    assert load_settings({"TOCSIN_WEB_HOST": "::1"}).base_url == "http://[::1]:8080"
    assert load_settings({"TOCSIN_WEB_HOST": "news.lan"}).base_url == "http://news.lan:8080"


def test_an_empty_variable_is_an_unset_one() -> None:
    assert load_settings({"SMTP_URL": "", "TOCSIN_WEB_PORT": " "}) == load_settings({})


@pytest.mark.parametrize(
    ("env", "wanted"),
    [
        ({"TOCSIN_WEB_PROT": "80"}, "TOCSIN_WEB_PROT: unknown variable; did you mean TOCSIN_WEB_PORT?"),
        ({"TOCSIN_ZZZZZZ": "1"}, "TOCSIN_ZZZZZZ: unknown variable; unset it"),
        ({"TOCSIN_WEB_PORT": "80a"}, "TOCSIN_WEB_PORT: '80a' is no port; write a number from 1 to 65535"),
        ({"TOCSIN_WEB_PORT": "70000"}, "TOCSIN_WEB_PORT: '70000' is no port; write a number from 1 to 65535"),
        ({"TOCSIN_WEB_HOST": "a b"}, "TOCSIN_WEB_HOST: 'a b' is no host; write 127.0.0.1 (this machine) or 0.0.0.0 (all)"),
        ({"TOCSIN_POLL_MINUTES": "0"}, "TOCSIN_POLL_MINUTES: '0' is no interval; write minutes from 1 to 1440"),
        ({"TOCSIN_POLL_MINUTES": "nan"}, "TOCSIN_POLL_MINUTES: 'nan' is no interval; write minutes from 1 to 1440"),
        ({"TOCSIN_LOG_FORMAT": "jason"}, "TOCSIN_LOG_FORMAT: 'jason' is unknown; did you mean json?"),
        ({"TOCSIN_LOG_LEVEL": "warn"}, "TOCSIN_LOG_LEVEL: 'warn' is unknown; did you mean warning?"),
        ({"TOCSIN_BASE_URL": "example.org"}, "TOCSIN_BASE_URL: 'example.org' is no address for pages; write one such as https://tocsin.example.org"),
        ({"TOCSIN_CONTACT": "me"}, "TOCSIN_CONTACT: 'me' is neither a mail address nor a web address; write one of them"),
        ({"TOCSIN_MAIL_FROM": "Desk <desk>"}, "TOCSIN_MAIL_FROM: 'Desk <desk>' is no sender; write one such as 'Tocsin <tocsin@example.org>'"),
        ({"TOCSIN_MAIL_FROM": "a\nBcc: b <a@b.org>"}, "TOCSIN_MAIL_FROM: 'a\\u000aBcc: b <a@b.org>' is no sender; write one such as 'Tocsin <tocsin@example.org>'"),
        ({"TOCSIN_ALLOW_NETWORKS": "127.0.0.1/8"}, "TOCSIN_ALLOW_NETWORKS: '127.0.0.1/8' is no network; write 127.0.0.0/8"),
        ({"TOCSIN_ALLOW_NETWORKS": "lan"}, "TOCSIN_ALLOW_NETWORKS: 'lan' is no network; write networks such as 127.0.0.0/8, separated by commas"),
        ({"TOCSIN_SECRET": "short"}, "TOCSIN_SECRET: shorter than 32 characters; make one with `openssl rand -hex 32`"),
        ({"DATABASE_URL": "mysql://db/x"}, "DATABASE_URL: the address must begin with postgresql:// or sqlite:///"),
        ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL: the address names no file; write sqlite:///relative/path or sqlite:////absolute/path"),
        ({"DATABASE_URL": "postgres:///x"}, "DATABASE_URL: the address names no host; write postgresql://user:password@host/name"),
        ({"REDIS_URL": "http://cache"}, "REDIS_URL: write redis://host:6379/0, rediss://host:6379/0 (TLS) or unix:///path/of/socket"),
        ({"SMTP_URL": "mail.example.org:25"}, "SMTP_URL: write smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS)"),
        ({"SMTP_URL": "smtp+plain://mail.example.org"}, "SMTP_URL: smtp+plain:// has no TLS and is for this machine only; use smtp:// or smtps://"),
        ({"TOCSIN_TRUSTED_PROXIES": "10.0.0.1/8"}, "TOCSIN_TRUSTED_PROXIES: '10.0.0.1/8' is no network; write 10.0.0.0/8"),
        ({"TOCSIN_TRUSTED_PROXY": "10.0.0.1"}, "TOCSIN_TRUSTED_PROXY: unknown variable; did you mean TOCSIN_TRUSTED_PROXIES?"),
        ({"TOCSIN_SECRET": LONG_SECRET, "TOCSIN_SECRET_FILE": "x"}, "TOCSIN_SECRET: both TOCSIN_SECRET and TOCSIN_SECRET_FILE are set; unset one of them\nTOCSIN_SECRET_FILE: the file x cannot be read (No such file or directory); check its name and permissions"),
    ],
)  # fmt: skip
def test_a_fault_names_the_variable_and_the_remedy(env: dict[str, str], wanted: str) -> None:
    assert message(env) == wanted


def test_all_faults_are_told_at_once() -> None:
    env = {"TOCSIN_WEB_PORT": "0", "TOCSIN_LOG_LEVEL": "loud", "TOCSIN_HOMES": "x", "SMTP_URL": "smtp://"}

    assert [line.split(":")[0] for line in message(env).splitlines()] == [
        "TOCSIN_HOMES",
        "SMTP_URL",
        "TOCSIN_WEB_PORT",
        "TOCSIN_LOG_LEVEL",
    ]


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "SMTP_URL", "TOCSIN_BOUNCE_BOX"])
@pytest.mark.parametrize(
    "url",
    ["x://me:hunter2@host/", "smtp://me:hunter2@host:port", "redis://me:hunt#er2@host:x", "smtp://me:hunter2@h/x y"],
)
def test_a_password_never_stands_in_an_error(name: str, url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load_settings({name: url})

    cause = raised.value.__cause__
    assert "hunt" not in str(raised.value) + str(cause) + repr(cause)


def test_a_password_never_stands_in_the_repr() -> None:
    settings = load_settings(
        {
            "DATABASE_URL": "postgres://me:hunter2@db/x",
            "REDIS_URL": "redis://:hunter2@cache",
            "SMTP_URL": "smtp://me:hunter2@mail:587",
            "TOCSIN_SECRET": "hunter2" * 5,
            "TOCSIN_BOUNCES": "bounces@example.org",
            "TOCSIN_BOUNCE_BOX": "imaps://me:hunter2@mail/INBOX",
            "TOCSIN_BOUNCE_TOKEN": "hunter2" * 5,
        }
    )

    assert "hunter2" not in repr(settings) + str(settings)


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("DATABASE_URL", "database_url", "sqlite:///a.sqlite3"),
        ("REDIS_URL", "redis_url", "redis://cache"),
        ("SMTP_URL", "smtp_url", "smtps://mail.example.org"),
        ("TOCSIN_SECRET", "secret", LONG_SECRET),
        ("TOCSIN_BOUNCE_BOX", "bounce_box", "imaps://me:word@mail.example.org/INBOX"),
        ("TOCSIN_BOUNCE_TOKEN", "bounce_token", LONG_SECRET),
    ],
)
def test_a_secret_may_come_from_a_file(tmp_path: Path, name: str, field: str, value: str) -> None:
    path = tmp_path / "value"
    path.write_text(f"\n {value}\n")

    settings = load_settings({f"{name}_FILE": str(path), "TOCSIN_BOUNCES": "bounces@example.org"})

    assert getattr(settings, field).get_secret_value() == value


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b" \n", "is empty; write the value into it, or unset the variable"),
        (b"\xff\xfe", "is not UTF-8 text; write the value into it as text"),
    ],
)
def test_a_file_without_a_value_is_a_fault(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "value"
    path.write_bytes(content)

    assert message({"SMTP_URL_FILE": str(path)}) == f"SMTP_URL_FILE: the file {path} {fault}"


def test_only_secrets_may_come_from_a_file() -> None:
    assert message({"TOCSIN_HOME_FILE": "x"}) == "TOCSIN_HOME_FILE: unknown variable; did you mean TOCSIN_HOME?"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings({}).web_port = 1  # type: ignore[misc] # that it is refused is the point


def test_without_an_argument_the_process_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_WEB_PORT", "8181")

    assert load_settings().web_port == 8181
