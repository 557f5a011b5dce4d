"""Pages with furniture: what of it is deleted, added or moved must not change what the article is about."""

from __future__ import annotations

import time

import pytest

from tocsin.regions import Located, load_gazetteer, locator_of
from tocsin.text.fold import fold

TITLE = "Government troops end siege of Deir el-Zour"
LEAD = """Syria's army has broken through to the besieged garrison of Deir el-Zour, state television said on Tuesday.
A column that had come from the west along the Euphrates met the defenders near the barracks in the morning."""
REST = """The town had been cut off for almost three years, and the air force had dropped bread and medicine.
Fighters of the "Islamic State" (IS) still hold streets in the south of Deir el-Zour and the villages across the river.
Russian ships in the Mediterranean had fired missiles at positions around the town, the ministry in Moscow said.
The front lies not far from the border with Iraq, where Mosul was retaken in July.
Syrian officials promised that lorries with flour would reach Deir el-Zour within the week."""
GALLERY = """Image: picture-alliance/dpa/A. Miller
How the group took over a region
It was founded in Iraq and grew into Syria.
Image: Getty Images/AFP/B. Meyer
Attacks abroad
Bombs went off in Brussels, in Paris and in Berlin.
Image: Reuters/C. Smith
The alliance against it
The US leads more than fifty countries, among them Germany, France and Belgium.
3 images1 | 3
"""
LINKS = """Read more: Strike at the airport of Frankfurt ends
Read more: Brazil counts its votes
Photo: dpa/Vienna bureau
"""


def located(text: str, title: str = TITLE) -> Located:
    return locator_of(load_gazetteer()).locate(fold(title), fold(text), language="en", home=None)


def verdict(text: str) -> tuple[tuple[str, ...], list[str]]:
    found = located(text)
    return tuple(found.focus.focused), [one.place for one in found.focus.provinces if one.met]


PAGES = {
    "without furniture": f"{LEAD}\n{REST}",
    "with its gallery": f"{LEAD}\n{GALLERY}{REST}",
    "with its gallery twice": f"{LEAD}\n{GALLERY}{GALLERY}{REST}",
    "with its gallery first": f"{GALLERY}{LEAD}\n{REST}",
    "with another page's links": f"{LEAD}\n{REST}\n{LINKS}",
    "with all of it": f"{TITLE}\nAdvertisement\n{LEAD}\n{GALLERY}{REST}\n{LINKS}",
}


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_furniture_does_not_change_what_a_page_is_about(page: str) -> None:
    assert verdict(page) == (("SY",), ["SY-DY"])


def test_places_of_furniture_are_no_mentions() -> None:
    found = located(PAGES["with another page's links"])
    assert not {"BR", "AT"} & set(found.countries)
    assert found.furniture


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "Paris",
        "\n\n\n",
        "TROOPS ENTER SYRIA AND IRAQ, SAYS MOSCOW",
        "troops enter syria and iraq, says moscow",
        "Qwzx vbnm kjhg. Qwzx kjhg!",
        "\ud800 Syria \udfff",
        "- - -",
    ],
)
def test_any_text_has_a_verdict(text: str) -> None:
    found = located(text, title=text)
    assert set(found.focus.focused) <= {"SY", "IQ", "RU", "FR"}


def test_five_thousand_names_are_a_matter_of_seconds() -> None:
    names = [name.title() for name in load_gazetteer().patterns() if name.isascii() and name.isalpha()][::9][:5_000]
    text = fold("".join(f"The train from {name} was late. " for name in names))
    began = time.process_time()
    found = locator_of(load_gazetteer()).locate(fold(""), text, language="en", home=None)
    assert time.process_time() - began < 5
    assert len(found.mentions) > 1_000
