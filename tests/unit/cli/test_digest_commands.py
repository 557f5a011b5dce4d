"""`tocsin digest`: what somebody would get, sends, and has got."""

from __future__ import annotations

import os
import shlex
import shutil
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from zoneinfo import ZoneInfo

import pytest
import redis
import sqlalchemy as sa

from command_line import CommandLine
from records import SIEGE, add_articles, add_feed, entry, receipt, subscriber
from tocsin.cli import page_picture
from tocsin.embedded_redis import socket_of
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import SubscriberId, WatchId
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store import deliveries, digests, matches, tables
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.migrate import upgrade
from tocsin.store.owed import owe
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_states import pause, unsubscribe
from tocsin.store.subscribers import find_subscriber
from valkey_server import Valkey

SECRET = "s" * 32
ZOE = "zoe@example.org"
WATCHLIST = """\
version: 1
feeds: [https://wire.example/rss]
watches:
  siege: {title: Sieges, keywords: [siege]}
  rain: {keywords: [rain]}
subscribers:
  - {email: zoe@example.org, timezone: Europe/Berlin, watches: all}
"""


@dataclass(frozen=True, slots=True)
class House:
    """A house with one article about a siege, owed to one subscriber."""

    database: Database

    def owes(self, key: str, title: str) -> None:
        """Let another article about it be found."""
        with self.database.write() as connection:
            feed = add_feed(connection, f"https://wire.example/{key}")
            [article] = add_articles(connection, feed.id, entry(key, title))
            now = database_now(connection)
            [new] = matches.save_matches(connection, [(article, receipt())], now)
            owe(connection, [new.id])


@pytest.fixture
def house(tocsin: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("TOCSIN_SECRET", SECRET)
    tocsin.write(WATCHLIST)
    database = open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")
    upgrade(database)
    with database.write() as connection:
        since = database_now(connection) - timedelta(hours=9)
        sync_subscribers(connection, [subscriber(watches=(SIEGE, WatchId("rain")))], since)
    house = House(database)
    house.owes("one", "The siege is broken")
    yield house
    database.close()


@pytest.fixture
def queue(valkey_session: Valkey) -> dict[str, str]:
    return {"REDIS_URL": f"unix://{socket_of(valkey_session.home)}"}


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height, as the header of a PNG has them (RFC 2083 11.2.1)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def first_pixel(png: bytes) -> tuple[int, ...]:
    """Red, green and blue at the upper left: what filters add to it is nothing (RFC 2083 6)."""
    start = png.index(b"IDAT") + 4
    [length] = struct.unpack(">I", png[start - 8 : start - 4])
    return tuple(zlib.decompressobj().decompress(png[start : start + length], 4)[1:])


def test_a_digest_is_shown_as_it_would_be_sent_and_nothing_is_marked(tocsin: CommandLine, house: House) -> None:
    first = tocsin("digest", "preview", "Zoe@example.org")
    second = tocsin("digest", "preview", "Zoe@example.org", "--text")
    assert (first.code, first.err) == (0, "")
    assert first.out.startswith("Subject: ")
    assert "The siege is broken" in first.out
    assert "The siege is broken" in second.out
    with house.database.read() as connection:
        assert digests.latest_digests(connection, limit=9) == []


@pytest.mark.usefixtures("house")
def test_the_html_of_a_digest_is_a_page(tocsin: CommandLine) -> None:
    ran = tocsin("digest", "preview", ZOE, "--html")
    assert ran.code == 0
    assert ran.out.lstrip().lower().startswith("<!doctype html>")
    assert "The siege is broken</a>" in ran.out


@pytest.mark.usefixtures("house")
def test_a_mail_is_written_complete_with_the_headers_that_it_would_have(tocsin: CommandLine) -> None:
    bounces = {"TOCSIN_BOUNCES": "bounces@news.example.org", "TOCSIN_BOUNCE_TOKEN": "t" * 32}
    sender = {"TOCSIN_MAIL_FROM": "News <news@example.org>", "TOCSIN_BASE_URL": "https://news.example.org"}
    ran = tocsin("digest", "preview", ZOE, "--eml", "zoe.eml", **bounces, **sender)
    assert (ran.code, ran.out, ran.err) == (0, "", "Written to zoe.eml.\n")
    content = (tocsin.folder / "zoe.eml").read_bytes()
    mail = message_from_bytes(content, EmailMessage, policy=SMTP)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert (mail["From"], mail["To"]) == ("News <news@example.org>", ZOE)
    assert mail["Message-ID"].endswith("@example.org>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "<https://news.example.org/unsubscribe/" in mail["List-Unsubscribe"]
    assert "<mailto:bounces+u" in mail["List-Unsubscribe"]
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "The siege is broken" in text.get_content()
    assert "https://news.example.org/subscription/" in html.get_content()


@pytest.mark.usefixtures("house")
@pytest.mark.skipif(not page_picture.installed_browser(), reason="no browser is installed")
def test_a_picture_is_as_wide_as_wanted_and_as_tall_as_the_page(tocsin: CommandLine) -> None:
    pictures = {}
    for name, options in {"wide": (), "phone": ("--width", "360", "--dark")}.items():
        ran = tocsin("digest", "preview", ZOE, "--png", f"{name}.png", *options)
        assert (ran.code, ran.out, ran.err) == (0, "", f"Written to {name}.png.\n")
        pictures[name] = (tocsin.folder / f"{name}.png").read_bytes()
    wide, phone = (size_of(png) for png in pictures.values())
    assert (wide[0], phone[0]) == (600, 360)
    assert phone[1] > wide[1] > 300
    assert sum(first_pixel(pictures["phone"])) < 100
    assert sum(first_pixel(pictures["wide"])) > 600


@pytest.mark.usefixtures("house")
@pytest.mark.skipif(not shutil.which("firefox"), reason="Firefox is not installed")
def test_firefox_takes_the_picture_where_there_is_no_chromium(tocsin: CommandLine) -> None:
    # It is the only browser on its PATH, and started with the whole one.
    start = f'#!/bin/sh\nPATH={shlex.quote(os.environ["PATH"])} exec {shutil.which("firefox")} "$@"\n'
    tocsin.write(start, "firefox").chmod(0o755)
    ran = tocsin("digest", "preview", ZOE, "--png", "x.png", "--width", "360", "--dark", PATH=str(tocsin.folder))
    assert (ran.code, ran.out, ran.err) == (0, "", "Written to x.png.\n")
    picture = (tocsin.folder / "x.png").read_bytes()
    assert size_of(picture)[0] == 360
    assert sum(first_pixel(picture)) < 100


@pytest.mark.usefixtures("house")
def test_where_no_browser_is_installed_there_is_no_picture_and_it_is_said_what_to_do(
    tocsin: CommandLine,
) -> None:
    ran = tocsin("digest", "preview", ZOE, "--png", "x.png", PATH=str(tocsin.folder))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("tocsin: no browser is installed to take the picture; install one of chromium, ")
    assert not (tocsin.folder / "x.png").exists()


@pytest.mark.usefixtures("house")
def test_a_browser_that_ends_at_once_is_told(tocsin: CommandLine) -> None:
    broken = tocsin.write("#!/bin/sh\nexit 3\n", "chromium")
    broken.chmod(0o755)
    ran = tocsin("digest", "preview", ZOE, "--png", "x.png", PATH=str(tocsin.folder))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"tocsin: {broken} ended before it took a picture")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--html", "--eml", "x.eml"], "choose one of --html, --text, --eml, --png and --open"),
        (["--dark"], "--width and --dark are for a picture; add --png FILE"),
        (["--width", "100", "--png", "x.png"], "Invalid value for '--width'"),
    ],
)
def test_options_that_do_not_go_together_are_refused(tocsin: CommandLine, arguments: list[str], words: str) -> None:
    ran = tocsin("digest", "preview", ZOE, *arguments, COLUMNS="400", TERMINAL_WIDTH="400")
    assert (ran.code, ran.out) == (2, "")
    assert words in " ".join(ran.err.replace("│", " ").split())


@pytest.mark.usefixtures("house")
def test_a_file_that_cannot_be_written_is_told(tocsin: CommandLine) -> None:
    ran = tocsin("digest", "preview", ZOE, "--eml", "no/x.eml")
    assert ran.code == 2
    assert ran.err.startswith("tocsin: no/x.eml: cannot be written (No such file or directory)")


@pytest.mark.usefixtures("house")
def test_a_digest_of_nobody_is_refused_with_where_to_look(tocsin: CommandLine, queue: dict[str, str]) -> None:
    for command in (("preview",), ("send",), ("send", "--now"), ("list",)):
        ran = tocsin("digest", *command, "nobody@example.org", **queue)
        assert (ran.code, ran.out) == (2, ""), command
        assert ran.err == "tocsin: nobody subscribes as nobody@example.org; see `tocsin subscribers list`\n"


@pytest.mark.usefixtures("house")
def test_the_operators_template_is_used_and_its_error_told(tocsin: CommandLine) -> None:
    folder = tocsin.folder / "mine" / "email"
    folder.mkdir(parents=True)
    (folder / "digest.txt").write_text("Good morning {{ view.email }}\n")
    mine = {"TOCSIN_TEMPLATES": str(tocsin.folder / "mine")}
    assert tocsin("digest", "preview", ZOE, **mine).out.endswith(f"\n\nGood morning {ZOE}\n\n")
    (folder / "digest.txt").write_text("Good morning\n{{ wiev.email }}\n")
    ran = tocsin("digest", "preview", ZOE, **mine)
    assert ran.code == 0
    assert "The siege is broken" in ran.out
    assert f"warning: {folder / 'digest.txt'}, line 2: 'wiev' is undefined; Tocsin's own template" in ran.err


def test_without_now_it_is_said_when_a_digest_is_due_and_what_is_in_it(tocsin: CommandLine, house: House) -> None:
    ran = tocsin("digest", "send", ZOE)
    assert (ran.code, ran.err) == (0, "")
    first, second, *_, last = ran.out.splitlines()
    assert first.startswith(f"{ZOE} is active; the next digest is due at 20")
    assert second.startswith("  The siege is broken · ")
    assert last == f"Nothing was sent; `tocsin digest send {ZOE} --now` sends it."
    with house.database.read() as connection:
        assert deliveries.list_deliveries(connection, limit=9) == []


def test_a_digest_sent_by_hand_is_entered_and_the_mailer_woken(
    tocsin: CommandLine, house: House, queue: dict[str, str], valkey: redis.Redis
) -> None:
    ran = tocsin("digest", "send", ZOE, "--now", **queue)
    assert (ran.code, ran.out, ran.err) == (0, "The digest is on its way.\n", "")
    with house.database.read() as connection:
        [delivery] = deliveries.list_deliveries(connection, limit=9)
    assert (delivery.kind, delivery.target) == (DeliveryKind.DIGEST, ZOE)
    assert Wakeups(valkey, SECRET.encode()).waiting(DELIVER) == 1


def test_a_second_digest_within_a_minute_is_refused(tocsin: CommandLine, house: House, queue: dict[str, str]) -> None:
    with house.database.write() as connection:
        now, whose = database_now(connection), _id(connection)
        for minute in range(3):  # this one, and those that may begin before the command looks at the clock
            at = now + timedelta(minutes=minute)
            local = at.astimezone(ZoneInfo(subscriber().timezone))
            spent = {"local_date": local.date(), "slot": f"{local:%H:%M}", "timezone": "Europe/Berlin"}
            times = {"start_at": now, "end_at": now, "created_at": now}
            values = {"subscriber_id": whose, "token": f"t{minute}", "coverage": None, **spent, **times}
            connection.execute(sa.insert(tables.digests).values(**values))
    ran = tocsin("digest", "send", ZOE, "--now", **queue)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "Nothing was sent: a digest was closed within this minute; try in the next.\n"


def test_who_is_away_is_shown_what_waits_for_them_and_sent_nothing(
    tocsin: CommandLine, house: House, queue: dict[str, str]
) -> None:
    with house.database.write() as connection:
        pause(connection, _id(connection), database_now(connection))
    shown = " ".join(tocsin("digest", "preview", ZOE).out.split())
    assert "The siege is broken" in shown
    assert "You had paused your digests from " in shown
    told = tocsin("digest", "send", ZOE)
    assert told.out.startswith(f"{ZOE} is paused since 20")
    assert told.out.endswith(f"waits until they are back: `tocsin subscribers resume {ZOE}`.\n")
    ran = tocsin("digest", "send", ZOE, "--now", **queue)
    assert (ran.code, ran.out) == (2, "")
    assert f"see `tocsin subscribers resume {ZOE}`" in ran.err
    with house.database.write() as connection:
        unsubscribe(connection, _id(connection), database_now(connection), because="by the link in a mail")
    ended = tocsin("digest", "preview", ZOE)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"tocsin: {ZOE} gets nothing: unsubscribed since 20")


@pytest.mark.usefixtures("valkey")
def test_past_digests_are_listed_with_what_became_of_them_and_their_addresses(
    tocsin: CommandLine, house: House, queue: dict[str, str]
) -> None:
    assert tocsin("digest", "list", ZOE).out == f"No digest of {ZOE} yet; see `tocsin digest send {ZOE}`.\n"
    tocsin("digest", "send", ZOE, "--now", **queue)
    waiting = tocsin("digest", "list", ZOE)
    assert (waiting.code, waiting.err) == (0, "")
    head, line = waiting.out.splitlines()
    assert head.split() == ["From", "To", "Articles", "Mail", "Address"]
    assert "waits to be mailed" in line
    with house.database.write() as connection:
        now = database_now(connection)
        [delivery] = deliveries.list_deliveries(connection, limit=9)
        claimed = deliveries.claim_delivery(connection, delivery.id, now, lease="a", lease_for=timedelta(minutes=1))
        assert claimed is not None
        deliveries.settle_failed(connection, claimed, "550 5.7.1 refused")
        [digest] = digests.latest_digests(connection, limit=9)
    [told] = tocsin("digest", "list", ZOE, "--json", TOCSIN_BASE_URL="https://news.example.org").json
    assert told["url"] == f"https://news.example.org/digests/{digest.token}"
    assert (told["mail"], told["given_back"]) == ("failed", 1)
    assert told["words"] == "could not be mailed; 1 article went to the next one"


def _id(connection: sa.Connection) -> SubscriberId:
    stored = find_subscriber(connection, ZOE)
    assert stored is not None
    return stored.id
