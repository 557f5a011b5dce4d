from __future__ import annotations

import pytest

from tocsin.stories.numerals import numbers_of
from tocsin.stories.tokens import tokens_of


def read(text: str, language: str) -> list[str]:
    return [number.value for number in numbers_of(list(tokens_of(text)), language)]


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("en", "sixty-two of 1,240 and 2.5 million", ["62", "1240", "2500000"]),
        ("de", "fünfundzwanzig von 1.240, 5,8", ["25", "1240", "5.8"]),
        ("fr", "quatre-vingt-dix-sept sur 1 240", ["97", "1240"]),
        ("es", "treinta y cinco de 1.240; veintidós", ["35", "1240", "22"]),
        ("it", "ventuno su 1.240", ["21", "1240"]),
        ("pt", "quarenta e dois de 1.240", ["42", "1240"]),
        ("ru", "двадцати пяти из 3 тысяч", ["25", "3000"]),
        ("ar", "خمسة وعشرون من 600 ألف، مئتي", ["25", "600000", "200"]),
        ("ja", "12人", ["12"]),
    ],
)
def test_a_number_has_one_value_in_digits_and_in_words(language: str, text: str, values: list[str]) -> None:
    assert read(text, language) == values


def test_a_score_is_one_number() -> None:
    assert read("won 2-1 and 3:0", "en") == ["2-1", "3-0"]


def test_one_alone_is_no_number() -> None:
    assert read("one of the best days", "en") == []


def test_a_row_of_digits_that_counts_nothing_is_left_out() -> None:
    assert read("9" * 400, "en") == []
