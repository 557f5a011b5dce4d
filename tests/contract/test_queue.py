"""The queue against a real Valkey: what workers do, and what they refuse to do whatever stands in Redis."""

from __future__ import annotations

import json
import os
import pickle
import resource
import signal
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import redis
from rq import Queue
from rq.job import Job

from tocsin.embedded_redis import run_embedded_redis, socket_of
from tocsin.errors import QueueError
from tocsin.queueing import BATCHES, CLASSIFY, DELIVER, JOB_LIFE_SECONDS, QueueWorker, Wakeups, connect
from valkey_server import Valkey

SECRET = b"s" * 32


class Handler:
    """Remembers the batches it was given."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []

    def __call__(self, ids: list[int]) -> None:
        self.batches.append(ids)


def work(valkey: redis.Redis, function: str = CLASSIFY) -> list[list[int]]:
    handler = Handler()
    QueueWorker(valkey, SECRET, function, handler, lambda: None).run_waiting()
    return handler.batches


def craft(valkey: redis.Redis, data: bytes, **fields: str) -> None:
    """Put a job into Redis by hand, as somebody who can write there but does not know the secret."""
    created_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    job: dict[str, str | bytes] = {"origin": CLASSIFY, "status": "queued", "created_at": created_at, "data": data}
    for name, value in (job | fields).items():
        valkey.hset("rq:job:crafted", name, value)
    valkey.rpush(f"rq:queue:{CLASSIFY}", "crafted")


def signed_job(valkey: redis.Redis) -> str:
    """Enqueue an honest job and give its key."""
    Wakeups(valkey, SECRET).send(CLASSIFY, [1])
    [key] = valkey.keys("rq:job:*")
    return key.decode() if isinstance(key, bytes) else key


def test_ids_arrive_in_batches_and_in_order(valkey: redis.Redis) -> None:
    size = BATCHES[CLASSIFY]
    Wakeups(valkey, SECRET).send(CLASSIFY, range(size + 1))
    assert work(valkey) == [list(range(size)), [size]]


def test_what_is_urgent_goes_before_all_that_waits_and_keeps_its_own_order(valkey: redis.Redis) -> None:
    wakeups, size = Wakeups(valkey, SECRET), BATCHES[DELIVER]
    wakeups.send(DELIVER, [900, 901])
    wakeups.send(DELIVER, range(size + 1), first=True)
    assert work(valkey, DELIVER) == [list(range(size)), [size], [900, 901]]


def test_a_worker_takes_its_own_queue_only(valkey: redis.Redis) -> None:
    wakeups = Wakeups(valkey, SECRET)
    wakeups.send(CLASSIFY, [1])
    wakeups.send(DELIVER, [2])
    assert work(valkey, DELIVER) == [[2]]
    assert (wakeups.waiting(CLASSIFY), wakeups.waiting(DELIVER)) == (1, 0)


def test_a_batch_that_waits_is_not_enqueued_again_but_may_be_once_it_is_done(valkey: redis.Redis) -> None:
    wakeups = Wakeups(valkey, SECRET)
    for _ in range(3):
        wakeups.send(CLASSIFY, [1, 2])
    assert work(valkey) == [[1, 2]]
    wakeups.send(CLASSIFY, [1, 2])
    assert work(valkey) == [[1, 2]]


def test_nothing_is_left_in_redis_of_a_job_that_is_done(valkey: redis.Redis) -> None:
    Wakeups(valkey, SECRET).send(CLASSIFY, [1])
    work(valkey)
    assert valkey.keys("rq:job:*") == []


def test_a_job_evaporates_so_that_the_sweeper_may_send_its_ids_again(valkey: redis.Redis) -> None:
    key = signed_job(valkey)
    assert 0 < valkey.ttl(key) <= JOB_LIFE_SECONDS
    valkey.delete(key)
    assert work(valkey) == []


def test_a_failing_job_neither_stops_the_worker_nor_is_run_again(valkey: redis.Redis) -> None:
    wakeups = Wakeups(valkey, SECRET)
    wakeups.send(CLASSIFY, [1])
    wakeups.send(CLASSIFY, [2])
    seen: list[list[int]] = []

    def handler(ids: list[int]) -> None:
        seen.append(ids)
        if ids == [1]:
            raise ZeroDivisionError

    QueueWorker(valkey, SECRET, CLASSIFY, handler, lambda: None).run_waiting()
    assert seen == [[1], [2]]


class _Mark:
    """A pickle that makes a folder when it is read."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.mkdir, (str(self.path),)


@pytest.mark.parametrize("compressed", [True, False])
def test_a_pickled_job_is_not_read(valkey: redis.Redis, tmp_path: Path, *, compressed: bool) -> None:
    data = pickle.dumps(_Mark(tmp_path / "mark"))
    craft(valkey, zlib.compress(data) if compressed else data)
    assert work(valkey) == []
    assert not (tmp_path / "mark").exists()


def test_an_unsigned_job_is_not_run(valkey: redis.Redis, tmp_path: Path) -> None:
    craft(valkey, zlib.compress(json.dumps(["os.mkdir", None, [str(tmp_path / "mark")], {}]).encode()))
    craft(valkey, zlib.compress(json.dumps([CLASSIFY, None, [[1]], {}]).encode()))
    assert work(valkey) == []
    assert not (tmp_path / "mark").exists()


def test_a_job_signed_with_another_secret_is_not_run(valkey: redis.Redis) -> None:
    Wakeups(valkey, b"t" * 32).send(CLASSIFY, [1])
    assert work(valkey) == []


def test_a_signed_job_whose_payload_was_changed_is_not_run(valkey: redis.Redis) -> None:
    key = signed_job(valkey)
    data = valkey.hgetall(key)[b"data"]
    assert isinstance(data, bytes)
    valkey.hset(key, "data", zlib.compress(zlib.decompress(data).replace(b"[1]", b"[7]")))
    assert work(valkey) == []


def test_callbacks_webhooks_and_pickled_fields_of_a_signed_job_are_ignored(valkey: redis.Redis, tmp_path: Path) -> None:
    key = signed_job(valkey)
    mark = pickle.dumps(_Mark(tmp_path / "mark"))
    hook = json.dumps([{"url": "http://127.0.0.1:9/", "events": ["finished"]}])
    fields: dict[str, str | bytes] = {"webhooks": hook, "meta": mark, "result": mark}
    fields |= {f"{name}_callback_name": "os.mkdir" for name in ("success", "failure", "stopped")}
    for name, value in fields.items():
        valkey.hset(key, name, value)
    assert work(valkey) == [[1]]
    assert not (tmp_path / "mark").exists()


@pytest.mark.parametrize("field", ["status", "created_at", "timeout", "ttl", "result_ttl"])
def test_a_field_that_makes_no_sense_costs_its_own_job_only(valkey: redis.Redis, field: str) -> None:
    key = signed_job(valkey)
    valkey.hset(key, field, "nonsense")
    Wakeups(valkey, SECRET).send(CLASSIFY, [2])
    batches = work(valkey)
    assert batches[-1] == [2]
    assert work(valkey) == []


def test_a_payload_that_inflates_without_end_is_not_inflated(valkey: redis.Redis) -> None:
    craft(valkey, zlib.compress(bytes(300_000_000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert work(valkey) == []
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert grown_mb < 50


def test_rq_itself_would_have_run_what_we_refuse(valkey: redis.Redis, tmp_path: Path) -> None:
    """The attack of these tests is real: the same job runs in a worker as RQ ships it."""
    from rq import SimpleWorker
    from rq.serializers import JSONSerializer

    craft(valkey, zlib.compress(json.dumps(["os.mkdir", None, [str(tmp_path / "mark")], {}]).encode()), timeout="9")
    queue = Queue(CLASSIFY, connection=valkey, serializer=JSONSerializer)
    assert queue.fetch_job("crafted").__class__ is Job
    SimpleWorker([queue], connection=valkey, serializer=JSONSerializer).work(burst=True, logging_level="CRITICAL")
    assert (tmp_path / "mark").is_dir()


def test_a_worker_that_loses_redis_ends_with_an_error(tmp_path: Path) -> None:
    with Valkey(tmp_path) as server:
        worker = QueueWorker(server.client(), SECRET, CLASSIFY, Handler(), server.kill)
        with pytest.raises(QueueError, match="Redis is lost"):
            worker.run()


def test_sending_to_a_lost_redis_says_that_nothing_is_lost(tmp_path: Path) -> None:
    with Valkey(tmp_path) as server:
        wakeups = Wakeups(server.client(), SECRET)
        server.kill()
        with pytest.raises(QueueError, match="enqueued when it is back"):
            wakeups.send(CLASSIFY, [1])


def test_a_job_survives_a_killed_and_restarted_embedded_server(tmp_path: Path) -> None:
    with Valkey(tmp_path) as server:
        client = server.client()
        Wakeups(client, SECRET).send(CLASSIFY, [1])
        client.waitaof(1, 0, 5000)
        server.kill()
        server.start()
        assert work(server.client()) == [[1]]


def test_the_embedded_servers_socket_is_its_owners_alone(tmp_path: Path) -> None:
    with Valkey(tmp_path):
        assert socket_of(tmp_path).stat().st_mode & 0o077 == 0
        assert socket_of(tmp_path).parent.stat().st_mode & 0o077 == 0


def test_a_missing_embedded_server_names_the_commands_that_start_it(tmp_path: Path) -> None:
    with pytest.raises(QueueError, match="tocsin redis"):
        connect(None, socket_of(tmp_path))


@pytest.mark.parametrize(
    ("url", "words"), [("redis://127.0.0.1:1/0", "check the address"), ("nonsense", "try redis://")]
)
def test_a_redis_that_is_not_there_names_the_variable(url: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(QueueError, match=words):
        connect(url, socket_of(tmp_path))


def test_a_second_embedded_server_in_one_home_is_refused(tmp_path: Path) -> None:
    with Valkey(tmp_path), pytest.raises(QueueError, match="already; stop it"):
        run_embedded_redis(tmp_path)


def test_the_home_that_the_embedded_server_makes_is_its_owners_alone(tmp_path: Path) -> None:
    with Valkey(tmp_path / "home"):
        assert (tmp_path / "home").stat().st_mode & 0o077 == 0


def test_a_worker_told_to_stop_ends_its_job_first_and_takes_no_other(valkey: redis.Redis) -> None:
    wakeups = Wakeups(valkey, SECRET)
    wakeups.send(CLASSIFY, [1])
    wakeups.send(CLASSIFY, [2])
    ended: list[list[int]] = []

    def handler(ids: list[int]) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        ended.append(ids)

    with signals_kept():
        QueueWorker(valkey, SECRET, CLASSIFY, handler, lambda: None).run()
    assert ended == [[1]]
    assert wakeups.waiting(CLASSIFY) == 1


def test_a_worker_told_to_stop_ends_well_although_redis_is_gone_first(tmp_path: Path) -> None:
    with Valkey(tmp_path) as server, signals_kept():
        client = server.client()
        Wakeups(client, SECRET).send(CLASSIFY, [1])

        def handler(_: list[int]) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            server.kill()

        QueueWorker(client, SECRET, CLASSIFY, handler, lambda: None).run()


@contextmanager
def signals_kept() -> Iterator[None]:
    """Put the handlers back that a worker replaced."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def test_evaporated_jobs_leave_nothing_that_grows(valkey: redis.Redis) -> None:
    wakeups = Wakeups(valkey, SECRET)
    for _ in range(3):
        wakeups.send(CLASSIFY, [1])
        for key in valkey.keys("rq:job:*"):
            valkey.delete(key)
    wakeups.send(CLASSIFY, [1])
    assert wakeups.waiting(CLASSIFY) == 1
    assert work(valkey) == [[1]]
