"""Every text here is made up."""

from __future__ import annotations

import pytest

from tocsin.text.furniture import furniture, furniture_parts

_FLOOD = "<p>Two villages near Homs were flooded on Monday after a dam gave way, officials said.</p>"
_ROAD = "<p>Nobody was hurt, but the road to the <b>coast</b> stays closed until the end of the week.</p>"
_WALL = "<p>Engineers from Lebanon arrived on Tuesday to look at the cracks in the wall.</p>"


@pytest.mark.parametrize(
    ("before", "taken", "after"),
    [
        ("<nav>", '<a href="/">Home</a> <a href="/p">Paris</a>', "</nav>"),
        ("<aside>", "<p>Our trains to Paris</p>", "</aside>"),
        ("<footer>", "Paris office", "</footer>"),
        ("<figure><img src=x><figcaption>", "A street in Paris.", "</figcaption></figure>"),
        ('<div class="wide related-links">', "<ul><li><a href=1>Paris cafés</a></li></ul>", "</div>"),
        ("<div class=article__caption>", "A street in Paris.", "</div>"),
        ("<div role='navigation'>", "Paris", "</div>"),
        ("<p>", "Read more: Paris", "</p>"),
        ("<p>", "<b>Read more</b>: <a href=x>Paris</a>", "</p>"),
        ("<p>", "&copy; 2031 Paris&nbsp;Times", "</p>"),
        ("<p><a href=x>", "Paris opens a lock", "</a></p>"),
        ("<p>", "The post <a href=x>Dam</a> appeared first on <a href=y>Paris Times</a>.", "</p>"),
        ("<p>Nobody was hurt, and nothing lost, the mayor said. ", "(Photo: AP/Paris)", "</p>"),
    ],
)
def test_furniture_is_found_in_html_at_its_offsets(before: str, taken: str, after: str) -> None:
    page = f"<h1>Dam gives way</h1>{_FLOOD}{before}{taken}{after}{_ROAD}{_WALL}"
    parts = furniture_parts(page)
    assert [part for part in parts if "Paris" in page[part.start : part.end]] == list(parts)
    covered = "".join(page[part.start : part.end] for part in parts)
    assert covered == taken or taken.startswith(covered) or covered in before + taken + after


@pytest.mark.parametrize(
    "page",
    [
        f"<div class=related>{_FLOOD}{_ROAD}{_WALL}</div>",
        "<ul><li><a href=1>Fire in Rome kills two</a></li><li><a href=2>Oslo closes its port</a></li></ul>",
        f"<article><header><h1><a href=x>Dam near Homs</a></h1></header>{_FLOOD}{_ROAD}</article>",
        f"{_FLOOD}<h3>Trouble in Aleppo</h3>{_ROAD}",
        f"{_FLOOD}<aside>{_ROAD}{_WALL}",
        "<aside>Paris</aside><nav>London</nav>",
    ],
)
def test_what_is_the_page_itself_is_no_furniture(page: str) -> None:
    assert furniture(page) == ()


def test_text_with_a_less_than_sign_is_plain_and_what_is_html_can_be_said() -> None:
    text = "The rate is < 5 and the dam is safe.\nAdvertisement\nThat is what they said."
    assert furniture(text) == ((37, 50),)
    assert furniture("The dam is safe.\nShare", is_html=False) == ((17, 22),)
    assert furniture("The dam is safe.\nShare", is_html=True) == ()
