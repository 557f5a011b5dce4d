"""The process that decides when: due feeds, digest windows, sweeps. APScheduler only ticks."""
