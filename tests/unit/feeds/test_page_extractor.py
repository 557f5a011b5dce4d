from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tocsin.feeds.fetch import Page
from tocsin.feeds.pages.extract import page_text
from tocsin.feeds.pages.extractor import Extractor
from tocsin.text.furniture import furniture

TITLE = "Army breaks the siege of Deir el-Zour"
STORY = """<!doctype html><html lang="en"><head><title>Army breaks the siege - The Wire</title></head><body>
<header><nav><a href="/">Home</a> <a href="/world">World</a></nav></header>
<main><article><h1>Army breaks the siege of Deir el-Zour</h1>
<p class="lead">Troops broke the siege of the town on Tuesday, the government said, and the first lorries came in.</p>
<figure><img src="a.jpg" alt="Soldiers"><figcaption>Soldiers in Berlin. Photo: Ann Smith</figcaption></figure>
<p>For three years it had been encircled by fighters of the group, and food was dropped from planes.</p>
<div class="gallery"><h3>Pictures of the day</h3><p>Berlin: the Brandenburg Gate in the evening light.</p>
<p>Paris: the Seine in spring, near the bridge.</p><p>Brussels: a café in the rain.</p></div>
<p>Residents lined the streets, and an officer said that the road would be open within days.</p>
</article></main><footer>Copyright The Wire. All rights reserved.</footer>
<script>var text = "never shown";</script></body></html>"""

HOSTILE = {
    "nested divs": b"<html><body><article>" + b"<div>" * 100_000 + b"<p>" + b"words and text " * 50,
    "nested inline": b"<html><body><article><p>" + b"<b><i>" * 100_000 + b"words and text " * 50,
    "nested tables": b"<html><body>" + b"<table><tr><td>" * 30_000 + b"words and text " * 50,
    "zeros": bytes(3_000_000),
    "open tags": b"<" * 3_000_000,
    "open comments": b"<!--" * 700_000,
    "entities": b"&#x41;&amp;" * 60_000,
    "not utf-8": b"<p>" + bytes(range(128, 256)) * 1000,
}
TOO_MUCH = b"<html><body><article>" + b"<a href=x>words words words</a> " * 90_000


def page(body: bytes | str, content_type: str = "text/html; charset=utf-8") -> Page:
    return Page("https://wire.example/1", 200, body if isinstance(body, bytes) else body.encode(), content_type)


@pytest.fixture(scope="module")
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def extractor(runner: asyncio.Runner) -> Iterator[Extractor]:
    """An extractor whose child serves all tests of the module, unless one kills it."""
    shared = Extractor()
    yield shared
    runner.run(shared.close())


def test_the_article_is_told_without_its_headline_and_what_stands_around_it(
    runner: asyncio.Runner, extractor: Extractor
) -> None:
    text = runner.run(extractor.text(page(STORY), TITLE))
    assert text is not None
    assert text.startswith("Troops broke the siege of the town on Tuesday")
    assert text.endswith("would be open within days.")
    for foreign in (TITLE, "Home", "Copyright", "never shown", "Ann Smith"):
        assert foreign not in text


def test_captions_and_galleries_go_where_the_markup_names_them() -> None:
    text = page_text(STORY.encode(), "text/html", TITLE)
    assert [city for city in ("Berlin", "Paris", "Brussels") if city in text] == []
    assert "encircled by fighters" in text


def test_what_is_furniture_by_its_words_stays_and_is_left_out_by_the_matching() -> None:
    story = STORY.replace('<p class="lead">', "<p>Photo: Ann Smith / The Wire in Berlin</p><p>")
    text = page_text(story.encode(), "text/html", TITLE)
    assert [text[start:end] for start, end in furniture(text)] == ["Photo: Ann Smith / The Wire in Berlin"]


@pytest.mark.parametrize(
    ("charset", "content_type"),
    [
        ("windows-1251", "text/html; charset=windows-1251"),
        ("windows-1251", "text/html"),
        ("utf-8", "text/html"),
        ("utf-16", "text/html"),
    ],
)
def test_a_page_is_read_in_the_charset_that_server_or_page_names(charset: str, content_type: str) -> None:
    story = "Армия прорвала осаду города во вторник, сообщило правительство, и первые грузовики прибыли в город. " * 2
    html = f'<html><head><meta charset="{charset}"></head><body><article><p>{story}</p></article></body></html>'
    assert page_text(html.encode(charset), content_type, "") == story.strip()


def test_a_line_that_only_begins_like_the_headline_stays() -> None:
    html = (
        f"<html><body><article><p>{TITLE} on Tuesday, the government said.</p><p>{'More. ' * 30}</p></article></body>"
    )
    assert page_text(html.encode(), "text/html", TITLE).startswith(f"{TITLE} on Tuesday")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_page_is_survived(runner: asyncio.Runner, extractor: Extractor, name: str) -> None:
    assert isinstance(runner.run(extractor.text(page(HOSTILE[name], "text/html"), TITLE)), str)


def test_a_page_that_is_too_much_ends_its_child_and_the_next_page_gets_a_new_one(runner: asyncio.Runner) -> None:
    hasty = Extractor(seconds=2)

    async def read() -> list[str | None]:
        try:
            return [await hasty.text(page(body), TITLE) for body in (TOO_MUCH, STORY)]
        finally:
            await hasty.close()

    too_much, well = runner.run(read())
    assert too_much is None
    assert well is not None
    assert "the first lorries" in well


def test_the_text_of_a_page_that_nobody_waits_for_any_more_is_not_given_as_the_next_ones(
    runner: asyncio.Runner, extractor: Extractor
) -> None:
    async def read() -> str | None:
        await extractor.text(page(STORY), TITLE)
        dropped = asyncio.create_task(extractor.text(page(STORY), TITLE))
        await asyncio.sleep(0)  # the task has asked
        dropped.cancel()
        return await extractor.text(page(b"<p>none</p>"), TITLE)

    assert runner.run(read()) == ""


def test_a_page_that_needs_more_memory_than_the_child_may_have_is_given_up(runner: asyncio.Runner) -> None:
    body = b"<html><body><article>" + b"<p>words of a paragraph</p>" * 100_000

    async def read() -> list[str | None]:
        child = Extractor(memory=120 << 20)
        try:
            return [await child.text(page(one), TITLE) for one in (STORY, body)]
        finally:
            await child.close()

    well, too_much = runner.run(read())
    assert well is not None
    assert too_much is None


def test_an_extractor_without_work_starts_no_child_and_is_closed_at_once(runner: asyncio.Runner) -> None:
    runner.run(Extractor().close())
