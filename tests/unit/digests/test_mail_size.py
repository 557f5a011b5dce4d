"""No digest is so large that a mail program clips it, whatever its language."""

from __future__ import annotations

import pytest

from digest_samples import LINKS, a_digest_of, mail_of
from match_records import END
from tocsin.delivery.letterhead import Letterhead
from tocsin.digests.size import encoded_size
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.watchlist import LANGUAGES
from tocsin.rendering.rendered import Rendered

CLIPPED_FROM = 100_000


def message(rendered: Rendered) -> bytes:
    mail = Letterhead(sender="Tocsin <tocsin@example.org>").mail(
        rendered,
        kind=DeliveryKind.DIGEST,
        to="zoe@example.org",
        message_id="<1@example.org>",
        date=END,
        links=LINKS,
    )
    return mail.content


@pytest.mark.parametrize("weight", [1, 6])
@pytest.mark.parametrize("language", LANGUAGES)
def test_sixty_stories_are_less_than_mail_programs_clip(language: str, weight: int) -> None:
    rendered = mail_of(a_digest_of(60, language, weight=weight))
    assert len(message(rendered)) < CLIPPED_FROM
    assert rendered.html.count('role="article"') <= 15


def test_fifteen_stories_of_usual_length_stand_in_full() -> None:
    for language in ("en", "ar"):
        assert mail_of(a_digest_of(15, language)).html.count('role="article"') == 14


def test_of_long_stories_fewer_stand_in_full() -> None:
    rendered = mail_of(a_digest_of(30, "ar", foreign=False, weight=8))
    assert 0 < rendered.html.count('role="article"') < 15


def test_what_does_not_fit_is_told_by_title_and_what_is_left_is_counted() -> None:
    rendered = mail_of(a_digest_of(62))
    assert rendered.html.count('role="article"') == 15
    titles = [line for line in rendered.text.splitlines() if line.startswith("- ")]
    assert 10 <= len(titles) < 40
    left = 61 - 15 - len(titles)
    assert f"{left} more stories on the web" in rendered.html
    assert f"{left} more stories on the web" in rendered.text


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_estimate_of_a_size_is_that_of_the_message(language: str) -> None:
    rendered = mail_of(a_digest_of(15, language))
    parts = encoded_size(rendered.html) + encoded_size(rendered.text)
    assert parts <= len(message(rendered)) <= 1.03 * parts + 3000
