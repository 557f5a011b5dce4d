from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from records import NOW, SIEGE, add_article, receipt, subscriber, watchlist
from tocsin.delivery import Notice
from tocsin.models.deliveries import Delivery, DeliveryKind, Outcome, Sent
from tocsin.models.digests import Window
from tocsin.models.ids import DigestId, MatchId
from tocsin.models.watchlist import ChannelKind, Watch, Watchlist
from tocsin.rendering import environment
from tocsin.store import deliveries, digests, matches, subscribers
from tocsin.store.database import Database
from tocsin.store.deliveries import NewDelivery
from tocsin_worker.messages import Composer, Gone, Message, post_offices

WATCHLIST = watchlist(watches=(Watch(SIEGE, "Sieges of the world", keywords=("siege",)),))


@dataclass(slots=True)
class MailBag:
    """A mail sender that keeps what it is given."""

    messages: list[EmailMessage] = field(default_factory=list)
    closed: bool = False

    def send(self, message: EmailMessage) -> Outcome:
        self.messages.append(message)
        return Sent("250 OK")

    def close(self) -> None:
        self.closed = True


def composer(in_force: Watchlist = WATCHLIST) -> Composer:
    return Composer(
        environment=environment(),
        watchlist=lambda: in_force,
        sender="Tocsin <tocsin@news.example.org>",
        contact="help@news.example.org",
        base_url="https://news.example.org",
    )


def new_match(connection: sa.Connection) -> MatchId:
    article = add_article(connection)
    [match] = matches.save_matches(connection, [(article.id, receipt())], NOW)
    return match.id


def entered(connection: sa.Connection, new: NewDelivery) -> Delivery:
    [delivery_id] = deliveries.enter_deliveries(connection, [new], NOW)
    claimed = deliveries.claim_delivery(connection, delivery_id, NOW, lease="a lease", lease_for=timedelta(minutes=2))
    assert claimed is not None
    return claimed


def an_alert(connection: sa.Connection, channel: ChannelKind = ChannelKind.MAIL) -> Delivery:
    match = new_match(connection)
    return entered(connection, NewDelivery("alert", DeliveryKind.ALERT, channel, "desk@x.org", "<1@x>", match_id=match))


def a_digest(connection: sa.Connection) -> Delivery:
    subscribers.sync_subscribers(connection, [subscriber()], NOW - timedelta(days=1))
    [stored] = subscribers.active_subscribers(connection)
    matches.owe(connection, [(stored.id, new_match(connection))])
    window = Window(stored.closed_until, NOW + timedelta(minutes=1), date(2026, 3, 10), "13:01")
    digest = digests.close_window(connection, stored, window, token="t0ken", coverage=None, now=NOW)
    assert digest is not None
    new = NewDelivery("digest", DeliveryKind.DIGEST, ChannelKind.MAIL, "zoe@example.org", "<2@x>", digest_id=digest)
    return entered(connection, new)


def mail_of(message: Message | Gone) -> EmailMessage:
    assert isinstance(message, EmailMessage)
    return message


def plain(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return " ".join(str(part.get_content()).split())


def test_an_alert_is_a_mail_with_the_ledgers_message_id_and_the_reason(database: Database) -> None:
    with database.write() as connection:
        mail = mail_of(composer().compose(connection, an_alert(connection)))
    assert (mail["To"], mail["Message-ID"], mail["Subject"]) == (
        "desk@x.org",
        "<1@x>",
        "[Sieges of the world] The siege is broken",
    )
    assert "siege in the title" in plain(mail)


def test_writing_a_message_again_gives_the_same_message(database: Database) -> None:
    with database.write() as connection:
        delivery = an_alert(connection)
        first, second = (mail_of(composer().compose(connection, delivery)) for _ in range(2))
    assert [first[name] for name in ("Message-ID", "Date", "Subject")] == [
        second[name] for name in ("Message-ID", "Date", "Subject")
    ]
    assert plain(first) == plain(second)


def test_an_alert_for_a_chat_is_a_notice(database: Database) -> None:
    with database.write() as connection:
        notice = composer().compose(connection, an_alert(connection, ChannelKind.APPRISE))
    assert isinstance(notice, Notice)
    assert notice.title == "[Sieges of the world] The siege is broken"


def test_an_alert_of_a_watch_that_was_removed_meanwhile_is_called_by_its_id(database: Database) -> None:
    with database.write() as connection:
        mail = mail_of(composer(replace(WATCHLIST, watches=())).compose(connection, an_alert(connection)))
    assert mail["Subject"] == "[siege] The siege is broken"


def test_an_alert_of_a_match_that_was_withdrawn_is_gone(database: Database) -> None:
    with database.write() as connection:
        delivery = an_alert(connection)
        connection.execute(sa.text("UPDATE matches SET withdrawn_at = matched_at"))
        message = composer().compose(connection, delivery)
    assert message == Gone("the article was changed and no longer meets the watch, so there is nothing to alert of")


def test_a_digest_is_a_mail_with_what_the_subscriber_was_owed(database: Database) -> None:
    with database.write() as connection:
        mail = mail_of(composer().compose(connection, a_digest(connection)))
    assert (mail["To"], mail["Message-ID"]) == ("zoe@example.org", "<2@x>")
    assert "The siege is broken" in plain(mail)
    assert "https://news.example.org/digests/t0ken" in plain(mail)


def test_a_digest_that_is_not_in_the_database_is_gone(database: Database) -> None:
    with database.write() as connection:
        delivery = replace(a_digest(connection), digest_id=DigestId(999))
        message = composer().compose(connection, delivery)
    assert message == Gone("the digest or its subscriber is no longer in the database")


@pytest.mark.parametrize("write", [an_alert, a_digest])
def test_mails_leave_by_the_mail_sender_which_is_closed_at_the_end(
    database: Database, write: Callable[[sa.Connection], Delivery]
) -> None:
    bag = MailBag()
    with database.write() as connection:
        delivery = write(connection)
        mail = mail_of(composer().compose(connection, delivery))
    with ExitStack() as stack:
        posts = post_offices(stack, mail=lambda: bag, variables={})
        assert posts[delivery.channel](delivery.target, mail) == Sent("250 OK")
        assert bag.closed is False
    assert (bag.messages, bag.closed) == ([mail], True)
