from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from matching_setup import matcher_of
from tocsin.matching.names import MOST_VARIANTS, collisions_of, family, risks_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.receipts import TermHit
from tocsin.models.watchlist import Watch
from tocsin.text.fold import fold_term

# The first example also reads the gazetteer and the tables.
patient = settings(deadline=None, max_examples=60)

SYLLABLES = (
    "al-", "el ", "bin ", "abd ", "abu ", "mu", "ham", "mad", "qa", "dda", "fi", "kha", "led", "ou", "ssein", "aa", "'",
    "sky", "ov", "iv", "ev", "zh", "shch", "ye", "vla", "di", "mir", "ski", "enko", "ü", "son", "ber", "lin", " ", "-",
)  # fmt: skip
made_up = st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=9).map("".join).map(str.title)
cyrillic = st.text("абвгдежзийклмнопрстуфхцчшщыьэюяіїєґ ", min_size=1, max_size=20).map(str.title)
arabic = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويأةى ", min_size=1, max_size=20)
anything = st.text(st.characters(exclude_categories=()), max_size=90)
names = st.one_of(made_up, cyrillic, arabic, anything)


@patient
@given(names)
@example("Muammar Gaddafi")
@example("Sana'a")
@example("Abu Abdullah Muhammad Hussein al-Husseini")
def test_a_family_begins_with_its_name_is_bounded_and_holds_no_spelling_twice(name: str) -> None:
    members = family(name)
    patterns = [variant.pattern for variant in members]
    assert (members[0].written, members[0].rules) == (name, ())
    assert len(set(patterns)) == len(patterns) <= MOST_VARIANTS


@patient
@given(names)
def test_a_family_is_the_same_whenever_it_is_made(name: str) -> None:
    assert family.__wrapped__(name) == family.__wrapped__(name)


@patient
@given(names)
@example("Да'еш Зеленский")
@example("Erdoğan Özil")
def test_what_is_scanned_for_is_the_folded_variant_and_folds_no_further(name: str) -> None:
    for variant in family(name):
        assert fold_term(variant.written) == variant.pattern == fold_term(variant.pattern)


@settings(deadline=None, max_examples=15)
@given(st.one_of(made_up, cyrillic, arabic))
@example("Bashar al-Assad")
@example("Sana'a")
@example("Сергей Лавров")
@example("Donald Tusk")
@example("عبد الرحمن بغدادي")
def test_every_variant_is_found_in_a_text_made_of_it(name: str) -> None:
    watch = Watch(WatchId("w"), "", names=(name,))
    matcher = matcher_of(watch)
    for variant in family(name):
        if variant.pattern:
            language = min(variant.languages, default=None)
            hits = matcher.explain(Document("", variant.written, language), watch.id).hits
            assert variant.pattern in {fold_term(hit.span.text) for hit in hits}


@settings(deadline=None, max_examples=15)
@given(made_up)
@example("Ali")
def test_no_variant_is_found_inside_a_word(name: str) -> None:
    watch = Watch(WatchId("w"), "", names=(name,))
    matcher = matcher_of(watch)
    for variant in family(name):
        letters = re.sub(r"^\W+|\W+$", "", variant.written)
        grown = Document("", f"Xx{letters}xx")
        assert _whole(matcher.explain(grown, watch.id).hits, variant.pattern) == []


def _whole(hits: tuple[TermHit, ...], pattern: str) -> list[TermHit]:
    return [hit for hit in hits if fold_term(hit.span.text) == pattern]


@patient
@given(anything)
def test_no_name_makes_the_checks_raise(name: str) -> None:
    assert len(collisions_of(name)) >= 0
    assert all(warning.startswith("the ") for warning in risks_of(name))


@pytest.mark.parametrize(
    "name",
    [
        "al-" * 33_000,
        "Mu" * 50_000,
        "q" * 100_000,
        "Abu " * 25_000,
        "'" * 100_000,
        "ov " * 6,
        "aou" * 26,
        "Ж" * 100_000,
    ],
)
def test_a_monstrous_name_has_its_family_before_the_test_times_out(name: str) -> None:
    assert 1 <= len(family(name)) <= MOST_VARIANTS
