"""Every text here is made up."""

from __future__ import annotations

import pytest

from tocsin.text.furniture import Part, furniture, furniture_parts
from tocsin.text.furniture_words import Furniture

_FLOOD = "Two villages near Homs were flooded on Monday after a dam gave way, officials in Damascus said."
_ROAD = "Nobody was hurt, but the road to the coast stays closed until the end of the week, they added."
_WALL = "Engineers from Lebanon arrived on Tuesday to look at the cracks in the wall of the reservoir."


def _taken(*lines: str) -> list[str]:
    text = "\n".join(lines)
    return [text[part.start : part.end] for part in furniture_parts(text)]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Image: picture alliance/dpa/Paris desk", Furniture.CREDIT),
        ("Crédit photo : AFP", Furniture.CREDIT),
        ("Foto: dpa/Büro Rom", Furniture.CREDIT),
        ("Фото: бюро в Париже / ТАСС", Furniture.CREDIT),
        ("صورة: رويترز/باريس", Furniture.CREDIT),
        ("عکس: خبرگزاری/پاریس", Furniture.CREDIT),
        ("写真：ロイター", Furniture.CREDIT),
        ("फ़ोटो: रॉयटर्स/पेरिस", Furniture.CREDIT),
        ("Read more: Berlin reopens its oldest lock", Furniture.LINK),
        ("Lesen Sie auch: Lawine in Kanada", Furniture.LINK),
        ("À lire aussi : Berlin rouvre son écluse", Furniture.LINK),
        ("A LIRE AUSSI : Berlin rouvre son écluse", Furniture.LINK),
        ("Te puede interesar: Berlín reabre su esclusa", Furniture.LINK),
        ("Leggi anche: Berlino riapre la chiusa", Furniture.LINK),
        ("Leia também: Berlim reabre eclusa", Furniture.LINK),
        ("Lees ook: Berlijn heropent sluis", Furniture.LINK),
        ("Czytaj też: Berlin otwiera śluzę", Furniture.LINK),
        ("Čtěte také: Berlín otevřel zdymadlo", Furniture.LINK),
        ("Läs också: Berlin öppnar slussen", Furniture.LINK),
        ("Читайте также: Шлюз в Берлине", Furniture.LINK),
        ("Читайте також: Шлюз у Берліні", Furniture.LINK),
        ("BUNLARI DA OKUYUN: Berlin", Furniture.LINK),
        ("İlgili haber: Berlin", Furniture.LINK),
        ("اقرأ أيضًا: برلين تفتح", Furniture.LINK),
        ("إقرأ أيضا: برلين تفتح", Furniture.LINK),
        ("بیشتر بخوانید: برلین", Furniture.LINK),
        ("קראו גם: ברלין", Furniture.LINK),
        ("यह भी पढ़ें: बर्लिन", Furniture.LINK),
        ("相关阅读：柏林", Furniture.LINK),
        ("【関連記事】ベルリン", Furniture.LINK),
        ("관련기사: 베를린", Furniture.LINK),
        ("Baca juga: Berlin", Furniture.LINK),
        ("Lo más visto: terremoto en Turquía; elecciones en Bolivia", Furniture.LINK),
        ("Advertisement", Furniture.ADVERTISEMENT),
        ("Anzeige: Flüge nach Rom", Furniture.ADVERTISEMENT),
        ("Wetter: Paris 18 Grad", Furniture.NAVIGATION),
        ("Firmensitz: Wien", Furniture.NOTICE),
        ("Aus dem Archiv: Als Prag im Wasser stand", Furniture.LINK),
        ("ANZEIGE", Furniture.ADVERTISEMENT),
        ("Publicité", Furniture.ADVERTISEMENT),
        ("Реклама", Furniture.ADVERTISEMENT),
        ("إعلان", Furniture.ADVERTISEMENT),
        ("广告", Furniture.ADVERTISEMENT),
        ("Sign up for our weekly newsletter from Washington", Furniture.SIGN_UP),
        ("Follow us on Facebook", Furniture.SHARING),
        ("Skip to main content", Furniture.NAVIGATION),
        ("Home | Ukraine war | Israel | Japan", Furniture.NAVIGATION),
        ("Startseite > Panorama", Furniture.NAVIGATION),
        ("Accueil – Monde – Afrique – Sports", Furniture.NAVIGATION),
        ("📷 Ann Smith, Paris", Furniture.CREDIT),
        ("5 images | 1 of 5", Furniture.NAVIGATION),
        ("12 comments", Furniture.NAVIGATION),
        ("Tags: Paris, London, Rome", Furniture.TAGS),
        ("Copyright. Registered office: London", Furniture.NOTICE),
        ("© 2031 The Ghent Times, Brussels", Furniture.NOTICE),
        ("The Ghent Times, Brussels. All rights reserved.", Furniture.NOTICE),
        ("By Ann Smith and John Doe in Paris", Furniture.BYLINE),
        ("(Reporting by Ann Smith in Rome; editing by John Doe in London)", Furniture.BYLINE),
    ],
)
def test_a_line_is_known_by_its_words_or_its_shape(line: str, kind: Furniture) -> None:
    text = f"{_FLOOD}\n{line}\n{_ROAD}"
    start = len(_FLOOD) + 1
    assert furniture_parts(text) == (Part(start, start + len(line), kind),)


@pytest.mark.parametrize(
    "line",
    [
        "Trouble in Aleppo",
        "What does Moscow say?",
        "'IS' in retreat",
        "BEIRUT, May 5 -",
        "Home is where the olives grow, a farmer in Idlib told the visitors from Beirut.",
        "Copyright law in Syria is to be changed next year, the ministry said on Sunday.",
        "Photo albums were found in the ruins of a house in Aleppo, the neighbours said.",
        "Sharing water between Turkey and Syria was never easy, the engineers said.",
        "Syria: two killed in a fire in a bakery in Aleppo.",
        "Chicago | 3.04 | 2.98 | 2.31",
    ],
)
def test_what_only_looks_a_little_like_furniture_is_the_story(line: str) -> None:
    assert _taken(_FLOOD, line, _ROAD, _WALL) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("The river runs to Basra", "The moon is over Rome", "I walked with you in Cairo", "And never did come home"),
        ("syria in flames again", "russia bombed homs today", "france says no"),
        ("14:05", _FLOOD, "13:20", _ROAD, "12:01", _WALL),
        ("Dam breaks", "14:05", _FLOOD, "Road closed", "13:20", _ROAD, "Help arrives", "12:01", _WALL),
        (_FLOOD, _ROAD, _WALL, "The winners:", "Ann Smith of Oslo", "John Doe of Rome", "Jane Roe of Paris"),
        (_FLOOD, "They sang:", "We take the water from the lake", "We build a church in Rome", "A big one too", _ROAD),
        (_FLOOD, "Q: What do you see in Homs?", _ROAD, "Q: And in Rome?", _WALL),
        ("Showers continued in the zone, easing", "drought in Bahia since early", "January, and hopes rose in", "Rio."),
    ],
)  # fmt: skip
def test_verse_tickers_lists_interviews_and_wrapped_lines_are_stories(lines: tuple[str, ...]) -> None:
    assert _taken(*lines) == []


@pytest.mark.parametrize(
    "text", ["", "\n\n", "\x03\n\ud800", "\u2028\n📷\n—", "Image: Getty Images/AFP", "Advertisement\nShare", "Paris"]
)
def test_a_text_is_never_furniture_as_a_whole(text: str) -> None:
    assert furniture(text) == ()


def test_titles_under_a_heading_of_links_are_links_as_far_as_the_next_paragraph() -> None:
    taken = _taken(_FLOOD, _ROAD, "Most read", "1. Tokyo's last pager goes silent", "Recipe: Moroccan lentils", _WALL)
    assert taken == ["Most read", "1. Tokyo's last pager goes silent", "Recipe: Moroccan lentils"]


def test_a_paragraph_may_end_in_a_heading_of_links() -> None:
    assert _taken(_FLOOD, f"{_ROAD} Read also:", "Paris opens a lock", _WALL) == ["Read also:", "Paris opens a lock"]


def test_a_title_over_a_duration_is_a_film() -> None:
    film = "From Ankara to Athens: how rivers shape cities"
    assert _taken(_FLOOD, film, "04:12", _ROAD, _WALL) == [film, "04:12"]


def test_titles_with_the_same_label_are_links_in_any_language() -> None:
    links = ["Zie hier verder: Parijs", "Zie hier verder: Rome"]
    assert _taken(_FLOOD, _ROAD, *links, _WALL) == links


def test_a_title_below_the_last_paragraph_belongs_to_another_story() -> None:
    assert _taken(_FLOOD, _ROAD, _WALL, "Berlin campaign helps refugees") == ["Berlin campaign helps refugees"]


def test_a_menu_may_have_an_entry_a_line() -> None:
    menu = ["World", "Sport", "Paris", "London"]
    assert _taken(*menu, "Dam gives way near the city of Homs", _FLOOD, _ROAD) == menu


@pytest.mark.parametrize(
    "caption",
    [
        "A man looks at the river in Paris on Monday. REUTERS/Ann Smith",
        "People in Paris wait for helpImage: Getty Images/AFP",
        "Flood in Paris, 2031. Foto: Ann Smith",
        "A street in Paris © Ann Smith",
    ],
)
def test_a_short_line_that_ends_in_a_credit_is_a_caption(caption: str) -> None:
    assert _taken(_FLOOD, caption, _ROAD) == [caption]


@pytest.mark.parametrize(
    "credit",
    [
        "(Photo: AP/Paris)",
        "(AFP/Paris)",
        "[Image: Ann Smith]",
        "(Photo by Ann Smith/Paris)",
        "(© Ann Smith)",
        "(Foto: dpa)",
    ],
)
def test_a_credit_in_brackets_is_taken_out_of_a_paragraph(credit: str) -> None:
    assert _taken(f"{_FLOOD} {credit}", _ROAD) == [credit]
    assert _taken(f"{_FLOOD} {credit} {_ROAD}") == [credit]


@pytest.mark.parametrize(
    "closing", ["Read more: Berlin reopens its lock", "Photo: AP/Paris", "Foto: Ann Smith", "Lire aussi : Paris"]
)
def test_what_goes_on_in_the_paragraph_s_own_line_is_taken_from_its_label_on(closing: str) -> None:
    assert _taken(f"{_FLOOD} {closing}") == [closing]
    assert _taken(_WALL, f"{_FLOOD} {_ROAD} {closing}", _ROAD) == [closing]


def test_a_label_in_the_middle_of_a_paragraph_is_the_story() -> None:
    assert _taken(f"{_FLOOD} He said: it is over. Read more: the plan says so. {_ROAD}") == []


_GALLERY = (
    "The group was once a splinter of another one. We look at what it does and where it does it.",
    "Image: picture-alliance/AP Photo",
    "Where does it operate?",
    "It is believed to be at work in a dozen countries, among them Libya and the Philippines.",
    "Who fights back?",
    "A coalition of fifty countries led by the United States, and Iran with its allies in Lebanon.",
    "Image: Getty Images/J. Moore",
    "Where does it strike?",
    "It claimed attacks on several capitals, of which Berlin, Brussels and Paris are the best known.",
    "Image: Getty Images/AFP/J. Eid",
)
_COUNTER = "3 images1 | 3"


@pytest.mark.parametrize("counter", [(_COUNTER,), ("3 images", "1 of 3"), ()])
@pytest.mark.parametrize("times", [1, 2])
def test_a_gallery_is_furniture_with_its_captions(counter: tuple[str, ...], times: int) -> None:
    gallery = (*_GALLERY, *counter) * times
    assert _taken(_FLOOD, _ROAD, *gallery, "The road", _WALL) == list(gallery)


def test_a_gallery_s_credits_may_stand_in_the_lines_of_its_captions() -> None:
    captions = [
        f"{text} And more was said of it.Image: Getty Images" for text in (_GALLERY[0], _GALLERY[3], _GALLERY[5])
    ]
    gallery = [captions[0], "Where is it?", captions[1], "Who fights?", captions[2], "3 images | 1 of 3"]
    assert _taken(_FLOOD, _ROAD, *gallery, _WALL) == gallery


def test_a_gallery_with_a_counter_may_come_first() -> None:
    assert _taken("The dam", *_GALLERY, _COUNTER, _FLOOD, _ROAD) == [*_GALLERY, _COUNTER]


def test_a_gallery_without_one_may_come_first_if_the_story_below_is_longer() -> None:
    story = [_FLOOD, _ROAD, _WALL, _FLOOD, _ROAD, _WALL]
    assert _taken("The dam", *_GALLERY, *story) == list(_GALLERY)
    assert _taken("The dam", *_GALLERY, *story[:2]) == [line for line in _GALLERY if line.startswith("Image")]


def test_pictures_between_the_paragraphs_of_a_story_make_no_gallery() -> None:
    signed = ["Photo: AFP/X", "Photo: AFP/Y", "Photo: AFP/Z"]
    assert _taken(_FLOOD, signed[0], _ROAD, signed[1], _WALL, signed[2], _FLOOD) == signed


def test_advertisements_and_pictures_after_each_paragraph_make_no_gallery() -> None:
    between = ("Photo: AFP/X", "Advertisement")
    assert _taken(_FLOOD, *between, _ROAD, *between, _WALL, *between, _FLOOD) == [*between] * 3


def test_a_time_under_the_title_of_the_story_is_when_it_was_told() -> None:
    assert _taken("Middle East", "Dam gives way near Homs", "14:05", _FLOOD, _ROAD) == []


def test_neighbouring_pieces_are_one_range() -> None:
    text = f"{_FLOOD}\nAdvertisement\nShare\n{_ROAD}"
    assert furniture(text) == ((len(_FLOOD) + 1, len(_FLOOD) + 1 + len("Advertisement\nShare")),)
