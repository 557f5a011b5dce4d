"""``/metrics``: the house in figures, for Prometheus. Read from the database when asked, so that they hold for all
processes together, whichever of them answers.

There is no label for a feed: a hundred thousand series would cost more than they tell. `tocsin feeds health --json`
and ``/feeds`` name them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from tocsin import __version__
from tocsin.errors import QueueError, StoreError
from tocsin.store.figures import Backlog, Figures, read_figures
from tocsin_web.house import WebHouse
from tocsin_web.security import NEVER_STORED


@dataclass(frozen=True, slots=True)
class MetricsPage:
    """The endpoint."""

    house: WebHouse

    def metrics(self, request: Request) -> Response:
        """Answer in the form that the asker prefers; 503 while the database does not answer."""
        encode, media_type = choose_encoder(request.headers.get("accept", ""))
        try:
            body = encode(self._registry())
        except StoreError as error:
            return PlainTextResponse(f"{error}\n", status_code=503, headers=NEVER_STORED)
        return Response(body, headers={"Content-Type": media_type, **NEVER_STORED})

    def _registry(self) -> CollectorRegistry:
        house = self.house
        with house.database.read() as connection:
            figures = read_figures(connection, house.now())
        # One for each answer: the library's own is global, and would add the figures of this process alone.
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Told(tuple(told(figures, _queues(house.queue_lengths), len(house.faults())))))
        return registry


@dataclass(frozen=True, slots=True, eq=False)  # the registry keeps collectors by identity
class _Told:
    """What the library calls a collector, for figures that were read already."""

    metrics: tuple[Metric, ...]

    def collect(self) -> Iterable[Metric]:
        return self.metrics


def _queues(lengths: Callable[[], Mapping[str, int]]) -> Mapping[str, int] | None:
    try:
        return lengths()
    except QueueError:
        return None


def told(figures: Figures, queues: Mapping[str, int] | None, faults: int) -> Iterator[Metric]:
    """Name the figures as Prometheus wants them; ``queues`` is None while Redis does not answer."""
    yield InfoMetricFamily("tocsin_build", "The version of the process that answers.", {"version": __version__})
    yield from _of_feeds(figures)
    yield from _of_articles(figures)
    yield from _of_messages(figures)
    yield from _of_processes(figures, queues, faults)


def _of_feeds(figures: Figures) -> Iterator[Metric]:
    feeds = figures.feeds
    states = {state.value: number for state, number in feeds.states.items()}
    yield _by("tocsin_feeds", "Feeds of the watchlist by their state.", "state", states)
    yield _one("tocsin_feeds_asked_last_hour", "Feeds that were asked in the last hour.", feeds.asked)
    yield _one("tocsin_feeds_read_last_hour", "Feeds that were read, or had not changed, in the last hour.", feeds.read)
    yield _one("tocsin_feeds_due", "Feeds that are due and that nobody asks now.", feeds.due)
    yield _seconds("tocsin_feeds_lateness", "How late the latest of the due feeds is.", feeds.latest)
    yield _one("tocsin_hosts_waiting", "Hosts that asked to be left alone for a while.", figures.hosts_waiting)


def _of_articles(figures: Figures) -> Iterator[Metric]:
    yield CounterMetricFamily("tocsin_articles", "Articles ever stored.", figures.articles)
    yield from _undone("tocsin_articles_unclassified", "Articles that wait to be classified.", figures.unclassified)
    yield _one("tocsin_articles_quarantined", "Articles put aside, since they end their worker.", figures.quarantined)
    yield from _undone("tocsin_pages_due", "Articles' own pages that are due to be read.", figures.pages)
    yield CounterMetricFamily("tocsin_matches", "Matches ever stored.", figures.matches)


def _of_messages(figures: Figures) -> Iterator[Metric]:
    states = {state.value: number for state, number in figures.deliveries.items()}
    yield _by("tocsin_deliveries", "Messages in the ledger by their state.", "state", states)
    yield from _undone("tocsin_deliveries_due", "Messages that are due to be sent.", figures.undelivered)


def _of_processes(figures: Figures, queues: Mapping[str, int] | None, faults: int) -> Iterator[Metric]:
    alive = {name: length.total_seconds() for name, length in figures.alive.items()}
    help_text = "How long ago a process of that name last gave a sign of life."
    yield _by("tocsin_process_heartbeat_age_seconds", help_text, "process", alive)
    yield _one("tocsin_queue_up", "Whether Redis answers.", int(queues is not None))
    yield _by("tocsin_queue_jobs", "Jobs that wait in Redis.", "queue", queues or {})
    yield _one("tocsin_watchlist_faults", "Faults of the watchlist's file as it is now.", faults)


def _one(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value)


def _seconds(name: str, help_text: str, length: timedelta) -> Metric:
    return GaugeMetricFamily(f"{name}_seconds", help_text, length.total_seconds())


def _by(name: str, help_text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _undone(name: str, help_text: str, backlog: Backlog) -> Iterator[Metric]:
    yield _one(name, help_text, backlog.number)
    yield _seconds(f"{name}_age", f"How long the first of them has been waiting. {help_text}", backlog.age)
