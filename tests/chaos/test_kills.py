"""Workers are killed in the middle of their work and Redis is emptied: no alert is lost, told at once or in a bundle,
and hardly anything comes twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from chaos_house import Audit, ChaosHouse
from tocsin.queueing import CLASSIFY, DELIVER


@pytest.mark.timeout(300)
def test_killed_workers_and_an_emptied_redis_lose_nothing(tmp_path: Path) -> None:
    with ChaosHouse(tmp_path) as house:
        house.publish(300, matching=60)
        house.start(CLASSIFY)
        house.kill(CLASSIFY, time_passes=True)
        house.flush_redis()
        house.start(DELIVER)
        for _ in range(3):
            house.kill(DELIVER, time_passes=True)
        house.flush_redis()
        house.work_off(time_passes=True)
        audit = house.audit()
    assert audit == Audit(300, 0, 60, 60, 60, 0, audit.messages, 0, audit.duplicates)
    assert 30 <= audit.messages < 60  # of one watch all but the first of a minute are bundled
    assert audit.duplicates <= house.kills[DELIVER]
