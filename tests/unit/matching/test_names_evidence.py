from __future__ import annotations

import pytest

from matching_setup import matcher_of
from tocsin.matching.names import collisions_of, objection_to, risks_of
from tocsin.models.articles import Document
from tocsin.models.ids import WatchId
from tocsin.models.watchlist import Watch


@pytest.mark.parametrize("found", ["Bachar el-Assad", "BACHAR EL-ASSAD", "Bachar\nel Assad", "ben Ali", "داعش", "京都"])
def test_what_stands_as_a_name_is_one(found: str) -> None:
    assert objection_to("Bachar el-Assad", found) is None


@pytest.mark.parametrize(
    ("variant", "found", "reason"),
    [
        ("Hasen", "hasen", "written 'hasen', and this spelling of the name counts with a capital only"),
        ("Bin", "bin", "written 'bin', and this spelling of the name counts with a capital only"),
        ("Sana'a", "Sana a", "written 'Sana a', which are words apart"),
    ],
)
def test_another_word_that_is_spelled_alike_is_told_with_the_reason(variant: str, found: str, reason: str) -> None:
    assert objection_to(variant, found) == reason


def test_a_miss_says_why_a_spelling_did_not_count() -> None:
    watch = Watch(WatchId("w"), "", names=("Hassan",))
    receipt = matcher_of(watch).explain(Document("", "Sie hassen den Regen.", "de"), watch.id)
    assert [(one.span.text, one.reason) for one in receipt.rejections] == [
        ("hassen", "written 'hassen', and this spelling of the name counts with a capital only")
    ]


def test_the_name_as_given_counts_in_any_case() -> None:
    watch = Watch(WatchId("w"), "", names=("Hassan",))
    matcher = matcher_of(watch)
    assert [bool(matcher.match(Document("", text))) for text in ("hassan", "HASSAN", "HASAN", "hasan")] == [
        True,
        True,
        True,
        False,
    ]


def test_a_name_that_is_also_a_place_or_a_word_says_so() -> None:
    assert [(one.variant.written, one.what) for one in collisions_of("Aden")] == [("Aden", "also a city in Yemen")]
    assert [(one.variant.written, one.what) for one in collisions_of("Hope")] == [("Hope", "also a common word in en")]
    assert [one.what for one in collisions_of("Georgia")][:1] == ["also a country"]


def test_spellings_of_the_place_that_is_meant_collide_with_nothing() -> None:
    assert [one.variant.written for one in collisions_of("Kyiv")] == ["Kyiv"]


@pytest.mark.parametrize(
    ("name", "warnings"),
    [
        ("Muammar Gaddafi", ()),
        ("HAMAS", ()),
        ("习", ()),
        ("", ()),
        ("Xi", ("the name 'Xi' is short, and others bear it; give the full name, or a region or keyword beside it",)),
        (
            "Hope",
            ("the name 'Hope' is also a common word (en); give the full name, or a region or keyword beside it",),
        ),
    ],
)
def test_a_risky_name_is_told_with_the_remedy(name: str, warnings: tuple[str, ...]) -> None:
    assert risks_of(name) == warnings


def test_a_family_that_holds_another_place_is_risky() -> None:
    assert risks_of("Hasan")[1:] == ("the family of the name 'Hasan' holds places: Hassan; see `watch variants`",)
    assert risks_of("Kyiv") == ()
