"""The other end of `AppriseSender`: sends one message by Apprise, in a process that may be killed at any time.

Nobody reads what it logs, so that no address gets into a log.
"""

from __future__ import annotations

import json
import logging
import os
import re
import signal
from typing import Final

import apprise

_ORPHAN_SECONDS: Final = 90
"""The process ends by itself after so long, for the case that nobody is left to kill it."""

_STATUS: Final = re.compile(r"\berror=(\d{3})\b", re.ASCII)


def answer(request: bytes) -> bytes:
    """Send a message.

    The request is JSON with ``url``, ``title``, ``body`` and ``environment``; the answer is JSON that says whether the
    address is ``known``, whether the message was ``taken``, Apprise's ``words`` and the HTTP ``status`` in them.
    """
    wish = json.loads(request)
    os.environ.update(wish["environment"])
    # No plug-ins from the home folder, no storage there, and no thread that would outlive a deadline of Apprise's.
    asset = apprise.AppriseAsset(plugin_paths=[], secure_logging=True, async_mode=False, service_timeout=0)
    services = apprise.Apprise(asset=asset)
    if not services.add(wish["url"]):
        return json.dumps({"known": False}).encode()
    signal.alarm(_ORPHAN_SECONDS)
    result = services.notify(
        title=wish["title"], body=wish["body"], body_format=apprise.NotifyFormat.TEXT, log_level=logging.WARNING
    )
    signal.alarm(0)
    words = " ".join(entry.message for entry in result.logs())
    statuses = _STATUS.findall(words)
    told = {"known": True, "taken": bool(result), "words": words, "status": int(statuses[-1]) if statuses else None}
    return json.dumps(told).encode()
