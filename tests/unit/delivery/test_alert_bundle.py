from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from jinja2 import Environment
from selectolax.lexbor import LexborHTMLParser

from alert_records import FIRST_AT, OUTLETS, WATCHES, a_bundle, a_burst, a_delivery, a_report, an_outlet
from match_records import BASE_URL, END, SYRIA, an_article
from tocsin.delivery import (
    BundleReport,
    build_bundle,
    build_notice,
    bundle_notice,
    held_words,
    notice_payload,
    payload_of,
    plain_notice,
    render_bundle,
    render_notice,
)
from tocsin.models.alerts import Notice, NoticeKind
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.ids import NoticeId
from tocsin.rendering.environment import environment

ARABIC = a_report(an_article(8, "سكان دير الزور يعودون بعد انسحاب داعش", "عاد السكان.", language="ar"))
IDLIB = a_report(an_article(9, "Another siege in Idlib", "Idlib, Syria"), SYRIA)
NOTICE = Notice(NoticeId(1), "flood:feed:1", NoticeKind.FLOODING_FEED, "The feed <b> floods. Look at it.", END)


@pytest.fixture(scope="module")
def templates() -> Environment:
    return environment()


def rendered_text(report: BundleReport, templates: Environment) -> str:
    return render_bundle(build_bundle(report, WATCHES, base_url=BASE_URL, timezone="Europe/Berlin"), templates).text


def test_the_subject_counts_alerts_and_stories_and_names_the_first(templates: Environment) -> None:
    view = build_bundle(a_bundle(a_report(also=(SYRIA.id,)), IDLIB), WATCHES, base_url=BASE_URL)
    rendered = render_bundle(view, templates)
    assert rendered.subject == "3 alerts on 2 stories: Relief column reaches Deir el-Zour"


def test_stories_stand_under_the_first_of_their_watches_each_once(templates: Environment) -> None:
    text = rendered_text(a_bundle(a_report(also=(SYRIA.id,)), ARABIC, IDLIB), templates)
    heads = [line for line in text.splitlines() if line in {"Islamic State", "Syria"}]
    assert heads == ["Islamic State", "Syria"]
    assert text.count("Relief column reaches Deir el-Zour\n") == 1
    assert "[also matches: Syria]" in text


@pytest.mark.parametrize(
    ("hours", "zone", "expected"),
    [
        (9, "Europe/Berlin", "2 alerts held from 22:00 to 07:00 Europe/Berlin: quiet hours and the limit of a watch"),
        (9, None, "2 alerts held from 20:00 to 05:00 UTC: quiet hours and the limit of a watch"),
        (
            48,
            "UTC",
            "2 alerts held from Mon 4 Sep, 05:00 to Wed 6 Sep, 05:00 UTC: quiet hours and the limit of a watch",
        ),
    ],
    ids=["a night in Berlin", "a zone unknown", "days"],
)
def test_it_says_from_when_to_when_alerts_were_held_and_what_held_them(
    hours: int, zone: str | None, expected: str
) -> None:
    bundle = a_bundle(a_report(), IDLIB)
    assert held_words(replace(bundle, held_from=bundle.left_at - timedelta(hours=hours)), zone) == expected
    assert held_words(replace(bundle, held_from=None), zone) == ""


def test_what_is_not_shown_is_counted_and_linked(templates: Environment) -> None:
    report = a_bundle(a_report(), IDLIB, more=7)
    assert "7 more stories on the web: <http://127.0.0.1:8080/stories>" in rendered_text(report, templates)
    view = build_bundle(report, WATCHES, base_url=BASE_URL)
    assert bundle_notice(view).body.endswith("7 more stories: http://127.0.0.1:8080/stories")


def test_html_and_text_lead_to_the_same_places(templates: Environment) -> None:
    view = build_bundle(a_bundle(a_report(), ARABIC, a_report(burst=a_burst())), WATCHES, base_url=BASE_URL)
    rendered = render_bundle(view, templates)
    told = {line.split("<", 1)[1].rstrip(">") for line in rendered.text.splitlines() if "<http" in line}
    assert told == {node.attributes["href"] for node in LexborHTMLParser(rendered.html).css("a")}
    assert [node.attributes.get("dir") for node in LexborHTMLParser(rendered.html).css(".story")] == [
        "ltr",
        "rtl",
        "ltr",
    ]


def test_a_chat_gets_the_first_stories_of_a_bundle_and_the_number_of_the_others() -> None:
    many = tuple(a_report(an_article(number, f"Siege, part {number}")) for number in range(1, 15))
    notice = bundle_notice(build_bundle(a_bundle(*many), WATCHES, base_url=BASE_URL))
    assert notice.title == "14 alerts on 14 stories: Siege, part 1"
    assert notice.body.count("[Islamic State]") == 10
    assert notice.body.endswith("4 more stories: http://127.0.0.1:8080/stories")


def test_a_notice_says_what_is_wrong_since_when_and_the_remedy(templates: Environment) -> None:
    view = build_notice(NOTICE, base_url=BASE_URL, timezone="Europe/Berlin")
    rendered = render_notice(view, templates)
    assert rendered.subject == "[Tocsin] The feed <b> floods"
    assert "The feed &lt;b&gt; floods." in rendered.html
    for words in (rendered.text, plain_notice(view).body):
        assert "The feed <b> floods. Look at it." in words
        assert "since Wed 6 Sep, 05:30 UTC (07:30 Europe/Berlin)" in words


def test_a_record_has_everything_that_the_mail_has() -> None:
    told = a_report(development=32, told_at=FIRST_AT, also=(SYRIA.id,), burst=a_burst(), outlets=OUTLETS[:2])
    report = replace(a_bundle(told), held_from=None, rules=frozenset())
    record: Any = json.loads(json.dumps(payload_of(a_delivery(), report, WATCHES, base_url=BASE_URL)))
    [alert] = record.pop("alerts")
    assert record == {
        "id": "alert:islamic-state:31:hook",
        "version": 1,
        "kind": "alert",
        "channel": "hook",
        "created_at": "2017-09-06T05:30:00Z",
        "held_from": None,
        "held_by": [],
        "more": 0,
    }
    receipt = alert.pop("receipt")
    assert (receipt["watch"], receipt["matched"]) == ("islamic-state", True)
    assert alert.pop("burst")["stories"][0] == {"id": 1, "title": "Shelling of district 1"}
    assert alert == {
        "watch": {"id": "islamic-state", "title": "Islamic State"},
        "also": [{"id": "syria", "title": "Syria"}],
        "decision": "ring",
        "rule": "new story",
        "reason": "a story new to this watch",
        "decided_at": "2017-09-06T05:30:00Z",
        "told_before_at": "2017-09-05T09:30:00Z",
        "story": {
            "id": 3,
            "title": "Siege of Deir el-Zour",
            "url": "http://127.0.0.1:8080/stories/3",
            "first_seen_at": "2017-09-05T09:30:00Z",
            "latest_at": "2017-09-06T05:30:00Z",
            "articles": 9,
            "outlets": 4,
        },
        "development": {
            "id": 32,
            "number": 2,
            "title": "Siege of Deir el-Zour",
            "opened_at": "2017-09-05T15:30:00Z",
            "news": ["new place: Palmyra", "new number: 93 lorries"],
        },
        "article": {
            "id": 7,
            "title": "Relief column reaches Deir el-Zour",
            "url": "https://wire.example/7",
            "outlet": "example-wire.example",
            "feed": "Example Wire",
            "language": "en",
            "published_at": "2017-09-06T03:30:00Z",
            "first_seen_at": "2017-09-06T03:30:00Z",
        },
        "outlets": [
            {
                "outlet": f"{host}.example",
                "feed": feed,
                "title": "Siege is over",
                "url": f"https://{host}.example/1",
                "language": "en",
                "published_at": "2017-09-06T05:30:00Z",
            }
            for host, feed in (("example-wire", "Example Wire"), ("gazette", "Gazette"))
        ],
        "more_outlets": 0,
        "links": {
            "story": "http://127.0.0.1:8080/stories/3",
            "receipt": "http://127.0.0.1:8080/articles/7",
            "mute": "http://127.0.0.1:8080/alerts/mute/t0ken",
            "dismiss": "http://127.0.0.1:8080/alerts/dismiss/t0ken",
        },
    }


def test_a_record_of_a_story_that_everybody_tells_names_some_outlets_and_counts_the_others() -> None:
    names = tuple(f"Outlet {number}" for number in range(500))
    burst = replace(a_burst(), stories=a_burst().stories * 100, outlets=names)
    told = a_report(burst=burst, outlets=tuple(an_outlet(name) for name in names))
    record: Any = payload_of(a_delivery(), a_bundle(told), WATCHES, base_url=BASE_URL)
    [alert] = record["alerts"]
    for counted, said in ((alert, "outlets"), (alert["burst"], "outlets"), (alert["burst"], "stories")):
        assert 0 < len(counted[said]) <= 20
    assert len(alert["outlets"]) + alert["more_outlets"] == 500
    assert len(json.dumps(record)) < 20_000


def test_a_record_of_a_bundle_says_from_when_and_by_what_it_was_held() -> None:
    record = payload_of(a_delivery(), a_bundle(a_report(), IDLIB, more=2), WATCHES, base_url=BASE_URL)
    assert [record[name] for name in ("kind", "held_from", "held_by", "more")] == [
        "bundle",
        "2017-09-05T20:00:00Z",
        ["at most", "quiet hours"],
        2,
    ]


def test_a_record_of_a_notice_names_what_it_is_about() -> None:
    record = notice_payload(a_delivery(DeliveryKind.NOTICE), NOTICE)
    assert (record["kind"], record["notice"]) == (
        "notice",
        {
            "about": "flood:feed:1",
            "what": "flooding feed",
            "text": "The feed <b> floods. Look at it.",
            "since": "2017-09-06T05:30:00Z",
        },
    )
