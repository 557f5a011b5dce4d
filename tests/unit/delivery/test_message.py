from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.delivery.message import mail_domain, mail_message, new_message_id
from tocsin.errors import MailSetupError
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.subscribers import SubscriptionLinks
from tocsin.rendering.rendered import Rendered

DATE = datetime(2026, 9, 6, 5, 30, tzinfo=UTC)
SENDER = "Tocsin <tocsin@example.org>"


def a_message(
    *,
    subject: str = "Siege broken",
    text: str = "Text\n",
    html: str = "<p>Text</p>\n",
    sender: str = SENDER,
    to: str = "zoe@example.org",
    contact: str | None = None,
    kind: DeliveryKind = DeliveryKind.DIGEST,
    thread: str | None = None,
    links: SubscriptionLinks | None = None,
) -> EmailMessage:
    return mail_message(
        Rendered(subject, "", html, text),
        kind=kind,
        sender=sender,
        to=to,
        message_id="<1@example.org>",
        date=DATE,
        contact=contact,
        thread=thread,
        links=links,
    )


def received(message: EmailMessage) -> EmailMessage:
    """Read the bytes as their receiver does."""
    read = message_from_bytes(message.as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def test_the_headers_are_those_of_a_list_that_nobody_should_answer_by_machine() -> None:
    message = received(a_message(contact="desk@example.org"))
    assert {name: str(value) for name, value in message.items() if name != "Content-Type"} == {
        "From": "Tocsin <tocsin@example.org>",
        "To": "zoe@example.org",
        "Subject": "Siege broken",
        "Date": "Sun, 06 Sep 2026 05:30:00 +0000",
        "Message-ID": "<1@example.org>",
        "Reply-To": "desk@example.org",
        "List-Id": "Tocsin digests <digest.tocsin.example.org>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
    }


def test_plain_text_comes_first_and_html_last() -> None:
    message = received(a_message(text="Größe داعش\n", html="<p>Größe داعش</p>\n"))
    assert message.get_content_type() == "multipart/alternative"
    parts = [part for part in message.iter_parts() if isinstance(part, EmailMessage)]
    assert [(part.get_content_type(), part.get_content().replace("\r\n", "\n")) for part in parts] == [
        ("text/plain", "Größe داعش\n"),
        ("text/html", "<p>Größe داعش</p>\n"),
    ]
    assert [part["MIME-Version"] for part in parts] == [None, None]


def test_each_part_takes_the_shorter_encoding() -> None:
    message = a_message(text="Plain words. " * 50, html="داعش " * 200)
    assert [part["Content-Transfer-Encoding"] for part in message.iter_parts()] == ["quoted-printable", "base64"]


@pytest.mark.parametrize("text", ["word " * 500, "داعش " * 500, "x" * 3000])
def test_no_line_of_the_body_is_longer_than_the_encodings_allow(text: str) -> None:
    _, _, body = a_message(text=text, html=text).as_bytes().partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76


def test_a_long_header_is_not_turned_into_an_encoded_word() -> None:
    domain = ".".join(["a" * 50] * 4)
    message = a_message(sender=f"tocsin@{domain}", contact=f"desk@{domain}")
    assert b"=?" not in message.as_bytes()
    assert received(message)["List-Id"] == f"Tocsin digests <digest.tocsin.{domain}>"
    assert received(message)["Reply-To"] == f"desk@{domain}"


@pytest.mark.parametrize("contact", [None, "", "https://example.org/desk", "https://user@example.org/"])
def test_only_a_mail_address_is_answered_to(contact: str | None) -> None:
    assert a_message(contact=contact)["Reply-To"] is None


LINKS = SubscriptionLinks(
    settings="https://news.example.org/subscription/SETTINGS",
    unsubscribe=f"https://news.example.org/unsubscribe/{'t' * 120}",
    mailto="bounces+u7-0-abcdefghijklmnop@news.example.org",
)


def test_a_digest_can_be_ended_by_one_click_and_by_a_mail() -> None:
    message = a_message(links=LINKS)
    assert (
        received(message)["List-Unsubscribe"] == f"<{LINKS.unsubscribe}>, <mailto:{LINKS.mailto}?subject=unsubscribe>"
    )
    assert received(message)["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    # No program unfolds or decodes it before it looks for the link.
    assert f"List-Unsubscribe: <{LINKS.unsubscribe}>, <mailto:".encode() in message.as_bytes()


def test_without_a_mailbox_that_is_read_only_the_link_is_offered() -> None:
    links = replace(LINKS, mailto="")
    assert received(a_message(links=links))["List-Unsubscribe"] == f"<{LINKS.unsubscribe}>"


def test_one_click_is_promised_over_https_alone() -> None:
    links = replace(LINKS, unsubscribe="http://127.0.0.1:8080/unsubscribe/TOKEN", mailto="")
    message = received(a_message(links=links))
    assert message["List-Unsubscribe"] == "<http://127.0.0.1:8080/unsubscribe/TOKEN>"
    assert message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize("kind", list(DeliveryKind))
def test_each_kind_of_mail_is_a_list_of_its_own_but_the_question_whether_one_wants_any(kind: DeliveryKind) -> None:
    of_list = None if kind is DeliveryKind.CONFIRMATION else f"Tocsin {kind}s <{kind}.tocsin.example.org>"
    assert received(a_message(kind=kind))["List-Id"] == of_list


def test_what_belongs_together_names_what_came_first() -> None:
    message = received(a_message(thread="<0@example.org>"))
    assert (message["In-Reply-To"], message["References"]) == ("<0@example.org>", "<0@example.org>")


def test_each_attempt_sends_the_same_bytes() -> None:
    assert a_message(links=LINKS).as_bytes() == a_message(links=LINKS).as_bytes()


HOSTILE = json.loads((Path(__file__).parents[1] / "rendering" / "hostile_titles.json").read_text())


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_title_becomes_one_harmless_subject(case: dict[str, str]) -> None:
    message = received(a_message(subject=case["title"]))
    assert message["Subject"] == case["shown"]
    assert message["Bcc"] is None


@given(st.text(alphabet=st.characters(), max_size=400), st.text(alphabet=st.characters(), max_size=200))
def test_any_subject_and_any_text_can_be_sent_and_read(subject: str, text: str) -> None:
    message = received(a_message(subject=subject, text=text, html=text))
    assert message["Bcc"] is None
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@given(st.text(alphabet=st.characters(), max_size=300))
def test_no_title_adds_or_takes_away_a_header(title: str) -> None:
    usual, odd = (received(a_message(subject=subject, links=LINKS)) for subject in ("Siege broken", title))
    assert odd.keys() == usual.keys()
    assert [odd[name] for name in odd if name not in {"Subject", "Content-Type"}] == [
        usual[name] for name in usual if name not in {"Subject", "Content-Type"}
    ]


@pytest.mark.parametrize(
    "piece",
    ["\u4e16\u754c", "\ud800", "\r\nBcc: x@example.org\r\n", "\x00", "\u202e", "e\u0301", "\U0001f1e9"],
    ids=ascii,
)
def test_a_title_of_sixty_thousand_letters_costs_no_time(piece: str) -> None:
    started = time.process_time()
    message = received(a_message(subject=piece * (60_000 // len(piece))))
    assert time.process_time() - started < 0.5
    assert len(message["Subject"]) <= 200
    assert message["Bcc"] is None


def test_names_and_subjects_in_any_script_are_encoded_for_servers_that_know_ascii_alone() -> None:
    message = a_message(subject="Größe und داعش", sender="Sturmglöckchen <tocsin@example.org>")
    assert message.as_bytes().isascii()
    assert received(message)["Subject"] == "Größe und داعش"
    assert received(message)["From"] == "Sturmglöckchen <tocsin@example.org>"


def test_a_domain_beyond_ascii_is_written_in_ascii() -> None:
    assert a_message(to="zoe@bücher.example")["To"] == "zoe@xn--bcher-kva.example"
    assert mail_domain("Tocsin <tocsin@bücher.example>") == "xn--bcher-kva.example"


def test_a_local_part_beyond_ascii_stays_as_it_is() -> None:
    assert "To: zoë@example.org\r\n".encode() in a_message(to="zoë@example.org").as_bytes()


@pytest.mark.parametrize(
    "to",
    [
        "",
        "zoe",
        "@example.org",
        "zoe@",
        "zoe@example.org\r\nBcc: x@example.org",
        "zoe@example.org,omar@example.org",
        "a b@example.org",
        "zoe@example..org",
        "zoe@example.org\x00",
        "\u202ezoe@example.org",
    ],
)
def test_what_is_no_address_is_refused_with_words(to: str) -> None:
    with pytest.raises(MailSetupError, match="is not a mail address"):
        a_message(to=to)


def test_message_ids_are_unique_and_well_formed() -> None:
    ids = {new_message_id("example.org") for _ in range(100)}
    assert len(ids) == 100
    assert all(one.startswith("<") and one.endswith("@example.org>") and len(one) == 46 for one in ids)
