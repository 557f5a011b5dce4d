"""Lanes: each in its order, none held up by another."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from structlog.testing import capture_logs

from eventually import eventually
from tocsin.models.deliveries import Lane
from tocsin.models.ids import DeliveryId
from tocsin.models.watchlist import ChannelKind
from tocsin_worker.lanes import LATE_SECONDS, MOST_WAITING, WORTH_A_THREAD, Lanes, Take

DESK, CHAT = Lane(ChannelKind.WEBHOOK, "desk"), Lane(ChannelKind.APPRISE, "chat")


def ids(*numbers: int) -> list[DeliveryId]:
    return [DeliveryId(number) for number in numbers]


class Workshop:
    """Work that notes what it did, and stands still in lanes that are held up until they are let go."""

    def __init__(self) -> None:
        self.done: dict[Lane, list[int]] = defaultdict(list)
        self.begun: list[Lane] = []
        self.held: dict[Lane, threading.Event] = {}

    def work(self, lane: Lane, take: Take) -> None:
        self.begun.append(lane)
        while (one := take()) is not None:
            if lane in self.held:
                self.held[lane].wait(60)
            self.done[lane].append(one)

    @contextmanager
    def holding(self, lane: Lane) -> Iterator[threading.Event]:
        self.held[lane] = threading.Event()
        try:
            yield self.held[lane]
        finally:
            self.held[lane].set()


def test_a_lane_keeps_the_order_of_its_ids_and_each_stands_in_it_once() -> None:
    workshop = Workshop()
    lanes = Lanes(workshop.work)
    with workshop.holding(DESK) as hold:
        lanes.add(DESK, ids(3))
        eventually(lambda: workshop.begun)
        lanes.add(DESK, ids(1, 2))
        lanes.add(DESK, ids(2, 5, 1))
        hold.set()
        lanes.wait([DESK])
    assert workshop.done == {DESK: [3, 1, 2, 5]}


def test_a_lane_begins_anew_after_it_was_worked_off() -> None:
    workshop = Workshop()
    lanes = Lanes(workshop.work)
    for number in (1, 2):
        lanes.add(DESK, ids(number))
        lanes.wait([DESK])
    assert (workshop.done, workshop.begun) == ({DESK: [1, 2]}, [DESK, DESK])


def test_a_lane_that_is_held_up_holds_up_no_other_and_is_soon_not_waited_for() -> None:
    workshop = Workshop()
    lanes = Lanes(workshop.work)
    with workshop.holding(DESK):
        begun_at = time.monotonic()
        lanes.add(DESK, ids(1, 2))
        lanes.add(CHAT, ids(3, 4))
        lanes.wait([DESK, CHAT])
        assert time.monotonic() - begun_at < 5
        assert workshop.done[CHAT] == [3, 4]
        begun_at = time.monotonic()
        for number in range(10, 20):
            lanes.add(DESK, ids(number))
            lanes.add(CHAT, ids(number))
            lanes.wait([DESK, CHAT])
        assert time.monotonic() - begun_at < 10 * LATE_SECONDS / 2  # it was late already
        assert workshop.done[CHAT] == [3, 4, *range(10, 20)]
    eventually(lambda: workshop.done[DESK] == [1, 2, *range(10, 20)])


def test_what_is_too_much_for_a_lane_is_left_to_be_handed_out_again() -> None:
    workshop = Workshop()
    lanes = Lanes(workshop.work)
    with workshop.holding(DESK):
        lanes.add(DESK, ids(0))
        eventually(lambda: workshop.begun)
        lanes.add(DESK, ids(*range(1, MOST_WAITING + 100)))
        lanes.add(DESK, ids(5000))
    eventually(lambda: workshop.done[DESK] == list(range(MOST_WAITING + 1)))


def test_a_wide_lane_works_at_several_at_once_where_there_is_enough_to_do() -> None:
    workshop = Workshop()
    lanes = Lanes(workshop.work, width=lambda lane: 3 if lane == DESK else 1)
    with workshop.holding(DESK), workshop.holding(CHAT):
        lanes.add(DESK, ids(*range(WORTH_A_THREAD)))
        lanes.add(CHAT, ids(*range(10 * WORTH_A_THREAD)))
        eventually(lambda: len(workshop.begun) == 2)
        assert Counter(workshop.begun) == {DESK: 1, CHAT: 1}
        lanes.add(DESK, ids(*range(WORTH_A_THREAD, 10 * WORTH_A_THREAD)))
        eventually(lambda: len(workshop.begun) == 4)
        assert Counter(workshop.begun) == {DESK: 3, CHAT: 1}
    lanes.wait([DESK, CHAT])
    eventually(lambda: sorted(workshop.done[DESK]) == [*range(10 * WORTH_A_THREAD)])


def test_a_wide_lane_is_waited_for_while_one_of_its_threads_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin_worker.lanes.LATE_SECONDS", 0.3)
    release, done = threading.Event(), []

    def work(_: Lane, take: Take) -> None:
        while (one := take()) is not None:
            if one == 0:
                release.wait(60)
            threading.Event().wait(0.02)
            done.append(one)

    lanes = Lanes(work, width=lambda _: 2)
    lanes.add(DESK, ids(*range(40)))
    lanes.wait([DESK])
    assert sorted(done) == [*range(1, 40)]
    release.set()


def test_what_ends_the_work_of_a_lane_is_told_to_who_waits_and_the_lane_goes_on_with_the_next() -> None:
    def fail(_: Lane, take: Take) -> None:
        if take() == 1:
            raise OSError("disk full")

    lanes = Lanes(fail)
    lanes.add(DESK, ids(1, 2))
    with pytest.raises(OSError, match="disk full"):
        lanes.wait([DESK])
    lanes.add(DESK, ids(3))
    lanes.wait([DESK])


def test_nobody_is_waited_for_when_the_process_is_to_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin_worker.lanes.LATE_SECONDS", 30.0)
    workshop, stopped = Workshop(), threading.Event()
    lanes = Lanes(workshop.work, stopped.is_set)
    with workshop.holding(DESK):
        lanes.add(DESK, ids(1))
        stopped.set()
        begun_at = time.monotonic()
        lanes.wait([DESK])
        assert time.monotonic() - begun_at < 10
        assert workshop.done == {}
    lanes.close()


def test_at_the_end_messages_on_their_way_get_some_time_and_none_is_begun() -> None:
    workshop = Workshop()
    lanes = Lanes(workshop.work)
    with workshop.holding(DESK), workshop.holding(CHAT) as chat:
        lanes.add(DESK, ids(1, 2))
        lanes.add(CHAT, ids(3, 4))
        eventually(lambda: len(workshop.begun) == 2)
        threading.Timer(0.05, chat.set).start()
        begun_at = time.monotonic()
        with capture_logs() as log:
            lanes.close(0.5)
        assert time.monotonic() - begun_at < 5
        assert workshop.done == {CHAT: [3]}
        assert [line["channel"] for line in log] == ["desk"]
        lanes.add(CHAT, ids(5))
    eventually(lambda: workshop.done[DESK] == [1])
    assert workshop.done[CHAT] == [3]
