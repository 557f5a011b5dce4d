"""``/healthz`` (this process lives) and ``/readyz`` (the house does its work), for programs that watch over it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from tocsin.errors import QueueError, StoreError
from tocsin.store.processes import heartbeats
from tocsin_web.banners import SchedulerState, scheduler_state
from tocsin_web.house import WebHouse
from tocsin_web.security import NEVER_STORED
from tocsin_web.times import Clock


@dataclass(frozen=True, slots=True)
class Check:
    """One part of the house; ``says`` names the remedy where it is not ``ok``."""

    ok: bool
    says: str


@dataclass(frozen=True, slots=True)
class HealthPages:
    """Both endpoints."""

    house: WebHouse

    async def alive(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Say that the process answers; asks nothing of anybody, not even for a thread."""
        return PlainTextResponse("ok\n", headers=NEVER_STORED)

    def ready(self, request: Request) -> Response:  # noqa: ARG002 -- Starlette's signature
        """Say of each part whether it works: 200 when all do, else 503."""
        database, scheduler = _database_and_scheduler(self.house)
        checks = {
            "database": database,
            "queue": _queue(self.house),
            "watchlist": _watchlist(self.house),
            "scheduler": scheduler,
        }
        ready = all(check.ok for check in checks.values())
        body = {"ready": ready} | {name: asdict(check) for name, check in checks.items()}
        return JSONResponse(body, status_code=200 if ready else 503, headers=NEVER_STORED)


def _database_and_scheduler(house: WebHouse) -> tuple[Check, Check]:
    now = house.now()
    try:
        with house.database.read() as connection:
            state = scheduler_state(heartbeats(connection), now)
    except StoreError as error:
        return Check(ok=False, says=str(error)), Check(ok=False, says="unknown while the database does not answer")
    return Check(ok=True, says="answers"), _scheduler(state, Clock(now))


def _scheduler(state: SchedulerState, clock: Clock) -> Check:
    if not state.silent:
        return Check(ok=True, says="alive")
    seen = f"was last seen {clock.words(state.seen_at)} UTC" if state.seen_at else "was never seen"
    return Check(ok=False, says=f"{seen}, so nothing new is read; start `tocsin scheduler`, or all with `tocsin up`")


def _queue(house: WebHouse) -> Check:
    try:
        house.queue_probe()
    except QueueError as error:
        return Check(ok=False, says=str(error))
    return Check(ok=True, says="answers")


def _watchlist(house: WebHouse) -> Check:
    watchlist, faults = house.watchlist(), house.faults()
    if watchlist is None:
        told = str(faults[0]) if faults else "none was read yet; `tocsin init` writes one"
        return Check(ok=False, says=told)
    if faults:
        return Check(ok=True, says=f"version {watchlist.version} stays in force; its file is faulty: {faults[0]}")
    return Check(ok=True, says=f"version {watchlist.version}")
