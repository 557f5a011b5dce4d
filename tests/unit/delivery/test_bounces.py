"""What mails that come back say, from servers of many makes."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import returned_mails as mails
from returned_mails import (
    DELIVERY,
    FORGED,
    LEAVING,
    OUR_ADDRESS,
    SUBSCRIBER,
    VERP,
    complaint,
    recipient,
    report,
    written,
)
from tocsin.delivery.bounces import read_report
from tocsin.models.ids import DeliveryId, SubscriberId
from tocsin.models.mail_reports import Bounced, Complained, Delayed, Left, MailReport, Unused


def read(content: bytes) -> MailReport:
    return read_report(content, VERP)


def test_a_report_says_which_message_came_back_and_why() -> None:
    assert read(mails.NO_SUCH_USER) == Bounced(
        DELIVERY, "550 5.1.1 <zoe@example.net>: Recipient address rejected: User unknown", address_fault=True
    )


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"])
def test_these_codes_say_that_nothing_will_ever_reach_the_address(status: str) -> None:
    assert read(report(recipient(status))) == Bounced(DELIVERY, status, address_fault=True)


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        ("5.2.2", "552 5.2.2 Mailbox full"),
        ("5.7.1", "550 5.7.1 Message looks like spam"),
        ("5.7.26", "550-5.7.26 This mail has been blocked because the sender is unauthenticated"),
        ("5.3.4", "552 5.3.4 Message too big"),
        ("5.0.0", "554 no"),
        ("4.4.7", "450 4.4.7 Message expired"),
    ],
)
def test_other_failures_for_good_are_none_of_the_address(status: str, diagnostic: str) -> None:
    assert read(report(recipient(status, diagnostic))) == Bounced(DELIVERY, diagnostic)


def test_the_servers_own_words_say_more_than_a_general_code() -> None:
    told = "550 5.1.1 No such user here"
    assert read(report(recipient("5.0.0", told))) == Bounced(DELIVERY, told, address_fault=True)
    assert read(report(recipient("5.0.0", "550 No such user here"))) == Bounced(
        DELIVERY, "550 No such user here", address_fault=True
    )


@pytest.mark.parametrize(
    ("status", "diagnostic"),
    [
        (
            "5.1.1",
            "550-5.1.1 The email account that you tried to reach does not exist.\n 550 5.1.1 Please look for typos.",
        ),
        (
            "5.1.10",
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient zoe@example.net not found by SMTP address lookup",
        ),
        ("5.0.0", "550 5.1.1 <zoe@example.net>... User unknown"),
        ("5.2.1", "550 5.2.1 The email account that you tried to reach is disabled."),
    ],
    ids=["of many lines", "a resolver's", "a general status", "disabled"],
)
def test_the_large_houses_say_it_in_words_of_their_own(status: str, diagnostic: str) -> None:
    said = read(report(recipient(status, diagnostic)))
    assert isinstance(said, Bounced)
    assert said.address_fault


def test_a_code_without_an_action_says_it_by_its_class() -> None:
    assert read(report(recipient("5.1.1", action=""))) == Bounced(DELIVERY, "5.1.1", address_fault=True)
    assert read(report(recipient("4.4.1", action=""))) == Delayed(DELIVERY, "4.4.1")
    assert isinstance(read(report(recipient("2.0.0", action=""))), Unused)


def test_a_message_that_waits_is_only_delayed() -> None:
    told = "451 4.4.1 Connection timed out"
    assert read(report(recipient("4.4.1", told, action="delayed"))) == Delayed(DELIVERY, told)


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_an_address_behind_which_some_got_it_is_not_dead(action: str) -> None:
    both = f"{recipient('5.1.1')}\n\n{recipient('2.0.0', action=action)}"
    assert read(report(both)) == Unused("it says that the message arrived")


def test_an_address_is_dead_only_if_all_behind_it_are() -> None:
    both = f"{recipient('5.1.1')}\n\n{recipient('5.2.2')}"
    assert read(report(both)) == Bounced(DELIVERY, "5.1.1", address_fault=False)


def test_the_address_may_stand_in_the_report_alone() -> None:
    fields = f"Reporting-MTA: dns; mx\nX-Postfix-Sender: rfc822; {OUR_ADDRESS}"
    content = report(recipient("5.1.1"), to="postmaster@news.example.org", per_message=fields)
    assert read(content) == Bounced(DELIVERY, "5.1.1", address_fault=True)


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Envelope-To"])
def test_the_address_may_stand_in_what_the_last_server_noted(name: str) -> None:
    content = f"{name}: {OUR_ADDRESS.upper()}\r\n".encode() + report(recipient("5.1.1"), to="undisclosed:;")
    assert read(content) == Bounced(DELIVERY, "5.1.1", address_fault=True)


def test_reports_in_utf_8_are_read() -> None:
    content = report(recipient("5.1.1", "550 5.1.1 Größe unbekannt")).replace(
        b"message/delivery-status", b"message/global-delivery-status"
    )
    assert isinstance(read(content), Bounced)


def test_a_forged_report_is_not_believed() -> None:
    assert read(report(recipient("5.1.1"), to=FORGED)) == Unused("its address is forged", is_forged=True)


def test_a_report_on_somebody_elses_message_is_not_used() -> None:
    content = report(recipient("5.1.1"), to="bounces@news.example.org")
    assert read(content) == Unused("a report on no message of ours", is_unclear=True)


def test_what_stands_in_the_message_that_was_sent_back_is_not_believed() -> None:
    content = report("", original=f"Return-Path: {OUR_ADDRESS}")
    assert read(content) == Unused("a report that does not say what became of the message", is_unclear=True)


def test_qmail_is_understood() -> None:
    assert read(mails.QMAIL) == Bounced(
        DELIVERY, "<zoe@example.net>: Sorry, no mailbox here by that name. (#5.1.1)", address_fault=True
    )


def test_exim_is_understood_though_it_calls_itself_an_answer() -> None:
    report = read(mails.EXIM)
    assert isinstance(report, Bounced)
    assert "550 5.1.1" in report.words
    assert report.address_fault


def test_qmail_gives_up_with_a_passing_code() -> None:
    report = read(mails.QMAIL_TOO_LONG)
    assert isinstance(report, Bounced)
    assert not report.address_fault


def test_a_warning_in_plain_words_is_only_a_delay() -> None:
    assert isinstance(read(mails.WARNING), Delayed)


@pytest.mark.parametrize("content", [mails.VACATION, mails.OUTLOOK_AWAY], ids=["rfc3834", "outlook"])
def test_one_who_is_away_still_gets_mail(content: bytes) -> None:
    assert isinstance(read(content), Unused)


def test_a_mail_to_the_address_for_leaving_ends_the_subscription() -> None:
    assert read(mails.GOOD_BYE) == Left(SUBSCRIBER, 0)


def test_a_mail_without_subject_and_text_ends_it_too() -> None:
    assert read(written(f"From: zoe@example.net\nTo: {LEAVING.upper()}")) == Left(SUBSCRIBER, 0)


@pytest.mark.parametrize("who", ["MAILER-DAEMON@mx.example.net", "Mail Delivery Subsystem <postmaster@x.example>"])
def test_a_server_ends_no_subscription(who: str) -> None:
    assert isinstance(read(written(f"From: {who}\nTo: {LEAVING}", "550 5.1.1")), Unused)


def test_a_postmaster_who_reads_digests_can_end_them() -> None:
    content = written(f"From: Postmaster <postmaster@example.net>\nTo: {LEAVING}\nSubject: unsubscribe")
    assert read(content) == Left(SUBSCRIBER, 0)


def test_nor_does_an_automatic_answer() -> None:
    content = written(f"From: zoe@example.net\nTo: {LEAVING}\nAuto-Submitted: auto-replied")
    assert read(content) == Unused("an automatic answer")


@pytest.mark.parametrize("kind", ["abuse", "Abuse", "fraud", "opt-out"])
def test_a_complaint_names_the_message_by_its_sender(kind: str) -> None:
    content = complaint(kind, f"Original-Mail-From: <{OUR_ADDRESS}>")
    assert read(content) == Complained(delivery=DeliveryId(42))


def test_a_complaint_may_name_the_reader_by_the_address_for_leaving() -> None:
    original = f"List-Unsubscribe: <https://x.example/u>, <mailto:{LEAVING}?subject=unsubscribe>\nSubject: News"
    assert read(complaint(original=original)) == Complained(subscriber=SubscriberId(7))


@pytest.mark.parametrize("kind", ["not-spam", "auth-failure", "", "virus"])
def test_other_feedback_ends_nothing(kind: str) -> None:
    assert isinstance(read(complaint(kind, f"Original-Mail-From: <{OUR_ADDRESS}>")), Unused)


def test_a_complaint_about_nothing_of_ours_is_not_used() -> None:
    assert read(complaint()) == Unused("a complaint about no message of ours", is_unclear=True)
    assert read(complaint(fields=f"Original-Mail-From: {FORGED}")) == Unused("its address is forged", is_forged=True)


def test_a_letter_to_the_bare_address_is_for_a_person() -> None:
    content = written("From: zoe@example.net\nTo: bounces@news.example.org", "Who are you?")
    assert read(content) == Unused("not to an address that we gave", is_unclear=True)


def test_what_is_told_further_is_one_short_clean_line() -> None:
    words = "550 5.1.1 \u202eevil\x00\x1b[31m" + "x" * 5000
    report_ = read(report(recipient("5.1.1", words)))
    assert isinstance(report_, Bounced)
    assert len(report_.words) <= 300
    assert report_.words.isprintable()


LEVELS = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 100_000,
        LEVELS,
        b"To: " + OUR_ADDRESS.encode() + b"\r\nContent-Type: message/rfc822\r\n\r\n" * 2_000,
        b"Received: x\r\n" * 80_000,
        b"To: " + b"a@b.example, " * 80_000,
        b"To: " + b"a" * 1_000_000,
        b"Content-Type: multipart/report; boundary=x\r\n\r\n" + b"--x\r\n" * 190_000,
        report("\n\n".join([recipient("5.1.1")] * 5_000)),
        report(recipient("5.1.1", "5." * 300_000)),
        mails.QMAIL + b"5.1.1 " * 500_000,
    ],
    ids=["empty", "nul", "deep", "nested", "headers", "addresses", "long", "parts", "recipients", "codes", "text"],
)
def test_hostile_mails_cost_no_more_than_a_moment(content: bytes) -> None:
    started = time.process_time()
    read(content)
    assert time.process_time() - started < 3


@given(st.binary(max_size=400))
@example(b"Content-Type: multipart/report; boundary=\r\n\r\n--\r\n")
@example(b"Content-Type: text/plain; charset=no-such\r\nFrom: postmaster@x\r\n\r\nx")
def test_no_bytes_break_the_reader(content: bytes) -> None:
    head = f"To: {OUR_ADDRESS}\r\nFrom: MAILER-DAEMON@x.example\r\n".encode()
    for mail in (content, head + content, mails.NO_SUCH_USER[: len(content)] + content):
        read(mail)


@given(st.integers(0, len(mails.NO_SUCH_USER)), st.binary(max_size=20))
def test_a_damaged_report_is_read_or_left(at: int, noise: bytes) -> None:
    content = mails.NO_SUCH_USER[:at] + noise + mails.NO_SUCH_USER[at + len(noise) :]
    assert isinstance(read(content), Bounced | Delayed | Unused)
