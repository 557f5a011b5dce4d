from __future__ import annotations

import pytest

from tocsin.text.fold import fold, fold_term
from tocsin.text.patterns import padded


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        ("Syrian army breaks 'Islamic State'", " syrian army breaks islamic state "),
        ("The Islamic\nState group", " the islamic state group "),
        ("Is\xadlamic St\u200bate", " islamic state "),
        ("Deir el\u2011Zour, Deir el\u2013Zour", " deir el zour . deir el zour "),
        ("Assad’s forces", " assad s forces "),
        ("elections in Côte d’Ivoire", " elections in cote d ivoire "),
        ("Straße, STRASSE", " strasse . strasse "),
        ("İSTANBUL Kadıköy", " istanbul kadikoy "),
        ("Sa\u0303o Łódź Ørsted", " sao lodz orsted "),
        ("ＩＳ ﬁnance", " is finance "),
        ("3.5% of 13,000", " 3.5 % of 13,000 "),
        ("AT&amp;T and #IS", " at & t and # is "),
        ("سُورِيَا الإسـلامية", " سوريا الاسلاميه "),
        ("見る https://example.org/paris-2024/ x", " 見る . x "),
        ("a\ud800b", " a . b "),
    ],
)
def test_a_text_folds_to_its_scan_text(text: str, scan: str) -> None:
    assert fold(text).scan == scan


@pytest.mark.parametrize(
    ("text", "scan"),
    [
        ("It ended. State media", " it ended . state media "),
        ("Islamic! State? Yes", " islamic . state . yes "),
        ("Islamic\n\nState", " islamic . state "),
        ("Islamic\n \nState", " islamic . state "),
        ("the U.S. army, e.g. here", " the us army . eg here "),
        ("Mr. Assad and J. Moore in St. Petersburg", " mr assad and j moore in st petersburg "),
        ("Islamic,State", " islamic . state "),
    ],
)
def test_a_stop_stands_where_a_phrase_may_not_cross(text: str, scan: str) -> None:
    assert fold(text).scan == scan


def test_a_span_of_the_scan_leads_back_to_the_stored_text() -> None:
    text = "In  «Is\xadlamic\n State» and Sa\u0303o’s Straße: the U.S. said"
    folded = fold(text)
    found = {}
    for piece in ("islamic state", "sao", "strasse", "us"):
        start = folded.scan.index(f" {piece} ") + 1
        first, last = folded.span(start, start + len(piece))
        found[piece] = text[first:last]
    assert found == {
        "islamic state": "Is\xadlamic\n State",
        "sao": "Sa\u0303o",
        "strasse": "Straße",
        "us": "U.S",
    }


def test_a_term_without_a_word_folds_to_nothing() -> None:
    assert [fold_term("..."), fold_term("-"), fold_term(""), fold_term("Yahoo!")] == ["", "", "", "yahoo"]


def test_a_side_in_a_script_without_spaces_needs_no_gap() -> None:
    assert [padded("is"), padded("京都"), padded("ซีเรีย")] == [(1, " is ", 1), (0, "京都", 0), (0, "ซีเรีย", 0)]
