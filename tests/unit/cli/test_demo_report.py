from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from dossier_records import a_story
from match_records import END, ISLAMIC_STATE, a_match, an_article
from tocsin.cli.demo_report import print_alert
from tocsin.demo.alerts import ToldAlert
from tocsin.models.alerts import Alert, Decision, Rule
from tocsin.models.ids import AlertId, DevelopmentId, MatchId, StoryId

STORY = a_story(7, ((), ("new place: Homs",)))


def told(development: int, also: int) -> ToldAlert:
    alert = Alert(
        AlertId(1), MatchId(1), ISLAMIC_STATE.id, "desk", StoryId(7), DevelopmentId(70), Decision.RING, Rule.NEW_STORY,
        "a new story", END,
    )  # fmt: skip
    return ToldAlert(
        alert=alert,
        match=a_match(an_article(1), ISLAMIC_STATE, "Names “Islamic State” once."),
        development=STORY.developments[development - 1],
        also=tuple(an_article(number, outlet=f"Outlet {number}") for number in range(2, 2 + also)),
    )


def printed(one: ToldAlert) -> list[str]:
    out = Console(file=StringIO(), width=120)
    print_alert(out, one)
    assert isinstance(out.file, StringIO)
    return out.file.getvalue().splitlines()


ALERT = ["Relief column reaches Deir el-Zour", "  Example Wire · islamic-state: Names “Islamic State” once."]


@pytest.mark.parametrize(
    ("also", "words"),
    [
        (1, "  also in 1 outlet: Outlet 2"),
        (5, "  also in 5 outlets: Outlet 2, Outlet 3, Outlet 4, Outlet 5 and Outlet 6"),
        (7, "  also in 7 outlets: Outlet 2, Outlet 3, Outlet 4, Outlet 5, Outlet 6 and 2 more"),
    ],
)
def test_an_alert_of_the_demo_says_who_else_has_the_story(also: int, words: str) -> None:
    assert printed(told(1, also)) == [*ALERT, words]


def test_an_alert_of_the_demo_says_what_a_development_brings() -> None:
    assert printed(told(2, 0)) == [*ALERT, "  Development 2 — new place: Homs"]


def test_a_story_in_one_outlet_has_nothing_more_to_say() -> None:
    assert printed(told(1, 0)) == ALERT
