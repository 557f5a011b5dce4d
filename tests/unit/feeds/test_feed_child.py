"""A function in a process of its own: here Python's eval, which does whatever a request says."""

from __future__ import annotations

import ast
import resource
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from eventually import eventually
from tocsin.feeds.child import Child

PID = b"str(__import__('os').getpid()).encode()"
STUCK = b"__import__('time').sleep(600)"


@pytest.fixture
def child() -> Iterator[Child]:
    started = Child("builtins:eval", "the child", seconds=1)
    yield started
    started.close()


@pytest.mark.parametrize("size", [0, 1, 3_000_000])
def test_an_answer_comes_back_whole(child: Child, size: int) -> None:
    assert child.ask(b"bytes(%d)" % size) == bytes(size)


def test_a_request_that_is_stuck_is_ended_by_the_clock_and_the_next_is_answered(child: Child) -> None:
    assert child.ask(STUCK) is None
    assert child.ask(b"b'well'") == b"well"


def test_the_system_caps_cpu_and_memory_and_keeps_no_core() -> None:
    child = Child("builtins:eval", "the child", seconds=30, memory=1 << 28)
    kinds = (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_CORE)
    answer = child.ask(b"repr([*map(__import__('resource').getrlimit, %a)]).encode()" % (kinds,))
    child.close()
    cpu, memory, core = ast.literal_eval((answer or b"").decode())
    assert (cpu[0], memory, core) == (31, (1 << 28, 1 << 28), (0, 0))


def test_deaths_leave_neither_process_nor_descriptor(child: Child) -> None:
    before = set(Path("/proc/self/fd").iterdir())
    for _ in range(3):
        pid = int(child.ask(PID) or 0)
        assert child.ask(b"__import__('os').abort()") is None
        assert not Path(f"/proc/{pid}").exists()
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_two_hundred_requests_share_a_process(child: Child) -> None:
    pids = [child.ask(PID) for _ in range(201)]
    assert len(set(pids[:200])) == 1
    assert pids[200] != pids[0]


def test_a_child_that_is_closed_ends_the_request_at_hand_and_takes_no_other(tmp_path: Path) -> None:
    child = Child("builtins:eval", "the child", seconds=600)
    answers: list[bytes | None] = []
    request = f"open({str(tmp_path / 'begun')!r}, 'w'), {STUCK.decode()}".encode()
    asking = threading.Thread(target=lambda: answers.append(child.ask(request)))
    asking.start()
    eventually((tmp_path / "begun").exists)
    child.close()
    asking.join()
    assert (answers, child.pid) == ([None], None)
    with pytest.raises(ChildProcessError, match="the child did not start: it is closed"):
        child.ask(PID)
