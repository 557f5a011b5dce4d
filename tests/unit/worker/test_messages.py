from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import sqlalchemy as sa

from alerting_house import DESK, DOMAIN, HOUR, MINUTE, WATCH, AlertHouse, alerting, no_links
from records import NOW, add_article, receipt, subscriber, watchlist
from tocsin.delivery import Letterhead, Mail, Notice
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState, Outcome, Sent
from tocsin.models.digests import Window
from tocsin.models.ids import DigestId, MatchId, NoticeId, WatchId
from tocsin.models.stories import Join
from tocsin.models.watchlist import (
    AlertRule,
    AlertWhen,
    Channel,
    ChannelKind,
    QuietHours,
    QuietPolicy,
    Rate,
    Watch,
    Watchlist,
)
from tocsin.rendering.templates import Templates
from tocsin.store import deliveries, digests, matches, subscribers, tables
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin.store.notices import close_notice, open_notice
from tocsin.store.owed import owe
from tocsin.store.subscriber_changes import sync_subscribers
from tocsin.store.subscriber_states import pause, unsubscribe
from tocsin_scheduler.bundles import send_bundle
from tocsin_worker.messages import Composer, Gone, Message
from tocsin_worker.posts import PostOffice

NIGHT = replace(DESK, timezone="Europe/Berlin", quiet_hours=QuietHours("22:00", "07:00"))
HOOK = Channel("hook", ChannelKind.WEBHOOK, "DESK_HOOK", secret="DESK_KEY")
CHAT = Channel("chat", ChannelKind.APPRISE, "DESK_CHAT")
TO_ALL = alerting(DESK, CHAT, HOOK, watches=(replace(WATCH, alert=AlertRule(to=("desk", "chat", "hook"))),))
WATCHLIST = alerting()
RAIN = WatchId("rain")
LATE = NOW.replace(hour=22)
"""23:00 in Berlin."""
MORNING = LATE + 8 * HOUR


@dataclass(slots=True)
class MailBag:
    """A mail sender that keeps what it is given."""

    mails: list[Mail] = field(default_factory=list)
    closed: bool = False

    def send(self, mail: Mail) -> Outcome:
        self.mails.append(mail)
        return Sent("250 OK")

    def close(self) -> None:
        self.closed = True


def composer(in_force: Watchlist = WATCHLIST) -> Composer:
    return Composer(
        templates=Templates(),
        watchlist=lambda: in_force,
        letterhead=Letterhead("Tocsin <tocsin@news.example.org>", "help@news.example.org"),
        contact="help@news.example.org",
        base_url="https://news.example.org",
        links=no_links,
        secret=b"a secret of thirty-two bytes, or so",
    )


@pytest.fixture
def house(sqlite: Database) -> AlertHouse:
    return AlertHouse(sqlite, WATCHLIST)


def written(house: AlertHouse, which: int = -1) -> Message | Gone:
    """What the mailer sends for a message of the ledger; the last one."""
    with house.database.read() as connection:
        return composer(house.watchlist).compose(connection, house.messages()[which])


def mailed(house: AlertHouse, which: int = -1) -> EmailMessage:
    return mail_of(written(house, which))


def released(house: AlertHouse, at: datetime) -> Delivery:
    """Let what waits leave at that time, as one message."""
    with house.database.write() as connection:
        for channel in house.watchlist.channels:
            send_bundle(connection, channel, house.watchlist, DOMAIN, at)
    return house.messages()[-1]


def new_match(connection: sa.Connection) -> MatchId:
    article = add_article(connection)
    [match] = matches.save_matches(connection, [(article.id, receipt())], NOW)
    return match.id


def entered(connection: sa.Connection, new: NewDelivery) -> Delivery:
    [delivery_id] = deliveries.enter_deliveries(connection, [new], NOW)
    claimed = deliveries.claim_delivery(connection, delivery_id, NOW, lease="a lease", lease_for=timedelta(minutes=2))
    assert claimed is not None
    return claimed


def a_digest(
    connection: sa.Connection,
    *,
    quiet: QuietPolicy = QuietPolicy.SHORT,
    joined: datetime = NOW - timedelta(days=1),
    owed: bool = True,
) -> Delivery:
    zoe = subscriber()
    sync_subscribers(connection, [replace(zoe, digest=replace(zoe.digest, quiet=quiet))], joined)
    [stored] = subscribers.active_subscribers(connection)
    if owed:
        owe(connection, [new_match(connection)])
    window = Window(stored.closed_until, NOW + timedelta(minutes=1), date(2026, 3, 10), "13:01")
    digest = digests.close_window(connection, stored, window, token="t0ken", coverage=None, now=NOW)
    assert digest is not None
    new = NewDelivery("digest", DeliveryKind.DIGEST, ChannelKind.MAIL, "zoe@example.org", "<2@x>", digest_id=digest)
    return entered(connection, new)


def withdraw_all(connection: sa.Connection, at: datetime = NOW) -> None:
    [article] = connection.execute(sa.select(tables.articles.c.id)).scalars()
    matches.withdraw_matches(connection, [(article, [])], at)


def mail_of(message: Message | Gone) -> EmailMessage:
    assert isinstance(message, Mail)
    return message.message


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def test_an_alert_is_a_mail_with_the_ledgers_message_id_and_the_reason(house: AlertHouse) -> None:
    told = house.publish()
    mail, message = mailed(house), house.messages()[0]
    assert (mail["To"], mail["Message-ID"], mail["Subject"]) == (
        "desk@example.org",
        message.message_id,
        "[Sieges of the world] The siege is broken",
    )
    text = plain(mail)
    assert "Why: siege in the title" in text
    assert "Why now: a story new to this watch" in text
    assert f"Whole story: <https://news.example.org/stories/{told.placed.story_id}>" in text
    assert f"Mute this story: <https://news.example.org/alerts/mute/{house.alert(told).id}.desk@example.org>" in text
    assert "Not relevant: <https://news.example.org/alerts/dismiss/" in text
    assert (mail["References"], mail["In-Reply-To"]) == (None, None)


def test_an_alert_names_the_outlets_that_have_the_story_too_when_it_is_sent(house: AlertHouse) -> None:
    first = house.publish()
    for outlet in ("gazette", "herald", "gazette"):
        house.publish(NOW + MINUTE, of=first, outlet=outlet)
    text = plain(mailed(house))
    assert "Also in 2 outlets: - gazette.example: The siege is broken <https://gazette.example/2> - herald" in text


def test_a_development_says_when_the_story_was_told_and_what_is_new_in_the_same_thread(house: AlertHouse) -> None:
    first = house.publish()
    house.settle(DeliveryState.SENT)
    house.publish(NOW + HOUR, of=first, join=Join.DEVELOPMENT, news=("new place: Palmyra",))
    mail = mailed(house)
    assert "Development 2 of the story you were told of on Tue 10 Mar, 12:00 UTC · new place: Palmyra" in plain(mail)
    assert mail["References"] == mail["In-Reply-To"] == house.messages()[0].message_id


def test_what_was_told_to_another_channel_is_no_thread(house: AlertHouse) -> None:
    house.watchlist = alerting(DESK, replace(DESK, name="other", target="other@x.org"), watches=TO_ALL.watches)
    house.watchlist = replace(
        house.watchlist, watches=(replace(WATCH, alert=AlertRule(to=("other",), at_most=Rate(9, HOUR))),)
    )
    first = house.publish()
    house.settle(DeliveryState.SENT)
    house.watchlist = WATCHLIST
    house.publish(NOW + HOUR, of=first, join=Join.DEVELOPMENT)
    mail = mailed(house)
    assert mail["References"] is None
    assert "Development 2 of a running story" in plain(mail)


def test_writing_a_message_again_gives_the_same_message(house: AlertHouse) -> None:
    house.publish()
    first, second = (mailed(house) for _ in range(2))
    assert [first[name] for name in ("Message-ID", "Date", "Subject")] == [
        second[name] for name in ("Message-ID", "Date", "Subject")
    ]
    assert plain(first) == plain(second)


def test_an_alert_for_a_chat_is_a_notice_and_for_a_webhook_a_record(house: AlertHouse) -> None:
    house.watchlist = TO_ALL
    told = house.publish()
    notice, record = written(house, 1), written(house, 2)
    assert isinstance(notice, Notice)
    assert notice.title == "[Sieges of the world] The siege is broken"
    assert isinstance(record, dict)
    assert json.loads(json.dumps(record)) == record
    assert [record[name] for name in ("id", "version", "kind", "channel", "created_at", "held_from", "more")] == [
        f"alert:siege:{told.placed.development_id}:hook",
        1,
        "alert",
        "hook",
        "2026-03-10T12:00:00Z",
        None,
        0,
    ]
    alerts: Any = record["alerts"]
    [alert] = alerts
    assert alert["watch"] == {"id": "siege", "title": "Sieges of the world"}
    assert (alert["rule"], alert["development"]["number"], alert["article"]["outlet"]) == (
        "new story",
        1,
        "wire.example",
    )
    assert alert["receipt"]["reason"] == "siege in the title"
    assert alert["links"]["story"] == f"https://news.example.org/stories/{told.placed.story_id}"


def test_an_alert_of_a_watch_that_was_removed_meanwhile_is_called_by_its_id(house: AlertHouse) -> None:
    house.publish()
    house.watchlist = replace(WATCHLIST, watches=())
    assert mailed(house)["Subject"] == "[siege] The siege is broken"


def test_an_alert_of_a_match_that_was_withdrawn_is_gone(house: AlertHouse) -> None:
    house.withdraw(house.publish(), NOW + MINUTE)
    assert written(house) == Gone(
        "the article was changed and no longer meets the watch, so there is nothing to alert of"
    )


def test_an_alert_of_a_match_that_was_withdrawn_tells_another_article_of_the_development_that_stands(
    house: AlertHouse,
) -> None:
    first = house.publish()
    second = house.publish(NOW + MINUTE, of=first, outlet="gazette", title="Siege of the town is over")
    house.publish(NOW + MINUTE, of=first, outlet="herald", join=Join.DEVELOPMENT, title="After the siege")
    house.withdraw(first, NOW + 2 * MINUTE)
    assert mailed(house, 0)["Subject"] == "[Sieges of the world] Siege of the town is over"
    house.withdraw(second, NOW + 3 * MINUTE)
    assert isinstance(written(house, 0), Gone)


def test_a_bundle_says_how_many_alerts_were_held_why_and_tells_each_story_once(house: AlertHouse) -> None:
    rain = Watch(RAIN, "Rain", keywords=("rain",), alert=AlertRule(to=("desk",)))
    house.watchlist = alerting(NIGHT, watches=(WATCH, rain))
    first = house.publish(LATE)
    house.publish(LATE + MINUTE, of=first, join=Join.DEVELOPMENT, title="Lorries reach the town")
    house.publish(LATE + 2 * MINUTE, of=first, watch=RAIN, outlet="gazette", title="Rain and siege")
    house.publish(LATE + 3 * MINUTE, title="Another siege")
    released(house, MORNING)
    mail = mailed(house)
    text = plain(mail)
    assert mail["Subject"] == "4 alerts on 2 stories: Another siege"
    assert "4 alerts held from 23:00 to 07:00 Europe/Berlin: quiet hours" in text
    assert text.count("Whole story:") == 2
    assert "[also matches: Rain]" in text
    assert "quiet hours of desk: 22:00-07:00 Europe/Berlin" in text


def test_a_bundle_of_one_alert_is_that_alert_with_when_it_was_held(house: AlertHouse) -> None:
    house.watchlist = alerting(NIGHT)
    house.publish(LATE)
    released(house, MORNING)
    mail = mailed(house)
    assert mail["Subject"] == "[Sieges of the world] The siege is broken"
    assert "1 alert held from 23:00 to 07:00 Europe/Berlin: quiet hours" in plain(mail)


def test_a_bundle_leaves_out_what_was_withdrawn_and_it_is_told_when_it_is_back(house: AlertHouse) -> None:
    house.watchlist = alerting(NIGHT)
    one, _ = house.publish(LATE), house.publish(LATE + MINUTE, title="Another siege")
    released(house, MORNING)
    house.withdraw(one, MORNING + MINUTE)
    assert mailed(house)["Subject"] == "[Sieges of the world] Another siege"
    house.settle(DeliveryState.SENT)
    assert len(house.restore(one, MORNING + HOUR)) == 1
    assert mailed(house)["Subject"] == "[Sieges of the world] The siege is broken"


def test_large_bundles_count_what_they_do_not_show(house: AlertHouse) -> None:
    house.watchlist = alerting(NIGHT)
    house.publish_all(LATE, 27)
    released(house, MORNING)
    mail = mailed(house)
    assert mail["Subject"].startswith("27 alerts on 27 stories: ")
    assert "2 more stories on the web: <https://news.example.org/stories>" in plain(mail)
    assert len(mail.as_bytes()) < 200_000


def test_a_burst_says_what_is_thicker_than_usual_and_what_it_is_about(house: AlertHouse) -> None:
    house.watchlist = alerting(watches=(replace(WATCH, alert=AlertRule(to=("desk",), when=AlertWhen.BURST)),))
    for days in range(14):
        house.publish(NOW - timedelta(days=14 - days))
    for number in range(4):
        house.publish_all(NOW + number * MINUTE, 4, outlet=f"outlet{number}", title=f"Siege, part {number}")
    mail = mailed(house)
    assert mail["Subject"].startswith("[Sieges of the world] Burst: ")
    assert mail["Subject"].endswith(" usual")
    text = plain(mail)
    assert "outlets: outlet" in text
    assert "1 article in 1 outlet" in text
    assert "All matches of this watch: <https://news.example.org/watches/siege>" in text


@pytest.mark.parametrize("channel", [DESK, CHAT, HOOK], ids=lambda channel: channel.name)
def test_the_operator_is_told_what_is_wrong_since_when_and_the_remedy(house: AlertHouse, channel: Channel) -> None:
    words = "The channel chat has failed since 11:00 UTC. Check its address."
    with house.database.write() as connection:
        notice = open_notice(connection, "channel:chat", NoticeKind.CHANNEL_FAILS, words, NOW)
        new = NewDelivery("n", DeliveryKind.NOTICE, channel.kind, channel.target, "<n@x>", channel.name, None, notice)
        message = composer(TO_ALL).compose(connection, entered(connection, new))
    if isinstance(message, Mail):
        mail = message.message
        assert mail["Subject"] == "[Tocsin] The channel chat has failed since 11:00 UTC"
        assert "since Tue 10 Mar, 12:00 UTC" in plain(mail)
        assert words in plain(mail)
    elif isinstance(message, Notice):
        assert message.title == "[Tocsin] The channel chat has failed since 11:00 UTC"
        assert message.body.splitlines()[0] == words
    else:
        assert message == {
            "id": "n",
            "version": 1,
            "kind": "notice",
            "channel": "hook",
            "created_at": "2026-03-10T12:00:00Z",
            "notice": {
                "about": "channel:chat",
                "what": "channel fails",
                "text": words,
                "since": "2026-03-10T12:00:00Z",
            },
        }


def test_a_notice_of_what_is_over_is_gone(house: AlertHouse) -> None:
    with house.database.write() as connection:
        notice = open_notice(connection, "x", NoticeKind.CHANNEL_FAILS, "x", NOW)
        new = NewDelivery("n", DeliveryKind.NOTICE, DESK.kind, DESK.target, "<n@x>", "desk", None, notice)
        delivery = entered(connection, new)
        close_notice(connection, "x", NOW)
        message = composer().compose(connection, delivery)
    assert message == Gone("what it was to tell the operator was over before it could be sent")


def test_a_notice_that_is_not_in_the_database_is_gone(house: AlertHouse) -> None:
    with house.database.write() as connection:
        notice = open_notice(connection, "x", NoticeKind.CHANNEL_FAILS, "x", NOW)
        new = NewDelivery("n", DeliveryKind.NOTICE, DESK.kind, DESK.target, "<n@x>", "desk", None, notice)
        delivery = replace(entered(connection, new), notice_id=NoticeId(999))
        assert composer().compose(connection, delivery) == Gone("the notice is no longer in the database")


def test_a_digest_is_a_mail_with_what_the_subscriber_was_owed(sqlite: Database) -> None:
    with sqlite.write() as connection:
        mail = mail_of(composer().compose(connection, a_digest(connection)))
    assert (mail["To"], mail["Message-ID"]) == ("zoe@example.org", "<2@x>")
    assert "The siege is broken" in plain(mail)
    assert "https://news.example.org/digests/t0ken" in plain(mail)


def test_a_digest_has_the_same_links_in_every_attempt_in_header_and_text(sqlite: Database) -> None:
    with sqlite.write() as connection:
        digest = a_digest(connection)
        first, second = (mail_of(composer().compose(connection, digest)) for _ in range(2))
    assert plain(first) == plain(second)
    assert first["List-Unsubscribe"] == second["List-Unsubscribe"]
    address = first["List-Unsubscribe"].split(">")[0].lstrip("<")
    assert address.startswith("https://news.example.org/unsubscribe/")
    assert f"<{address}>" in plain(first)


def test_a_digest_of_somebody_who_has_ended_or_paused_it_meanwhile_is_gone(sqlite: Database) -> None:
    with sqlite.write() as connection:
        digest = a_digest(connection)
        [stored] = subscribers.active_subscribers(connection)
        pause(connection, stored.id, NOW)
        assert composer().compose(connection, digest) == Gone("the subscriber is paused by now")
        unsubscribe(connection, stored.id, NOW, because="by the link in a mail")
        assert composer().compose(connection, digest) == Gone("the subscriber is unsubscribed by now")


@pytest.mark.parametrize(
    ("quiet", "goes"),
    [(QuietPolicy.SKIP, False), (QuietPolicy.WEEKLY, False), (QuietPolicy.SHORT, True)],
    ids=["skip", "weekly", "short"],
)
@pytest.mark.parametrize("later", [timedelta(), HOUR], ids=["under_lease", "given_back"])
def test_a_digest_whose_matches_were_all_withdrawn_goes_only_to_those_who_want_a_quiet_one(
    sqlite: Database, quiet: QuietPolicy, goes: bool, later: timedelta
) -> None:
    with sqlite.write() as connection:
        delivery = a_digest(connection, quiet=quiet)
        withdraw_all(connection, NOW + later)
        message = composer().compose(connection, delivery)
    reason = "its articles no longer meet the watches, and the subscriber wants no mail that says so"
    assert goes or message == Gone(reason)
    assert not goes or "Nothing matched" in str(mail_of(message)["Subject"])


def test_a_digest_whose_matches_were_all_withdrawn_is_the_weekly_sign_of_life_where_that_is_due(
    sqlite: Database,
) -> None:
    with sqlite.write() as connection:
        delivery = a_digest(connection, quiet=QuietPolicy.WEEKLY, joined=NOW - timedelta(days=8))
        withdraw_all(connection)
        assert "once a week" in plain(mail_of(composer().compose(connection, delivery)))


@pytest.mark.parametrize("quiet", QuietPolicy)
def test_a_digest_that_had_nothing_from_the_start_is_wanted(sqlite: Database, quiet: QuietPolicy) -> None:
    with sqlite.write() as connection:
        mail = mail_of(composer().compose(connection, a_digest(connection, quiet=quiet, owed=False)))
    assert "Nothing matched" in mail["Subject"]


def test_a_digest_that_is_not_in_the_database_is_gone(sqlite: Database) -> None:
    with sqlite.write() as connection:
        delivery = replace(a_digest(connection), digest_id=DigestId(999))
        message = composer().compose(connection, delivery)
    assert message == Gone("the digest or its subscriber is no longer in the database")


def test_mails_leave_by_the_mail_sender_which_is_closed_with_the_office(sqlite: Database) -> None:
    bag = MailBag()
    with sqlite.write() as connection:
        delivery = a_digest(connection)
        mail = composer().compose(connection, delivery)
    assert isinstance(mail, Mail)
    with ExitStack() as stack:
        office = PostOffice(lambda: bag, {}, watchlist, lambda: NOW)
        assert office.open(stack, delivery.channel)(delivery, mail) == Sent("250 OK")
    assert bag.closed is False  # kept for the next job
    office.close()
    assert (bag.mails, bag.closed) == ([mail], True)
