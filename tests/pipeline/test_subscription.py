"""The whole way of a reader, over real HTTP, a real queue and a real mail server: from the form to the last mail."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

import pytest
import redis
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from selectolax.lexbor import LexborHTMLParser, LexborNode

from eventually import eventually
from records import SIEGE, watchlist
from subscribed import mail as enter_mail
from subscribed import match, owed_to, state_of, stored
from subscribing_reader import parts
from tocsin.delivery import Letterhead, SmtpSender, parse_smtp_url
from tocsin.delivery.feedback import feedback_links
from tocsin.models.deliveries import DeliveryState
from tocsin.models.digests import Window
from tocsin.models.ids import DeliveryId
from tocsin.models.subscribers import SubscriberState
from tocsin.models.watchlist import SelfService, Watchlist
from tocsin.queueing import DELIVER, QueueWorker, Wakeups
from tocsin.rendering.templates import Templates
from tocsin.store.database import Database
from tocsin.store.digests import close_window
from tocsin.store.subscribers import find_subscriber
from tocsin_scheduler.windows import close_window_now
from tocsin_web.app import build_app
from tocsin_worker.deliver import Mailer
from tocsin_worker.messages import Composer
from tocsin_worker.posts import PostOffice
from web_client import SECRET, house_on, served

DOMAIN = "news.example.org"
BASE_URL = f"https://{DOMAIN}"
NOUR = "nour@example.org"
OPEN: Watchlist = replace(watchlist(), self_service=SelfService(watches=(SIEGE,)))


@dataclass(slots=True)
class Mailbox:
    """What a mail server took for one reader."""

    mails: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- its name there
        assert isinstance(envelope.content, bytes)
        assert envelope.rcpt_tos == [NOUR]
        self.mails.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=default))
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Browsing:
    """A browser without scripts: it opens pages and presses their buttons. ``site`` is where the pages are served."""

    site: str

    def open(self, url: str) -> LexborHTMLParser:
        """Open a page."""
        return self._asked("GET", url)

    def press(self, page: LexborHTMLParser, **typed: str) -> LexborHTMLParser:
        """Send the first form of the page as it stands, but for what is typed."""
        form = page.css("form")[0]
        sent = [(name, value) for name, value in _filled(form) if name not in typed] + list(typed.items())
        return self._asked("POST", form.attributes["action"] or "", urlencode(sent))

    def one_click(self, url: str) -> None:
        """End a list as a mail program does, without looking (RFC 8058)."""
        self._asked("POST", url, "List-Unsubscribe=One-Click")

    def _asked(self, method: str, url: str, body: str | None = None) -> LexborHTMLParser:
        """Ask for a page, which must be there, and lead nowhere else."""
        where = urlsplit(self.site)
        connection = HTTPConnection(where.hostname or "", where.port, timeout=20)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        connection.request(method, url.removeprefix(BASE_URL), body, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status == 200, text
        return LexborHTMLParser(text)


def _filled(form: LexborNode) -> Iterator[tuple[str, str]]:
    """Give the fields of a form as a browser would send them."""
    for one in form.css("input"):
        kind, name = one.attributes.get("type"), one.attributes.get("name")
        if name and (kind not in {"checkbox", "radio"} or "checked" in one.attributes):
            yield name, one.attributes.get("value") or ""
    for one in form.css("option[selected]"):
        parent = one.parent
        assert parent is not None
        yield parent.attributes["name"] or "", one.attributes["value"] or ""


@dataclass(slots=True)
class House:
    """The parts that a subscription takes: pages, queue, mailer and mail server."""

    database: Database
    valkey: redis.Redis
    browsing: Browsing
    mailbox: Mailbox
    mailer: Mailer

    def deliver(self, ids: list[DeliveryId]) -> None:
        """Hand messages to the queue, and let the mailer work it off."""
        Wakeups(self.valkey, SECRET).send(DELIVER, ids)
        QueueWorker(self.valkey, SECRET, DELIVER, self.mailer.run, lambda: None).run_waiting()

    def newest(self, number: int) -> EmailMessage:
        """Let the mailer work off what waits, and give the mail that came last; it is to be that many in all."""
        self.deliver([])
        mails: list[EmailMessage] = eventually(lambda: self.mailbox.mails if len(self.mailbox.mails) >= number else [])
        assert len(mails) == number
        return mails[-1]


@pytest.fixture
def house(database: Database, valkey: redis.Redis) -> Iterator[House]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=True)
    controller.start()
    wakeups = Wakeups(valkey, SECRET)
    pages = house_on(
        database,
        watchlist=lambda: OPEN,
        base_url=BASE_URL,
        now=lambda: datetime.now(UTC),
        wake_mailer=lambda ids: wakeups.send(DELIVER, ids),
    )
    with mailing(database, controller.port) as mailer, served(build_app(pages)) as site:
        yield House(database, valkey, Browsing(site), mailbox, mailer)
    controller.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def mailing(database: Database, port: int) -> Iterator[Mailer]:
    links = partial(feedback_links, base_url=BASE_URL, secret=SECRET)
    letterhead = Letterhead(f"Tocsin <tocsin@{DOMAIN}>")
    composer = Composer(Templates(), lambda: OPEN, letterhead, None, BASE_URL, links, SECRET)
    address = parse_smtp_url(f"smtp+plain://127.0.0.1:{port}")
    office = PostOffice(lambda: SmtpSender(address), {}, lambda: OPEN, lambda: datetime.now(UTC))
    mailer = Mailer(database, composer.compose, office.open)
    yield mailer
    mailer.close()
    office.close()


def link_in(mail: EmailMessage, path: str) -> str:
    """The one link of that kind, the same in both parts of a mail."""
    found: set[str] = {link for part in parts(mail) for link in re.findall(rf"{BASE_URL}{path}[\w.-]+", part)}
    [only] = found
    return only


def heading(page: LexborHTMLParser) -> str:
    found = page.css_first("h1")
    assert found is not None
    return str(found.text())


@pytest.mark.parametrize(
    ("language", "asked", "done", "over"),
    [
        ("en", "Do you want these news digests?", "Your digests are on their way", "You have unsubscribed"),
        ("ar", None, None, None),
    ],
    ids=["en", "ar"],
)
def test_a_reader_subscribes_is_asked_gets_digests_and_ends_them(
    house: House, language: str, asked: str | None, done: str | None, over: str | None
) -> None:
    form = house.browsing.open(f"/subscribe?language={language}")
    house.browsing.press(form, email=NOUR, which="all", at="07:30", timezone="Asia/Beirut")

    question = house.newest(1)
    confirm = link_in(question, "/subscribe/confirm/")
    assert "List-Unsubscribe" not in question
    page = house.browsing.open(confirm)
    assert_in_language(page, language, asked)
    with house.database.read() as connection:
        assert find_subscriber(connection, NOUR) is None
    assert_in_language(house.browsing.press(page), language, done)

    with house.database.write() as connection:
        told = match(connection)
        assert owed_to(connection, NOUR) == [told]
        reader = stored(connection, NOUR)
    house.deliver(close_window_now(house.database, reader, DOMAIN))
    digest = house.newest(2)
    assert "The siege is broken" in parts(digest)[0]
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    settings = house.browsing.open(link_in(digest, "/subscription/"))
    assert settings.css_first("form.subscription") is not None
    ends = link_in(digest, "/unsubscribe/")
    assert f"<{ends}>" in digest["List-Unsubscribe"]
    assert_in_language(house.browsing.open(ends), language, None)

    waiting = closed_and_waiting(house)
    house.browsing.one_click(ends)
    house.deliver([waiting])
    with house.database.write() as connection:
        match(connection, "two")
        reader = stored(connection, NOUR)
        assert (reader.state, owed_to(connection, NOUR)) == (SubscriberState.UNSUBSCRIBED, [])
        assert state_of(connection, waiting)[0] is DeliveryState.DROPPED
    assert close_window_now(house.database, reader, DOMAIN) == []
    assert house.newest(2) is digest
    assert_in_language(house.browsing.open(ends), language, over)


def closed_and_waiting(house: House) -> DeliveryId:
    """Close the next digest and leave its mail to wait, as while the mail server is down."""
    with house.database.write() as connection:
        match(connection, "meanwhile")
        reader = stored(connection, NOUR)
        end = reader.closed_until + timedelta(hours=1)
        window = Window(reader.closed_until, end, date(2099, 1, 1), "07:30")
        digest_id = close_window(connection, reader, window, token="t" * 30, coverage=None, now=end)
        assert digest_id is not None
        return enter_mail(connection, digest_id, NOUR)


def assert_in_language(page: LexborHTMLParser, language: str, said: str | None) -> None:
    html = page.css_first("html")
    assert html is not None
    assert (html.attributes["lang"], html.attributes["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    if said is not None:
        assert heading(page) == said
