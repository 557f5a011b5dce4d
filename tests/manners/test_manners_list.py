"""The list of manners, and that none of them is without its test."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ALL = list(range(1, 45))


def test_every_manner_is_listed_once_in_its_order() -> None:
    listed = re.findall(r"^\| (\d+) \|", (ROOT / "docs/manners.md").read_text(), re.MULTILINE)
    assert [int(number) for number in listed] == ALL


def test_every_manner_has_a_test_that_bears_its_number() -> None:
    names = [
        name
        for file in sorted(Path(__file__).parent.glob("test_*.py"))
        for name in re.findall(r"^def test_((?:\d\d_)+)", file.read_text(), re.MULTILINE)
    ]
    assert sorted({int(number) for name in names for number in re.findall(r"\d\d", name)}) == ALL
