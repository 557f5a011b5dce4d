"""Claim: one event, one bell, and nothing falls between: a made-up week through the alert policy.

50 watches, 20,000 articles of 200 outlets in running stories, three channels with quiet hours and limits; see
`alert_week` for what else happens. Printed are the alerts that ring, are bundled and are suppressed, by rule; articles
that stand in neither alert, bundle nor digest (target 0, backlog apart); how many planted bursts are found (target .95)
and how many were none (target at most one a watch and month); the most messages a channel gets in an hour; and what
"one alert an article" and "one alert a story" would have sent. Figures are medians over the seeds::

    python benchmarks/bench_alerts.py [--seeds 1 2 3 4 5] [--house]

``--house`` runs the weeks through the real ledger on SQLite instead of the one in memory; each takes minutes.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import structlog
from alert_house import House, Outcome
from alert_ledger import Ledger
from alert_week import BURST_WATCHES, DAY, HOUR, WEEK, Planted, Week, make_week

from tocsin.models.alerts import Decision, Rule

MONTH = 30 * DAY
FOUND_WITHIN = HOUR
TAIL = 6 * HOUR
"""A planted burst is found until so long after it, and what begins until so long after it is no false one."""


def figures_of(week: Week, outcome: Outcome) -> dict[str, float]:
    """Count what came of a week."""
    decisions = Counter(verdict.decision for *_, verdict in outcome.verdicts)
    rules = Counter(f"{verdict.decision}: {verdict.rule}" for *_, verdict in outcome.verdicts)
    figures: dict[str, float] = {
        "articles": len(week.posts),
        "articles that meet a watch": sum(bool(post.watches) for post in week.posts),
        "matches x channels": len(outcome.verdicts),
        "messages": len(outcome.messages),
        "  of them bundles": sum(alerts > 1 for *_, alerts in outcome.messages),
    }
    figures |= {str(decision): decisions[decision] for decision in Decision}
    figures |= {f"  {name}": number for name, number in sorted(rules.items())}
    return figures | _promises(week, outcome) | _baselines(outcome)


def _promises(week: Week, outcome: Outcome) -> dict[str, float]:
    per_channel = {name: [at for at, to, _ in outcome.messages if to == name] for name in ("desk", "phone", "hook")}
    silent = [post for post, *_, verdict in outcome.verdicts if verdict.rule is Rule.BACKLOG]
    hits = [any(_is_of(planted, watch, at, FOUND_WITHIN) for watch, at in outcome.bursts) for planted in week.planted]
    false = [
        (watch, at) for watch, at in outcome.bursts if not any(_is_of(one, watch, at, TAIL) for one in week.planted)
    ]
    return {
        "matches without a verdict": _matches(week) - len({(id(post), of) for post, of, *_ in outcome.verdicts}),
        "in neither alert, bundle nor digest": outcome.still_waiting,
        "  backlog, by design": len({id(post) for post in silent}),
        "told twice": _told_twice(outcome),
        "burst recall": sum(hits) / len(hits),
        "false bursts a watch and month": len(false) / BURST_WATCHES / (WEEK / MONTH),
        "floods told to the operator": len(outcome.floods),
        **{f"most messages an hour to {name}": _most_within(times, HOUR) for name, times in per_channel.items()},
    }


def _baselines(outcome: Outcome) -> dict[str, float]:
    fresh = [(post, watch, name) for post, watch, name, verdict in outcome.verdicts if verdict.rule is not Rule.BACKLOG]
    stories = {(post.happening[0], watch, name) for post, watch, name in fresh}
    hours = Counter((post.found_at.replace(minute=0)) for post, _, name in fresh if name == "desk")
    return {
        "baseline, an alert an article: messages": len(fresh),
        "baseline, an alert an article: most an hour to desk": max(hours.values(), default=0),
        "baseline, an alert a story: messages": len(stories),
    }


def _is_of(planted: Planted, watch: str, at: datetime, grace: timedelta) -> bool:
    return planted.watch == watch and planted.began_at <= at <= planted.end_at + grace


def _matches(week: Week) -> int:
    return sum(len(post.watches) for post in week.posts)


def _told_twice(outcome: Outcome) -> int:
    told = Counter(
        (post.happening, watch, name)
        for post, watch, name, verdict in outcome.verdicts
        if verdict.decision is not Decision.SUPPRESS and not _tells_again(verdict.reason)
    )
    return sum(number - 1 for number in told.values())


def _tells_again(reason: str) -> bool:
    return reason.startswith("a burst") or "further outlets since" in reason or "further outlet since" in reason


def _most_within(times: Iterable[datetime], span: timedelta) -> int:
    ordered, first, most = sorted(times), 0, 0
    for last, at in enumerate(ordered):
        while ordered[first] <= at - span:
            first += 1
        most = max(most, last - first + 1)
    return most


def through_memory(week: Week) -> Outcome:
    """Run a week through the policy alone."""
    return House(week).run()


def through_ledger(week: Week) -> Outcome:
    """Run a week through classifier's and scheduler's part in alerts, on SQLite."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        return Ledger(week, Path(folder)).run()


def main() -> None:
    """Run the weeks and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    parser.add_argument("--house", action="store_true", help="use the real ledger, on SQLite")
    asked = parser.parse_args()
    run: Callable[[Week], Outcome] = through_ledger if asked.house else through_memory
    began = time.process_time()
    found = [figures_of(week, run(week)) for week in map(make_week, asked.seeds)]
    names = sorted(
        {name for figures in found for name in figures}, key=[*dict.fromkeys(n for f in found for n in f)].index
    )
    for name in names:
        values = [figures.get(name, 0) for figures in found]
        print(f"{name:56}{median(values):>12,.6g}   {min(values):,.6g} .. {max(values):,.6g}")
    print(f"{len(asked.seeds)} weeks, {time.process_time() - began:.0f} s CPU")


if __name__ == "__main__":
    main()
