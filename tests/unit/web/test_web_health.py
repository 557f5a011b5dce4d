from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from records import NOW
from tocsin.errors import Fault, QueueError
from tocsin.store.database import Database, open_database
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on

Get = Callable[..., Answer]

SILENT = (
    "was last seen Tue 10 Mar, 11:59 UTC, so nothing new is read; start `tocsin scheduler`, or all with `tocsin up`"
)


def test_the_process_says_that_it_lives_even_without_a_database() -> None:
    answer = ask(build_app(house_on(open_database("sqlite://"))), "/healthz")
    assert (answer.status, answer.text, answer.headers["cache-control"]) == (200, "ok\n", "no-store")


def test_a_house_that_works_is_ready(get: Get) -> None:
    answer = get("/readyz")
    assert answer.status == 200
    assert json.loads(answer.text) == {
        "ready": True,
        "database": {"ok": True, "says": "answers"},
        "queue": {"ok": True, "says": "answers"},
        "watchlist": {"ok": True, "says": "version 0123456789ab"},
        "scheduler": {"ok": True, "says": "alive"},
    }


def lost() -> None:
    raise QueueError("Redis does not answer at the address of REDIS_URL; check that the server runs")


@pytest.mark.parametrize(
    ("change", "part", "says"),
    [
        (
            {"queue_probe": lost},
            "queue",
            "Redis does not answer at the address of REDIS_URL; check that the server runs",
        ),
        ({"watchlist": lambda: None}, "watchlist", "none was read yet; `tocsin init` writes one"),
        (
            {"watchlist": lambda: None, "faults": lambda: (Fault("w.yaml", 1, 1, "no watches; add one"),)},
            "watchlist",
            "w.yaml:1:1: no watches; add one",
        ),
        (
            {"now": lambda: NOW + timedelta(minutes=2)},
            "scheduler",
            SILENT,
        ),
    ],
)
def test_what_does_not_work_is_told_with_its_remedy(get: Get, change: dict[str, object], part: str, says: str) -> None:
    answer = get("/readyz", **change)
    told = json.loads(answer.text)
    assert answer.status == 503
    assert told["ready"] is False
    assert [name for name, check in told.items() if name != "ready" and not check["ok"]] == [part]
    assert told[part]["says"] == says


def test_a_faulty_file_beside_a_good_watchlist_is_told_and_no_hindrance(get: Get) -> None:
    answer = get("/readyz", faults=lambda: (Fault("w.yaml", 3, 1, "unknown key 'wathces'"),))
    assert answer.status == 200
    assert json.loads(answer.text)["watchlist"] == {
        "ok": True,
        "says": "version 0123456789ab stays in force; its file is faulty: w.yaml:3:1: unknown key 'wathces'",
    }


def test_a_database_without_tables_is_told_with_the_command_that_makes_them(sqlite: Database) -> None:
    with sqlite.write() as connection:
        connection.exec_driver_sql("DROP TABLE processes")
    answer = ask(build_app(house_on(sqlite)), "/readyz")
    told = json.loads(answer.text)
    assert answer.status == 503
    assert "run `tocsin db upgrade`" in told["database"]["says"]
    assert told["scheduler"] == {"ok": False, "says": "unknown while the database does not answer"}


def test_a_house_whose_scheduler_never_ran_is_not_ready(sqlite: Database) -> None:
    told = json.loads(ask(build_app(house_on(sqlite)), "/readyz").text)
    assert told["scheduler"]["says"].startswith("was never seen, so nothing new is read")
