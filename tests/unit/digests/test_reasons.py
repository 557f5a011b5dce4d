from __future__ import annotations

from dossier_records import names, placed
from tocsin.digests.reasons import because
from tocsin.models.stories import Evidence, EvidenceKind, Join


def test_the_words_that_most_articles_were_joined_by_are_named() -> None:
    placements = [
        placed(Join.OPENED),
        placed(Join.SAME_EVENT, 1, names("Brigade 137"), names("Raqqa")),
        placed(Join.SAME_EVENT, 1, names("Deir el-Zour"), names("RAQQA"), names("Homs")),
        placed(Join.SAME_EVENT, 1, names("deir el-zour"), names("raqqa", "Brigade 137")),
    ]
    assert because(placements) == "“Raqqa”, “Brigade 137” and “Deir el-Zour” in common"


def test_of_words_that_come_as_often_places_come_before_names_and_numbers() -> None:
    kinds = ((EvidenceKind.WORDS, "bread"), (EvidenceKind.NUMBERS, "93000"), (EvidenceKind.PLACES, "Homs"))
    evidence = [Evidence(kind, (word,), 1) for kind, word in kinds]
    assert because([placed(Join.SAME_EVENT, 1, *evidence, names("Oduya"))]) == "“Homs”, “Oduya” and “93000” in common"


def test_a_part_of_a_name_that_is_named_and_a_small_number_are_not_named() -> None:
    evidence = (names("Deir ez-Zor", "Deir", "Zor"), Evidence(EvidenceKind.NUMBERS, ("4", "40"), 1))
    assert because([placed(Join.SAME_EVENT, 1, *evidence), placed(Join.SAME_EVENT, 1, names("Deir", "zor"))]) == (
        "“Deir ez-Zor” in common"
    )


def test_what_speaks_against_one_story_and_what_is_no_word_is_not_named() -> None:
    evidence = (
        names("Homs", weight=-2),
        Evidence(EvidenceKind.TIME, ("2 hours",), 9),
        Evidence(EvidenceKind.TEXT, (), 9),
    )
    assert because([placed(Join.SAME_EVENT, 1, *evidence)]) == ""


def test_copies_foreign_articles_and_what_the_operator_did_are_counted() -> None:
    joins = [Join.OPENED, Join.NEAR_COPY, Join.NEAR_COPY, Join.OTHER_LANGUAGE, Join.BY_HAND]
    told = "2 near copies; {}; 1 article put here by the operator"
    assert because([placed(join) for join in joins]) == told.format("1 in another language")
    assert because([placed(join) for join in [*joins, Join.OTHER_LANGUAGE]]) == told.format("2 in other languages")


def test_hostile_words_are_made_harmless() -> None:
    assert because([placed(Join.SAME_EVENT, 1, names("a\u202eb\r\nc" + "d" * 90, " "))]).startswith("“ab cddd")
