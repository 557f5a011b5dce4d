from __future__ import annotations

import unicodedata
from functools import lru_cache

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from matching_setup import matcher_of
from tocsin.matching import Matcher
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import TermHit
from tocsin.models.watchlist import Watch
from tocsin.text.fold import fold, fold_term
from tocsin.text.furniture import furniture

# Speed is the business of the benchmarks; the first example also builds tables and automata.
patient = settings(deadline=None)

W = WatchId("w")

ORDINARY = (
    "siege",
    "aid convoy",
    "Côte d'Ivoire",
    "refugee",
    "Erdogan",
    "São Paulo",
    "Deir el-Zour",
    "Straße",
    "attacco",
)
"""Keywords that are no acronyms, of more than three letters, and no common words without their accents."""

ACRONYMS = ("IS", "U.S.-led", "NATO", "NGO")
UNSPACED = ("京都", "イスラム国", "ซีเรีย")

FILLERS = ("the", "of", "said", "Army", "—", "and", "in the", "city", "الجيش", "军队", "NATO", "12", "(", ")", "“", "#")


@lru_cache(maxsize=1)
def matcher() -> Matcher:
    return matcher_of(Watch(W, "", keywords=(*ORDINARY, *ACRONYMS, *UNSPACED)))


def hits(text: str, title: str = "") -> tuple[TermHit, ...]:
    return matcher().explain(Document(title, text, "en"), W).hits


def terms(text: str) -> set[str]:
    return {hit.term for hit in hits(text)} & set(ORDINARY)


def without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFD", text) if unicodedata.category(one) != "Mn")


articles = st.lists(st.sampled_from((*ORDINARY, *ACRONYMS, *UNSPACED, *FILLERS, ". ", "\n\n")), max_size=20).map(
    " ".join
)


@patient
@given(articles)
def test_case_accents_and_white_space_never_change_what_an_ordinary_keyword_finds(text: str) -> None:
    found = terms(text)
    assert terms(text.upper()) == found
    assert terms(text.lower()) == found
    assert terms(without_accents(text)) == found
    assert terms(unicodedata.normalize("NFD", text)) == found
    assert terms(text.replace(" ", "\u00a0  ")) == found
    assert terms(text.replace(" ", "\n") if "\n\n" not in text else text) == found


@patient
@given(articles)
def test_signs_that_nobody_sees_never_change_what_is_found(text: str) -> None:
    text = text.replace("U.S.", "US")  # what stands between letters and points parts them
    hidden = "\u00ad\u200b".join(text)
    # A menu between empty lines, which does not count, is not seen where the lines are not empty.
    assume(len(furniture(hidden)) == len(furniture(text)))
    assert {hit.term for hit in hits(hidden)} == {hit.term for hit in hits(text)}


@patient
@given(articles, st.sampled_from(["The baker opened his shop early.", "Äpfel, 3.5 % & more!", "军队在城市。", "الجيش"]))
def test_a_paragraph_after_it_never_removes_a_hit(text: str, more: str) -> None:
    longer = f"{text}\n\n{more}"
    # Short words parted by dashes above a paragraph are a menu, and no longer count.
    assume(len(furniture(longer)) == len(furniture(text)))
    assert set(hits(text)) <= set(hits(longer))


@patient
@given(articles)
def test_a_hit_folds_to_the_way_that_was_found(text: str) -> None:
    for hit in hits(text):
        assert text[hit.span.start : hit.span.end] == hit.span.text
        assert fold_term(hit.span.text) == hit.variant


@patient
@given(st.text(st.characters(exclude_categories=()), max_size=300), st.sampled_from((*ORDINARY, *ACRONYMS, *UNSPACED)))
def test_no_text_around_it_makes_matching_raise(text: str, term: str) -> None:
    for hit in hits(f"{text} {term} {text}", title=text):
        assert hit.span.text


@pytest.mark.parametrize(
    "unit",
    [
        "Image: a/",
        "<a href='",
        "<b>IS</b> ",
        "&#x49;S ",
        "a@b.",
        "#IslamicState",
        "ІS",
        "京都",
        "(IS) ",
        "éa",
        "😀",
        "\ud800",
    ],
    ids=repr,
)
def test_a_hundred_kilobytes_of_anything_are_folded_and_read(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    assert len(fold(text).scan) <= 4 * len(text) + 2
    assert len(hits(text, title=text)) <= 100 * len((*ORDINARY, *ACRONYMS, *UNSPACED))
