from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import policy
from email.parser import BytesParser

import pytest
import sqlalchemy as sa

from command_line import CommandLine
from records import LEASE, MINUTE, NOW
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.watchlist import ChannelKind
from tocsin.store import deliveries, tables
from tocsin.store.database import Database, open_database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.notices import channel_key, open_notice
from webhook_receiver import SECRET, Receiver, receiving, says

WATCHLIST = """\
feeds: [https://example.org/feed]
watches:
  floods: {keywords: flood}
  siege: {title: Sieges, keywords: siege, alert: {to: [hook, box, chat]}}
channels:
  hook: {webhook: env:HOOK, secret: env:KEY, quiet_hours: 22:00-07:00, at_most: 20/hour, timezone: Europe/Berlin}
  box: {mail: desk@example.org}
  chat: {apprise: env:CHAT}
"""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving(says(200, b'{"ok": true}')) as running:
        yield running


@pytest.fixture
def house(tocsin: CommandLine) -> Iterator[Database]:
    """A watchlist with a channel of each kind, and a ledger in which one of them fails."""
    tocsin.write(WATCHLIST)
    tocsin("db", "upgrade")
    database = open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")
    new = [
        NewDelivery(f"{name}:{number}", DeliveryKind.ALERT, kind, "TARGET", f"<{name}-{number}@x>", name=name)
        for name, kind, many in (("hook", ChannelKind.WEBHOOK, 3), ("box", ChannelKind.MAIL, 1))
        for number in range(many)
    ]
    with database.write() as connection:
        ids = deliveries.enter_deliveries(connection, new, NOW)
        claimed = [
            deliveries.claim_delivery(connection, ids[index], NOW, lease=LEASE, lease_for=MINUTE) for index in (0, 3)
        ]
        assert claimed[0] is not None
        assert claimed[1] is not None
        deliveries.settle_deferred(connection, claimed[0], "[red]answered 503\x1b[31m", NOW + timedelta(hours=1))
        deliveries.settle_sent(connection, claimed[1], NOW + MINUTE)
        open_notice(connection, channel_key("hook"), NoticeKind.CHANNEL_FAILS, "The channel hook fails.", NOW)
    yield database
    database.close()


@pytest.mark.usefixtures("house")
def test_channels_are_listed_with_what_waits_and_how_they_went(tocsin: CommandLine) -> None:
    ran = tocsin("channels", "list")
    assert (ran.code, ran.err) == (1, "")
    lines = [" ".join(line.split()) for line in ran.out.splitlines()]
    assert lines == [
        "Channel Kind Zone Quiet hours At most Waiting Last sent Last problem",
        "hook webhook Europe/Berlin 22:00-07:00 20/hour 3 - 2026-03-10 12:00Z: [red]answered 503[31m",
        "box mail UTC - - 0 2026-03-10 12:01Z -",
        "chat apprise UTC - - 0 - -",
        "The channel hook fails.",
    ]


@pytest.mark.usefixtures("house")
def test_channels_are_listed_for_programs(tocsin: CommandLine) -> None:
    ran = tocsin("channels", "list", "--json")
    assert ran.code == 1
    assert ran.json[0] == {
        "name": "hook",
        "kind": "webhook",
        "target": "HOOK",
        "timezone": "Europe/Berlin",
        "quiet_hours": "22:00-07:00",
        "at_most": "20/hour",
        "waiting": 3,
        "to_bundle": 0,
        "last_sent_at": None,
        "last_problem": "[red]answered 503\x1b[31m",
        "last_problem_of": "2026-03-10T12:00:00+00:00",
        "fails": "The channel hook fails.",
    }
    assert [(one["name"], one["last_sent_at"], one["fails"]) for one in ran.json[1:]] == [
        ("box", "2026-03-10T12:01:00+00:00", None),
        ("chat", None, None),
    ]


def test_channels_are_listed_before_there_is_a_database(tocsin: CommandLine) -> None:
    tocsin.write(WATCHLIST)
    ran = tocsin("channels", "list")
    assert (ran.code, [line.split()[0] for line in ran.out.splitlines()]) == (0, ["Channel", "hook", "box", "chat"])
    assert not (tocsin.folder / "var" / "tocsin.sqlite3").exists()


def test_a_webhook_is_tried_with_a_sample_that_says_so(tocsin: CommandLine, receiver: Receiver) -> None:
    tocsin.write(WATCHLIST)
    ran = tocsin("channels", "test", "hook", HOOK=receiver.url, KEY=SECRET)
    assert (ran.code, ran.out, ran.err) == (0, 'hook: the webhook in HOOK answered 200: {"ok": true}\n', "")
    [taken] = receiver.taken
    record = taken.json()
    assert (record["kind"], record["channel"], record["id"]) == ("test", "hook", taken.fields["webhook-id"])
    [alert] = record["alerts"]
    assert alert["watch"] == {"id": "siege", "title": "Sieges"}
    assert alert["receipt"]["hits"]
    assert alert["links"]["story"] == "http://127.0.0.1:8080/stories/0"


def test_what_a_webhook_says_against_it_is_printed_with_the_remedy(tocsin: CommandLine, receiver: Receiver) -> None:
    tocsin.write(WATCHLIST)
    receiver.answer = says(403, b"wrong key")
    ran = tocsin("channels", "test", "hook", HOOK=receiver.url, KEY=SECRET)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == (
        "hook: the webhook in HOOK answered 403: wrong key\n"
        "Check HOOK and KEY in this shell, and that the running Tocsin has the same; see docs/channels.md.\n"
    )


def test_a_mailbox_is_tried_by_the_mail_server_or_the_folder(tocsin: CommandLine) -> None:
    tocsin.write(WATCHLIST)
    ran = tocsin("channels", "test", "box")
    [path] = (tocsin.folder / "var" / "mail").glob("*.eml")
    assert (ran.code, ran.out) == (0, f"box: written to {path}\n")
    mail = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert (mail["To"], mail["Subject"]) == (
        "desk@example.org",
        "[Sieges] Test of a channel: convoy reaches Deir ez-Zor",
    )


def test_a_service_is_tried_by_apprise(tocsin: CommandLine, receiver: Receiver) -> None:
    tocsin.write(WATCHLIST)
    ran = tocsin("channels", "test", "chat", CHAT=receiver.url.replace("http", "json", 1))
    assert (ran.code, ran.out, ran.err) == (0, "chat: taken by the service in CHAT\n", "")
    assert receiver.taken[0].json()["title"] == "[Sieges] Test of a channel: convoy reaches Deir ez-Zor"


def test_a_channel_that_is_not_there_is_told_with_those_that_are(tocsin: CommandLine) -> None:
    tocsin.write(WATCHLIST)
    ran = tocsin("channels", "test", "desk")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "tocsin: watchlist.yaml: no channel 'desk' under `channels:`; there are: hook, box, chat\n"


def test_what_waits_for_a_channel_that_works_is_tried_again(
    tocsin: CommandLine, house: Database, receiver: Receiver
) -> None:
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    late = sa.select(sa.func.count()).where(tables.deliveries.c.next_attempt_at == in_an_hour)
    with house.write() as connection:
        connection.execute(sa.update(tables.deliveries).values(next_attempt_at=in_an_hour))
        before = connection.execute(late).scalar_one()
    ran = tocsin("channels", "test", "hook", HOOK=receiver.url, KEY=SECRET)
    assert ran.out.splitlines()[1:] == ["3 messages that waited for it are tried again now."]
    with house.read() as connection:
        assert before - connection.execute(late).scalar_one() == 3
        assert connection.execute(sa.select(sa.func.count()).select_from(tables.deliveries)).scalar_one() == before


def test_what_waits_for_a_channel_that_does_not_work_waits_on(
    tocsin: CommandLine, house: Database, receiver: Receiver
) -> None:
    receiver.answer = says(503)
    in_an_hour = datetime.now(UTC) + timedelta(hours=1)
    with house.write() as connection:
        connection.execute(sa.update(tables.deliveries).values(next_attempt_at=in_an_hour))
    tocsin("channels", "test", "hook", HOOK=receiver.url, KEY=SECRET)
    with house.read() as connection:
        times = connection.execute(sa.select(tables.deliveries.c.next_attempt_at)).scalars()
        assert all(at > datetime.now(UTC) for at in times)


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"HOOK": "https://a.example/"}, "hook: KEY: not set; set in the environment and restart Tocsin"),
        ({"HOOK": "a.example", "KEY": SECRET}, "hook: HOOK holds no web address; write one that begins with https://"),
    ],
)
def test_doctor_tells_of_a_webhook_that_is_not_set_up(
    tocsin: CommandLine, variables: dict[str, str], words: str
) -> None:
    tocsin.write(WATCHLIST)
    ran = tocsin("doctor", "--json", CHAT="json://a.example", **variables)
    [found] = [one for one in ran.json if one["what"] == "channel"]
    assert found["state"] == "broken"
    assert found["words"].startswith(words)
