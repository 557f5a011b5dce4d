"""When a digest is due, what it says, and its mail. Pure but for `stored`, which reads the database."""

from __future__ import annotations

from tocsin.digests.content import build_digest
from tocsin.digests.coverage import coverage, coverage_json
from tocsin.digests.folding import fold
from tocsin.digests.render import render_digest
from tocsin.digests.stored import stored_digest_view
from tocsin.digests.view import DigestView
from tocsin.digests.windows import due_window, latest_slot, next_slot, slots_between

__all__ = [
    "DigestView",
    "build_digest",
    "coverage",
    "coverage_json",
    "due_window",
    "fold",
    "latest_slot",
    "next_slot",
    "render_digest",
    "slots_between",
    "stored_digest_view",
]
