from __future__ import annotations

import pytest

from tocsin.delivery.mail_replies import Reply, is_address_fault, meaning_of


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.1.1 <zoe@example.org>: Recipient address rejected: User unknown in local recipient table"),
        (550, "5.1.1 The email account that you tried to reach does not exist."),
        (550, "sorry, no mailbox here by that name (#5.1.1)"),
        (553, "5.1.2 unable to resolve the domain"),
        (501, "5.1.3 Bad recipient address syntax"),
        (551, "5.1.6 moved, and left no address"),
        (556, "5.1.10 domain does not accept mail (nullMX)"),
        (556, "takes no mail"),
        (550, "5.2.1 mailbox disabled, not accepting messages"),
        (550, "No such user here"),
        (550, "<spam@blocked.example>: unknown user"),
        (550, "Requested action not taken: the user zoe does not exist"),
        (553, "Unknown recipient"),
    ],
)
def test_a_reply_that_says_that_there_is_no_such_address_is_about_the_address(code: int, words: str) -> None:
    assert meaning_of(code, f"{code} {words}") is Reply.ADDRESS


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (550, "5.7.1 looks like spam"),
        (554, "5.7.1 no such user, as far as you are concerned"),
        (550, "5.7.26 unauthenticated mail from example.org is not accepted due to the domain's DMARC policy"),
        (550, "5.1.1 blocked, see https://lists.example/5.1.1"),
        (550, "no such user at a sender with this reputation"),
        (550, "Requested action not taken: mailbox unavailable"),
        (550, "relay not permitted: unknown user"),
        (550, "5.5.0 mailbox unavailable"),
        (552, "5.2.2 mailbox is full"),
        (550, "5.1.0 address rejected"),
        (550, "5.1.8 the sender's domain does not exist"),
        (550, "5.4.1 Recipient address rejected: Access denied"),
        (554, "5.6.0 unknown recipient"),
        (554, "unknown user"),
        (503, "bad sequence"),
        (550, "from 5.1.1.7"),
        (550, "15.1.1"),
        (550, "<no such user@example.org> is not wanted"),
        (550, ""),
    ],
)
def test_any_other_refusal_is_about_the_message_and_ends_nobody_s_subscription(code: int, words: str) -> None:
    assert meaning_of(code, f"{code} {words}") is Reply.MESSAGE


@pytest.mark.parametrize(
    ("code", "words", "of_sender", "meaning"),
    [
        (530, "5.7.0 authentication required", False, Reply.SENDER),
        (535, "5.7.8 wrong password", False, Reply.SENDER),
        (553, "5.7.1 sender address rejected: not owned by user", True, Reply.SENDER),
        (550, "5.1.1 no such user", True, Reply.SENDER),
        (552, "too large", True, Reply.MESSAGE),
        (554, "5.3.4 message size exceeds the limit", True, Reply.MESSAGE),
        (553, "5.6.7 addresses beyond ASCII are not taken", True, Reply.MESSAGE),
    ],
)
def test_what_is_said_of_the_sender_holds_for_all_mails_but_for_what_is_said_of_size_and_kind(
    code: int, words: str, of_sender: bool, meaning: Reply
) -> None:
    assert meaning_of(code, f"{code} {words}", of_sender=of_sender) is meaning


def test_a_report_has_no_code_of_its_own_and_is_believed_by_its_enhanced_one_alone() -> None:
    assert is_address_fault("5.1.1 smtp; 550 5.1.1 unknown")
    assert not is_address_fault("5.0.0 no such user")
    assert not is_address_fault("4.1.1 not now")
