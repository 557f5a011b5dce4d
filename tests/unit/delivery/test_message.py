from __future__ import annotations

import json
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
) -> EmailMessage:
    return mail_message(
        Rendered(subject, "", html, text),
        kind=DeliveryKind.DIGEST,
        sender=sender,
        to=to,
        message_id="<1@example.org>",
        date=DATE,
        contact=contact,
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
        "List-Id": "<digest.tocsin.example.org>",
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
    assert received(message)["List-Id"] == f"<digest.tocsin.{domain}>"
    assert received(message)["Reply-To"] == f"desk@{domain}"


@pytest.mark.parametrize("contact", [None, "", "https://example.org/desk", "https://user@example.org/"])
def test_only_a_mail_address_is_answered_to(contact: str | None) -> None:
    assert a_message(contact=contact)["Reply-To"] is None


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
