"""Messages for channels that work beside channels that do not: how soon they arrive, in lanes and one after another.

    python benchmarks/bench_lanes.py [--good 8] [--messages 10] [--seconds 2]

Webhooks on loopback: ``--good`` that answer, one that hangs, one that answers in drops, one that closes, one that says
503. Each gets ``--messages`` messages, in turn, entered at once and worked off in jobs of 20 by the real mailer on
SQLite. ``--seconds`` is what a webhook may take. The baseline sends the same messages in the same order by the same
sender, one after another, without ledger, lanes and rests. Printed are the times from the start to the arrival of the
messages at the channels that work, and how many requests those got that do not.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from tocsin.delivery import WebhookSender
from tocsin.models.deliveries import DeliveryKind
from tocsin.models.watchlist import ChannelKind
from tocsin.store.database import database_now, open_database
from tocsin.store.deliveries import NewDelivery, enter_deliveries
from tocsin.store.migrate import upgrade
from tocsin_worker.deliver import Mailer
from tocsin_worker.posts import Post
from webhook_receiver import SECRET, Answer, Handler, Receiver, drips, hangs, receiving, says, writes

JOB = 20
BAD: dict[str, Answer] = {"hangs": hangs, "drips": drips, "closes": writes(b""), "refuses": says(503)}


class Arrivals:
    """When messages came to the receivers that work."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def answer(self, request: Handler) -> None:
        """Take a message."""
        self.times.append(time.monotonic())
        says(200)(request)


@contextmanager
def receivers(good: int, arrivals: Arrivals) -> Iterator[dict[str, Receiver]]:
    """Run all receivers, by the names of their channels."""
    with ExitStack() as stack:
        answers = BAD | {f"good-{number}": arrivals.answer for number in range(good)}
        yield {name: stack.enter_context(receiving(answer)) for name, answer in answers.items()}


def variables(running: dict[str, Receiver]) -> dict[str, str]:
    """Give the environment that holds the addresses, each under its channel's name, and the key of all."""
    return {name: receiver.url for name, receiver in running.items()} | {"KEY": SECRET}


def keys(names: Sequence[str], messages: int) -> list[str]:
    """Give the messages in the order in which they are entered: each channel's turn comes round."""
    return [f"{name}:{number}" for number in range(messages) for name in names]


def new_sender(running: dict[str, Receiver], seconds: float) -> WebhookSender:
    """Make a sender for all channels."""
    return WebhookSender(variables(running), lambda: datetime.now(UTC), seconds=seconds)


def by_lanes(running: dict[str, Receiver], messages: int, seconds: float) -> None:
    """Send all by the mailer, job by job."""

    def open_post(stack: ExitStack, _: ChannelKind) -> Post:
        sender = stack.enter_context(closing(new_sender(running, seconds)))
        return lambda delivery, _: sender.send(delivery.name or "", "KEY", delivery.key, {"key": delivery.key})

    new = [
        NewDelivery(key, DeliveryKind.ALERT, ChannelKind.WEBHOOK, key, f"<{key}@x>", name=key.partition(":")[0])
        for key in keys(list(running), messages)
    ]
    with tempfile.TemporaryDirectory() as folder, closing(open_database(f"sqlite:///{folder}/t.sqlite3")) as database:
        upgrade(database)
        with database.write() as connection:
            ids = enter_deliveries(connection, new, database_now(connection))
        with closing(Mailer(database, lambda _, delivery: {"key": delivery.key}, open_post)) as mailer:
            for start in range(0, len(ids), JOB):
                mailer.run(list(ids[start : start + JOB]))


def one_after_another(running: dict[str, Receiver], messages: int, seconds: float) -> None:
    """Send all in the order in which they were entered."""
    with closing(new_sender(running, seconds)) as sender:
        for key in keys(list(running), messages):
            sender.send(key.partition(":")[0], "KEY", key, {"key": key})


def measure(way: Callable[[dict[str, Receiver], int, float], None], arguments: argparse.Namespace) -> str:
    """Send by one way, and say how it went."""
    arrivals = Arrivals()
    with receivers(arguments.good, arrivals) as running:
        begun_at, used = time.monotonic(), time.process_time()
        way(running, arguments.messages, arguments.seconds)
        used = time.process_time() - used
        tried = sum(len(running[name].taken) for name in BAD)
    waits = sorted(at - begun_at for at in arrivals.times)
    middle, late = statistics.median(waits), waits[int(len(waits) * 0.99)]
    return (
        f"{len(waits)} of {arguments.good * arguments.messages} arrived; median {middle:.2f} s, "
        f"p99 {late:.2f} s, last {waits[-1]:.2f} s; {tried} requests to the others; CPU {used:.2f} s"
    )


def main() -> None:
    """Measure both ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--good", type=int, default=8)
    parser.add_argument("--messages", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=2.0)
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(f"lanes:             {measure(by_lanes, arguments)}")
    print(f"one after another: {measure(one_after_another, arguments)}")


if __name__ == "__main__":
    main()
