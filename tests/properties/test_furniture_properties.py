from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.text.furniture import furniture

_SENTENCES = (
    "Two villages near Homs were flooded on Monday after a dam gave way, officials in Damascus said.",
    "Nobody was hurt, but the road to the coast stays closed until the end of the week, they added.",
    "Ingenieure aus dem Libanon kamen am Dienstag, um die Risse in der Mauer anzusehen, hieß es.",
    "Канатная дорога к монастырю открылась в воскресенье, первыми на ней прокатились школьники.",
    "قالت السلطات في دمشق إن قريتين قرب حمص غمرتهما المياه يوم الاثنين بعد انهيار سد قديم.",
)
_HEADINGS = ("Trouble in Aleppo", "What now?", "Homs")
_FURNITURE = (
    "Advertisement",
    "Read more: Berlin reopens its oldest lock",
    "Читайте также: Трамвай в Хельсинки",
    "Image: Getty Images/AFP/Paris desk",
    "Home | World | Sport",
    "12 comments",
    "Sign up for our newsletter",
    "Most read\n1. Tokyo's last pager\nKyiv's cafés",
    "© 2031 The Ghent Times",
    "اقرأ أيضا: باريس",
)
_bodies = st.lists(st.sampled_from(_SENTENCES), min_size=1, max_size=8)
_furnitures = st.lists(st.sampled_from(_FURNITURE), min_size=1, max_size=6)
_SCRAPS = (
    "04:12", "12", "", "3 images | 1 of 3", "Read more:", "Photo", "(Photo: X)", "|", "©", "📷", "—", "：", "[", "]",
    "...", "<p>", "</p>", "<a href=x>", "</a>", "<aside>", "</aside>", "&nbsp;", "&#x27;", "\x03", "\ud800", "İ", "\r",
    "\u2028",
)  # fmt: skip
_pages = st.builds(
    str.join,
    st.sampled_from(("\n", "\n\n", " ", "")),
    st.lists(
        st.one_of(st.sampled_from((*_SENTENCES, *_HEADINGS, *_FURNITURE, *_SCRAPS)), st.text(max_size=40)), max_size=20
    ),
)


def _without(text: str, ranges: tuple[tuple[int, int], ...]) -> str:
    pieces, done = [], 0
    for start, end in ranges:
        pieces.append(text[done:start])
        done = end
    return "".join((*pieces, text[done:]))


@given(_pages)
def test_ranges_are_sorted_apart_within_the_text_and_leave_some_of_it(text: str) -> None:
    ranges = furniture(text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))
    if ranges:
        assert any(map(str.isalpha, _without(text, ranges)))


@given(_bodies, st.data())
def test_exactly_the_furniture_put_between_paragraphs_is_found(body: list[str], data: st.DataObject) -> None:
    text, expected = "", []
    for paragraph in body:
        text += paragraph + "\n"
        for piece in data.draw(st.lists(st.sampled_from(_FURNITURE), max_size=2)):
            expected += [(len(text), len(text) + len(piece))]
            text += piece + "\n"
    covered = {at for start, end in furniture(text) for at in range(start, end) if text[at] != "\n"}
    assert covered == {at for start, end in expected for at in range(start, end) if text[at] != "\n"}
    assert furniture(_without(text, furniture(text))) == ()


@given(_bodies, _furnitures, _furnitures)
def test_appending_another_page_s_furniture_changes_nothing_before_it(
    body: list[str], own: list[str], other: list[str]
) -> None:
    page = "\n".join((*body, *own)) + "\n"
    end = len(page)
    assert list(furniture(page)) == [
        (start, min(stop, end - 1)) for start, stop in furniture(page + "\n".join(other)) if start < end - 1
    ]


@pytest.mark.parametrize(
    "piece",
    ["\n", "a\n", "(", "(photo: a ", "<", "<a>", "<a ", "<div>x</div>", "<!--", "a/b ", "Photo: a/b\n", "a | b | c\n",
     "Read more: x\n", "Title here\n04:12\n", "word ", '<p class="related">', "© ", "1. a\n", "12\n", "A. B: c\n",
     "Image: a/b\n1 of 2\n", "Image: a\nText.\n", f"{_SENTENCES[0]}\n"],
)  # fmt: skip
def test_the_largest_text_that_is_stored_is_read_at_once_whatever_is_in_it(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    begun = time.process_time()
    furniture(text)
    assert time.process_time() - begun < 1
