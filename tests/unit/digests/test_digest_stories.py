"""Stories in digests: one entry each, whatever the number of articles, watches and outlets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser

from dossier_records import a_dossier, a_story, names, placed
from match_records import BASE_URL, END, ISLAMIC_STATE, SYRIA, WEEKDAYS, YEMEN, a_digest, a_match, an_article
from tocsin.digests.background import Background
from tocsin.digests.content import build_digest
from tocsin.digests.coverage import Coverage
from tocsin.digests.folding import DEVELOPMENTS_NAMED, OUTLETS_NAMED, fold
from tocsin.digests.render import SIZE_LIMIT, render_digest, subject
from tocsin.digests.size import encoded_size
from tocsin.digests.view import DigestView
from tocsin.models.articles import Article
from tocsin.models.dossiers import NOTHING_KNOWN, Dossier
from tocsin.models.matches import Match
from tocsin.models.stories import Join, Placement
from tocsin.models.watchlist import Watch
from tocsin.rendering.columns import cells
from tocsin.rendering.environment import environment
from tocsin.rendering.story import StoryContext, StoryView

SIEGE, CONVOY = 70, 71
REPORT = "The ring that Islamic State held around Deir el-Zour has opened, residents said."


def told_by(number: int, outlet: str, hours_ago: float = 2, development: int = SIEGE, **changes: object) -> Article:
    return an_article(number, outlet=outlet, hours_ago=hours_ago, story=7, development=development, **changes)  # type: ignore[arg-type]  # fields are named by the test


BROKEN = (
    told_by(1, "Example Wire", 9, title="Siege broken", text=REPORT),
    told_by(2, "Other Post", 8, title="Islamic State loses Deir el-Zour", text=REPORT),
    told_by(3, "صحيفة المثال", 7, title="كسر حصار دير الزور", text="انسحب عناصر داعش من دير الزور", language="ar"),
    told_by(4, "Example Wire", 6, title="More on the siege", text=REPORT),
)
LORRIES = (
    told_by(5, "Der Bote", 3, CONVOY, title="Erste Laster in Deir el-Zour", text="Deir el-Zour", language="de"),
    told_by(6, "Other Post", 2, CONVOY, title="First lorries reach Deir el-Zour", text="Deir el-Zour"),
)
DEVELOPMENTS = ((), ("new place: Homs", "new number: 40 lorries"))


def view_of(
    articles: Sequence[Article], dossier: Dossier = NOTHING_KNOWN, watches: Sequence[Watch] = (SYRIA,)
) -> DigestView:
    matches = [found for article in articles for watch in watches if (found := met(article, watch))]
    return build_digest(
        a_digest(),
        matches,
        watches,
        Coverage(0, 0),
        schedule=WEEKDAYS,
        base_url=BASE_URL,
        background=Background(dossier),
    )


def met(article: Article, watch: Watch) -> Match | None:
    """Match the article, unless nothing of the watch stands in it."""
    match = a_match(article, watch)
    return match if match.receipt.hits or any(region.mentions for region in match.receipt.regions) else None


def only(view: DigestView) -> StoryView:
    [story] = [story for part in view.sections for story in part.stories]
    return story


def context_of(view: DigestView) -> StoryContext:
    context = only(view).context
    assert context is not None
    return context


def whole(told: Sequence[int] | None = None, placements: dict[int, Placement] | None = None) -> DigestView:
    articles = [*BROKEN, *LORRIES]
    story = a_story(7, DEVELOPMENTS, articles=6, outlets=4)
    return view_of(articles, a_dossier(story, articles, placements, told))


def test_a_story_is_one_entry_by_the_headline_with_most_evidence_and_counts_are_of_stories_and_of_articles() -> None:
    view = view_of(BROKEN, watches=(ISLAMIC_STATE, SYRIA, YEMEN))
    assert (only(view).title, only(view).also) == ("Islamic State loses Deir el-Zour", ("Syria",))
    assert view.heading == "1 story, 4 articles on 2 watches"
    assert [(box.number, box.label) for box in view.boxes[:2]] == [(1, "story"), (4, "articles")]
    assert [(line.words, line.lead) for line in view.lines] == [
        ("1 story, 4 articles", "Islamic State loses Deir el-Zour"),
        ("1 story, shown above", ""),
    ]
    assert subject(view) == "Islamic State loses Deir el-Zour · Wed 6 Sep"


def test_evidence_in_the_headline_is_that_for_the_watch_that_the_story_is_told_in() -> None:
    places = told_by(9, "Third", 9, title="Deir el-Zour and Idlib are calm", text="ISIS")
    named = told_by(10, "Fourth", 8, title="ISIS leaves", text="Deir el-Zour")
    assert only(view_of([places, named], watches=(ISLAMIC_STATE, SYRIA))).title == "ISIS leaves"


def test_an_article_in_the_language_of_most_of_the_digest_leads() -> None:
    german = told_by(9, "Der Bote", 9, title="Islamic State: Deir el-Zour befreit", text=REPORT, language="de")
    assert only(view_of([german, BROKEN[0], BROKEN[1]])).title == "Islamic State loses Deir el-Zour"
    more = [an_article(number, language="de") for number in (20, 21, 22)]
    [section] = view_of([german, BROKEN[0], BROKEN[1], *more]).sections
    assert section.stories[0].title == "Islamic State: Deir el-Zour befreit"


def test_without_a_dossier_a_story_is_grouped_all_the_same_but_has_no_more_to_tell() -> None:
    assert only(view_of(BROKEN)).context is None


def test_further_outlets_come_by_time_each_with_its_first_article_and_how_many_it_has() -> None:
    articles = [*BROKEN, told_by(8, "Late Echo", 1, text=REPORT), told_by(9, "Late Echo", 0.5, text=REPORT)]
    context = context_of(view_of(articles, a_dossier(a_story(7, articles=6, outlets=4), articles)))
    assert [(one.first.outlet, one.first.title, one.articles) for one in context.outlets] == [
        ("Example Wire", "Siege broken", 2),
        ("صحيفة المثال", "كسر حصار دير الزور", 1),
        ("Late Echo", "Relief column reaches Deir el-Zour", 2),
    ]
    assert context.also_in == 3
    assert context.url == "http://127.0.0.1:8080/stories/7"
    assert context.total == "6 articles in 4 outlets"


def test_the_first_report_is_told_unless_the_article_that_is_shown_was_the_first() -> None:
    assert context_of(whole()).began_at == END - timedelta(hours=9)
    first = view_of(BROKEN[:1], a_dossier(a_story(7), BROKEN))
    assert context_of(first).began_at is None


def test_a_story_with_one_article_that_the_reader_did_not_know_has_nothing_beside_it() -> None:
    assert only(view_of(BROKEN[:1], a_dossier(a_story(7, articles=1, outlets=1), BROKEN[:1]))).context is None


def test_the_developments_that_do_not_lead_are_told_below_with_what_is_new() -> None:
    view = whole()
    [development] = context_of(view).developments
    assert only(view).title == "Islamic State loses Deir el-Zour"
    assert development.words == "Development 2 — new place: Homs; new number: 40 lorries"
    assert (development.lead.title, development.outlets) == ("First lorries reach Deir el-Zour", 1)
    assert (context_of(view).news, context_of(view).known) == ("", False)


def test_what_the_reader_does_not_know_leads_and_the_story_goes_on_since_its_beginning() -> None:
    view = whole(told=[SIEGE])
    assert only(view).title == "First lorries reach Deir el-Zour"
    context = context_of(view)
    assert context.news == "Development 2 — new place: Homs; new number: 40 lorries"
    assert (context.known, context.began_at) == (True, END - timedelta(hours=9))
    assert [one.words for one in context.developments] == ["Development 1"]


def test_more_on_what_the_reader_knows_goes_on_without_being_called_new() -> None:
    context = context_of(view_of(BROKEN[1:2], a_dossier(a_story(7, articles=2), BROKEN, told=[SIEGE])))
    assert (context.known, context.news) == (True, "")


def test_what_the_reader_had_already_and_is_published_again_says_so_and_comes_last() -> None:
    again = told_by(9, "Example Wire", 1, title="Siege broken, army says")
    other = an_article(10, hours_ago=20)
    dossier = a_dossier(a_story(7, articles=2), BROKEN, {9: placed(Join.SAME_ARTICLE, 1)}, told=[SIEGE])
    [section] = view_of([again, other], dossier).sections
    assert [story.title for story in section.stories] == [other.title, again.title]
    assert section.stories[1].context is not None
    assert section.stories[1].context.news == "Published again"


def test_an_article_that_is_published_again_is_no_second_item() -> None:
    again = told_by(9, "Example Wire", 1, title="Deir el-Zour: siege broken", text=REPORT)
    dossier = a_dossier(a_story(7), BROKEN[:1], {9: placed(Join.SAME_ARTICLE, 1)})
    view = view_of([BROKEN[0], again], dossier)
    assert (view.heading, only(view).title) == ("1 story on 1 watch", "Deir el-Zour: siege broken")
    assert context_of(view).also_in == 0


def test_a_story_is_told_in_its_home_watch_and_the_watch_before_it_says_below() -> None:
    stray = told_by(20, "Stray Echo", text="ISIS once held Deir el-Zour.", title="Deir el-Zour")
    rest = [
        told_by(number, f"Outlet {number}", text="In Deir el-Zour.", title="Deir el-Zour") for number in (21, 22, 23)
    ]
    view = view_of([stray, *rest], watches=(ISLAMIC_STATE, SYRIA))
    assert [line.words for line in view.lines] == ["1 story, shown below", "1 story, 4 articles"]
    assert [len(part.stories) for part in view.sections] == [0, 1]


def test_the_reasons_why_articles_are_one_are_told() -> None:
    evidence = names("Deir el-Zour", weight=2)
    view = whole(placements={2: placed(Join.SAME_EVENT, 1, evidence), 3: placed(Join.OTHER_LANGUAGE, 1, evidence)})
    assert context_of(view).because == "“Deir el-Zour” in common; 1 in another language"


def test_a_mail_names_the_first_outlets_and_developments_and_counts_the_others() -> None:
    articles = [told_by(number, f"Outlet {number}", 20 - number / 10) for number in range(1, 20)]
    articles += [told_by(30 + turn, "Example Wire", 5, SIEGE + turn) for turn in range(1, 6)]
    view = view_of(articles, a_dossier(a_story(7, [()] * 6, articles=24, outlets=20), articles))
    folded = context_of(fold(view))
    assert (len(folded.outlets), folded.more_outlets) == (OUTLETS_NAMED, 18 - OUTLETS_NAMED)
    assert (len(folded.developments), folded.more_developments) == (DEVELOPMENTS_NAMED, 5 - DEVELOPMENTS_NAMED)
    assert folded.also_in == context_of(view).also_in == 18


def test_of_many_developments_a_mail_names_those_that_most_outlets_have_in_their_order() -> None:
    articles = [told_by(number, "Example Wire", 9 - number, SIEGE + number) for number in range(6)]
    articles += [told_by(10 + number, f"Outlet {number}", 1, SIEGE + 4) for number in range(3)]
    articles += [told_by(20 + number, f"Outlet {number}", 1, SIEGE) for number in range(4)]
    view = view_of(articles, a_dossier(a_story(7, [()] * 6, articles=13, outlets=6), articles))
    folded = context_of(fold(view))
    assert [one.words for one in folded.developments] == ["Development 2", "Development 3", "Development 5"]
    assert folded.more_developments == 2


@pytest.fixture(scope="module")
def templates() -> Environment:
    return environment()


_TEXT_OF_A_STORY = """\
First lorries reach Deir el-Zour
  Other Post · Wed 6 Sep, 05:30 · goes on since Tue 5 Sep
  <https://wire.example/6>
  Development 2 — new place: Homs; new number: 40 lorries

  *Deir el-Zour*

  [Deir ez-Zor, SY]
  Also in 1 outlet:
  - Der Bote (German)
    <https://wire.example/5>
  Development 1: Islamic State loses Deir el-Zour · Other Post · Tue 5 Sep,
  23:30 · also in 2 outlets
  <https://wire.example/2>
  Why this? Because it is there.
  <http://127.0.0.1:8080/articles/6>
  Whole story: 6 articles in 4 outlets; “Deir el-Zour” in common
  <http://127.0.0.1:8080/stories/7>
"""


def test_the_text_tells_a_story_in_columns(templates: Environment) -> None:
    view = whole(told=[SIEGE], placements={6: placed(Join.SAME_EVENT, 5, names("Deir el-Zour"))})
    assert _TEXT_OF_A_STORY in render_digest(view, templates).text


def test_when_a_story_was_not_told_before_its_first_report_is_dated(templates: Environment) -> None:
    assert "Other Post · Tue 5 Sep, 23:30 · first report Tue 5 Sep, 22:30" in render_digest(whole(), templates).text


def test_the_page_tells_the_same_with_languages_and_links(templates: Environment) -> None:
    html = render_digest(whole(told=[SIEGE]), templates).html
    tree = LexborHTMLParser(html)
    news, outlets, development = tree.css(".outlets")
    assert news.text() == "Development 2 — new place: Homs; new number: 40 lorries"
    assert " ".join(outlets.text().split()) == "Also in 1 outlet: Der Bote (German)"
    assert " ".join(development.text().split()) == (
        "Development 1: Islamic State loses Deir el-Zour · Other Post · Tue 5 Sep, 23:30 · also in 2 outlets"
    )
    assert "goes on since Tue 5 Sep" in tree.css(".story p")[0].text()
    assert [node.attributes["href"] for node in tree.css(".why a, .outlets a")] == [
        "https://wire.example/5",
        "https://wire.example/2",
        "http://127.0.0.1:8080/articles/6",
        "http://127.0.0.1:8080/stories/7",
    ]


def test_articles_of_other_languages_are_marked(templates: Environment) -> None:
    mail = render_digest(whole(), templates)
    [arabic] = [node for node in LexborHTMLParser(mail.html).css(".outlets") if "also in" in node.text().lower()][:1]
    assert "<bdi>صحيفة المثال</bdi></a> (Arabic)" in (arabic.html or "")
    assert "  - \u2068صحيفة المثال\u2069 (Arabic)" in mail.text.splitlines()


def test_a_story_told_by_its_title_says_in_how_many_outlets_it_is(templates: Environment) -> None:
    articles = [
        an_article(10 * story + turn, f"Deir el-Zour {story}", outlet=f"Outlet {turn}", story=story, development=story)
        for story in range(1, 17)
        for turn in (1, 2)
    ]
    dossier = Dossier(stories={one.id: one for one in map(a_story, range(1, 17))})
    mail = render_digest(view_of(articles, dossier), templates)
    line = "Deir el-Zour 16 · Outlet 1 · Wed 6 Sep, 05:30 · also in 1 outlet"
    assert f"- {line}" in mail.text.splitlines()
    assert line in [" ".join(node.text().split()) for node in LexborHTMLParser(mail.html).css("p.small")]


def test_hostile_outlets_and_news_stay_texts(templates: Environment) -> None:
    articles = [
        told_by(1, "Example Wire", 9),
        told_by(2, "<b>Bold</b>", 8, title="<i>x</i>", url="javascript:alert(1)"),
        told_by(3, "Third", 7, CONVOY, title='"><script>'),
    ]
    story = a_story(7, ((), ("<script>\u202e",)), articles=3, outlets=3)
    mail = render_digest(
        view_of(articles, a_dossier(story, articles, {2: placed(Join.SAME_EVENT, 1, names("<u>"))})), templates
    )
    tree = LexborHTMLParser(mail.html)
    assert tree.css("script, i, u, .outlets b b") == []
    assert "javascript:" not in mail.html + mail.text
    assert "<b>Bold</b>" in tree.css(".outlets")[0].text()


def test_many_stories_of_many_outlets_stay_below_the_limit_of_a_mail(templates: Environment) -> None:
    articles = [
        an_article(
            100 * story + number,
            "Headline of many words about Deir el-Zour " * 9,
            outlet=f"Outlet {number} " * 9,
            url="https://wire.example/" + "a" * 150,
            story=story,
            development=10 * story + number // 10,
            language="de",
        )
        for story in range(1, 41)
        for number in range(40)
    ]
    stories = {number: a_story(number, [("new place: Homs",) * 9] * 4, articles=40) for number in range(1, 41)}
    dossier = Dossier(stories={story.id: story for story in stories.values()})
    mail = render_digest(view_of(articles, dossier), templates)
    assert encoded_size(mail.html) + encoded_size(mail.text) <= SIZE_LIMIT
    assert "40 stories, 1,600 articles on 1 watch" in mail.text
    assert [line for line in mail.text.splitlines() if cells(line) > 78 and "<http" not in line] == []
