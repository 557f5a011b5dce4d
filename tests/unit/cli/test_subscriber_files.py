"""`tocsin subscribers export` and `import`: nobody is brought back, and each line that is not taken is told."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from command_line import CommandLine
from tocsin.cli.subscriber_import import Add, End, Keep, judged
from tocsin.cli.subscriber_records import (
    FORM,
    MOST_CHARACTERS,
    SubscriberLine,
    file_lines,
    read_file,
    subscriber_record,
)
from tocsin.models.ids import SubscriberId, WatchId
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.models.watchlist import DigestSchedule, QuietPolicy, Subscriber
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.subscriber_states import suppress, unsubscribe
from tocsin.store.subscribers import find_subscriber, list_subscribers

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN = (WatchId("siege"), WatchId("rain"))
ZOE, OMAR = "zoe@example.org", "omar@example.org"
WATCHLIST = """\
version: 1
feeds: [https://wire.example/rss]
watches:
  siege: {keywords: [siege]}
  rain: {keywords: [rain]}
subscribers:
  - {email: omar@example.org, watches: all}
self_service: {watches: [siege]}
"""


def stored(**changes: Any) -> StoredSubscriber:
    schedule = DigestSchedule((1, 2, 3, 4, 5), ("06:00", "18:00"), QuietPolicy.SKIP)
    subscriber = Subscriber(ZOE, "Europe/Berlin", OPEN, schedule, "de")
    fields: dict[str, Any] = {
        "id": SubscriberId(7),
        "subscriber": subscriber,
        "joined_at": NOW,
        "closed_until": NOW,
        "slots_from": NOW,
        "state_since": NOW,
        "owner": Owner.READER,
    }
    return StoredSubscriber(**(fields | changes))


def line(**changes: Any) -> SubscriberLine:
    return SubscriberLine.model_validate(subscriber_record(stored()) | changes)


def test_a_subscriber_survives_being_written_and_read(tmp_path: Path) -> None:
    by_cron = DigestSchedule((), (), QuietPolicy.WEEKLY, cron="0 7 1 * *")
    away = {"state": SubscriberState.PAUSED, "paused_until": NOW + HOUR, "because": "a\nline \u2028 of \x1b[31m odds"}
    all_of_them = [
        stored(),
        stored(subscriber=Subscriber("b@x.org", "Asia/Beirut", (WatchId("rain"),), by_cron, "ar"), **away),
        stored(all_watches=True, state=SubscriberState.UNSUBSCRIBED),
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("".join(file_lines(all_of_them, NOW)), encoding="utf-8")
    read = [one.subscriber for one in read_file(path)]
    assert [one and one.model_dump(mode="json") for one in read] == [
        SubscriberLine.model_validate(subscriber_record(one)).model_dump(mode="json") for one in all_of_them
    ]
    first, second, third = read
    assert first is not None
    assert first.wanted(OPEN) == all_of_them[0].subscriber
    assert second is not None
    assert second.wanted((WatchId("rain"),)) == all_of_them[1].subscriber
    assert third is not None
    assert third.all_watches


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"email": "zoe"}, "'email': 'zoe' is no mail address; write one such as zoe@example.org"),
        ({"timezone": "Asia/Beyrut"}, "'timezone': unknown time zone 'Asia/Beyrut'; did you mean 'Asia/Beirut'?"),
        ({"language": "es"}, "'language': mails do not come in 'es'; write en, de, fr or ar"),
        ({"cron": "0 7 1 * *"}, "'cron' beside 'days' or 'at', which it stands in place of; remove one of them"),
        ({"at": []}, "'days' and 'at' are missing; add them, or 'cron'"),
        ({"at": ["7:30"]}, "'at': '7:30' is no time of day; write '07:30'"),
        ({"state": "asleep"}, "'state': Input should be 'active', 'paused', 'suppressed', 'unsubscribed' or 'removed'"),
        ({"token": "x"}, "'token': Extra inputs are not permitted"),
    ],
)
def test_a_line_that_cannot_be_says_which_key_and_why(tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    path = tmp_path / "x.jsonl"
    wrong = subscriber_record(stored()) | changes
    path.write_text(f"{json.dumps(FORM)}\n\n{json.dumps(wrong)}\n")
    [read] = read_file(path)
    assert (read.number, read.subscriber, read.fault) == (3, None, fault)


def test_a_line_that_is_too_long_or_no_json_does_not_take_the_others_along(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    right = json.dumps(subscriber_record(stored()))
    path.write_text("\n".join([json.dumps(FORM), "x" * (2 * MOST_CHARACTERS + 5), "{", right, '{"email": "\\ud800"}']))
    read = list(read_file(path))
    assert [one.number for one in read] == [2, 3, 4, 5]
    assert read[0].fault == "longer than 100,000 characters; make it shorter"
    assert read[1].fault.startswith("Invalid JSON")
    assert read[2].subscriber is not None
    assert read[3].subscriber is None


@pytest.mark.parametrize(
    ("verdict", "told", "here"),
    [
        pytest.param(Add(stored().subscriber), {}, None, id="somebody new"),
        pytest.param(Add(stored().subscriber), {"state": "paused"}, None, id="somebody new who pauses"),
        pytest.param(
            Add(stored().subscriber, ("gone",)), {"watches": ["rain", "siege", "gone"]}, None, id="a watch less"
        ),
        pytest.param(
            Add(stored().subscriber), {"state": "unsubscribed", "owner": "watchlist"}, None, id="ended there, new here"
        ),
        pytest.param(
            Keep("belongs to the watchlist where the file comes from; put them into the watchlist here"),
            {"owner": "watchlist"},
            None,
            id="the watchlist's there",
        ),
        pytest.param(
            Keep("had been removed where the file comes from; add them if they are wanted here"),
            {"state": "removed"},
            None,
            id="removed there",
        ),
        pytest.param(
            Keep("none of their watches is open to readers here: gone"), {"watches": ["gone"]}, None, id="no watch left"
        ),
        pytest.param(Keep(), {}, {}, id="the same"),
        pytest.param(
            Keep("is here with other settings; an import changes nobody who is here"),
            {"language": "fr"},
            {},
            id="other settings",
        ),
        pytest.param(
            Keep("is unsubscribed here; an import changes nobody who is here"),
            {},
            {"state": SubscriberState.UNSUBSCRIBED},
            id="ended here",
        ),
        pytest.param(
            Keep("is suppressed here; an import changes nobody who is here"),
            {"state": "paused"},
            {"state": SubscriberState.SUPPRESSED},
            id="refused here",
        ),
        pytest.param(
            End(SubscriberId(7)),
            {"state": "unsubscribed", "since": (NOW + HOUR).isoformat()},
            {},
            id="ended there later than they joined here",
        ),
        pytest.param(
            Keep(
                "is active here since 2026-03-10 12:00Z, which is later than they are unsubscribed there",
            ),
            {"state": "unsubscribed", "since": (NOW - HOUR).isoformat()},
            {},
            id="came here after they had ended it there",
        ),
        pytest.param(
            End(SubscriberId(7)),
            {"state": "suppressed", "since": (NOW - HOUR).isoformat()},
            {"owner": Owner.WATCHLIST},
            id="named by the watchlist here, refused there",
        ),
        pytest.param(
            Keep("is active here since 2026-03-10 13:00Z, which is later than they are unsubscribed there"),
            {"state": "unsubscribed", "since": NOW.isoformat()},
            {"owner": Owner.WATCHLIST, "state_since": NOW + HOUR},
            id="named by the watchlist and resumed here since",
        ),
        pytest.param(Add(stored().subscriber), {}, {"state": SubscriberState.REMOVED}, id="removed here before"),
        pytest.param(
            Keep(),
            {"state": "suppressed", "language": "fr"},
            {"state": SubscriberState.UNSUBSCRIBED},
            id="refused there, ended here",
        ),
        pytest.param(
            End(SubscriberId(7)),
            {"state": "unsubscribed", "since": (NOW + HOUR).isoformat()},
            {"state": SubscriberState.SUPPRESSED},
            id="ended there, refused here",
        ),
    ],
)
def test_what_becomes_of_a_line(verdict: object, told: dict[str, Any], here: dict[str, Any] | None) -> None:
    known = None if here is None else stored(**here)
    assert judged(line(**told), known, OPEN, is_deleted=False) == verdict


def test_who_had_everything_deleted_here_is_not_brought_back() -> None:
    verdict = judged(line(), None, OPEN, is_deleted=True)
    assert verdict == Keep("had everything about them deleted here; only they themselves can come back")


@pytest.fixture
def database(tocsin: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("TOCSIN_SECRET", "s" * 32)
    tocsin.write(WATCHLIST)
    assert tocsin("db", "upgrade").code == 0
    database = open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")
    yield database
    database.close()


def states(database: Database) -> dict[str, tuple[str, str]]:
    with database.read() as connection:
        return {one.subscriber.email: (one.owner.value, one.state.value) for one in list_subscribers(connection)}


def test_a_file_moves_subscribers_from_one_house_to_the_next(tocsin: CommandLine, database: Database) -> None:
    for number in range(4):
        assert tocsin("subscribers", "add", f"reader{number}@example.org").code == 0
    tocsin("subscribers", "pause", "reader1@example.org", "--until", "2999-01-01")
    for number, end in ((2, unsubscribe), (3, suppress)):
        with database.write() as connection:
            found = find_subscriber(connection, f"reader{number}@example.org")
            assert found is not None
            end(connection, found.id, database_now(connection), because="a reason")
    ran = tocsin("subscribers", "export", "all.jsonl")
    assert (ran.code, ran.out) == (0, "Wrote 4 to all.jsonl.\n")
    assert stat.S_IMODE((tocsin.folder / "all.jsonl").stat().st_mode) == 0o600
    before = (tocsin.folder / "all.jsonl").read_text().splitlines()
    assert json.loads(before[0]).items() >= FORM.items()
    there = {"DATABASE_URL": f"sqlite:///{tocsin.folder / 'there.sqlite3'}"}
    tocsin("db", "upgrade", **there)

    trial = tocsin("subscribers", "import", "all.jsonl", "--dry-run", **there)
    assert (trial.code, trial.out) == (0, "4 would be added, 0 there before, 0 not taken.\n")
    assert tocsin("subscribers", "list", "--json", **there).json["subscribers"] == []
    ran = tocsin("subscribers", "import", "all.jsonl", **there)
    assert (ran.code, ran.out, ran.err) == (0, "4 added, 0 there before, 0 not taken.\n", "")
    again = tocsin("subscribers", "import", "all.jsonl", **there)
    assert (again.code, again.out) == (0, "0 added, 4 there before, 0 not taken.\n")

    copied = [json.loads(one) for one in tocsin("subscribers", "export", **there).out.splitlines()[1:]]
    told = [json.loads(one) for one in before[1:]]
    lasting = {"owner", "state", "because", "paused_until", "watches", "at", "days", "language", "timezone", "quiet"}
    assert [one["email"] for one in copied] == [OMAR, *(one["email"] for one in told)]
    assert [{key: one[key] for key in lasting} for one in copied[1:]] == [
        {key: one[key] for key in lasting} for one in told
    ]


def test_each_line_that_is_not_taken_is_told_with_its_reason(tocsin: CommandLine, database: Database) -> None:
    tocsin("subscribers", "add", ZOE)
    record = subscriber_record(stored())
    lines = [
        FORM,
        record | {"watches": ["siege"]},
        record | {"email": "new@example.org"},
        record | {"email": "NEW@example.org"},
        record | {"email": "none"},
        record | {"email": OMAR, "state": "unsubscribed", "because": "by the link in a mail"},
    ]
    tocsin.write("".join(json.dumps(one) + "\n" for one in lines), "some.jsonl")
    ran = tocsin("subscribers", "import", "some.jsonl")
    assert ran.code == 1
    assert ran.err.splitlines() == [
        "some.jsonl:3: warning: new@example.org: added without watches that are not open to readers here: rain",
        f"some.jsonl:2: not taken: {ZOE}: is here with other settings; an import changes nobody who is here",
        "some.jsonl:4: not taken: NEW@example.org: stands in line 3 already",
        "some.jsonl:5: not taken: 'email': 'none' is no mail address; write one such as zoe@example.org",
    ]
    told = "1 added, 0 there before, 1 ended, as they are where the file comes from, 3 not taken.\n"
    assert ran.out == told
    assert states(database) == {
        ZOE: ("reader", "active"),
        OMAR: ("watchlist", "unsubscribed"),
        "new@example.org": ("reader", "active"),
    }
    again = tocsin("subscribers", "import", "some.jsonl", "--json").json
    assert (again["added"], again["ended"], again["written"]) == ([], [], True)
    assert [one["line"] for one in again["not_taken"]] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "x.jsonl: cannot be read (No such file or directory); check its name and permissions"),
        (b"", "x.jsonl:1: this is no file of subscribers; it begins with "),
        (b'{"tocsin": "feeds", "version": 1}', "x.jsonl:1: this is no file of subscribers; it begins with "),
        (b'{"tocsin": "subscribers", "version": 2}', "x.jsonl:1: version 2 is not known to this Tocsin, which writes"),
        (b"\xff\xfe", "x.jsonl: this is not UTF-8 text; write it by `tocsin subscribers export`"),
    ],
    ids=["missing", "empty", "another form", "another version", "no text"],
)
def test_a_file_that_is_none_is_refused_before_the_database_is_opened(
    tocsin: CommandLine, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tocsin.folder / "x.jsonl").write_bytes(content)
    ran = tocsin("subscribers", "import", "x.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"tocsin: {words}")
    assert not (tocsin.folder / "var").exists()


@pytest.mark.usefixtures("database")
def test_where_a_file_cannot_be_written_it_is_said_what_to_check(tocsin: CommandLine) -> None:
    ran = tocsin("subscribers", "export", "no/such/folder.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("tocsin: no/such/folder.jsonl: cannot be written (No such file or directory)")
