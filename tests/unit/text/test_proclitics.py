from __future__ import annotations

import pytest

from tocsin.text.proclitics import prefixes_of, with_article


def articled(folded: str) -> set[str]:
    return {form for form, _ in with_article(folded)}


def prefixed(folded: str) -> set[str]:
    return {prefix + folded for prefix in prefixes_of(folded)}


def test_an_arabic_word_without_its_article_is_found_with_it() -> None:
    assert articled("حرب") >= {"الحرب", "والحرب", "بالحرب", "وبالحرب", "للحرب", "وللحرب"}
    assert articled("معارضه") >= {"المعارضه", "للمعارضه"}
    assert articled("دو") == articled("syria") == articled("ישראל") == set()


def test_the_term_begins_behind_its_article() -> None:
    assert [form[at:] for form, at in with_article("بنك")] == ["بنك"] * len(list(with_article("بنك")))


def test_a_word_with_its_article_melts_together_with_li_only() -> None:
    assert articled("الدوله") == {"للدوله", "وللدوله", "فللدوله"}


def test_a_phrase_has_the_article_at_its_last_word_or_at_all() -> None:
    assert articled("رييس وزراء") >= {"رييس الوزراء", "ورييس الوزراء", "الرييس الوزراء"}
    assert articled("حرب اهليه") >= {"الحرب الاهليه", "للحرب الاهليه"}
    assert articled("مجلس الامن") == set()


def test_three_letters_have_fewer_prefixes_and_make_no_given_name() -> None:
    assert prefixed("غزه") == {"وغزه", "بغزه", "لغزه", "وبغزه", "ولغزه"}
    assert "بشار" not in prefixed("شار")
    assert "كمال" not in prefixed("مال")


@pytest.mark.parametrize("form", ["שבישראל", "כשישראל", "שמישראל", "מהישראל", "וכשבישראל", "בישראל", "ושישראל"])
def test_a_hebrew_word_has_stacked_prefixes(form: str) -> None:
    assert form in prefixed("ישראל")


def test_a_short_hebrew_word_has_single_prefixes() -> None:
    assert "שתות" in prefixed("תות")
    assert "שבתות" not in prefixed("תות")
