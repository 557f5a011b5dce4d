"""`tocsin subscribers`: who gets digests, and what the operator can do about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import redis
import sqlalchemy as sa

from command_line import CommandLine
from tocsin.config import read_watchlist
from tocsin.embedded_redis import socket_of
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import SubscriberId
from tocsin.models.subscribers import Owner, StoredSubscriber, SubscriberState
from tocsin.queueing import DELIVER, Wakeups
from tocsin.store import deliveries, tables
from tocsin.store.database import Database, database_now, open_database
from tocsin.store.migrate import upgrade
from tocsin.store.signups import get_signup
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_states import suppress, unsubscribe
from tocsin.store.subscribers import find_subscriber
from valkey_server import Valkey

SECRET = "s" * 32
ZOE, OMAR = "zoe@example.org", "omar@example.org"
WATCHLIST = """\
version: 1
defaults: {timezone: Asia/Beirut, mail_language: fr}
feeds: [https://wire.example/rss]
watches:
  siege: {title: Sieges, keywords: [siege]}
  rain: {keywords: [rain]}
  inner: {keywords: [gossip]}
subscribers:
  - {email: Omar@example.org, timezone: Europe/Berlin, watches: all, digest: {at: "06:00"}}
self_service: {watches: [siege, rain]}
"""


@dataclass(frozen=True, slots=True)
class House:
    """A house whose watchlist names Omar."""

    database: Database

    def stored(self, email: str) -> StoredSubscriber | None:
        with self.database.read() as connection:
            return find_subscriber(connection, email)

    def of(self, email: str) -> StoredSubscriber:
        stored = self.stored(email)
        assert stored is not None
        return stored

    def does(self, change: Callable[[sa.Connection, SubscriberId], object], email: str) -> None:
        with self.database.write() as connection:
            change(connection, self.of(email).id)


@pytest.fixture
def house(tocsin: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("TOCSIN_SECRET", SECRET)
    watchlist = read_watchlist(tocsin.write(WATCHLIST), check_region=lambda _: None)
    database = open_database(f"sqlite:///{tocsin.folder / 'var' / 'tocsin.sqlite3'}")
    upgrade(database)
    with database.write() as connection:
        sync_subscribers(connection, watchlist.subscribers, database_now(connection), secret=SECRET.encode())
    yield House(database)
    database.close()


def ended(connection: sa.Connection, subscriber: SubscriberId) -> None:
    unsubscribe(connection, subscriber, database_now(connection), because="by the link in a mail")


def refused(connection: sa.Connection, subscriber: SubscriberId) -> None:
    suppress(connection, subscriber, database_now(connection), because="550 5.1.1 no such user")


def test_a_list_tells_owner_state_times_watches_language_and_the_next_digest(tocsin: CommandLine, house: House) -> None:
    assert tocsin("subscribers", "add", ZOE, "--watch", "rain").code == 0
    ran = tocsin("subscribers", "list")
    assert (ran.code, ran.err) == (0, "")
    head, omar, zoe = (line.split("  ") for line in ran.out.splitlines())
    cells = [[cell.strip() for cell in line if cell] for line in (head, omar, zoe)]
    assert cells[0] == ["Subscriber", "Owner", "State", "Digests", "Watches", "Language", "Next digest"]
    when, next_at = "06:00 Europe/Berlin every day", cells[1][-1]
    assert cells[1] == [OMAR, "watchlist", "active", when, "siege, rain, inner", "fr", next_at]
    assert cells[2][:4] == [ZOE, "reader", "active", "07:30 Asia/Beirut every day"]
    assert next_at.endswith(("04:00Z", "05:00Z"))
    assert house.of(ZOE).owner is Owner.READER


@pytest.mark.usefixtures("house")
def test_a_list_for_programs_has_the_records_of_an_export_with_the_next_digest(tocsin: CommandLine) -> None:
    told = tocsin("subscribers", "list", "--json").json
    [omar] = told["subscribers"]
    assert told["conflicts"] == []
    assert omar["next_digest_at"].endswith(":00:00+00:00")
    fixed = {key: omar[key] for key in ("email", "owner", "state", "watches", "days", "at", "quiet", "language")}
    assert fixed == {
        "email": OMAR,
        "owner": "watchlist",
        "state": "active",
        "watches": ["siege", "rain", "inner"],
        "days": ["daily"],
        "at": ["06:00"],
        "quiet": "short",
        "language": "fr",
    }


def test_a_zone_that_is_no_more_stops_nobody_and_is_told(tocsin: CommandLine, house: House) -> None:
    with house.database.write() as connection:
        connection.execute(sa.update(tables.subscribers).values(timezone="US/Pacific-New"))
    ran = tocsin("subscribers", "list")
    assert (ran.code, ran.err) == (0, "")
    assert "06:00 US/Pacific-New every day (a zone that this machine does not know: in UTC)" in ran.out
    assert ran.out.splitlines()[1].endswith(" 06:00Z")
    assert json.loads(tocsin("subscribers", "export").out.splitlines()[1])["timezone"] == "US/Pacific-New"
    assert tocsin("digest", "preview", OMAR).code == 0


def test_a_conflict_with_the_watchlist_is_told_with_its_remedy(tocsin: CommandLine, house: House) -> None:
    house.does(ended, OMAR)
    ran = tocsin("subscribers", "list")
    assert "unsubscribed since" in ran.out
    assert "by the link in a mail" in ran.out
    [line] = [line for line in ran.out.splitlines() if line.startswith("conflict: ")]
    assert line.startswith(f"conflict: {OMAR}: ")
    assert f"tocsin subscribers resume {OMAR}" in line
    [conflict] = tocsin("subscribers", "list", "--json").json["conflicts"]
    assert (conflict["email"], conflict["kind"]) == (OMAR, "unsubscribed")


def test_a_check_warns_of_entries_that_do_not_hold_at_their_place(tocsin: CommandLine, house: House) -> None:
    assert tocsin("check").err == ""
    house.does(ended, OMAR)
    ran = tocsin("check")
    assert ran.code == 0
    assert ran.err.startswith(f"watchlist.yaml:9:13: warning: {OMAR}: ended the subscription on ")
    assert len(ran.err.splitlines()) == 1


def test_an_address_that_is_refused_is_shown_by_doctor(tocsin: CommandLine, house: House) -> None:
    house.does(refused, OMAR)
    found = {one["what"]: (one["state"], one["words"]) for one in tocsin("doctor", "--json").json}
    assert found["subscribers"] == ("ok", "1 suppressed")
    remedy = "`tocsin subscribers resume` once the address works"
    assert found["subscriber"] == ("look", f"{OMAR} gets nothing: 550 5.1.1 no such user; {remedy}")


def test_who_is_left_without_any_watch_is_shown_by_doctor(tocsin: CommandLine, house: House) -> None:
    assert tocsin("subscribers", "add", ZOE, "--watch", "rain").code == 0
    with house.database.write() as connection:
        connection.execute(sa.update(tables.subscribers).where(tables.subscribers.c.email == ZOE).values(watches=[]))
    found = {one["what"]: (one["state"], one["words"]) for one in tocsin("doctor", "--json").json}
    words = "their watches were closed to readers; open one under `self_service`, or tell them"
    assert found["subscriber"] == ("look", f"{ZOE} can get nothing: {words}")


def test_without_options_somebody_gets_all_that_is_open_as_the_defaults_say(tocsin: CommandLine, house: House) -> None:
    ran = tocsin("subscribers", "add", ZOE)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{ZOE} subscribes; the first digest is due at 20")
    stored = house.of(ZOE)
    subscriber = stored.subscriber
    assert (stored.owner, stored.state, stored.all_watches) == (Owner.READER, SubscriberState.ACTIVE, True)
    assert (subscriber.timezone, subscriber.language, subscriber.watches) == ("Asia/Beirut", "fr", ("siege", "rain"))
    assert (subscriber.digest.days, subscriber.digest.at) == ((1, 2, 3, 4, 5, 6, 7), ("07:30",))


def test_options_set_what_somebody_gets_and_when(tocsin: CommandLine, house: House) -> None:
    times = ("--at", "18:00", "--at", "06:00", "--days", "mon", "--days", "weekends", "--quiet", "weekly")
    watches = ("--watch", "rain", "--watch", "siege", "--timezone", "America/Lima", "--language", "AR")
    assert tocsin("subscribers", "add", "Zoe@EXAMPLE.org", *times, *watches).code == 0
    stored = house.of(ZOE)
    digest = stored.subscriber.digest
    assert (digest.days, digest.at, digest.quiet) == ((1, 6, 7), ("06:00", "18:00"), "weekly")
    assert (stored.subscriber.timezone, stored.subscriber.language) == ("America/Lima", "ar")
    assert (stored.subscriber.watches, stored.all_watches) == (("siege", "rain"), False)


def test_a_cron_expression_stands_in_place_of_days_and_times(tocsin: CommandLine, house: House) -> None:
    assert tocsin("subscribers", "add", ZOE, "--cron", "0 7 1 * *").code == 0
    digest = house.of(ZOE).subscriber.digest
    assert (digest.cron, digest.days, digest.at) == ("0 7 1 * *", (), ())


WRONG_ADDITIONS = (
    (["zoe"], "'zoe' is no mail address"),
    ([ZOE, "--watch", "inner"], "no watch 'inner' that is open to readers; those are: siege, rain"),
    ([ZOE, "--timezone", "Asia/Beyrut"], "unknown time zone 'Asia/Beyrut'; did you mean 'Asia/Beirut'?"),
    ([ZOE, "--at", "7:30"], "'7:30' is no time of day; write '07:30'"),
    ([ZOE, "--days", "Thusday"], "unknown day 'Thusday'; did you mean 'thu'?"),
    ([ZOE, "--quiet", "loud"], "unknown choice 'loud'"),
    ([ZOE, "--language", "es"], "mails do not come in 'es'; write en, de, fr or ar"),
    ([ZOE, "--cron", "0 7 1 *"], "is no cron expression"),
    ([ZOE, "--cron", "0 7 1 * *", "--at", "07:30"], "--cron stands in place of --days and --at"),
)
WRONG_PAUSES = (
    ([OMAR, "--for", "2w", "--until", "2999-01-01"], "--until and --for say the same; choose one"),
    ([OMAR, "--for", "10m"], "10m is out of range; write a span from 1h to 365d"),
    ([OMAR, "--for", "a week"], "is no span of time"),
    ([OMAR, "--until", "2020-01-01"], "2020-01-01 is over; write a later day"),
    ([OMAR, "--until", "tomorrow"], "'tomorrow' is no time; write one such as 2026-12-24"),
    ([OMAR, "--until", "9999-12-31T23:59-23:59"], "is no time"),
)


@pytest.mark.parametrize(
    ("command", "cases"), [("add", WRONG_ADDITIONS), ("pause", WRONG_PAUSES)], ids=["add", "pause"]
)
def test_what_cannot_be_is_refused_as_in_the_watchlist(
    tocsin: CommandLine, house: House, command: str, cases: tuple[tuple[list[str], str], ...]
) -> None:
    for arguments, words in cases:
        ran = tocsin("subscribers", command, *arguments, COLUMNS="400", TERMINAL_WIDTH="400")
        assert (ran.code, ran.out) == (2, ""), arguments
        assert words in " ".join(ran.err.replace("│", " ").split())
    assert house.stored(ZOE) is None
    assert house.of(OMAR).state is SubscriberState.ACTIVE


def test_whom_the_watchlist_names_is_refused_before_and_after_the_scheduler_has_seen_it(
    tocsin: CommandLine, house: House
) -> None:
    tocsin.write(WATCHLIST.replace("self_service", "  - {email: new@example.org, watches: all}\nself_service"))
    for email in ("OMAR@example.org", "new@example.org"):
        ran = tocsin("subscribers", "add", email)
        assert (ran.code, ran.out) == (2, "")
        assert ran.err == f"tocsin: {email} stands in watchlist.yaml; change it there, or take it out of the file\n"
    assert house.stored("new@example.org") is None


def test_who_is_here_already_is_told_with_how_they_stand(tocsin: CommandLine, house: House) -> None:
    assert tocsin("subscribers", "add", ZOE).code == 0
    again = tocsin("subscribers", "add", ZOE, "--watch", "rain")
    assert (again.code, "subscribes already" in again.err) == (2, True)
    house.does(ended, ZOE)
    late = tocsin("subscribers", "add", ZOE)
    assert (late.code, "tocsin subscribers resume" in late.err) == (2, True)
    assert (house.of(ZOE).state, house.of(ZOE).all_watches) == (SubscriberState.UNSUBSCRIBED, True)


def test_somebody_may_be_asked_first_and_gets_nothing_but_the_question(
    tocsin: CommandLine, house: House, valkey: redis.Redis, valkey_session: Valkey
) -> None:
    url = f"unix://{socket_of(valkey_session.home)}"
    ran = tocsin("subscribers", "add", ZOE, "--confirm", "--language", "de", REDIS_URL=url)
    assert (ran.code, ran.out, ran.err) == (
        0,
        f"A mail asks {ZOE} whether they want it; its link works for 3 days.\n",
        "",
    )
    assert house.stored(ZOE) is None
    with house.database.read() as connection:
        [delivery] = deliveries.list_deliveries(connection, limit=9)
        assert delivery.signup_id is not None
        signup = get_signup(connection, delivery.signup_id)
    assert (delivery.kind, delivery.target) == (DeliveryKind.CONFIRMATION, ZOE)
    assert signup is not None
    assert (signup.wanted.language, signup.all_watches) == ("de", True)
    assert Wakeups(valkey, SECRET.encode()).waiting(DELIVER) == 1


def test_a_pause_lasts_for_a_span_until_a_day_or_until_it_is_ended(tocsin: CommandLine, house: House) -> None:
    ran = tocsin("subscribers", "pause", "OMAR@example.org", "--for", "2w")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{OMAR} is paused since 20")
    stored = house.of(OMAR)
    assert stored.paused_until == stored.state_since + timedelta(weeks=2)
    tocsin("subscribers", "pause", OMAR, "--until", "2999-07-01")
    until = house.of(OMAR).paused_until
    assert until is not None
    assert f"{until:%Y-%m-%d %H:%M}" == "2999-06-30 22:00"  # midnight in Berlin, in summer
    tocsin("subscribers", "pause", OMAR, "--until", "2999-07-01T12:00")
    assert house.of(OMAR).paused_until == until + timedelta(hours=12)
    tocsin("subscribers", "pause", OMAR)
    assert (house.of(OMAR).state, house.of(OMAR).paused_until) == (SubscriberState.PAUSED, None)


def test_a_pause_is_resumed_without_a_question(tocsin: CommandLine, house: House) -> None:
    tocsin("subscribers", "pause", OMAR)
    ran = tocsin("subscribers", "resume", OMAR)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{OMAR} is active; the next digest is due at 20")
    assert ran.out.endswith(" (was paused).\n")
    assert house.of(OMAR).state is SubscriberState.ACTIVE
    again = tocsin("subscribers", "resume", OMAR)
    assert (again.code, again.err) == (2, f"tocsin: {OMAR} gets digests; nothing is paused or ended\n")


def test_who_ended_it_and_was_taken_out_of_the_file_is_not_resumed_to_go_again(
    tocsin: CommandLine, house: House
) -> None:
    house.does(ended, OMAR)
    tocsin.write(WATCHLIST.replace("Omar@example.org", "other@example.org"))
    ran = tocsin("subscribers", "resume", OMAR, "--yes")
    assert (ran.code, "put them into it again first" in ran.err) == (2, True)
    assert house.of(OMAR).state is SubscriberState.UNSUBSCRIBED


def test_an_address_that_was_refused_is_resumed_and_it_is_said_why_it_was(tocsin: CommandLine, house: House) -> None:
    house.does(refused, OMAR)
    ran = tocsin("subscribers", "resume", OMAR)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith(" (was suppressed: 550 5.1.1 no such user).\n")
    assert house.of(OMAR).state is SubscriberState.ACTIVE


def test_who_ended_it_themselves_comes_back_only_when_it_is_said_that_they_asked(
    tocsin: CommandLine, house: House
) -> None:
    house.does(ended, OMAR)
    asked = tocsin("subscribers", "resume", OMAR)
    assert (asked.code, asked.out) == (2, "")
    assert asked.err.endswith("Did they ask to have them again? Say so with --yes.\n")
    assert house.of(OMAR).state is SubscriberState.UNSUBSCRIBED
    assert tocsin("subscribers", "resume", OMAR, "--yes").code == 0
    assert house.of(OMAR).state is SubscriberState.ACTIVE


def test_somebody_away_is_not_paused(tocsin: CommandLine, house: House) -> None:
    house.does(ended, OMAR)
    ran = tocsin("subscribers", "pause", OMAR)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"tocsin: {OMAR} gets nothing: unsubscribed since 20")


def test_whom_the_watchlist_names_is_taken_out_there(tocsin: CommandLine, house: House) -> None:
    ran = tocsin("subscribers", "remove", OMAR, "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"tocsin: {OMAR} stands in watchlist.yaml under `subscribers:`; take them out there\n"
    assert house.of(OMAR).state is SubscriberState.ACTIVE


def test_a_removal_is_asked_about_and_then_deletes(tocsin: CommandLine, house: House) -> None:
    tocsin("subscribers", "add", ZOE)
    asked = tocsin("subscribers", "remove", ZOE)
    assert (asked.code, asked.err) == (2, f"Delete {ZOE} with all digests and settings? Say so with --yes.\n")
    assert house.stored(ZOE) is not None
    ran = tocsin("subscribers", "remove", ZOE, "--yes")
    assert (ran.code, ran.out, ran.err) == (0, f"{ZOE} is deleted.\n", "")
    assert house.stored(ZOE) is None
    assert tocsin("subscribers", "add", ZOE).code == 0


def test_with_a_kept_hash_nobody_but_they_themselves_come_back(tocsin: CommandLine, house: House) -> None:
    tocsin("subscribers", "add", ZOE)
    ran = tocsin("subscribers", "remove", ZOE, "--keep-hash", "--yes")
    assert (ran.code, ran.out) == (0, f"{ZOE} is deleted; only they themselves can come back.\n")
    again = tocsin("subscribers", "add", ZOE)
    assert (again.code, again.out) == (2, "")
    assert again.err.startswith(f"tocsin: {ZOE} had everything about them deleted; they can subscribe again at ")
    asked = tocsin("subscribers", "resume", ZOE)
    assert (asked.code, "Say so with --yes." in asked.err) == (2, True)
    assert (
        tocsin("subscribers", "resume", ZOE, "--yes").out
        == f"{ZOE} may come back now: `tocsin subscribers add {ZOE}`.\n"
    )
    assert tocsin("subscribers", "add", ZOE).code == 0
    assert house.of(ZOE).state is SubscriberState.ACTIVE


def test_who_had_ended_it_stays_away_also_when_they_are_removed(tocsin: CommandLine, house: House) -> None:
    tocsin("subscribers", "add", ZOE)
    house.does(ended, ZOE)
    assert "only they themselves can come back" in tocsin("subscribers", "remove", ZOE, "--yes").out
    assert tocsin("subscribers", "add", ZOE).code == 2


def test_where_a_reader_is_removed_whom_the_watchlist_names_its_entry_holds_at_once(
    tocsin: CommandLine, house: House
) -> None:
    tocsin("subscribers", "add", ZOE, "--language", "de")
    entry = "  - {email: zoe@example.org, watches: [rain], language: ar}\nself_service"
    tocsin.write(WATCHLIST.replace("self_service", entry))
    ran = tocsin("subscribers", "remove", ZOE, "--yes")
    assert (ran.code, ran.out) == (0, f"{ZOE} is deleted; what the watchlist says of them holds now.\n")
    stored = house.of(ZOE)
    assert (stored.owner, stored.subscriber.language, stored.subscriber.watches) == (Owner.WATCHLIST, "ar", ("rain",))


@pytest.mark.usefixtures("house")
def test_nobody_is_refused_with_where_to_look(tocsin: CommandLine) -> None:
    for command in ("pause", "resume", "remove"):
        ran = tocsin("subscribers", command, "nobody@example.org")
        assert (ran.code, ran.out) == (2, ""), command
        assert ran.err == "tocsin: nobody subscribes as nobody@example.org; see `tocsin subscribers list`\n"
