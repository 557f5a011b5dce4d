"""Mail addresses: what may go into a header and to a mail server, and what may not."""

from __future__ import annotations

import pytest

from tocsin.config.addresses import mail_address


@pytest.mark.parametrize(
    "address",
    [
        "a@b.test\r",
        "a@b.test\r\nBcc: c@d.test",
        "Bcc: c@d.test",
        "a@b.test,c@d.test",
        '"a b"@c.test',
        "a@b.test%0d%0aRCPT TO:<x@y.test>",
        "a@[127.0.0.1]",
        "a@127.0.0.1",
        "a@localhost",
        "@b.test",
        "a@",
        "a" * 65 + "@b.test",
        "a@" + "b" * 64 + ".test",
        "a@" + "b." * 127 + "test",
        "a@b..test",
        ".a@b.test",
        "a.@b.test",
        "<script>@b.test",
        "a@b.test ",
        " a@b.test",
        "роstmaster@b.test",
        "root",
        "",
        "a@b@c.test",
        "a@b.test;c@d.test",
        "a@-b.test",
        "a@b-.test",
        "a@b_c.test",
        "a@b.test\x00",
        "\u202ea@b.test",
        "a@b\u3002\u3002test",
        "x%y@b.test",
    ],
)
def test_an_address_that_is_none_or_hides_another_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="is no mail address; write one such as"):
        mail_address(address)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("a@b.test", "a@b.test"),
        ("A@B.TEST", "A@B.TEST"),
        ("a+tag@b.test", "a+tag@b.test"),
        ("o'neil.x_y-z@mail.example.org", "o'neil.x_y-z@mail.example.org"),
        ("a@xn--e1afmkfd.test", "a@xn--e1afmkfd.test"),
        ("a@пример.test", "a@xn--e1afmkfd.test"),
    ],
)
def test_an_ordinary_address_is_kept_with_its_domain_in_ascii(address: str, kept: str) -> None:
    assert mail_address(address) == kept


def test_a_name_without_a_dot_is_a_domain_only_for_our_own_sender() -> None:
    assert mail_address("tocsin@localhost", dotless=True) == "tocsin@localhost"
