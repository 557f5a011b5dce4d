"""The queue: wake-ups for workers, in Redis. The only module that knows RQ.

A job is a hint that some rows want work; the database is the truth. Whatever is lost here (a flushed Redis, a killed
worker) the sweeper finds again, so jobs are short-lived, never retried by RQ, and carry ids only.

Redis is not trusted: RQ as shipped imports and runs whatever name stands in a job, in its callbacks and webhooks, and
unpickles what it finds. Here a payload is JSON signed with the house's secret, the function is one of those the
worker was given, all other fields are ignored, sizes are bounded, and commands over Redis' channels are not listened
to.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import socket
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar

import redis
import structlog
from redis.backoff import ExponentialBackoff
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import DequeueTimeout, DuplicateJobError, NoSuchJobError, StopRequested
from rq.job import Job
from rq.utils import get_version

from tocsin.errors import QueueError

CLASSIFY = "classify"
DELIVER = "deliver"
READ = "read"
BATCHES = {CLASSIFY: 100, DELIVER: 20, READ: 20}
"""How many ids one job carries at most: a job costs RQ 3-4 ms whatever is in it, a killed worker loses its batch."""

MAX_PAYLOAD = 64 * 1024
JOB_TIMEOUT_SECONDS = 300
JOB_LIFE_SECONDS = 30
"""How long a job waits before it evaporates; the sweeper then sends its ids again, so a killed worker costs no more
than this.
"""
IDLE_SECONDS = 2

Handler = Callable[[list[int]], None]

_log = structlog.get_logger(__name__)


def connect(redis_url: str | None, embedded_socket: Path) -> redis.Redis:
    """Connect to Redis by URL, or to the embedded server's socket, and make sure that it answers.

    Raises:
        QueueError: Nobody answers there, with the remedy.

    """
    retry = Retry(ExponentialBackoff(cap=0.5, base=0.05), 2)
    options: dict[str, Any] = {"socket_connect_timeout": 2, "socket_timeout": 15, "retry": retry}
    if redis_url is None:
        client = redis.Redis(unix_socket_path=str(embedded_socket), **options)
    else:
        client = _client_of(redis_url, options)
    try:
        client.ping()
    except redis.RedisError as error:
        raise QueueError(_unreachable(redis_url, embedded_socket, error)) from error
    return client


def connect_patiently(redis_url: str | None, embedded_socket: Path, seconds: float = 5.0) -> redis.Redis:
    """Connect as `connect` does, but give a server that starts at the same time some seconds to appear.

    Raises:
        QueueError: It did not appear, with the remedy.

    """
    ends_at = time.monotonic() + seconds
    while True:
        try:
            return connect(redis_url, embedded_socket)
        except QueueError:
            if time.monotonic() >= ends_at:
                raise
            time.sleep(0.05)


def _client_of(redis_url: str, options: dict[str, Any]) -> redis.Redis:
    try:
        client: redis.Redis = redis.Redis.from_url(redis_url, **options)
    except ValueError as error:
        raise QueueError(f"REDIS_URL is not an address of Redis ({error}); try redis://localhost:6379/0") from error
    return client


def _unreachable(redis_url: str | None, embedded_socket: Path, error: redis.RedisError) -> str:
    if redis_url is None:
        remedy = "start it with `tocsin redis`, or everything with `tocsin up`, or set REDIS_URL"
        return f"the embedded Redis does not answer at {embedded_socket}: {remedy}"
    return f"Redis does not answer at the address of REDIS_URL ({error}); check the address and that the server runs"


class Wakeups:
    """The sending end: puts jobs on the queues ``classify``, ``deliver`` and ``read``."""

    def __init__(self, connection: redis.Redis, secret: bytes) -> None:
        self._connection = connection
        self._job_class, self._serializer = _safe_classes(secret, {})

    def send(self, function: str, ids: Sequence[int], *, first: bool = False) -> None:
        """Enqueue the ids in batches. A batch that waits there already is not enqueued twice.

        ``first`` puts them before all that waits: an alert must not wait until ten thousand digests are through.

        Raises:
            QueueError: Redis is lost; the sweeper sends the ids again when it is back.

        """
        queue = Queue(function, connection=self._connection, job_class=self._job_class, serializer=self._serializer)
        size = BATCHES[function]
        batches = [list(ids[start : start + size]) for start in range(0, len(ids), size)]
        for batch in reversed(batches) if first else batches:
            self._send_batch(queue, function, batch, first=first)

    def _send_batch(self, queue: Queue, function: str, batch: list[int], *, first: bool) -> None:
        job_id = _job_id(function, batch)
        try:
            if not self._connection.exists(f"rq:job:{job_id}"):
                # An evaporated job leaves its id in the list: while no worker runs, each sweep would add another.
                self._connection.lrem(queue.key, 0, job_id)
            queue.enqueue(
                function,
                batch,
                job_id=job_id,
                unique=True,
                at_front=first,
                job_timeout=JOB_TIMEOUT_SECONDS,
                ttl=JOB_LIFE_SECONDS,
                result_ttl=0,
                failure_ttl=JOB_LIFE_SECONDS,
                description=f"{function} {len(batch)}",
            )
        except DuplicateJobError:
            _log.debug("already enqueued", function=function, ids=len(batch))
        except redis.RedisError as error:
            raise QueueError(f"Redis is lost ({error}); what was not enqueued is enqueued when it is back") from error

    def waiting(self, function: str) -> int:
        """Count the jobs that wait on a queue; RQ's registries are not read, since reading them requeues jobs.

        Raises:
            QueueError: Redis is lost.

        """
        try:
            return int(self._connection.llen(f"rq:queue:{function}"))
        except redis.RedisError as error:
            raise QueueError(f"Redis is lost ({error})") from error


def _job_id(function: str, batch: Sequence[int]) -> str:
    digest = hashlib.sha256(json.dumps(batch).encode()).hexdigest()
    return f"{function}-{digest[:24]}"


class QueueWorker:
    """The receiving end: runs the jobs of one queue in this process, until a signal stops it or Redis is lost.

    One queue a worker: with two, RQ loses the job that it pops when it is killed. ``between_jobs`` is called at least
    every few seconds.
    """

    def __init__(
        self,
        connection: redis.Redis,
        secret: bytes,
        function: str,
        handler: Handler,
        between_jobs: Callable[[], None],
    ) -> None:
        job_class, serializer = _safe_classes(secret, {function: handler})
        queue = Queue(function, connection=connection, job_class=job_class, serializer=serializer)
        name = f"{function}-{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._worker = _Worker(
            [queue],
            name=name,
            connection=connection,
            job_class=job_class,
            serializer=serializer,
            log_job_description=False,
        )
        self._worker.between_jobs = between_jobs

    def run(self) -> None:
        """Work until SIGTERM or SIGINT.

        Raises:
            QueueError: Redis was lost; the supervisor starts the process anew.

        """
        try:
            self._worker.run()
        except redis.RedisError as error:
            if self._worker.stops:
                return  # told to stop, as Redis was: who stops all processes at once keeps no order
            raise QueueError(f"Redis is lost ({error}); this worker ends so that it is started anew") from error

    @property
    def stops(self) -> bool:
        """Whether a signal has told this worker to stop, so that a long job should come to its end."""
        return self._worker.stops

    def run_waiting(self) -> None:
        """Work off what waits, then return."""
        self._worker.run(burst=True)


class _SignedJson:
    """RQ's serializer interface: JSON with an HMAC-SHA256 before it (RFC 2104)."""

    secret: ClassVar[bytes] = b""

    @classmethod
    def dumps(cls, value: object) -> bytes:
        body = json.dumps(value, separators=(",", ":")).encode()
        return cls._sign(body) + body

    @classmethod
    def loads(cls, data: bytes) -> Any:
        signature, body = data[:64], data[64:]
        if not hmac.compare_digest(signature, cls._sign(body)):
            raise ValueError("the signature is wrong")
        return json.loads(body)

    @classmethod
    def _sign(cls, body: bytes) -> bytes:
        return hmac.new(cls.secret, body, hashlib.sha256).hexdigest().encode()


class _SafeJob(Job):
    """A job of which only what we signed is believed."""

    handlers: ClassVar[Mapping[str, Handler]] = {}

    def restore(self, raw_data: Mapping[bytes, bytes]) -> None:
        """Read a job from Redis; one that is not ours does not exist, so that RQ passes it over.

        Beside the signed payload nothing is read: one field with a value that RQ does not know would end every worker.
        """
        try:
            data = _inflate(raw_data[b"data"])
            function, instance, arguments, _ = self.serializer.loads(data)
            _check_payload(function, instance, arguments)
            fields = {"origin": function, "status": "queued", "timeout": JOB_TIMEOUT_SECONDS, "result_ttl": 0}
            kept = {name.encode(): str(value).encode() for name, value in fields.items()}
            super().restore(kept | {b"data": zlib.compress(data)})
        except (KeyError, TypeError, ValueError, zlib.error) as error:
            _log.warning("job refused", job=self.id, reason=str(error), remedy="see who else can write to this Redis")
            raise NoSuchJobError(f"refused: {error}") from error

    @property
    def func(self) -> Handler | None:
        """The function of the job, out of those this worker was given; nothing is imported by name."""
        return self.handlers.get(self.func_name or "")


def _inflate(data: bytes) -> bytes:
    # 300 kB of zeros inflate to 300 MB: never more than we would have written.
    decoder = zlib.decompressobj()
    inflated = decoder.decompress(data, MAX_PAYLOAD)
    if decoder.unconsumed_tail:
        raise ValueError(f"the payload is longer than {MAX_PAYLOAD} bytes")
    return inflated


def _check_payload(function: object, instance: object, arguments: object) -> None:
    ids = arguments[0] if isinstance(arguments, list) and len(arguments) == 1 else None
    if function not in BATCHES or instance is not None or not isinstance(ids, list):
        raise ValueError("the payload is not a batch of ids for a known function")
    if len(ids) > BATCHES[function] or not all(isinstance(one, int) for one in ids):
        raise ValueError("the payload is not a batch of ids for a known function")


def _safe_classes(secret: bytes, handlers: Mapping[str, Handler]) -> tuple[type[_SafeJob], type[_SignedJson]]:
    # RQ takes classes, not instances, for both.
    serializer = type("SignedJson", (_SignedJson,), {"secret": secret})
    return type("SafeJob", (_SafeJob,), {"handlers": dict(handlers)}), serializer


class _Worker(SimpleWorker):
    """RQ's in-process worker with a loop of our own: RQ's waits for ever for a lost Redis, or ends as if all were well.

    It has no ears either (RQ's command channel): anyone who can publish could stop it.
    """

    between_jobs: Callable[[], None]

    @property
    def stops(self) -> bool:
        """Whether a signal has told this worker to stop."""
        return self._shutdown_requested_date is not None

    def run(self, *, burst: bool = False) -> None:
        self.bootstrap(logging_level="CRITICAL")
        self._install_signal_handlers()
        try:
            while not self._stop_requested:
                if self.should_run_maintenance_tasks:
                    self.run_maintenance_tasks()
                if not self._work_once(burst=burst) and burst:
                    break
        except StopRequested:
            _log.debug("stopped while idle", worker=self.name)
        finally:
            with suppress(redis.RedisError):
                self.teardown()

    def _work_once(self, *, burst: bool) -> bool:
        self.between_jobs()
        self.heartbeat()
        try:
            found = self._dequeue(None if burst else IDLE_SECONDS)
        except DequeueTimeout:
            return False
        if found is None:
            return False
        self.execute_job(*found)
        return True

    def _dequeue(self, wait: int | None) -> tuple[Job, Queue] | None:
        result = self.queue_class.dequeue_any(
            self._ordered_queues,
            wait,
            connection=self.connection,
            job_class=self.job_class,
            serializer=self.serializer,
            death_penalty_class=self.death_penalty_class,
        )
        if result is not None:
            result[0].redis_server_version = get_version(self.connection)
        return result

    def subscribe(self) -> None:
        """Do not listen to commands."""

    def unsubscribe(self) -> None:
        """There is nothing to unsubscribe from."""

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """Log a failed job; its rows are still undone, and the sweeper sends them again."""
        _log.error("job failed", job=job.id, exc_info=exc_info)
