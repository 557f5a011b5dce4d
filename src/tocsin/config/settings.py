"""The settings: everything the environment says, checked, with defaults.

The only reader of environment variables, and of the files that ``NAME_FILE`` variables name. The checks on single
values are in `setting_values`. Nothing is read from a .env file: whoever starts the processes decides what they see.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from tocsin.config import mail_values
from tocsin.config import setting_values as values
from tocsin.config.setting_values import MIN_SECRET, Network
from tocsin.config.wording import nearest
from tocsin.errors import SettingsError
from tocsin.models.watchlist import Rate

__all__ = ["MIN_SECRET", "Settings", "load_settings"]

PREFIX = "TOCSIN_"
VARIABLES = {
    "TOCSIN_HOME": "home",
    "TOCSIN_WATCHLIST": "watchlist",
    "DATABASE_URL": "database_url",
    "REDIS_URL": "redis_url",
    "SMTP_URL": "smtp_url",
    "TOCSIN_MAIL_FROM": "mail_from",
    "TOCSIN_BOUNCES": "bounces",
    "TOCSIN_BOUNCE_BOX": "bounce_box",
    "TOCSIN_BOUNCE_TOKEN": "bounce_token",
    "TOCSIN_DKIM_KEY_FILE": "dkim_key_file",
    "TOCSIN_DKIM_SELECTOR": "dkim_selector",
    "TOCSIN_MAIL_RATE": "mail_rate",
    "TOCSIN_TEMPLATES": "templates",
    "TOCSIN_CONTACT": "contact",
    "TOCSIN_WEB_HOST": "web_host",
    "TOCSIN_WEB_PORT": "web_port",
    "TOCSIN_BASE_URL": "base_url",
    "TOCSIN_TRUSTED_PROXIES": "trusted_proxies",
    "TOCSIN_WEBSUB": "websub",
    "TOCSIN_SECRET": "secret",
    "TOCSIN_ALLOW_NETWORKS": "allow_networks",
    "TOCSIN_POLL_MINUTES": "poll_minutes",
    "TOCSIN_LOG_FORMAT": "log_format",
    "TOCSIN_LOG_LEVEL": "log_level",
}
SECRETS = ("DATABASE_URL", "REDIS_URL", "SMTP_URL", "TOCSIN_SECRET", "TOCSIN_BOUNCE_BOX", "TOCSIN_BOUNCE_TOKEN")
FROM_FILES = {f"{name}_FILE": name for name in SECRETS}
NEEDED_BESIDE = {
    "TOCSIN_BOUNCE_BOX": "TOCSIN_BOUNCES",
    "TOCSIN_BOUNCE_TOKEN": "TOCSIN_BOUNCES",
    "TOCSIN_DKIM_KEY_FILE": "TOCSIN_DKIM_SELECTOR",
    "TOCSIN_DKIM_SELECTOR": "TOCSIN_DKIM_KEY_FILE",
}
"""Settings that say nothing without another one."""

USUAL_MAIL_RATE = Rate(300, timedelta(minutes=1))
_MAX_FILE = 65_536


def _database_in_home(data: dict[str, Any]) -> SecretStr:
    return SecretStr(f"sqlite:///{data['home'] / 'tocsin.sqlite3'}")


def _address_of_web(data: dict[str, Any]) -> str:
    host = data["web_host"]
    reachable = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{data['web_port']}"


def _usual_log_format() -> str:
    return "console" if sys.stderr.isatty() else "json"


class Settings(BaseSettings):
    """What the environment says, with defaults; made by `load_settings` alone. Secrets do not show in its repr.

    ``home`` is absolute. ``database_url`` is an SQLAlchemy address. ``redis_url`` None means the embedded server,
    ``smtp_url`` None means mail into files, ``secret`` None means the one in ``home`` (see `secret_of`).

    ``bounces`` None means that mails have the sender's own envelope address; ``mail_rate`` holds for each domain that
    is mailed to, None for any number; ``trusted_proxies`` are believed when they say whom they speak for; files in the
    folder ``templates`` take the place of those of the same name.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    home: Annotated[Path, BeforeValidator(values.folder)] = Path("var")
    watchlist: Annotated[Path, BeforeValidator(values.path)] = Path("watchlist.yaml")
    database_url: Annotated[SecretStr, BeforeValidator(values.database_url)] = Field(default_factory=_database_in_home)
    redis_url: Annotated[SecretStr | None, BeforeValidator(values.redis_url)] = None
    smtp_url: Annotated[SecretStr | None, BeforeValidator(values.smtp_url)] = None
    mail_from: Annotated[str, BeforeValidator(values.sender)] = "Tocsin <tocsin@localhost>"
    bounces: Annotated[str | None, BeforeValidator(mail_values.bounces)] = None
    bounce_box: Annotated[SecretStr | None, BeforeValidator(mail_values.bounce_box)] = None
    bounce_token: Annotated[SecretStr | None, BeforeValidator(mail_values.bounce_token)] = None
    dkim_key_file: Annotated[Path | None, BeforeValidator(mail_values.dkim_key_file)] = None
    dkim_selector: Annotated[str | None, BeforeValidator(mail_values.dkim_selector)] = None
    mail_rate: Annotated[Rate | None, BeforeValidator(mail_values.mail_rate)] = USUAL_MAIL_RATE
    templates: Annotated[Path | None, BeforeValidator(mail_values.templates)] = None
    contact: Annotated[str | None, BeforeValidator(values.contact)] = None
    web_host: Annotated[str, BeforeValidator(values.host)] = "127.0.0.1"
    web_port: Annotated[int, BeforeValidator(values.port)] = 8080
    base_url: Annotated[str, BeforeValidator(values.base_url)] = Field(default_factory=_address_of_web)
    trusted_proxies: Annotated[tuple[Network, ...], BeforeValidator(values.networks)] = ()
    websub: Annotated[bool, BeforeValidator(values.switch)] = True
    secret: Annotated[SecretStr | None, BeforeValidator(values.secret)] = None
    allow_networks: Annotated[tuple[Network, ...], BeforeValidator(values.networks)] = ()
    poll_minutes: Annotated[float, BeforeValidator(values.minutes)] = 10.0
    log_format: Annotated[str, BeforeValidator(values.log_format)] = Field(default_factory=_usual_log_format)
    log_level: Annotated[str, BeforeValidator(values.log_level)] = "info"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what `load_settings` collected, and look nowhere else."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


def load_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from ``env``, by default the process's own environment.

    An empty variable counts as unset. Raises `SettingsError` that names every variable at fault, what is wrong with it
    and what to write instead; the value of a secret is never told.
    """
    env = os.environ if env is None else env
    faults = [*_unknown(env), *_said_twice(env)]
    given: dict[str, str] = {}
    for name, field in VARIABLES.items():
        try:
            text = _text_of(name, env)
        except ValueError as error:
            faults.append(f"{name}_FILE: {error}")
            continue
        if text:
            given[field] = text
    faults += _alone(given)
    settings, wrong = _validated(given)
    if settings is None or faults:
        raise SettingsError("\n".join([*faults, *wrong]))
    return settings


def _validated(given: dict[str, str]) -> tuple[Settings | None, list[str]]:
    names = {field: name for name, field in VARIABLES.items()}
    try:
        return Settings.model_validate(given), []
    except ValidationError as error:
        # A default that hangs on a faulty variable is no fault of its own.
        told = [one for one in error.errors(include_url=False) if one["type"] == "value_error"]
        return None, [f"{names[str(one['loc'][0])]}: {one['ctx']['error']}" for one in told]


def _text_of(name: str, env: Mapping[str, str]) -> str:
    """Give the variable's text, or that of the file which its NAME_FILE names; "" where neither is set."""
    named = env.get(f"{name}_FILE", "").strip() if f"{name}_FILE" in FROM_FILES else ""
    return _content(named) if named else env.get(name, "").strip()


def _content(named: str) -> str:
    try:
        with Path(named).open("rb") as file:
            text = file.read(_MAX_FILE).decode().strip()
    except OSError as error:
        raise ValueError(
            f"the file {named} cannot be read ({error.strerror}); check its name and permissions"
        ) from error
    except UnicodeDecodeError as error:
        raise ValueError(f"the file {named} is not UTF-8 text; write the value into it as text") from error
    if not text:
        raise ValueError(f"the file {named} is empty; write the value into it, or unset the variable")
    return text


def _unknown(env: Mapping[str, str]) -> Iterator[str]:
    known = [*VARIABLES, *FROM_FILES]
    for name in sorted(env):
        if name.startswith(PREFIX) and name not in known:
            near = nearest(name, known)
            yield f"{name}: unknown variable; " + (f"did you mean {near}?" if near else "unset it")


def _alone(given: Collection[str]) -> Iterator[str]:
    for name, needed in NEEDED_BESIDE.items():
        if VARIABLES[name] in given and VARIABLES[needed] not in given:
            yield f"{name}: says nothing without {needed}; set that too, or unset this one"


def _said_twice(env: Mapping[str, str]) -> Iterator[str]:
    for from_file, name in FROM_FILES.items():
        if env.get(from_file) and env.get(name):
            yield f"{name}: both {name} and {from_file} are set; unset one of them"
