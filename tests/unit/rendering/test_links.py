from __future__ import annotations

import pytest

from tocsin.rendering.links import contact_link, safe_link


@pytest.mark.parametrize(
    "url", ["https://example.org/a?b=c&d=%22#e", "http://127.0.0.1:8080/x", "HTTPS://EXAMPLE.ORG/"]
)
def test_web_addresses_are_kept_as_they_are(url: str) -> None:
    assert safe_link(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "java\tscript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "https:\\\\example.org",
        "https://example.org/\r\nX: y",
        "http://[",
        "https:///path",
        "//example.org/",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_whatever_is_no_plain_web_address_gives_no_link(url: str) -> None:
    assert safe_link(url) == ""


def test_a_contact_may_be_an_address_or_a_page_or_neither() -> None:
    assert [contact_link(text) for text in ("desk@example.org", "https://example.org/desk", "the desk")] == [
        "mailto:desk@example.org",
        "https://example.org/desk",
        "",
    ]
