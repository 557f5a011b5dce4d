from __future__ import annotations

import pytest

from tocsin.text.credits import without_credits


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Image: picture-alliance/Reuters/J. Moore", ""),
        ("It fell.\nImage: Getty Images/AFP/D. Souleiman\nThe army", "It fell. The army"),
        ("Foto: dpa/Max Mustermann. Die Armee", ". Die Armee"),
        ("Photo credit: Reuters / Jane Doe", ""),
        ("صورة: رويترز/أحمد", ""),
        ("写真：ロイター/アフロ", ""),
        ("A street in Homs (AP Photo/Hassan Ammar) on Monday", "A street in Homs () on Monday"),
        ("Getty Images/AFP", ""),
    ],
)
def test_a_credit_says_nothing(text: str, kept: str) -> None:
    masked = without_credits(text)
    assert len(masked) == len(text)
    assert masked.replace("\0", "").split() == kept.split()


@pytest.mark.parametrize(
    "text",
    [
        "The Israel/Palestine talks",
        "Deir el-Zour/Raqqa (dpa) - The army",
        "Source: Reuters said the army fell",
        "Image: Islamic State fighters in Raqqa",
        "and/or, 24/7, km/h, he/she",
        "The picture of Israel/Gaza is bleak",
    ],
)
def test_what_is_only_joined_by_a_slash_or_only_labelled_is_text(text: str) -> None:
    assert without_credits(text) == text


def test_all_credits_of_a_line_are_found() -> None:
    text = "Photo: AFP/A. B. and then Photo: AFP/C. D. and then Photo: AFP/E. F."
    assert "AFP" not in without_credits(text)
