"""A story that runs over two days, in three languages, with all that can be decided of its alerts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from records import NOW
from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import AlertId, ArticleId, DeliveryId, MatchId, StoryId, WatchId
from tocsin.models.stories import Evidence, EvidenceKind, Join
from tocsin.models.watchlist import ChannelKind
from tocsin.store.alert_log import get_alert
from tocsin.store.alerts import NewAlert, enter_alerts
from tocsin.store.deliveries import NewDelivery, claim_delivery, enter_deliveries, settle_sent
from tocsin.store.placements import Placed
from tocsin.store.tables import alerts
from web_filling import HOUR, LEASE, add_sample
from web_samples import ARABIC, EVIL, GROUP, PORT, SYRIA, WIRE, Sample

BOTH = (GROUP, SYRIA)
FIRST = Sample(
    "bridge",
    WIRE,
    "Army reaches the bridge at Deir el-Zour",
    "Engineers of the army reached the bridge at Deir el-Zour on Monday, and Islamic State left its eastern end. "
    "A spokesman counted 40 prisoners.",
    "en",
    30,
    BOTH,
    "https://wire.example/bridge",
)
COPY = Sample(
    "copy",
    EVIL,
    "Bridge <b>at Deir el-Zour</b> reached \u202eby army",
    "Engineers of the army reached the bridge at Deir el-Zour on Monday, and Islamic State left.",
    "en",
    29,
    BOTH,
    'https://evil.example/"><script>',
)
ARABIC_REPORT = Sample(
    "jisr",
    ARABIC,
    "الجيش يصل إلى جسر دير الزور",
    "وصل الجيش إلى جسر دير الزور يوم الاثنين بعد انسحاب داعش.",
    "ar",
    28,
    BOTH,
    "https://arabic.example/jisr",
)
AGAIN = Sample(
    "again", WIRE, "UPDATE 1 - Army reaches bridge at Deir el-Zour", FIRST.text, "en", 27, BOTH, f"{FIRST.url}-2"
)
SECOND = Sample(
    "pontoon",
    WIRE,
    "Pontoon carries first lorries over the river at Deir el-Zour",
    "Some 93 lorries crossed the new pontoon at Deir el-Zour before noon; Islamic State shelled it once.",
    "en",
    6,
    BOTH,
    "https://wire.example/pontoon",
)
THIRD = Sample(
    "qiao",
    PORT,
    "代尔祖尔大桥重新通车 Deir el-Zour",
    "代尔祖尔大桥今天重新通车。Islamic State",
    "zh",
    1,
    BOTH,
    "https://port.example/qiao",
)
NEWS = ("new number: 93 lorries", "new place: pontoon")


@dataclass(frozen=True, slots=True)
class RunningStory:
    """The story, its articles by the names of this module's samples, their matches, and the alert that rang first."""

    id: StoryId
    articles: dict[str, ArticleId]
    matches: dict[tuple[str, WatchId], MatchId]
    rang: Alert


def add_running_story(connection: sa.Connection) -> RunningStory:
    """Add the story to a filled house."""
    articles: dict[str, ArticleId] = {}
    matches: dict[tuple[str, WatchId], MatchId] = {}
    where: dict[str, Placed] = {}

    def add(sample: Sample, **placing: Any) -> Placed:
        articles[sample.key], placed, found = add_sample(connection, sample, **placing)
        matches.update(found)
        where[sample.key] = placed
        return placed

    first = add(FIRST)
    nearest = articles["bridge"]
    add(COPY, into=first, join=Join.NEAR_COPY, nearest=nearest, evidence=(Evidence(EvidenceKind.TEXT, ("87%",), 0.9),))
    add(ARABIC_REPORT, into=first, join=Join.OTHER_LANGUAGE, nearest=nearest, evidence=_OVER)
    add(AGAIN, into=first, join=Join.SAME_ARTICLE, nearest=nearest, evidence=(Evidence(EvidenceKind.TITLE, (), 3.0),))
    add(SECOND, into=first, join=Join.DEVELOPMENT, number=2, news=NEWS, nearest=nearest, evidence=_ON)
    add(THIRD, into=first, join=Join.DEVELOPMENT, number=3, news=("new day",), nearest=articles["pontoon"])
    return RunningStory(first.story_id, articles, matches, _alert(connection, matches, where))


_OVER = (
    Evidence(EvidenceKind.PLACES, ("Deir ez-Zor",), 2.0),
    Evidence(EvidenceKind.NAMES, ("Islamic State",), 1.0),
    Evidence(EvidenceKind.TIME, ("2 h",), 0.5),
)
_ON = (
    Evidence(EvidenceKind.PLACES, ("Deir ez-Zor",), 2.0),
    Evidence(EvidenceKind.NUMBERS, ("40", "93"), -1.0),
)


def _alert(connection: sa.Connection, matches: dict[tuple[str, WatchId], MatchId], where: dict[str, Placed]) -> Alert:
    """Let the desk be told of the first report, wait for the second development, and be spared the rest."""
    told = _delivered(connection)
    decided = (
        ("bridge", Decision.RING, Rule.NEW_STORY, "the first report of a new story", None, told),
        ("copy", Decision.SUPPRESS, Rule.TOLD, "told at 06:00 UTC, no new development since", None, None),
        ("again", Decision.SUPPRESS, Rule.SAME_ARTICLE, "the same article, published again", None, None),
        ("pontoon", Decision.BUNDLE, Rule.QUIET_HOURS, "held until 13:00, the end of quiet hours", NOW + HOUR, None),
        ("qiao", Decision.SUPPRESS, Rule.MUTED, "the story was muted", None, None),
    )
    new = [
        NewAlert(
            matches[key, GROUP.id],
            GROUP.id,
            "desk",
            where[key].story_id,
            where[key].development_id,
            decision,
            rule,
            reason,
            due_at,
            delivery,
        )
        for key, decision, rule, reason, due_at, delivery in decided
    ]
    enter_alerts(connection, new, NOW - 29 * HOUR)
    of_first = sa.select(alerts.c.id).where(alerts.c.match_id == matches["bridge", GROUP.id])
    rang = get_alert(connection, AlertId(connection.execute(of_first).scalar_one()))
    assert rang is not None
    return rang


def _delivered(connection: sa.Connection) -> DeliveryId:
    new = NewDelivery(
        "bridge", DeliveryKind.ALERT, ChannelKind.MAIL, "desk@example.org", "<9@example.org>", name="desk"
    )
    [entered] = enter_deliveries(connection, [new], NOW - 30 * HOUR)
    claimed = claim_delivery(connection, entered, NOW - 30 * HOUR, lease=LEASE, lease_for=HOUR)
    assert claimed is not None
    settle_sent(connection, claimed, NOW - 30 * HOUR + timedelta(minutes=2))
    return entered
