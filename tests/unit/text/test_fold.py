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
        ("Assad\u02bcs п\u02bcять, San\u02bfa, San\u02bea", " assad s п ять . san a . san a "),
        ("\u201eAssad\u2019s l\u2019homme d'Assad in 't van't Hoff", " assad s l homme d assad in t van t hoff "),
        ("She won't, CAN\u2019T; I\u02bcm, we'll, you've", " she won't . can't . i'm . we'll . you've "),
        ("aujourd'hui, Aujourd\u2019hui", " aujourd'hui . aujourd'hui "),
        ("U. S. troops, J. K. Rowling", " us troops . jk rowling "),
        ("J. R. R. Tolkien, Д. А. Медведев", " jrr tolkien . да медведев "),
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
        ("Islamic \u2013 State, Islamic - State", " islamic . state . islamic . state "),
        ("Islamic\u2014State, Islamic -- State", " islamic . state . islamic . state "),
        ("Islamic--State, Islamic &ndash; State", " islamic . state . islamic . state "),
        ("Islamic&nbsp;&ndash; State, Islamic&ndash;State", " islamic . state . islamic state "),
        ("Islamic\xa0\u2013\nState", " islamic . state "),
        ("Islamic\u2013State, 2014\u201315, Nord- und", " islamic state . 2014 15 . nord und "),
        ("Plan B. State, Olivetti and C. S.p.A.", " plan b state . olivetti and c spa "),
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


def test_a_span_goes_over_apostrophes_and_spaced_initials() -> None:
    folded = fold("the U. S. army \u2013 J. K. Rowling won\u2019t")
    found = {}
    for piece in ("us", "army", "jk rowling", "won't"):
        start = folded.scan.index(f" {piece} ") + 1
        first, last = folded.span(start, start + len(piece))
        found[piece] = folded.text[first:last]
    assert found == {"us": "U. S", "army": "army", "jk rowling": "J. K. Rowling", "won't": "won\u2019t"}


def test_a_term_without_a_word_folds_to_nothing() -> None:
    assert [fold_term("..."), fold_term("-"), fold_term(""), fold_term("Yahoo!")] == ["", "", "", "yahoo"]


def test_a_side_in_a_script_without_spaces_needs_no_gap() -> None:
    assert [padded("is"), padded("京都"), padded("ซีเรีย")] == [(1, " is ", 1), (0, "京都", 0), (0, "ซีเรีย", 0)]
