"""Forms of adjectives and peoples, as the gazetteer's builder makes them."""

from __future__ import annotations

import pytest

from tocsin.regions.inflection import word_forms
from tocsin.text.fold import fold_term


@pytest.mark.parametrize(
    ("language", "entry", "forms"),
    [
        ("en", "Syrian", "Syrian Syrians"),
        ("en", "Frenchman", "Frenchman Frenchmen Frenchwoman"),
        ("en", "Chinese", "Chinese"),
        ("de", "syrisch-", "syrische syrischen syrischem"),
        ("de", "Franzose", "Franzosen"),
        ("fr", "syrien", "syrienne syriens syriennes"),
        ("fr", "français", "française françaises"),
        ("es", "francés", "francesa franceses"),
        ("it", "tedesco", "tedesca tedeschi tedesche"),
        ("pt", "alemão", "alemães"),
        ("nl", "Chinees", "Chinese Chinezen"),
        ("sv", "syrisk", "syriska syriskt"),
        ("ro", "german", "germani germană"),
        ("ru", "сирийск-", "сирийский сирийская сирийского сирийскими"),
        ("ru", "сириец", "сирийца сирийцы сирийцев сирийка"),
        ("ru", "англичанин", "англичане англичан англичанка"),
        ("uk", "українець", "українця українці українцями"),
        ("pl", "Syryjczyk", "Syryjczycy Syryjczyków Syryjka"),
        ("pl", "polsk-", "polski polską polscy"),
        ("cs", "Čech", "Čechy Češi Čechům"),
        ("cs", "česk-", "český čeští českými"),
        ("sk", "Nemec", "Nemci Nemcov"),
        ("sl", "hrvašk-", "hrvaški hrvaškega hrvaških"),
        ("hr", "Nijemac", "Nijemca Nijemci"),
        ("sr", "немачк-", "немачки немачкој"),
        ("bg", "сирийск-", "сирийският сирийските"),
        ("el", "συριακός", "συριακή συριακού"),
        ("fi", "syyrialainen", "syyrialaisen syyrialaiset syyrialaisille"),
        ("hu", "szíriai", "szíriaiak szíriaiakat"),
        ("tr", "Suriyeli", "Suriyeliler Suriyelilerin"),
        ("ar", "سوري", "سورية السوري السوريين للسوريين"),
        ("he", "סורי", "סורית סורים סוריות"),
        ("fa", "ایرانی", "ایرانی‌ها ایرانیان"),
    ],
)
def test_a_people_is_known_in_the_forms_that_a_language_gives_it(language: str, entry: str, forms: str) -> None:
    assert {fold_term(form) for form in forms.split()} <= set(word_forms(entry, language))


def test_each_word_of_an_arabic_name_takes_the_article_and_the_ending() -> None:
    forms = word_forms("كوري جنوبي", "ar")

    assert fold_term("الكورية الجنوبية") in forms
    assert fold_term("للكوريين الجنوبيين") in forms


def test_a_broken_plural_in_arabic_takes_the_article_only() -> None:
    assert word_forms("أتراك", "ar") == tuple(fold_term(form) for form in ("أتراك", "الأتراك", "للأتراك"))


@pytest.mark.parametrize("language", ["", "*", "xx", "ja"])
def test_a_word_of_a_language_without_rules_stays_as_it_is(language: str) -> None:
    assert word_forms("Kremlin", language) == ("kremlin",)


def test_an_adjective_of_a_language_without_rules_loses_its_hyphen() -> None:
    assert word_forms("сирийск-", "xx") == (fold_term("сирийск"),)
