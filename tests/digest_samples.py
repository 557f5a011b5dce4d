"""Digests of any size and language, with all that a digest can show: for tests of their look, size and markup."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from dossier_records import a_dossier, a_story
from match_records import (
    BASE_URL,
    END,
    ISLAMIC_STATE,
    START,
    SYRIA,
    WEEKDAYS,
    YEMEN,
    a_digest,
    a_feed,
    a_match,
    about_deir,
    an_article,
)
from tocsin.digests.background import Background
from tocsin.digests.content import build_digest
from tocsin.digests.coverage import coverage
from tocsin.digests.render import render_digest
from tocsin.digests.view import DigestView
from tocsin.models.articles import Article
from tocsin.models.feeds import Feed, ProblemKind
from tocsin.models.matches import Match
from tocsin.models.subscribers import Owner, SubscriptionLinks
from tocsin.models.volumes import WatchVolume
from tocsin.rendering.locales import Locale, locale_of
from tocsin.rendering.rendered import Rendered
from tocsin.rendering.templates import Templates

LINKS = SubscriptionLinks(
    settings=f"{BASE_URL}/subscription/" + "s" * 80, unsubscribe=f"{BASE_URL}/unsubscribe/" + "u" * 80
)

TEMPLATES = Templates()

_ENGLISH = (
    "Relief column reaches Deir el-Zour",
    (
        "The ring that Islamic State held around Deir el-Zour has opened, residents said. Lorries with flour and "
        "medicine stood in the main street by noon, and two bakeries that had been shut since the winter lit their "
        "ovens again. Nobody could say how long the road would stay open, or who had ordered the guards to leave."
    ),
)
_ARABIC = (
    "قافلة إغاثة تصل إلى دير الزور بعد انقطاع طويل للطريق",
    (
        "قال سكان إن الطريق إلى دير الزور فتح صباح اليوم بعد انسحاب عناصر داعش من نقاط التفتيش شرق المدينة، "
        "وإن شاحنات تحمل الطحين والدواء وقفت في الشارع الرئيسي عند الظهر، "
        "فيما عاد مخبزان إلى العمل بعد أشهر من التوقف."
    ),
)
_DAYS = (3, 0, 1, 7, 4, 0, 0, 2, 5, 12, 6, 3, 8, 9)


def a_digest_of(stories: int, language: str | Locale = "en", *, foreign: bool = True, weight: int = 1) -> DigestView:
    """Make a digest of so many stories for a reader of a language, without any of what would shorten it.

    ``foreign`` makes every third story Arabic for an English reader, and English for an Arabic one; ``weight`` is how
    many times longer than usual titles and texts are.
    """
    locale = language if isinstance(language, Locale) else locale_of(language)
    articles = [_an_article(number, locale.code, foreign, weight) for number in range(1, stories + 1)]
    return build_digest(
        a_digest(START - timedelta(days=2)),
        [match for article in articles for match in _matches(article)],
        (ISLAMIC_STATE, SYRIA, YEMEN),
        coverage([a_feed(1), _failing()], a_digest().window),
        schedule=WEEKDAYS,
        base_url=BASE_URL,
        contact="desk@example.org",
        owner=Owner.READER,
        links=LINKS,
        background=_background(articles),
        locale=locale,
    )


def mail_of(view: DigestView) -> Rendered:
    """Render a digest in its language."""
    return render_digest(view, TEMPLATES.environment(view.locale))


def _an_article(number: int, language: str, foreign: bool, weight: int) -> Article:
    other = foreign and number % 3 == 0
    arabic = (language == "ar") is not other
    title, text = _ARABIC if arabic else _ENGLISH
    article = an_article(
        number,
        f"{number}: {title}" if weight == 1 else f"{title} " * weight,
        f"{text} Idlib, Syria." * weight if number % 5 == 0 else text * weight,
        outlet="صحيفة المثال" if arabic else "Example Wire",
        language="ar" if arabic else "en",
        hours_ago=number / 3,
        story=7 if number <= 2 else None,
        development=70 + number if number <= 2 else None,
    )
    return replace(article, revision=2, updated_at=END - timedelta(minutes=9)) if number == 1 else article


def _matches(article: Article) -> list[Match]:
    reason = "Names “Islamic State” once, and “دير الزور”."
    syrian = about_deir(a_match(article, SYRIA, reason))
    return [syrian] if article.id % 4 == 0 else [a_match(article, ISLAMIC_STATE, reason), syrian]


def _failing() -> Feed:
    return a_feed(2, "Example <Gazette>", succeeded_at=START, failures=3, problem_kind=ProblemKind.HTTP)


def _background(articles: list[Article]) -> Background:
    story = a_story(7, ((), ("new place: Homs", "new number: 40 dead")), articles=9, outlets=5)
    told = [article for article in articles if article.story_id == story.id]
    return Background(
        dossier=a_dossier(story, told, told=[70]) if told else Background().dossier,
        volumes={ISLAMIC_STATE.id: WatchVolume(_DAYS, 6), SYRIA.id: WatchVolume(_DAYS[::-1], 3)},
        last_matched={YEMEN.id: END - timedelta(days=3), SYRIA.id: END - timedelta(days=1)},
        looked_through=1204,
        undelivered=True,
    )
