from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.rendering.clean import one_line, shortened, visible


def test_line_breaks_of_every_kind_become_spaces() -> None:
    assert visible("a\r\nb\u2028c\u2029d\x85e\x0bf\x0cg\x1ch") == "a  b c d e f g h"


def test_characters_that_reorder_or_break_a_text_are_dropped() -> None:
    assert visible("\u202egnp.exe\u2066\ud800\x00\x1b[31m\ufeff") == "gnp.exe[31m"


def test_joiners_stay_because_persian_and_emoji_need_them() -> None:
    assert visible("می\u200cخواهم 👩\u200d🚀") == "می\u200cخواهم 👩\u200d🚀"


def test_a_short_line_is_not_touched() -> None:
    assert one_line(" Calm   night\nin Idlib ", 22) == "Calm night in Idlib"


def test_a_long_line_is_cut_at_the_end_of_a_word() -> None:
    assert one_line("Convoys leave the besieged town", 20) == "Convoys leave the…"


def test_a_long_line_without_spaces_is_cut_anyway() -> None:
    assert one_line("北京" * 50, 10) == "北京北京北京北京北…"


def test_a_cut_never_parts_a_letter_from_its_marks() -> None:
    assert shortened("abcde\u0301\u0302fghij", 7) == "abcd…"


def test_a_cut_never_parts_a_joined_emoji() -> None:
    assert shortened("ab👩\u200d👩\u200d👧cdefgh", 5) == "ab…"


@given(st.text(alphabet=st.characters(), max_size=300), st.integers(min_value=2, max_value=80))
def test_any_text_becomes_one_line_within_the_limit_that_utf_8_can_carry(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.splitlines() in ([], [line])
    line.encode()


@pytest.mark.parametrize("case", json.loads((Path(__file__).parent / "hostile_titles.json").read_text()))
def test_hostile_titles_become_harmless_lines(case: dict[str, str]) -> None:
    assert one_line(case["title"], 120) == case["shown"]
