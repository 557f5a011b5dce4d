from __future__ import annotations

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from tocsin.text.fold import fold, words_of
from tocsin.text.lookalikes import unmixed

# Speed is the business of the benchmarks; the first example also builds tables and automata.
patient = settings(deadline=None)

any_text = st.text(st.characters(exclude_categories=()), max_size=200)
news_like = st.lists(
    st.sampled_from(
        ["U.S.", "IS", "Assad’s", "3.5%", "13,000", "AT&amp;T", " ", "\n\n", "-", ".", "…", "São", "é", "\xad",
         "Straße", "دير الزور", "سُورِيَا", "京都", "https://a.example/b", "\u200b", "Mr.", "J.", "ﷺ", "½", "#IS",
         "\ud800", "#", "&", ";", "&eacute;", "&notit", "<b>", "</p>", "ІSIS", "Mо", "Photo: a/b", "a@b.example",
         "\x03", "£", "€", "µ", "ａ", "ß"]
    ),
    max_size=30,
).map("".join)  # fmt: skip
texts = st.one_of(any_text, news_like)


@patient
@given(texts)
@example("a\x01b.c")
def test_every_word_leads_back_to_a_piece_that_folds_to_it(text: str) -> None:
    folded = fold(text)
    for start, end in words_of(folded.scan):
        first, last = folded.span(start, end)
        assert 0 <= first < last <= len(text)
        assert folded.scan[start:end] in fold(text[first:last]).scan


@patient
@given(texts)
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).scan
    # A word that mixes scripts may become one of a single script only when its capitals and accents are gone.
    assume(unmixed(once) == once)
    assert fold(once).scan.split() == once.split()


@patient
@given(texts, st.integers(-5, 500), st.integers(-5, 500))
def test_any_range_of_the_scan_leads_into_the_text(text: str, start: int, end: int) -> None:
    first, last = fold(text).span(start, end)
    assert 0 <= first <= last <= len(text)


@patient
@given(texts)
def test_the_fast_ways_fold_as_the_slow_one_does(text: str) -> None:
    # A far-away letter forces the table; the words before it must be the same.
    assert fold(text + "\n\nдень").scan == fold(text).scan.rstrip(" .") + " . день " or not fold(text).scan.strip(" .")


@pytest.mark.parametrize(
    "bomb",
    ["\ufdfa" * 100_000, "a" + "\u0301" * 100_000, "U." * 50_000, "\n " * 50_000, "&amp;" * 20_000, "A. " * 33_000,
     "." * 100_000, "1.1" * 33_000, "www." * 25_000, "- " * 50_000, "ß" * 100_000],
    ids=repr,
)  # fmt: skip
def test_a_bomb_folds_to_no_more_than_a_few_times_its_length(bomb: str) -> None:
    folded = fold(bomb)
    assert len(folded.scan) <= 4 * len(bomb) + 2
    assert folded.span(0, len(folded.scan))[1] <= len(bomb)
