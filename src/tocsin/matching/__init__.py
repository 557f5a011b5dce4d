"""Matching: which watches an article meets, and why.

Composes: `tocsin.regions` gives the names to scan for and judges the places found. Pure; knows no store and no queue.
"""

from __future__ import annotations

from tocsin.matching.explain import receipt_lines
from tocsin.matching.matcher import Matcher, UnknownWatchError, compile_watchlist
from tocsin.matching.query_check import query_check

__all__ = ["Matcher", "UnknownWatchError", "compile_watchlist", "query_check", "receipt_lines"]
