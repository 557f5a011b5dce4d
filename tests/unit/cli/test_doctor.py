from __future__ import annotations

import socket
from datetime import timedelta

import pytest

import records
from alerting_house import AlertHouse, ruled_once_an_hour
from command_line import CommandLine, Ran
from records import MINUTE, NOW, add_articles, add_feed, entry, poll_failed
from tocsin.embedded_redis import socket_of
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.watchlist import ChannelKind
from tocsin.store import articles, deliveries, processes
from tocsin.store.articles import MAX_ATTEMPTS
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.notices import open_notice
from tocsin.store.processes import Heartbeat
from valkey_server import Valkey

WATCHLIST = """\
version: 1
feeds: [https://wire.example/rss]
watches:
  siege: {keywords: [siege], alert: {to: [chat]}}
channels:
  chat: {apprise: "env:DESK_CHAT"}
"""


@pytest.fixture
def redis_url(valkey_session: Valkey) -> str:
    return f"unix://{socket_of(valkey_session.home)}"


def found(ran: Ran) -> dict[str, tuple[str, str]]:
    """What doctor said of each thing."""
    return {finding["what"]: (finding["state"], finding["words"]) for finding in ran.json}


def set_up(tocsin: CommandLine) -> Database:
    tocsin.write(WATCHLIST)
    assert tocsin("db", "upgrade").code == 0
    return open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")


def test_where_nothing_is_set_up_everything_missing_is_told_at_once(tocsin: CommandLine) -> None:
    ran = tocsin("doctor", "--json")
    told = found(ran)
    assert (ran.code, ran.err) == (1, "")
    assert {what for what, (state, _) in told.items() if state == "broken"} == {"watchlist", "redis", "database"}
    assert "run `tocsin init`" in told["watchlist"][1]
    assert "`tocsin up`" in told["redis"][1]
    assert "run `tocsin db upgrade`" in told["database"][1]
    assert told["mail"][0] == "look"


def test_where_all_is_set_up_and_nothing_runs_yet_nothing_is_broken(tocsin: CommandLine, redis_url: str) -> None:
    set_up(tocsin).close()
    ran = tocsin("doctor", "--json", REDIS_URL=redis_url, DESK_CHAT="json://127.0.0.1:1")
    told = found(ran)
    assert ran.code == 0
    assert told["watchlist"] == ("ok", "watchlist.yaml: 1 feed, 1 watch, 0 subscribers")
    assert told["redis"] == ("ok", "at REDIS_URL, answers")
    assert {told[name] for name in ("scheduler", "classifier", "mailer", "reader", "web")} == {
        ("look", "does not run, never seen: try `tocsin up`")
    }


def test_in_words_there_is_a_line_a_finding_and_no_colour(tocsin: CommandLine, redis_url: str) -> None:
    set_up(tocsin).close()
    ran = tocsin("doctor", REDIS_URL=redis_url, DESK_CHAT="json://127.0.0.1:1")
    assert "\x1b" not in ran.out
    assert "ok     redis       at REDIS_URL, answers\n" in ran.out
    assert len(ran.out.splitlines()) == len(tocsin("doctor", "--json", REDIS_URL=redis_url, DESK_CHAT="x").json)


def test_a_faulty_watchlist_is_told_with_the_place(tocsin: CommandLine, redis_url: str) -> None:
    set_up(tocsin).close()
    tocsin.write(WATCHLIST.replace("keywords", "keyword"))
    ran = tocsin("doctor", "--json", REDIS_URL=redis_url)
    assert ran.code == 1
    assert found(ran)["watchlist"][1].startswith("watchlist.yaml:4:11: unknown key 'keyword'; did you mean 'keywords'?")


def test_a_channel_whose_variable_is_not_set_is_broken(tocsin: CommandLine, redis_url: str) -> None:
    set_up(tocsin).close()
    ran = tocsin("doctor", "--json", REDIS_URL=redis_url)
    assert (ran.code, found(ran)["channel"]) == (
        1,
        ("broken", "chat: the variable DESK_CHAT is not set; its alerts wait until it is"),
    )


def test_a_mail_server_that_does_not_answer_is_broken_and_its_password_not_told(tocsin: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ran = tocsin("doctor", "--json", SMTP_URL=f"smtps://user:hunter22@127.0.0.1:{port}")
    state, words = found(ran)["mail"]
    assert state == "broken"
    assert words.startswith(f"mail server 127.0.0.1:{port}: ")
    assert words.endswith("check SMTP_URL and that the server runs")
    assert "hunter22" not in ran.out + ran.err


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("smtps://user:hunter%C3%A4@mail.example.org", "SMTP_URL: user and password can have ASCII characters only"),
        ("smtps://user:hunter22@mail..example.org", "SMTP_URL: 'mail..example.org' is no host name"),
    ],
)
def test_an_address_that_no_server_can_have_is_a_finding_and_no_traceback(
    tocsin: CommandLine, url: str, words: str
) -> None:
    ran = tocsin("doctor", "--json", SMTP_URL=url)
    state, told = found(ran)["mail"]
    assert (ran.err, state) == ("", "broken")
    assert told.startswith(words)
    assert "hunter" not in ran.out


@pytest.mark.parametrize(
    "variables", [{}, {"TOCSIN_SECRET": "s" * 32}], ids=["secret in the home", "secret in the environment"]
)
def test_a_home_that_cannot_be_made_is_a_finding_and_no_traceback(
    tocsin: CommandLine, variables: dict[str, str]
) -> None:
    home = tocsin.write("a file, no folder", "occupied") / "home"
    ran = tocsin("doctor", "--json", TOCSIN_HOME=str(home), **variables)
    assert (ran.code, ran.err) == (1, "")
    assert found(ran)["database"][1].startswith(f"cannot make the folder {home} ")


def test_a_home_that_is_not_there_yet_is_a_finding_and_no_traceback(tocsin: CommandLine) -> None:
    ran = tocsin("doctor", "--json", TOCSIN_SECRET="s" * 32)  # with it nothing makes the home
    assert (ran.code, ran.err) == (1, "")
    assert found(ran)["disk"][0] == "ok"


def test_processes_that_live_have_died_or_complain_are_told_apart(tocsin: CommandLine, redis_url: str) -> None:
    database = set_up(tocsin)
    with database.write() as connection:
        now = database_now(connection)
        processes.beat(connection, Heartbeat("scheduler", now, "0123456789ab", None))
        processes.beat(connection, Heartbeat("web", now - timedelta(minutes=5), "0123456789ab", None))
        processes.beat(connection, Heartbeat("mailer", now, "0123456789ab", "watchlist.yaml:4:11: unknown key"))
    database.close()
    told = found(tocsin("doctor", "--json", REDIS_URL=redis_url))
    assert told["scheduler"] == ("ok", "runs, with watchlist 0123456789ab")
    assert told["mailer"] == ("look", "works with the last good watchlist: watchlist.yaml:4:11: unknown key")
    assert told["web"][0] == "look"
    assert told["web"][1].startswith("does not run, last seen 20")


def test_what_failed_is_told_with_its_reason(tocsin: CommandLine, redis_url: str) -> None:
    database = set_up(tocsin)
    with database.write() as connection:
        feed = add_feed(connection)
        [poison] = add_articles(connection, feed.id, entry("poison"))
        for _ in range(MAX_ATTEMPTS):
            articles.begin_classifying(connection, [poison])
        articles.quarantine_hopeless(connection, NOW)
        [due] = records.claimed(connection)
        poll_failed(connection, due, "no such host")
        new = NewDelivery("alert:1", DeliveryKind.ALERT, ChannelKind.MAIL, "desk@x.org", "<1@x>", name="desk")
        [entered] = deliveries.enter_deliveries(connection, [new], NOW)
        claimed = deliveries.claim_delivery(connection, entered, NOW, lease="a lease", lease_for=MINUTE)
        assert claimed is not None
        deliveries.settle_failed(connection, claimed, "550 no such user")
    database.close()
    ran = tocsin("doctor", "--json", REDIS_URL=redis_url, DESK_CHAT="json://127.0.0.1:1")
    told = found(ran)
    assert ran.code == 1  # the article; feeds and addresses fail in the best of houses
    assert told["article"][0] == "broken"
    assert f"tocsin why {poison} --json" in told["article"][1]
    assert "`tocsin articles release`" in told["article"][1]
    assert told["feed"] == ("look", "wire.example: Failed once: no such host")
    assert told["delivery"] == ("look", "alert:1 to desk@x.org: 550 no such user")
    assert told["deliveries"] == ("ok", "0 pending, 0 sent, 1 failed, 0 dropped")


def test_what_waits_what_was_not_told_and_what_needs_a_hand_is_told(tocsin: CommandLine, redis_url: str) -> None:
    database = set_up(tocsin)
    with database.read() as connection:
        now = database_now(connection)
    house = AlertHouse(database, ruled_once_an_hour())
    first = house.publish(now)
    house.publish(now, of=first, outlet="gazette")
    house.publish(now)
    with database.write() as connection:
        open_notice(connection, "channel:chat", NoticeKind.CHANNEL_FAILS, "chat fails. Mend it.", now)
    database.close()
    told = found(tocsin("doctor", "--json", REDIS_URL=redis_url, DESK_CHAT="json://127.0.0.1:1"))
    assert told["bundle"] == ("ok", f"1 alert for desk, from {now + 60 * MINUTE:%Y-%m-%d %H:%M}Z on")
    assert told["not alerted"] == (
        "ok",
        "in the last day, each with its reason on its article's page: 1 story told",
    )
    assert told["notice"] == ("look", f"channel fails since {now:%Y-%m-%d %H:%M}Z: chat fails. Mend it.")
