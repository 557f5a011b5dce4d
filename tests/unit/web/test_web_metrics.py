from __future__ import annotations

from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tocsin.errors import Fault, QueueError
from tocsin.models.deliveries import DeliveryState
from tocsin.models.health import HealthState
from tocsin.store.database import Database
from tocsin_web.app import build_app
from web_client import Answer, ask, house_on

Get = Callable[..., Answer]
Labels = tuple[tuple[str, str], ...]


def samples(text: str) -> dict[tuple[str, Labels], float]:
    """Read an answer as Prometheus does."""
    families = text_string_to_metric_families(text)
    return {(one.name, tuple(one.labels.items())): one.value for family in families for one in family.samples}


def test_the_house_is_told_in_figures(get: Get) -> None:
    answer = get("/metrics")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert answer.headers["cache-control"] == "no-store"
    found = samples(answer.text)
    states = {labels[0][1]: value for (name, labels), value in found.items() if name == "tocsin_feeds"}
    assert states == {state.value: 0 for state in HealthState} | {"failing": 1, "remark": 1, "new": 1, "well": 3}
    assert found["tocsin_articles_total", ()] == 10
    assert found["tocsin_matches_total", ()] == 11
    assert found["tocsin_articles_unclassified", ()] == 0
    assert found["tocsin_articles_unclassified_age_seconds", ()] == 0
    assert found["tocsin_deliveries", (("state", DeliveryState.FAILED.value),)] == 1
    assert found["tocsin_deliveries_due", ()] == 1
    assert found["tocsin_process_heartbeat_age_seconds", (("process", "scheduler"),)] == 5
    assert found["tocsin_queue_jobs", (("queue", "classify"),)] == 3
    assert found["tocsin_queue_up", ()] == 1
    assert found["tocsin_watchlist_faults", ()] == 0


def test_every_figure_is_explained_and_has_the_houses_name(get: Get) -> None:
    families = list(text_string_to_metric_families(get("/metrics").text))
    assert [family.name for family in families if not family.name.startswith("tocsin_")] == []
    assert [family.name for family in families if not family.documentation.endswith(".")] == []
    assert len(families) == len({family.name for family in families})


def test_there_is_no_series_for_a_feed_or_an_address(get: Get) -> None:
    text = get("/metrics").text
    assert [word for word in ("wire.example", "Example Wire", "zoe") if word in text] == []


def test_an_asker_that_knows_openmetrics_gets_it(get: Get) -> None:
    answer = get("/metrics", headers={"accept": "application/openmetrics-text; version=1.0.0"})
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert answer.text.endswith("# EOF\n")


def test_a_lost_queue_and_a_faulty_watchlist_are_figures_too(sqlite: Database) -> None:
    def lost() -> dict[str, int]:
        raise QueueError("Redis does not answer")

    fault = Fault("watchlist.yaml", 12, 5, "unknown key 'keyword'")
    house = house_on(sqlite, queue_lengths=lost, faults=lambda: (fault, fault))
    found = samples(ask(build_app(house), "/metrics").text)
    assert (found["tocsin_queue_up", ()], found["tocsin_watchlist_faults", ()]) == (0, 2)
    assert [name for name, _ in found if name == "tocsin_queue_jobs"] == []


@pytest.mark.parametrize("table", ["feeds", "processes"])
def test_a_database_that_does_not_answer_is_an_error_to_the_asker(sqlite: Database, table: str) -> None:
    with sqlite.write() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql(f"DROP TABLE {table}")
    answer = ask(build_app(house_on(sqlite)), "/metrics")
    assert (answer.status, answer.headers["content-type"]) == (503, "text/plain; charset=utf-8")
    assert "run `tocsin db upgrade`" in answer.text
