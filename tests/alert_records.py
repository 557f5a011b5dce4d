"""Alerts for tests of messages: an article, its story with two developments, and the outlets that tell it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from match_records import BASE_URL, END, ISLAMIC_STATE, SYRIA, a_match, an_article
from tocsin.delivery import AlertView, BundleReport, BurstReport, BurstStory, Report, build_alert
from tocsin.models.alerts import Alert, Decision, FeedbackLinks, Rule
from tocsin.models.articles import Article
from tocsin.models.deliveries import Delivery, DeliveryKind, DeliveryState
from tocsin.models.ids import AlertId, ArticleId, DeliveryId, DevelopmentId, StoryId, WatchId
from tocsin.models.stories import Development, Story, StoryOutlet
from tocsin.models.watchlist import ChannelKind, Watch

HOUR = timedelta(hours=1)
FIRST_AT = END - 20 * HOUR
WATCHES = {ISLAMIC_STATE.id: ISLAMIC_STATE, SYRIA.id: SYRIA}
LINKS = FeedbackLinks(f"{BASE_URL}/alerts/mute/t0ken", f"{BASE_URL}/alerts/dismiss/t0ken")


def a_story(number: int = 3, developments: int = 2, title: str = "Siege of Deir el-Zour") -> Story:
    """A running story with so many developments, six hours apart; their ids are ten times the story's and on."""
    happened = tuple(
        Development(
            DevelopmentId(10 * number + one),
            StoryId(number),
            one,
            title,
            FIRST_AT + 6 * (one - 1) * HOUR,
            () if one == 1 else ("new place: Palmyra", "new number: 93 lorries"),
        )
        for one in range(1, developments + 1)
    )
    return Story(StoryId(number), title, FIRST_AT, END, happened, 9, 4)


def an_outlet(name: str, language: str = "en", title: str = "Siege is over", url: str | None = None) -> StoryOutlet:
    host = f"{name.lower().replace(' ', '-')}.example"
    address = f"https://{host}/1" if url is None else url
    return StoryOutlet(host, name, ArticleId(99), title, address, language, END, DevelopmentId(31), 1)


OUTLETS = (
    an_outlet("Example Wire"),
    an_outlet("Gazette"),
    an_outlet("صحيفة الفرات", "ar", "سكان دير الزور يعودون بعد انسحاب داعش", "https://furat.example/1"),
    an_outlet("Der Bote", "de", "Belagerung von Deir ez-Zor beendet"),
)


def a_report(
    article: Article | None = None,
    watch: Watch = ISLAMIC_STATE,
    *,
    development: int = 31,
    rule: Rule = Rule.NEW_STORY,
    **changes: object,
) -> Report:
    """The alert of an article of the running story; ``changes`` are fields of `Report`."""
    told = article or an_article(7)
    placed = replace(
        told, story_id=StoryId(3), development_id=DevelopmentId(development), outlet="example-wire.example"
    )
    match = a_match(placed, watch, "Names “Islamic State” once.")
    alert = Alert(
        AlertId(5),
        match.id,
        watch.id,
        "desk",
        StoryId(3),
        DevelopmentId(development),
        Decision.RING,
        rule,
        "a story new to this watch",
        END,
    )
    fields: dict[str, object] = {"outlets": OUTLETS, "links": LINKS, **changes}
    return Report(alert, match, a_story(), **fields)  # type: ignore[arg-type]  # fields are named by the test


def a_view(report: Report, timezone: str | None = "Europe/Berlin", held: str = "") -> AlertView:
    return build_alert(report, WATCHES, base_url=f"{BASE_URL}/", timezone=timezone, held=held)


def a_bundle(*reports: Report, more: int = 0) -> BundleReport:
    """A bundle that was held overnight in Berlin."""
    rules = frozenset({Rule.QUIET_HOURS, Rule.AT_MOST})
    left_at = END.replace(hour=5, minute=0)
    alerts = sum(1 + len(report.also) for report in reports) + more
    return BundleReport(reports, more, alerts, rules, left_at - 9 * HOUR, left_at)


def a_burst() -> BurstReport:
    shelled = [
        BurstStory(StoryId(number), f"Shelling of district {number}", 9 - number, 6 - number) for number in range(1, 6)
    ]
    stories = (*shelled, BurstStory(StoryId(8), "سكان دير الزور يعودون بعد انسحاب داعش", 1, 1))
    names = tuple(outlet.title for outlet in OUTLETS)
    return BurstReport(WatchId("islamic-state"), END - HOUR, "story", 3 * HOUR, 6, 0.8, stories, names)


def a_delivery(kind: DeliveryKind = DeliveryKind.ALERT) -> Delivery:
    return Delivery(
        DeliveryId(1),
        "alert:islamic-state:31:hook",
        kind,
        ChannelKind.WEBHOOK,
        "DESK_HOOK",
        "<1@x>",
        DeliveryState.PENDING,
        0,
        END,
        END,
        name="hook",
    )
