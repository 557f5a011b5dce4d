from __future__ import annotations

import pytest
import sqlalchemy as sa

from records import MINUTE, NOW, subscriber
from subscribed import DAY, claimed, close, mail, match, named, owed_to, state_of, stored
from tocsin.models.alerts import NoticeKind
from tocsin.models.deliveries import DeliveryKind, DeliveryState
from tocsin.models.ids import DeliveryId, SubscriberId
from tocsin.models.mail_reports import Bounced, Complained, Delayed, Left, MailReport, Unused
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import ChannelKind
from tocsin.store.bounces import Consequence, apply_report
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery, enter_deliveries, settle_sent
from tocsin.store.notices import open_notices
from tocsin.store.signups import enter_signup
from tocsin.store.subscriber_states import pause, resume, suppress, void_links

ZOE = "zoe@example.org"
WORDS = "550 5.1.1 no such user"


def sent(connection: sa.Connection, email: str = ZOE, day: int = 0) -> DeliveryId:
    """Send somebody a digest with one match."""
    delivery_id = mail(connection, close(connection, day, email), email)
    assert settle_sent(connection, claimed(connection, delivery_id), NOW)
    return delivery_id


def state(connection: sa.Connection, email: str = ZOE) -> tuple[SubscriberState, str]:
    found = stored(connection, email)
    return found.state, found.because


def test_a_dead_address_gets_nothing_more_and_is_owed_what_it_did_not_get(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        found = match(connection)
        delivery_id = sent(connection)
        done = apply_report(connection, Bounced(delivery_id, WORDS, address_fault=True), NOW + MINUTE)
        assert done == Consequence(f"no such address ({WORDS}); nothing more is mailed to it", ZOE)
        assert state(connection) == (SubscriberState.SUPPRESSED, WORDS)
        assert state_of(connection, delivery_id) == (DeliveryState.FAILED, f"came back: {WORDS}")
        assert owed_to(connection) == [found]


def test_another_refusal_fails_the_digest_and_goes_on_with_its_reader(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        found = match(connection)
        delivery_id = sent(connection)
        done = apply_report(connection, Bounced(delivery_id, "552 5.2.2 full"), NOW + MINUTE)
        assert done == Consequence("digest:1 came back (552 5.2.2 full)", ZOE)
        assert state(connection) == (SubscriberState.ACTIVE, "")
        assert owed_to(connection) == [found]


@pytest.mark.parametrize("address_fault", [True, False])
def test_the_same_bounce_twice_changes_nothing(database: Database, address_fault: bool) -> None:
    with database.write() as connection:
        zoe = named(connection)
        match(connection)
        delivery_id = sent(connection)
        report = Bounced(delivery_id, WORDS, address_fault)
        apply_report(connection, report, NOW + MINUTE)
        resume(connection, zoe.id, NOW + 2 * MINUTE)
        assert apply_report(connection, report, NOW + 3 * MINUTE) is None
        assert state(connection) == (SubscriberState.ACTIVE, "")


def test_a_bounce_of_a_mail_that_left_before_the_address_was_mended_says_nothing_of_it(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        match(connection)
        delivery_id = sent(connection)
        suppress(connection, zoe.id, NOW + MINUTE, because=WORDS)
        resume(connection, zoe.id, NOW + 2 * MINUTE)
        done = apply_report(connection, Bounced(delivery_id, WORDS, address_fault=True), NOW + 3 * MINUTE)
        assert done == Consequence(f"digest:1 came back ({WORDS})", ZOE)
        assert state(connection) == (SubscriberState.ACTIVE, "")


def test_a_bounce_before_the_mailer_could_note_the_servers_yes_counts(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        match(connection)
        delivery_id = mail(connection, close(connection))
        in_hands = claimed(connection, delivery_id)
        assert apply_report(connection, Bounced(delivery_id, WORDS, address_fault=True), NOW + MINUTE) is not None
        assert not settle_sent(connection, in_hands, NOW + MINUTE)
        assert state(connection) == (SubscriberState.SUPPRESSED, WORDS)


@pytest.mark.parametrize(
    "report", [Delayed(DeliveryId(1), "451 4.4.1"), Unused("an automatic answer")], ids=["delayed", "unused"]
)
def test_a_delay_and_what_is_no_report_change_nothing(database: Database, report: MailReport) -> None:
    with database.write() as connection:
        named(connection)
        match(connection)
        delivery_id = sent(connection)
        assert apply_report(connection, report, NOW + MINUTE) is None
        assert state_of(connection, delivery_id) == (DeliveryState.SENT, None)


@pytest.mark.parametrize("is_paused", [True, False], ids=["paused", "active"])
def test_a_complaint_ends_the_subscription_at_once(database: Database, is_paused: bool) -> None:
    with database.write() as connection:
        zoe = named(connection)
        match(connection)
        delivery_id = sent(connection)
        match(connection, "two")
        if is_paused:
            pause(connection, zoe.id, NOW + MINUTE)
        done = apply_report(connection, Complained(delivery=delivery_id), NOW + MINUTE)
        assert done == Consequence("unsubscribed: a digest was called spam", ZOE)
        assert state(connection) == (SubscriberState.UNSUBSCRIBED, "a digest was called spam")
        assert owed_to(connection) == []
        assert apply_report(connection, Complained(subscriber=zoe.id), NOW + DAY) is None


def test_a_mail_to_the_address_for_leaving_ends_the_subscription_once(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        done = apply_report(connection, Left(zoe.id, zoe.link_epoch), NOW + MINUTE)
        assert done == Consequence("unsubscribed: by a mail", ZOE)
        assert state(connection) == (SubscriberState.UNSUBSCRIBED, "by a mail")
        assert apply_report(connection, Left(zoe.id, zoe.link_epoch), NOW + DAY) is None


def test_an_address_for_leaving_is_void_with_the_links_of_its_time(database: Database) -> None:
    with database.write() as connection:
        zoe = named(connection)
        void_links(connection, zoe.id)
        assert apply_report(connection, Left(zoe.id, zoe.link_epoch), NOW + MINUTE) is None
        assert state(connection) == (SubscriberState.ACTIVE, "")


@pytest.mark.parametrize(
    "report",
    [
        Bounced(DeliveryId(99), WORDS, address_fault=True),
        Complained(delivery=DeliveryId(99)),
        Complained(subscriber=SubscriberId(99)),
        Left(SubscriberId(99), 0),
    ],
    ids=["bounce", "complaint", "reader", "leaving"],
)
def test_what_is_no_longer_kept_is_left_alone(database: Database, report: MailReport) -> None:
    with database.write() as connection:
        named(connection)
        assert apply_report(connection, report, NOW) is None
        assert state(connection) == (SubscriberState.ACTIVE, "")


def test_the_operator_is_told_when_the_digests_of_several_readers_come_back(database: Database) -> None:
    readers = [f"reader{number}@example.org" for number in range(3)]
    told = []
    with database.write() as connection:
        named(connection, *(subscriber(email) for email in readers))
        match(connection)
        for email in readers:
            apply_report(connection, Bounced(sent(connection, email), "550 5.7.1 spam"), NOW + MINUTE)
            told.append([notice.kind for notice in open_notices(connection)])
    assert told == [[], [], [NoticeKind.MAIL_REFUSED]]


def test_mail_of_a_channel_that_comes_back_is_told_at_once(database: Database) -> None:
    new = NewDelivery("n", DeliveryKind.ALERT, ChannelKind.MAIL, "desk@example.org", "<n@x>", name="desk")
    with database.write() as connection:
        [delivery_id] = enter_deliveries(connection, [new], NOW)
        done = apply_report(connection, Bounced(delivery_id, WORDS, address_fault=True), NOW + MINUTE)
        assert done == Consequence(f"n came back ({WORDS})", "desk@example.org")
        [notice] = open_notices(connection)
    assert notice.text == (
        f"The channel desk fails: mail to desk@example.org comes back ({WORDS}). Its messages are lost where that goes "
        "on. Mend it, and try it with: tocsin channels test desk"
    )


def test_a_complaint_about_an_alert_is_told_and_ends_nothing(database: Database) -> None:
    new = NewDelivery("n", DeliveryKind.ALERT, ChannelKind.MAIL, ZOE, "<n@x>", name="desk")
    with database.write() as connection:
        named(connection)
        [delivery_id] = enter_deliveries(connection, [new], NOW)
        done = apply_report(connection, Complained(delivery=delivery_id), NOW + MINUTE)
        assert done == Consequence("an alert was called spam; see who gets this channel's mail", ZOE)
        assert state(connection) == (SubscriberState.ACTIVE, "")


def test_a_question_that_was_called_spam_is_told_as_what_it_was(database: Database) -> None:
    with database.write() as connection:
        named(connection)
        signup_id = enter_signup(connection, subscriber("omar@example.org"), NOW)
        kind = DeliveryKind.CONFIRMATION
        new = NewDelivery("c", kind, ChannelKind.MAIL, "omar@example.org", "<c@x>", signup_id=signup_id)
        [delivery_id] = enter_deliveries(connection, [new], NOW)
        done = apply_report(connection, Complained(delivery=delivery_id), NOW)
        words = "a mail that asks for a confirmation was called spam: somebody else asked for it"
        assert done == Consequence(words, "omar@example.org")
        assert state(connection) == (SubscriberState.ACTIVE, "")
