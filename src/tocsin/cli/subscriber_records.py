"""Subscribers as lines of JSON: what `tocsin subscribers export` writes and `tocsin subscribers import` reads.

The first line names the form and its version; each line after it is one subscriber. A file of ten thousand can be read
line by line, and what is wrong with one of them has a line number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TextIO

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from tocsin.config.kinds import Cron, Day, Email, MailLanguage, Quiet, Slug, Time, TimeZone
from tocsin.config.values import DAY_WORDS, WEEKDAYS, distinct, iso_weekdays
from tocsin.config.wording import Suggestions, UnknownWord
from tocsin.errors import TocsinError
from tocsin.models.ids import WatchId
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Subscriber

FORM = {"tocsin": "subscribers", "version": 1}
MOST_CHARACTERS = 100_000
"""Of a line: a thousand watches with long ids are half of it."""


class SubscriberFileError(TocsinError):
    """A file of subscribers that cannot be read or written; the message names it and the remedy."""

    exit_code = 2


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    tocsin: Literal["subscribers"]
    version: int


class SubscriberLine(BaseModel):
    """One subscriber of a file. ``at`` and ``days`` are empty where there is a ``cron``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Email
    owner: Owner = Owner.READER
    state: SubscriberState = SubscriberState.ACTIVE
    because: Annotated[str, Field(max_length=2_000)] = ""
    since: AwareDatetime | None = None
    joined_at: AwareDatetime | None = None
    paused_until: AwareDatetime | None = None
    timezone: TimeZone
    language: MailLanguage = "en"
    watches: tuple[Slug, ...] | Literal["all"]
    days: tuple[Day, ...] = ()
    at: tuple[Time, ...] = ()
    cron: Cron | Literal[""] = ""
    quiet: Quiet = QuietPolicy.SHORT.value

    @model_validator(mode="after")
    def _has_one_schedule(self) -> SubscriberLine:
        if self.cron and (self.days or self.at):
            raise ValueError("'cron' beside 'days' or 'at', which it stands in place of; remove one of them")
        if not self.cron and not (self.days and self.at):
            raise ValueError("'days' and 'at' are missing; add them, or 'cron'")
        return self

    @property
    def all_watches(self) -> bool:
        """Whether every watch is wanted that is open to readers, those added later too."""
        return self.watches == "all"

    def wanted(self, watches: tuple[WatchId, ...]) -> Subscriber:
        """Give the subscriber with these watches."""
        days = iso_weekdays(self.days)
        schedule = DigestSchedule(days, tuple(sorted(set(self.at))), QuietPolicy(self.quiet), cron=self.cron)
        return Subscriber(self.email, self.timezone, watches, schedule, self.language)


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of a file by its number, from 1: a subscriber, or the fault that it has."""

    number: int
    subscriber: SubscriberLine | None
    fault: str = ""


def subscriber_record(stored: StoredSubscriber) -> dict[str, object]:
    """Give a subscriber as a record for programs; times are ISO 8601 in UTC."""
    subscriber = stored.subscriber
    schedule = subscriber.digest
    when: dict[str, object] = (
        {"cron": schedule.cron} if schedule.cron else {"days": _day_words(schedule.days), "at": list(schedule.at)}
    )
    return {
        "email": subscriber.email,
        "owner": stored.owner.value,
        "state": stored.state.value,
        "because": stored.because,
        "since": stored.state_since.isoformat(),
        "joined_at": stored.joined_at.isoformat(),
        "paused_until": stored.paused_until.isoformat() if stored.paused_until else None,
        "timezone": subscriber.timezone,
        "language": subscriber.language,
        "watches": "all" if stored.all_watches else list(subscriber.watches),
        **when,
        "quiet": schedule.quiet.value,
    }


def file_lines(stored: Iterable[StoredSubscriber], now: datetime) -> Iterator[str]:
    """Write subscribers as the lines of a file."""
    yield _line(FORM | {"exported_at": now.isoformat()})
    for one in stored:
        yield _line(subscriber_record(one))


def read_file(path: Path) -> Iterator[ReadLine]:
    """Read the lines of a file, one by one; empty ones are passed over.

    Raises:
        SubscriberFileError: It cannot be read, or is not such a file at all.

    """
    remedy = "; write it by `tocsin subscribers export`"
    try:
        with path.open(encoding="utf-8") as file:
            _check_form(path, file.readline(MOST_CHARACTERS), remedy)
            for number, line in enumerate(_bounded_lines(file), 2):
                if line.strip():
                    yield _read(number, line)
    except OSError as error:
        raise SubscriberFileError(
            f"{path}: cannot be read ({error.strerror}); check its name and permissions"
        ) from error
    except UnicodeDecodeError as error:
        raise SubscriberFileError(f"{path}: this is not UTF-8 text{remedy}") from error


def _bounded_lines(file: TextIO) -> Iterator[str]:
    """Give the lines that follow, each at most so long that its length shows that it is too long."""
    while line := file.readline(MOST_CHARACTERS + 1):
        rest = line
        while rest and not rest.endswith("\n"):
            rest = file.readline(MOST_CHARACTERS)
        yield line


def _check_form(path: Path, line: str, remedy: str) -> None:
    try:
        form = _Form.model_validate_json(line)
    except ValidationError as error:
        first = json.dumps(FORM)
        raise SubscriberFileError(
            f"{path}:1: this is no file of subscribers; it begins with {first}{remedy}"
        ) from error
    if form.version != FORM["version"]:
        known = f"version {form.version} is not known to this Tocsin, which writes version {FORM['version']}"
        raise SubscriberFileError(f"{path}:1: {known}; export it again with the same version of Tocsin")


def _read(number: int, line: str) -> ReadLine:
    if len(line) > MOST_CHARACTERS:
        return ReadLine(number, None, f"longer than {MOST_CHARACTERS:,} characters; make it shorter")
    try:
        return ReadLine(number, SubscriberLine.model_validate_json(line))
    except ValidationError as error:
        return ReadLine(number, None, _words(error))


def _words(error: ValidationError) -> str:
    """Say the first fault of a line with its key; the others mostly follow from it."""
    first = error.errors(include_url=False, include_input=False)[0]
    cause = first.get("ctx", {}).get("error")
    words = str(cause) if isinstance(cause, Exception) else first["msg"]
    if isinstance(cause, UnknownWord):
        words = Suggestions().complete(cause)
    place = next((str(step) for step in first["loc"]), "")
    return f"'{place}': {words}" if place else words


def _day_words(days: tuple[int, ...]) -> list[str]:
    """Say days as a watchlist does."""
    for word, numbers in DAY_WORDS.items():
        if days == numbers:
            return [word]
    return list(distinct(WEEKDAYS[day - 1] for day in days))


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
