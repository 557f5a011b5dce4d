from __future__ import annotations

from dataclasses import replace

import pytest

from story_items import CORPUS, FERRY, an_item, labelled
from tocsin.stories import Signature, UnknownSignatureError, signature_of
from tocsin.stories.signature import Signature as Whole


def test_a_packed_signature_comes_back_whole() -> None:
    for one in labelled(CORPUS / "own.jsonl")[::7]:
        signature = signature_of(one.item)
        assert Signature.unpack(signature.pack()) == signature


def test_a_usual_signature_takes_at_most_600_bytes() -> None:
    sizes = sorted(len(signature_of(one.item).pack()) for one in labelled(CORPUS / "own.jsonl")[::5])
    assert sizes[len(sizes) // 2] <= 600


def test_a_signature_of_another_version_is_told_from_a_damaged_one() -> None:
    packed = signature_of(an_item(1, *FERRY)).pack()
    with pytest.raises(UnknownSignatureError, match="version 63"):
        Signature.unpack(b"\x63" + packed[1:])
    with pytest.raises(UnknownSignatureError, match="damaged"):
        Signature.unpack(packed[:-3])
    with pytest.raises(UnknownSignatureError, match="none"):
        Signature.unpack(b"")


def test_the_same_article_has_the_same_signature_again() -> None:
    assert signature_of(an_item(1, *FERRY)) == signature_of(an_item(1, *FERRY))


def test_places_numbers_and_days_are_the_same_in_other_languages() -> None:
    english = signature_of(an_item(1, "Fire in Hamburg kills twelve", "The fire broke out on Monday."))
    german = signature_of(
        an_item(2, "Zwölf Tote bei Feuer in Hamburg", "Das Feuer brach am Montag aus.", language="de")
    )
    assert (english.places, english.days) == (german.places, german.days)
    assert "12 death" in english.numbers
    assert "12 death" in german.numbers


def test_tracking_and_scheme_do_not_make_another_address() -> None:
    one = an_item(1, *FERRY, url="https://www.a.test/ferry/?utm_source=rss#top")
    other = an_item(1, *FERRY, url="http://a.test/ferry")
    assert signature_of(one).url == signature_of(other).url != 0


@pytest.mark.parametrize("url", ["", "https://a.test/", "not an address", "http://[broken"])
def test_what_leads_to_no_article_is_no_address(url: str) -> None:
    assert signature_of(an_item(1, *FERRY, url=url)).url == 0


def test_the_language_is_found_where_the_feed_tells_none() -> None:
    assert signature_of(an_item(1, *FERRY, language=None)).language == "en"


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", ""),
        ("\x00\x1b[31m" * 40, "\ud800\udfff" * 100),
        ("a" * 2_000_000, "9," * 500_000),
        ("1-1-1-1-1 2:2:2", "\u202e" * 1_000),
        ("中国政府表示", "北京" * 5_000),
    ],
    ids=["empty", "controls", "megabytes", "dashes", "chinese"],
)
def test_hostile_text_has_a_small_signature_that_packs(title: str, text: str) -> None:
    signature = signature_of(an_item(1, title, text))
    packed = signature.pack()
    assert len(packed) < 4_000
    assert Whole.unpack(packed) == replace(signature)
