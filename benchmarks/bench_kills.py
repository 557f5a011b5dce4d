"""Claim: processes killed in the middle of their work, and an emptied Redis, lose no alert and send hardly anything
twice.

1,000 articles are classified, of which 200 are to be alerted, half of them by a watch that rings once a minute and has
the rest bundled; real processes, a real Valkey, a real mail server. The classifier and the mailer are killed -9 ten
times each while they work, the scheduler five times while it bundles, and Redis is emptied twice. Lost: alerts that
were to be told and stand in no message that was sent, messages in the ledger that the mail server never accepted, or
articles never classified; target 0. Twice: messages accepted more than once, always with the same Message-ID; target at
most one a kill of the mailer. Leases, jobs and bundles are made old at once instead of waited for; what waiting costs
is printed by --wait, which takes many minutes::

    python benchmarks/bench_kills.py [--wait]
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from chaos_house import SCHEDULER, ChaosHouse
from tocsin.queueing import CLASSIFY, DELIVER

ARTICLES, MATCHING, KILLS = 1_000, 200, 10
BUNDLE_KILLS, FEW = 5, 10
"""The scheduler is killed so often, each time with so many alerts more."""


def main() -> None:
    """Kill and count."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--wait", action="store_true", help="wait for leases and jobs to run out")
    time_passes = not parser.parse_args().wait
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, ChaosHouse(Path(folder)) as house:
        house.publish(ARTICLES, matching=MATCHING)
        house.start(CLASSIFY)
        for _ in range(KILLS):
            house.kill(CLASSIFY, time_passes=time_passes)
        house.flush_redis()
        house.start(DELIVER)
        for _ in range(KILLS):
            house.kill(DELIVER, time_passes=time_passes)
        house.flush_redis()
        house.start(SCHEDULER)
        for _ in range(BUNDLE_KILLS):
            house.publish(FEW, matching=FEW)
            house.kill(SCHEDULER, time_passes=time_passes)
        house.work_off(time_passes=time_passes)
        audit = house.audit()
        kills = dict(house.kills)
    print(f"{time.monotonic() - started:.0f} s; kills: {kills}; Redis emptied twice")
    print(audit)
    lost = audit.lost + audit.unclassified + audit.untold
    print(f"lost: {lost} (target 0)")
    print(f"sent twice, same Message-ID: {audit.duplicates} (target at most {kills[DELIVER]})")
    if lost or audit.decisions != audit.matching or audit.duplicates > kills[DELIVER]:
        raise SystemExit("the promise is broken")


if __name__ == "__main__":
    main()
