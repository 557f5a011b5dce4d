from __future__ import annotations

import asyncio
from itertools import pairwise

import pytest

from tocsin.feeds.limits import Limits
from tocsin.feeds.turns import NoTurnError, Turns


async def starts(turns: Turns, key: str, number: int, held: float = 0.0) -> list[float]:
    """Take so many turns at once and give the times at which they began."""
    loop = asyncio.get_running_loop()
    begun: list[float] = []

    async def take() -> None:
        async with turns.at(key):
            begun.append(loop.time())
            await asyncio.sleep(held)

    await asyncio.gather(*(take() for _ in range(number)))
    return begun


def test_requests_to_a_public_host_begin_one_spacing_after_another() -> None:
    async def take() -> list[float]:
        return await starts(Turns(Limits(spacing=0.03)), "example.com", 4)

    begun = asyncio.run(take())
    gaps = [later - sooner for sooner, later in pairwise(begun)]
    assert min(gaps) >= 0.029


def test_a_host_of_ones_own_needs_no_spacing() -> None:
    async def take() -> list[float]:
        return await starts(Turns(Limits(spacing=30.0)), "http://127.0.0.1/feed", 4)

    assert len(asyncio.run(take())) == 4


def test_hosts_do_not_wait_for_each_other() -> None:
    async def take() -> int:
        turns = Turns(Limits(spacing=30.0))
        return len(await asyncio.gather(*(starts(turns, f"{number}.example", 1) for number in range(9))))

    assert asyncio.run(take()) == 9


def test_no_more_turns_are_given_than_the_limit_in_all() -> None:
    async def take() -> int:
        turns, most, now = Turns(Limits(connections=3)), 0, 0

        async def one(number: int) -> None:
            nonlocal most, now
            async with turns.at(f"{number}.example"):
                now += 1
                most = max(most, now)
                await asyncio.sleep(0)
                now -= 1

        await asyncio.gather(*(one(number) for number in range(20)))
        return most

    assert asyncio.run(take()) == 3


def test_who_waits_too_long_gets_no_turn_and_leaves_no_trace() -> None:
    async def take() -> list[float]:
        turns = Turns(Limits(seconds_in_line=0.02, spacing=0.0, per_host=1))
        async with turns.at("example.com"):
            with pytest.raises(NoTurnError):
                async with turns.at("example.com"):
                    pass
        return await starts(turns, "example.com", 2)

    assert len(asyncio.run(take())) == 2


def test_who_gives_up_waiting_leaves_no_trace() -> None:
    async def take() -> list[float]:
        turns = Turns(Limits(spacing=0.0, per_host=1))
        async with turns.at("example.com"):
            waiting = asyncio.create_task(starts(turns, "example.com", 1))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        return await starts(turns, "example.com", 2)

    assert len(asyncio.run(take())) == 2


def test_who_gives_up_while_the_host_rests_leaves_no_trace() -> None:
    async def take() -> list[float]:
        turns = Turns(Limits(spacing=0.03, per_host=1))
        await starts(turns, "example.com", 1)
        waiting = asyncio.create_task(starts(turns, "example.com", 1))
        await asyncio.sleep(0.001)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return await starts(turns, "example.com", 1)

    assert len(asyncio.run(asyncio.wait_for(take(), 5))) == 1


def test_hosts_that_nobody_wants_are_forgotten() -> None:
    async def take() -> int:
        turns = Turns(Limits(spacing=0.0))
        for number in range(2_500):
            await starts(turns, f"{number}.example", 1)
        return len(turns)

    assert asyncio.run(take()) <= 1_000
