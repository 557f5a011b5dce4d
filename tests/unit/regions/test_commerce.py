from __future__ import annotations

import pytest

from tocsin.regions.commerce import commerce_of
from tocsin.text.fold import fold


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Acme Inc said profit rose.", "US"),
        ("Acme plc said profit rose.", "GB"),
        ("Acme GmbH said profit rose.", "DE"),
        ("Acme Sdn Bhd said profit rose.", "MY"),
        ("Shares of Acme (ASX: ACM) rose.", "AU"),
        ("Shares of Acme <ACMG.DE> rose.", "DE"),
    ],
)
def test_a_legal_form_and_a_listing_speak_for_their_country(text: str, country: str) -> None:
    companies, _ = commerce_of(fold(text))
    assert max(companies, key=companies.__getitem__) == country


def test_money_that_is_also_a_word_counts_behind_a_number() -> None:
    assert commerce_of(fold("She won the match and left marks on the wall."))[1] == {}
    assert commerce_of(fold("It costs 300 won or 20 marks."))[1] == {"KR": 1.0, "DE": 1.0}
